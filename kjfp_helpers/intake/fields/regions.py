"""The poor areas served: province, city, county, township, village, as the form prints them."""

import re

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import REGION_LEVELS
from kjfp_helpers.core.records import Region
from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)
from kjfp_helpers.intake.fields.gazetteer import (
    PRODUCTION_CORPS,
    match_leading_place,
    match_short_place,
)

_PLAIN = (
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
)
PROVINCES: dict[str, str] = {
    **{name: f"{name}省" for name in _PLAIN},
    **{name: f"{name}市" for name in ("北京", "天津", "上海", "重庆")},
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    PRODUCTION_CORPS: PRODUCTION_CORPS,
    "新疆": "新疆维吾尔自治区",
}
"""Short name of a province to its full name."""

_MUNICIPAL = ("北京", "天津", "上海", "重庆")
_PROVINCE = re.compile(
    rf"(?P<short>{'|'.join(_MUNICIPAL)})(?:\s*市)?"
    r"|(?P<region>内蒙古|广西|西藏|宁夏|新疆(?!生产|兵团))(?:\s*(?:壮族|回族|维吾尔)?自治区)?"
    r"|(?P<corps>(?:新疆)?(?:生产建设)?兵团)"
    rf"|(?P<plain>{'|'.join(_PLAIN)}|黑龙江)(?:\s*省|(?![市县区州镇乡村]|藏族|蒙古族))"
)
_LEVELS = (
    "市|自治州|州|盟|地区",
    "县|(?<!社)(?<!地)区|市|旗",
    "乡|镇|街道(?:办事处|办)?|苏木|[农林牧]场",
    "村(?:民?委员?会)?|社区(?:居委会)?|居民?委员?会|嘎查",
)
_PEOPLES = r"(?![^\s、,;]{1,9}族乡)"
"""河镇彝族苗族乡 does not end at its 镇."""
_FOLLOWED = (
    *(f"(?:{ends})(?!{ends})" for ends in _LEVELS[:2]),
    f"(?:乡(?!镇){_PEOPLES}|镇(?!乡){_PEOPLES}|街道(?:办事处|办)?|苏木|[农林牧]场(?!村|乡|镇|社区))",
    f"(?:{_LEVELS[3]})(?!{_LEVELS[3]})",
)
"""A level's word, where its name ends: 新乡镇 goes on, 城关镇 before 镇东村 does not."""
_PATTERNS = tuple(
    re.compile(rf"\s*(?P<name>市辖区|\S+?(?:{last}|\s+(?:{ends})(?=[\s_]|$)))")
    for ends, last in zip(_LEVELS, _FOLLOWED, strict=True)
)
_SWALLOWED = (".(?:县|(?<!地)区|旗|乡|镇|街道)..", ".(?:乡|镇|街道)..", ".村..", "$^")
"""Per level, what shows that a name ran on into the levels below it."""
_BETWEEN = re.compile(
    r"([；;、，,\n。]+|[/\\>→—-]+|(?<=[县区村镇乡旗])(?:和|及|以及|与)(?!田|静|硕|布克|龙市|平县|顺县|政县|林格|县))"
)
_AND = ("和", "及", "以及", "与")
_REMARK = re.compile(
    r"[(（][^()（）]*(?:贫困|重点|级|原|深度|挂牌|\d{4}\s*年)[^()（）]*[)）]|(?:19|20)\d{2}\s*年(?:以来|至今)?\s*[:：]"
)
_EITHER = re.compile(r"\((?:自治区|直辖市|地区|街道|[区市州盟镇乡村旗县、/])+\)")
"""What a form prints for other names of a level: 省（区、市）."""
_LABELLED = re.compile(
    r"(?:^|(?<=[\s;]))(省|市|县|乡|村)(?:份|区|镇)?(?:\([^()]*\))?\s*[:：]"
    r"\s*([^\s:：;，,]*[^\s:：;，,省市县乡村])?(?:[省市县乡镇村](?=[\s;]|$))?"
)
_AND_MORE = re.compile(
    r"等(?:\s*\d*\s*个?[省市县区乡镇村]*)?$|(?<=..)[两二三四五六七八九十\d]+个?(?:市县|县区|县|旗)$"
)
_NUMBERED = re.compile(
    r"(?:^|(?<=[\s;、。]))\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:\)|[.、])\s*|[①-⑳]\s*",
    re.MULTILINE,
)
_TITLE = re.compile(r"^[^:：\n]{0,10}(?:地区|区域|地点|范围)\s*[:：]|^中国(?=.{2,3}[省市区])")
_UNNAMED = re.compile(r"[xX×*某]{1,4}(?=[省市县乡镇村])")
_NEXT_PROVINCE = re.compile(
    rf"(?<=[县区市旗乡镇村州盟\s])\s*(?=(?:{'|'.join(_PLAIN)})省|(?:内蒙古|西藏)自治区|广西壮族自治区"
    rf"|宁夏回族自治区|新疆维吾尔自治区|(?:{'|'.join(_MUNICIPAL)})市)"
)
"""Where a new area begins, with or without a sign before it."""
_CORPS_PATTERNS = tuple(
    re.compile(rf"\s*(?P<name>{name})")
    for name in (
        "第?[一二三四五六七八九十\\d]{1,3}师",
        "\\S+?(?:市|团场|团)",
        "\\S+?(?:镇|街道)",
        "\\S+?(?:连队|连|村|社区)",
    )
)
"""The Corps has divisions, regiments and companies."""
_HEADS = re.compile(r"^\s*省[^\s\w]*(?:\s*[|｜]\s*|\s+)市.*县.*乡.*村\s*$")
_TWICE = re.compile(r"(?:镇乡|乡镇|市州|省市)$")
_ROUGHLY = re.compile(r"周边|附近|沿线|所辖|各[县市区乡镇村]|\d个")
_CLEAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf·A-Za-z0-9]{2,16}")


def read_regions(text: str) -> Parsed[tuple[Region, ...]]:
    """Read the areas named in a box.

    A part written once for several counties is repeated for each. What is left of the form's
    own 省市县乡村 is no answer. An area without its county raises ``region_incomplete``; words
    that fit no level raise ``ambiguous``.
    """
    typed = to_half_width(text.replace("，", "、").replace("；", ";")).strip()
    typed = _EITHER.sub("", _UNNAMED.sub("", _TITLE.sub("", typed)))
    typed = re.sub(r"(?<=[省市区县州])的(?=[\u4e00-\u9fff]{2})", "", typed)
    if is_blank(typed) or not re.sub(r"[省(自治区)市县州乡镇村旗盟\s_、,:|/]", "", typed):
        return Parsed(())
    lines = typed.split("\n")
    if _HEADS.match(lines[0]) and len(lines) > 1:
        return _columns(lines[1:])
    if len(_LABELLED.findall(typed)) >= 2:
        found = {match[1]: match[2] or "" for match in _LABELLED.finditer(typed)}
        return _columns(["|".join(found.get(level, "") for level in REGION_LEVELS)])
    return _listed(_NEXT_PROVINCE.sub(";", _flat(_NUMBERED.sub(";", typed))))


def _flat(typed: str) -> str:
    """Take out rules, bars, remarks and the brackets around a list of counties."""
    flat = re.sub(r"[_|｜]+", " ", _REMARK.sub("", typed))
    flat = re.sub(r"(?<=[\u4e00-\u9fff])\s*[:：]\s*", " ", flat)
    return re.sub(r"[(（]", "", re.sub(r"[)）]", " ", flat))


def _columns(rows: list[str]) -> Parsed[tuple[Region, ...]]:
    """Read areas given level by level: each part under or behind its own word."""
    regions: list[Region] = []
    findings: tuple[Finding, ...] = ()
    for row in rows:
        parts = [part.strip(" _") for part in re.split(r"[|｜]", row)]
        if not any(parts):
            continue
        if len(parts) != len(REGION_LEVELS):
            findings += make_findings("ambiguous", "省市县乡村逐级写明", quote_for_finding(row))
            parts = (parts + [""] * len(REGION_LEVELS))[: len(REGION_LEVELS)]
        parts[0] = PROVINCES.get(parts[0], parts[0])
        named = [
            part + level if part and not re.search(ends, part) else part
            for part, level, ends in zip(
                parts,
                REGION_LEVELS,
                ("[省区市团]$", *(f"(?:{one})$" for one in _LEVELS)),
                strict=True,
            )
        ]
        province, city, county, township, village = (part or None for part in named)
        regions.append((province, city, county, township, village))
        if not (province and county):
            findings += make_findings("region_incomplete", "写明省和县", quote_for_finding(row))
    return Parsed(tuple(regions), findings)


def _listed(typed: str) -> Parsed[tuple[Region, ...]]:
    regions: list[Region] = []
    findings: list[Finding] = []
    items = _joined(typed)
    while items:
        item = items.pop(0)
        cut = _AND_MORE.sub("", item.strip())
        above = regions[-1][0] if regions else None
        parts, rest = _parse(cut, above)
        if parts[2] and match_leading_place(parts[0] or above or "", rest)[0]:
            items.insert(0, rest + item.strip()[len(cut) :])  # 镇雄县彝良县威信县
            item, rest = cut, ""
        region = _inherit(parts, regions)
        if any(parts):
            regions.append(region)
            if _holds(regions[-2:-1], region):
                findings += make_findings(
                    "ambiguous", "省市县乡村逐级写明", quote_for_finding(typed)
                )
        odd = any(part and (_is_odd(part) or _is_guessed(part, item)) for part in parts[1:])
        if rest or odd or not any(parts) or cut != item.strip():
            findings += make_findings("ambiguous", "省市县乡村逐级写明", quote_for_finding(item))
        elif not (region[0] and region[2]):
            findings += make_findings("region_incomplete", "写明省和县", quote_for_finding(item))
    return Parsed(tuple(regions), tuple(findings))


def _holds(before: list[Region], region: Region) -> bool:
    """Whether an area lies in the one before it, which may be served whole or only named."""
    named = [part for part in before[0] if part] if before else []
    return (
        2 < len(named)
        and region[: len(before[0])] != before[0]
        and all(own == part for own, part in zip(before[0], region, strict=True) if own)
    )


def _is_odd(part: str) -> bool:
    return not _CLEAN.fullmatch(part) or bool(_TWICE.search(part) or _ROUGHLY.search(part))


def _is_guessed(part: str, typed: str) -> bool:
    """Whether a name was filled up by more than the word for its level: 威宁 to 威宁…自治县."""
    return part[: -len("地区")] not in strip_whitespace(typed)


def _joined(typed: str) -> list[str]:
    """Split a list of areas, but not one area whose levels stand apart."""
    items: list[str] = []
    deepest = len(REGION_LEVELS)
    between, province = "", None
    pieces = _BETWEEN.split(typed)
    for at, item in enumerate(pieces):
        if at % 2:
            between = item
            continue
        if not item.strip() or is_blank(item):
            continue
        parts, _ = _parse(item, province)
        province = parts[0] or province
        levels = [level for level, part in enumerate(parts) if part]
        if items and levels and levels[0] > deepest:
            coming, _ = _parse("".join(pieces[at + 2 : at + 3]), province)
            glue = _glue(between, deepest, levels[0], coming)
        else:
            glue = None
        if glue is None:
            items.append(item)
        else:
            items[-1] = f"{items[-1]}{glue}{item.strip()}"
        deepest = levels[-1] if levels else len(REGION_LEVELS)
    return items


def _glue(between: str, deepest: int, first: int, coming: list[str | None]) -> str | None:
    """Return what joins a deeper level to the area before it, ``None`` where a new area begins.

    和 joins equals, so before a deeper level it begins a name (大兴沟镇和信村); a comma may
    stand between all levels of one area, but not before several townships of one county.
    """
    if between in _AND:
        return between
    if deepest < 2 or between.strip(" ") == "\n" or between[:1] in tuple("/\\>→—-"):
        return " "
    following = next((level for level, part in enumerate(coming) if part), None)
    return " " if following != first else None


def _parse(item: str, province: str | None) -> tuple[list[str | None], str]:
    """Return the five parts that an item names, and what fits none of them.

    ``province`` is the one named before. Known places are taken as they stand; others end where
    a word for their level does.
    """
    parts: list[str | None] = [None] * 5
    rest = item.strip()
    match = _PROVINCE.match(rest)
    if match:
        named = str(match[match.lastgroup or 0]).strip()
        parts[0] = PRODUCTION_CORPS if match["corps"] else PROVINCES[named]
        rest = _skip_printed(rest[match.end() :], 0)
    skipped, above = 0, parts[0] or province or ""
    patterns = _CORPS_PATTERNS if above == PRODUCTION_CORPS else _PATTERNS
    for level, (pattern, swallowed) in enumerate(zip(patterns, _SWALLOWED, strict=True), start=1):
        known, name, long = _known_place(above, level, rest.lstrip())
        skipped = max(skipped, known if name else 0)
        found = pattern.match(rest)
        if known == level:
            parts[level] = name
            rest = rest.lstrip()[long:]
        elif found and level >= skipped and not re.search(swallowed, found["name"]):
            parts[level] = "".join(found["name"].split())
            rest = rest[found.end() :]
            if re.match(r"\s+市(?=[\s_]|$)", rest) and len(parts[level] or "") == 2:
                parts[level] = f"{parts[level]}市"
        rest = _skip_printed(rest, level)
    return parts, rest.strip(" _.()")


def _known_place(province: str, level: int, rest: str) -> tuple[int, str, int]:
    """Return the level, name and written length of the known place that begins a text."""
    if level > 2:
        return 0, "", 0
    known, name = match_leading_place(province, rest)
    if (
        level == 1
        and known == 2
        and name.endswith("市")
        and match_leading_place(province, rest[len(name) :])[0] == 2
    ):
        return 1, name, len(name)  # a city that later became a county: 思茅市
    if not name and not _PATTERNS[level - 1].match(rest):
        name, long = match_short_place(province, level, rest)
        return (level if name else 0), name, long
    return known, name, len(name)


def _skip_printed(rest: str, level: int) -> str:
    """Drop the level's own word where the form printed it and the unit wrote before it."""
    rest = re.sub(rf"^[\s_]*{REGION_LEVELS[level]}(?=[\s_]|$|[省市县乡村])", "", rest)
    return re.sub(r"^乡(?=[^乡镇]{2,6}村)", "", rest) if level == 2 else rest


def _inherit(parts: list[str | None], before: list[Region]) -> Region:
    """Fill the parts above an item's first from the area named before it."""
    first = next((level for level, part in enumerate(parts) if part), 0)
    if before and first:
        parts = [*before[-1][:first], *parts[first:]]
    province, city, county, township, village = parts
    return (province, city, county, township, village)
