"""Parse personal names: a single name, or a list in lines, columns or with separators."""

import re
from collections.abc import Iterator

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.look_alikes import replace_private_use
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)

_BETWEEN = lazy_pattern(r"[、,，;；/\n|｜。【】&+]+|\s+and\s+")
_HAN = "[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0003ffff〇]"
_NAME = lazy_pattern(
    rf"{_HAN}{{2,6}}|{_HAN}+(?:[·•.]{_HAN}+)+"
    rf"|[A-Za-z][A-Za-z .\-']+|{_HAN}{{2,6}}[A-Za-z0-9]{{1,3}}"
)
DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "夏侯",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "端木",
    "百里",
    "南宫",
    "西门",
    "长孙",
    "宇文",
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余"
    "潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚"
)
"""The hundred most common surnames, used to detect two names written as one."""
_TITLE = (
    r"(?:(?:副|助理|高级|正高级|特聘)?(?:教授|研究员|农艺师|工程师|畜牧师|兽医师|讲师|主任|局长|处长|科长|站长|所长|院长|主席|会长)"
    r"|先生|女士|老师|院士|博士|硕士|高工|同志)"
)
_ROLE = lazy_pattern(r"^(?:副?组长|组员|成员|负责人|副?队长|队员|专家)(?=[\u4e00-\u9fff]{2,4}$)")
_TITLED = lazy_pattern(rf"^(.{{2,}}?){_TITLE}$")
_NAME_TAIL = lazy_pattern(rf"^(.{{2,}}?)(?:{_TITLE}|等)$")
_NAME_MARK = lazy_pattern("[*＊¹²³⁴-⁹]+$")
"""Marks of a note behind a name."""
_NAME_COMPANION = lazy_pattern(rf"{_TITLE}|[男女]|\d+岁?|[\u4e00-\u9fff]{{1,4}}族")
"""Titles, gender, age and ethnicity next to a name."""
_NOT_A_NAME = lazy_pattern(
    r"附件|附页|附表|名单|教授|研究员|专家|大学|学院|研究|中心|公司|协会|学会|^[男女]$"
    r"|科院|科协|农大|农业局|[院所局站厅校]$"
)
_NUMBERS = lazy_pattern(
    r"(?:^|(?<=[\s、,，;；)）]))(?:[(（]?\d{1,3}[.、．)）]|\d{1,3}\s+(?=[\u4e00-\u9fff]))\s*"
    r"|[①-⑳]\s*|^[^\S\n]*[(（]?[一二三四五六七八九十]{1,3}[、.．)）]\s*",
    re.MULTILINE,
)
_FIRST_NUMBER = lazy_pattern(r"\s*[(（]?1[.、．)）]")
_INLINE_NUMBERS = lazy_pattern(r"(?<=[\u4e00-\u9fff])\d{1,2}[.、．)）](?=[\u4e00-\u9fff])")
"""Numbers of a list that has no other separators: 1、测试乙2、测试丙."""
_REMARK = lazy_pattern(r"[(（][^()（）]*[)）]")
_FORMER_NAME = lazy_pattern("曾用名|原名|又名|化名|笔名|本名")
_LIST_LABEL = lazy_pattern(r"^\s*(?:专家)?(?:姓名|名单)\s*[:：]")
_GROUP_HEADING = lazy_pattern(
    r"(?:^|(?<=[\s、,，;；。]))[^\s、,，;；。:：]{0,16}"
    r"(?:组|队|大学|学院|[院所站局会处科部]|中心|公司|组?长|负责人|成员|专家|人员|单位|方向|县|市|省|\d+[人名位])\s*[:：]"
)
"""Heading of a part of a list: group, employer or role in the team."""
_TWO_NAMES = lazy_pattern(r"(\S{2,4}?)(?:以及|和|及|与)(\S{2,4}|\S+·\S+)")
_AND_OTHERS = lazy_pattern(r"(?<=.)等(?:\d*[人名位]?(?:专家|同志|成员|人员|人)?)[。.]?$")
_TRAILING_COUNT = lazy_pattern(
    r"(?<![\s,，、;；(（])[\s,，、;；(（]*共计?(\d{1,3})[人名位](?:专家)?[)）]?[\s。.]*$"
)
"""The count after a list of names."""
_DOTS = lazy_pattern(r"(?:…|(?<!\.)\.{3,}|(?<!。)。{2,})\s*$")
_REFERENCE = lazy_pattern(r"[(（]?(?:详?见|另附|名单|附)[^、，,;；]{0,12}")


def read_name(text: str) -> Parsed[str | None]:
    """Parse one personal name, without inner spaces.

    Problem ``ambiguous`` for two names, titles, and text that is not a name.

    Examples
    --------
    >>> read_name("姓名：张  三").value
    '张三'
    """
    cleaned = _LIST_LABEL.sub("", _REMARK.sub("", text)).strip(" _\n。.;；、,，")
    if is_blank(text) or is_blank(cleaned):
        return Parsed(None)
    parts = [part for part in cleaned.split() if not re.fullmatch("[男女]", part)]
    name = _clean_name(" ".join(parts))
    is_doubtful = bool(_FORMER_NAME.search(text) or re.search(rf"{_HAN}\d", name))
    is_two = len(parts) > 1 and all(len(part) > 1 and not part.isascii() for part in parts)
    is_two = is_two and parts[0] not in DOUBLE_SURNAMES
    if _is_name(name) and not (is_two or is_doubtful or _NAME_TAIL.search(name)):
        return Parsed(name)
    return Parsed(
        _NAME_TAIL.sub(r"\1", name), make_problems("ambiguous", "一个姓名", quote_for_finding(text))
    )


def read_names(text: str) -> Parsed[tuple[str, ...]]:
    """Parse a list of personal names; ``张  三`` is one name.

    Numbers, remarks in brackets, titles and group headings are dropped. Problem ``ambiguous`` for
    entries that are not a name or may be two names.

    Examples
    --------
    >>> read_names("1.张三（组长）、李四").value
    ('张三', '李四')
    """
    if is_blank(text):
        return Parsed(())
    if _REFERENCE.fullmatch(strip_whitespace(text)):
        return Parsed(
            (), make_problems("ambiguous", "以顿号分隔的全部姓名", quote_for_finding(text))
        )
    count_match = _TRAILING_COUNT.search(text)
    cleaned = _LIST_LABEL.sub("", _name_column(_TRAILING_COUNT.sub("", text)))
    if _FIRST_NUMBER.match(cleaned):
        cleaned = _INLINE_NUMBERS.sub("、", cleaned)
    cleaned = _GROUP_HEADING.sub("、", _REMARK.sub("、", _NUMBERS.sub("、", cleaned)))
    cleaned = cleaned.strip("、\n 。")
    has_no_separator = not _BETWEEN.search(cleaned)
    parts = [part.strip(" _.…") for part in _BETWEEN.split(cleaned)]
    incomplete = [part for part in parts if _AND_OTHERS.search(part)] or _DOTS.findall(text)
    incomplete += [part for part in parts if is_blank(part) and re.search(r"\w", part.strip("_"))]
    names = [
        name
        for part in parts
        if not is_blank(part)
        for name in _names_of_entry(_AND_OTHERS.sub("", part), has_no_separator)
    ]
    invalid = [name for name in names if name.count("·") > 1 or not _is_name(name)]
    invalid += [part for part in parts if _joins_uncertain_names(part)]
    names = [_NAME_MARK.sub("", name) for name in names]
    if invalid or incomplete or not names or (count_match and int(count_match[1]) != len(names)):
        actual = quote_for_finding(invalid[0] if invalid else text)
        return Parsed(tuple(names), make_problems("ambiguous", "以顿号分隔的全部姓名", actual))
    return Parsed(tuple(names))


def _joins_uncertain_names(entry: str) -> bool:
    """Whether 和 in an entry may join two names, or be part of one: 测试丙和样例丁."""
    match = _TWO_NAMES.fullmatch(_AND_OTHERS.sub("", entry))
    return (
        match is not None and len(entry) > 4 and not all(map(_begins_with_surname, match.groups()))
    )


def _is_name(name: str) -> bool:
    """Whether a text is a name; a sign of an office's own font stands for some character."""
    name = replace_private_use(name, "某")
    return bool(_NAME.fullmatch(name)) and not _NOT_A_NAME.search(name) and not _is_two_names(name)


def _is_two_names(name: str) -> bool:
    """Whether a long name may be two names without their separator: 王强李明."""
    if "·" in name:
        return all(len(part) in (2, 3) and _begins_with_surname(part) for part in name.split("·"))
    if len(name) < 4 or not re.fullmatch("[\u4e00-\u9fff]+", name):
        return False
    if len(name) > 4 and _TWO_NAMES.fullmatch(name):
        return True
    return (
        _begins_with_surname(name)
        and any(
            map(
                _begins_with_surname, (name[index : index + 2] for index in range(2, len(name) - 1))
            )
        )
        and (len(name) > 4 or name[:2] not in DOUBLE_SURNAMES)
    )


def _begins_with_surname(text: str) -> bool:
    return text[:1] in _SURNAMES or text[:2] in DOUBLE_SURNAMES


def _name_column(text: str) -> str:
    """Return the name column of a table with a header row, any other text unchanged."""
    rows = [[part.strip() for part in line.split("｜")] for line in text.split("\n")]
    for index, heading in enumerate(rows[0]):
        if strip_whitespace(heading) in ("姓名", "专家姓名") and len(rows[0]) > 1:
            return "\n".join(row[index] for row in rows[1:] if len(row) > index)
    return text


def _names_of_entry(entry: str, has_no_separator: bool) -> Iterator[str]:
    """Yield the names in one entry of a list: usually one, or several in columns."""
    parts = [_ROLE.sub("", part) for part in entry.split() if not _NAME_COMPANION.fullmatch(part)]
    is_single = (
        not has_no_separator and any(len(part) == 1 for part in parts) and len("".join(parts)) <= 4
    )
    is_single = is_single or (
        not has_no_separator and "·" in entry and all(len(part) == 1 for part in parts[1:])
    )
    if entry.isascii() or is_single:
        yield _clean_name(entry if entry.isascii() else "".join(parts))
        return
    for name in _join_spaced_names(parts):
        cleaned = _clean_name(name)
        two_names = _TWO_NAMES.fullmatch(cleaned)
        are_surnames = two_names and all(map(_begins_with_surname, two_names.groups()))
        if two_names and (are_surnames or len(cleaned) > 4):
            yield from two_names.groups()
        else:
            yield _TITLED.sub(r"\1", cleaned)


def _clean_name(text: str) -> str:
    name = to_half_width(text).strip(" _\n")
    name = re.sub(rf"(?<={_HAN})\s*[•.．・‧∙⋅·᛫ꞏ●˙･﹒]\s*(?={_HAN})", "·", name)
    name = re.sub(rf"(?<={_HAN})\s*[○◯]|[○◯](?={_HAN})", "〇", name)
    return name if re.fullmatch(r"[A-Za-z][A-Za-z .\-']*", name) else strip_whitespace(name)


def _join_spaced_names(parts: list[str]) -> list[str]:
    """Join single characters to names: a two-character name may be typed with a space."""
    names: list[str] = []
    has_single_char = False
    for part in parts:
        completes_name = has_single_char and len(part) == 1
        completes_double_surname = names and names[-1] in DOUBLE_SURNAMES and len(part) < 3
        if (
            completes_name
            or completes_double_surname
            or (names and (part.startswith("·") or names[-1].endswith("·")))
        ):
            names[-1] += part
            has_single_char = False
        else:
            names.append(part)
            has_single_char = len(part) == 1
    return names
