"""Parse one area of a list: the parts of province, city, county, township and village it names."""

import re

from kjfp_helpers.core.form_schema import REGION_LEVELS
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.fields.gazetteer import (
    PRODUCTION_CORPS,
    is_known_place,
    match_leading_place,
    match_short_place,
)

_PROVINCES_PROPER = (
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
    **{name: f"{name}省" for name in _PROVINCES_PROPER},
    **{name: f"{name}市" for name in ("北京", "天津", "上海", "重庆")},
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    PRODUCTION_CORPS: PRODUCTION_CORPS,
    "新疆": "新疆维吾尔自治区",
}
"""Short name of a province to its full name."""


_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")


_PROVINCE = lazy_pattern(
    rf"(?P<short>{'|'.join(_MUNICIPALITIES)})(?:\s*市)?"
    r"|(?P<region>内蒙古|广西|西藏|宁夏|新疆(?!生产|兵团))(?:\s*(?:壮族|回族|维吾尔)?自治区)?"
    r"|(?P<corps>(?:新疆)?(?:生产建设)?兵团)"
    rf"|(?P<plain>{'|'.join(_PROVINCES_PROPER)}|黑龙江)(?:\s*省|(?![市县区州镇乡村]|藏族|蒙古族))"
)


LEVEL_SUFFIXES = (
    "市|自治州|州|盟|地区",
    "县|(?<!社)(?<!地)区|市|旗",
    "乡|镇|街道(?:办事处|办)?|苏木|[农林牧]场",
    "村(?:民?委员?会)?|社区(?:居委会)?|居民?委员?会|嘎查",
)


_NOT_ETHNIC_TOWNSHIP = r"(?![^\s、,;]{1,9}族乡)"
"""The name 河镇彝族苗族乡 does not end at 镇."""


_FINAL_SUFFIXES = (
    *(f"(?:{ends})(?!{ends})" for ends in LEVEL_SUFFIXES[:2]),
    f"(?:乡(?!镇){_NOT_ETHNIC_TOWNSHIP}|镇(?!乡){_NOT_ETHNIC_TOWNSHIP}|街道(?:办事处|办)?|苏木|[农林牧]场(?!村|乡|镇|社区))",
    f"(?:{LEVEL_SUFFIXES[3]})(?!{LEVEL_SUFFIXES[3]})",
)
"""Suffix of each level at the end of a name: not 乡 in 新乡镇, but 镇 in 城关镇镇东村."""


_NAME_PATTERNS = tuple(
    lazy_pattern(rf"\s*(?P<name>市辖区|\S+?(?:{last}|\s+(?:{ends})(?=[\s_]|$)))")
    for ends, last in zip(LEVEL_SUFFIXES, _FINAL_SUFFIXES, strict=True)
)


_OVERLONG_NAMES = (".(?:县|(?<!地)区|旗|乡|镇|街道)..", ".(?:乡|镇|街道)..", ".村..", "$^")
"""Per level, a pattern of names that include parts of the lower levels."""


NEXT_PROVINCE = lazy_pattern(
    rf"(?<=[县区市旗乡镇村州盟\s])\s*(?=(?:{'|'.join(_PROVINCES_PROPER)})省|(?:内蒙古|西藏)自治区|广西壮族自治区"
    rf"|宁夏回族自治区|新疆维吾尔自治区|(?:{'|'.join(_MUNICIPALITIES)})市)"
)
"""Beginning of a new area, with or without a separator before it."""


_CORPS_PATTERNS = tuple(
    lazy_pattern(rf"\s*(?P<name>{name})")
    for name in (
        "第?[一二三四五六七八九十\\d]{1,3}师",
        "\\S+?(?:市|团场|团)",
        "\\S+?(?:镇|街道|团场|团)",
        "\\S+?(?:连队|连|村|社区)",
    )
)
"""Levels of the Production and Construction Corps: divisions, regiments, companies."""


_ABBREVIATIONS = dict(
    zip(
        "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔滇藏陕甘陇青宁新蒙",
        "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南"
        " 湖北 湖南 广东 广西 海南 四川 四川 贵州 云南 西藏 陕西 甘肃 甘肃 青海"
        " 宁夏 新疆 内蒙古".split(),
        strict=True,
    )
)
"""One-sign name of a province to its short name."""
CITIES_WITHOUT_COUNTIES = ("东莞市", "中山市", "儋州市", "嘉峪关市", "三沙市")
"""Cities whose towns belong to no county."""


def _abbreviated_province(text: str) -> tuple[str, str]:
    """Return the province that the first sign of a text stands for, and the text behind it.

    The sign may be part of a city's own name, as in 黔西南州; ``("", text)`` where it is neither.
    """
    province = PROVINCES.get(_ABBREVIATIONS.get(text[:1], ""), "")
    if not province:
        return "", text
    if match_leading_place(province, text[1:])[0]:
        return province, text[1:]
    city = _NAME_PATTERNS[0].match(text)
    is_own = city is not None and is_known_place(province, city["name"])
    return (province if is_own else ""), text


def parse_region_item(item: str, province: str | None) -> tuple[list[str | None], str]:
    """Return the five parts that an item names, and the text that fits none of them.

    ``province`` is the previous province. Names in the gazetteer are matched first; other names end
    at a suffix of their level.
    """
    parts: list[str | None] = [None] * 5
    rest = item.strip()
    match = _PROVINCE.match(rest)
    if match:
        province_name = str(match[match.lastgroup or 0]).strip()
        parts[0] = PRODUCTION_CORPS if match["corps"] else PROVINCES[province_name]
        rest = _skip_printed_level(rest[match.end() :], 0)
    else:
        abbreviated, rest = _abbreviated_province(rest)
        parts[0] = abbreviated or None
    minimum_level, known_province = 0, parts[0] or province or ""
    patterns = _CORPS_PATTERNS if known_province == PRODUCTION_CORPS else _NAME_PATTERNS
    for level, (pattern, overlong) in enumerate(
        zip(patterns, _OVERLONG_NAMES, strict=True), start=1
    ):
        known_level, name, length = _match_known_place(known_province, level, rest.lstrip())
        minimum_level = max(minimum_level, known_level if name else 0)
        name_match = pattern.match(rest)
        if known_level == level:
            parts[level] = name
            rest = rest.lstrip()[length:]
        elif name_match and level >= minimum_level and not re.search(overlong, name_match["name"]):
            parts[level] = "".join(name_match["name"].split())
            rest = rest[name_match.end() :]
            if re.match(r"\s+市(?=[\s_]|$)", rest) and len(parts[level] or "") == 2:
                parts[level] = f"{parts[level]}市"
        rest = _skip_printed_level(rest, level)
    return parts, rest.strip(" _.()")


def _match_known_place(province: str, level: int, rest: str) -> tuple[int, str, int]:
    """Return level, name and matched length of the known place at the beginning of a text."""
    if level > 2:
        return 0, "", 0
    known_level, name = match_leading_place(province, rest)
    if (
        level == 1
        and known_level == 2
        and name.endswith("市")
        and match_leading_place(province, rest[len(name) :])[0] == 2
    ):
        return 1, name, len(name)  # a city that later became a county: 思茅市
    if not name and not _NAME_PATTERNS[level - 1].match(rest):
        name, length = match_short_place(province, level, rest)
        return (level if name else 0), name, length
    return known_level, name, len(name)


def _skip_printed_level(rest: str, level: int) -> str:
    """Remove the printed word of a level after a name."""
    rest = re.sub(rf"^[\s_]*{REGION_LEVELS[level]}(?=[\s_]|$|[省市县乡村])", "", rest)
    return re.sub(r"^乡(?=[^乡镇]{2,6}村)", "", rest) if level == 2 else rest
