"""Names of persons: one to a box, or a list in any order of lines, columns and remarks."""

import re
from collections.abc import Iterator

from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)

_BETWEEN = re.compile(r"[、,，;；/\n|｜。【】&+]+|\s+and\s+")
_NAME = re.compile(
    r"[\u4e00-\u9fff\u3400-\u4dbf〇]{2,6}|[\u4e00-\u9fff]+(?:[·•.][\u4e00-\u9fff]+)+"
    r"|[A-Za-z][A-Za-z .\-']+|[\u4e00-\u9fff]{2,6}[A-Za-z0-9]{1,3}"
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
"""The hundred most common, by which two names written as one are told."""
_TITLE = (
    r"(?:(?:副|助理|高级|正高级|特聘)?(?:教授|研究员|农艺师|工程师|畜牧师|兽医师|讲师|主任|局长|处长|科长|站长|所长|院长|主席|会长)"
    r"|先生|女士|老师|院士|博士|硕士|高工|同志)"
)
_ROLE = re.compile(r"^(?:副?组长|组员|成员|负责人|副?队长|队员|专家)(?=[\u4e00-\u9fff]{2,4}$)")
_TITLED = re.compile(rf"(.{{2,}}?){_TITLE}$")
_BESIDE = re.compile(rf"{_TITLE}|[男女]|\d+岁?|[\u4e00-\u9fff]{{1,4}}族")
"""Words beside a name that are no part of it."""
_NOT_A_NAME = re.compile(
    r"附件|附页|附表|名单|教授|研究员|专家|大学|学院|研究|中心|公司|协会|学会|^[男女]$"
)
_NUMBERS = re.compile(
    r"(?:^|(?<=[\s、,，;；)）]))(?:[(（]?\d{1,3}[.、．)）]|\d{1,3}\s+(?=[\u4e00-\u9fff]))\s*"
    r"|[①-⑳]\s*|^\s*[(（]?[一二三四五六七八九十]{1,3}[、.．)）]\s*",
    re.MULTILINE,
)
_REMARK = re.compile(r"[(（][^()（）]*[)）]")
_HEAD = re.compile(r"^\s*(?:专家)?(?:姓名|名单)\s*[:：]")
_GROUP = re.compile(
    r"(?:^|(?<=[\s、,，;；。]))[^\s、,，;；。:：]{0,16}"
    r"(?:组|队|大学|学院|[院所站局会处科部]|中心|公司|组?长|负责人|成员|专家|人员|单位|方向|县|市|省|\d+[人名位])\s*[:：]"
)
"""What stands over a part of a list: its group, its employer, its part in the team."""
_AND = re.compile(r"(.{2,4}?)(?:以及|和|及|与)(.{2,4})")
_MORE = re.compile(r"(?<=.)等(?:\d*[人名位]?(?:专家|同志|成员|人员|人)?)[。.]?$")
_COUNTED = re.compile(r"[\s,，、;；(（]*共计?(\d{1,3})[人名位](?:专家)?[)）]?[\s。.]*$")
"""The count behind a list of names."""
_DOTS = re.compile(r"(?:…|\.{3,}|。{2,})\s*$")
_ELSEWHERE = re.compile(r"[(（]?(?:详?见|另附|名单|附)[^、，,;；]{0,12}")


def read_name(text: str) -> Parsed[str | None]:
    """Read one person's name, inner spaces left out."""
    plain = _HEAD.sub("", _REMARK.sub("", text)).strip(" _\n。.;；、,，")
    if is_blank(text) or is_blank(plain):
        return Parsed(None)
    parts = [part for part in plain.split() if not re.fullmatch("[男女]", part)]
    name = _person(" ".join(parts))
    two = len(parts) > 1 and all(len(part) > 1 and not part.isascii() for part in parts)
    two = two and parts[0] not in DOUBLE_SURNAMES
    if _is_name(name) and not two and not _TITLED.search(name):
        return Parsed(name)
    return Parsed(
        _TITLED.sub(r"\1", name), make_findings("ambiguous", "一个姓名", quote_for_finding(text))
    )


def read_names(text: str) -> Parsed[tuple[str, ...]]:
    """Read a list of names; ``张  三`` is one name, and so is each word between separators.

    Numbers, remarks in brackets, titles and the words over a group are left out; what is no
    name, or may be two, raises ``ambiguous``.
    """
    if is_blank(text):
        return Parsed(())
    if _ELSEWHERE.fullmatch(strip_whitespace(text)):
        return Parsed(
            (), make_findings("ambiguous", "以顿号分隔的全部姓名", quote_for_finding(text))
        )
    counted = _COUNTED.search(text)
    plain = _HEAD.sub("", _column(_COUNTED.sub("", text)))
    plain = _GROUP.sub("、", _REMARK.sub("、", _NUMBERS.sub("、", plain)))
    plain = plain.strip("、\n 。")
    alone = not _BETWEEN.search(plain)
    parts = [part.strip(" _.…") for part in _BETWEEN.split(plain)]
    cut = [part for part in parts if _MORE.search(part)] or _DOTS.findall(text)
    names = [
        name for part in parts if not is_blank(part) for name in _people(_MORE.sub("", part), alone)
    ]
    odd = [name for name in names if not _is_name(name)]
    if odd or cut or not names or (counted and int(counted[1]) != len(names)):
        found = quote_for_finding(odd[0] if odd else text)
        return Parsed(tuple(names), make_findings("ambiguous", "以顿号分隔的全部姓名", found))
    return Parsed(tuple(names))


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not _NOT_A_NAME.search(name) and not _is_two(name)


def _is_two(name: str) -> bool:
    """Whether a long name may be two that lost what stood between them: 王强李明."""
    if "·" in name:
        return all(len(part) in (2, 3) and _begins(part) for part in name.split("·"))
    if len(name) < 4 or not re.fullmatch("[\u4e00-\u9fff]+", name):
        return False
    if len(name) > 4 and _AND.fullmatch(name):
        return True
    return (
        _begins(name)
        and any(map(_begins, (name[at:] for at in range(2, len(name) - 1))))
        and (len(name) > 4 or name[:2] not in DOUBLE_SURNAMES)
    )


def _begins(text: str) -> bool:
    return text[:1] in _SURNAMES or text[:2] in DOUBLE_SURNAMES


def _column(text: str) -> str:
    """Return the names of a list with several columns, other texts as they are."""
    rows = [[part.strip() for part in line.split("｜")] for line in text.split("\n")]
    for index, word in enumerate(rows[0]):
        if strip_whitespace(word) in ("姓名", "专家姓名") and len(rows[0]) > 1:
            return "\n".join(row[index] for row in rows[1:] if len(row) > index)
    return text


def _people(part: str, alone: bool) -> Iterator[str]:
    """Yield the names between two separators: mostly one, or several in columns."""
    words = [_ROLE.sub("", word) for word in part.split() if not _BESIDE.fullmatch(word)]
    single = not alone and any(len(word) == 1 for word in words) and len("".join(words)) <= 4
    single = single or (not alone and "·" in part and all(len(word) == 1 for word in words[1:]))
    if part.isascii() or single:
        yield _person(part if part.isascii() else "".join(words))
        return
    for name in _spaced(words):
        plain = _person(name)
        both = _AND.fullmatch(plain)
        if both and _begins(both[1]) and _begins(both[2]):
            yield from both.groups()
        else:
            yield plain


def _person(text: str) -> str:
    name = to_half_width(text).strip(" _\n")
    name = re.sub(r"(?<=[\u4e00-\u9fff])\s*[•.．・‧∙]\s*(?=[\u4e00-\u9fff])", "·", name)
    return name if re.fullmatch(r"[A-Za-z][A-Za-z .\-']*", name) else strip_whitespace(name)


def _spaced(words: list[str]) -> list[str]:
    """Join neighbours of one character each: they are a two-character name typed apart."""
    names: list[str] = []
    open_half = False
    for word in words:
        half = open_half and len(word) == 1
        rest = names and names[-1] in DOUBLE_SURNAMES and len(word) < 3
        if half or rest or (names and (word.startswith("·") or names[-1].endswith("·"))):
            names[-1] += word
            open_half = False
        else:
            names.append(word)
            open_half = len(word) == 1
    return names
