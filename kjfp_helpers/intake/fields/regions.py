"""Parse the areas served: province, city, county, township and village."""

import re

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.form_schema import REGION_LEVELS
from kjfp_helpers.core.records import Region
from kjfp_helpers.core.searchable_text import simplify_text
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)
from kjfp_helpers.intake.fields.gazetteer import (
    match_leading_place,
)
from kjfp_helpers.intake.fields.single_region import (
    CITIES_WITHOUT_COUNTIES,
    LEVEL_SUFFIXES,
    NEXT_PROVINCE,
    PROVINCES,
    parse_region_item,
)

_SEPARATOR = lazy_pattern(
    r"([；;、，,\n。]+|[/\\>→—-]+|(?<=[县区村镇乡旗])(?:和|及|以及|与)(?!田|静|硕|布克|龙市|平县|顺县|政县|林格|县))"
)
_CONJUNCTIONS = ("和", "及", "以及", "与")
_REMARK = lazy_pattern(
    r"[(（][^()（）]*(?:贫困|重点|级|原|深度|挂牌|\d{4}\s*年)[^()（）]*[)）]|(?:19|20)\d{2}\s*年(?:以来|至今)?\s*[:：]"
)
_ALTERNATIVE_LEVELS = lazy_pattern(r"\((?:自治区|直辖市|地区|街道|[区市州盟镇乡村旗县、/])+\)")
"""Alternative names of a level printed on a form: 省（区、市）."""
_LABELLED = lazy_pattern(
    r"(?:^|(?<=[\s;]))(省|市|县|乡|村)(?:份|区|镇)?(?:\([^()]*\))?\s*[:：]"
    r"\s*([^\s:：;，,]*[^\s:：;，,省市县乡村])?(?:[省市县乡镇村](?=[\s;]|$))?"
)
_AND_MORE = lazy_pattern(
    r"等(?:\s*\d*\s*个?[省市县区乡镇村]*)?$|(?<=..)[两二三四五六七八九十\d]+个?(?:市县|县区|县|旗)$"
)
_NUMBERED = lazy_pattern(
    r"(?:^|(?<=[\s;、。]))\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:\)|[.、])\s*|[①-⑳]\s*",
    re.MULTILINE,
)
_TITLE = lazy_pattern(r"^[^:：\n]{0,10}(?:地区|区域|地点|范围)\s*[:：]|^中国(?=.{2,3}[省市区])")
_TRADITIONAL_LEVEL = lazy_pattern("[縣鄉鎮區貴雲蘭遼寧慶陝贛廣]")
"""Signs of areas written in traditional form; names of areas are official in simplified form."""
_PROSE_HEAD = lazy_pattern(
    rf"^(?:[\u4e00-\u9fff]{{0,6}}?(?:主要|长期|先后|多次|一直)?(?:服务于|服务|深入|前往|在|赴|到|为))(?=(?:{'|'.join(PROVINCES)}))"
)
_PROSE_TAIL = lazy_pattern(
    r"(?<=[县区市旗乡镇村])(?:等地)?(?:开展|进行|从事|实施|提供)[\u4e00-\u9fff]{0,12}(?:服务|帮扶|扶贫|工作|指导|培训)[。.]?$"
)
"""Words of a sentence around the areas: 主要在……开展科技服务."""
_UNNAMED = lazy_pattern(r"[xX×*某]{1,4}(?=[省市县乡镇村])")
_HEADER_ROW = lazy_pattern(r"^\s*省[^\s\w]*(?:\s*[|｜]\s*|\s+)市.*县.*乡.*村\s*$")
_DOUBLE_SUFFIX = lazy_pattern(r"(?:镇乡|乡镇|市州|省市)$")
_VAGUE_NAME = lazy_pattern(r"^贫困村$|周边|附近|沿线|所辖|各[县市区乡镇村]|\d个")
_VALID_NAME = lazy_pattern(r"[\u4e00-\u9fff\u3400-\u4dbf·A-Za-z0-9]{2,16}")


def read_regions(text: str) -> Parsed[tuple[Region, ...]]:
    """Parse the areas listed in a field.

    A province or city written once for several counties is repeated for each. The printed
    省市县乡村 alone is a blank. Findings: ``region_incomplete`` for an area without province or
    county, ``ambiguous`` for text that fits no level.

    Examples
    --------
    >>> read_regions("贵州省毕节市赫章县、威宁县").value[1][:3]
    ('贵州省', '毕节市', '威宁县')
    """
    if _TRADITIONAL_LEVEL.search(text):
        text = simplify_text(text)
    typed = to_half_width(text.replace("，", "、").replace("；", ";")).strip()
    typed = _ALTERNATIVE_LEVELS.sub("", _UNNAMED.sub("", _TITLE.sub("", typed)))
    typed = _PROSE_TAIL.sub("", _PROSE_HEAD.sub("", typed))
    typed = re.sub(r"(?<=[省市区县州旗乡镇])的(?=[\u4e00-\u9fff]{2})", "", typed)
    if is_blank(typed) or not re.sub(r"[省(自治区)市县州乡镇村旗盟\s_、,:|/]", "", typed):
        return Parsed(())
    lines = typed.split("\n")
    if _HEADER_ROW.match(lines[0]) and len(lines) > 1:
        return _parse_columns(lines[1:])
    if len(_LABELLED.findall(typed)) >= 2:
        name_by_level = {match[1]: match[2] or "" for match in _LABELLED.finditer(typed)}
        return _parse_columns(["|".join(name_by_level.get(level, "") for level in REGION_LEVELS)])
    return _parse_list(NEXT_PROVINCE.sub(";", _flatten(_NUMBERED.sub(";", typed))))


def _flatten(text: str) -> str:
    """Remove underscores, bars, remarks and the brackets around a list of counties."""
    flat = re.sub(r"[_|｜]+", " ", _REMARK.sub("", text))
    flat = re.sub(r"(?<=[\u4e00-\u9fff])\s*[:：]\s*", " ", flat)
    return re.sub(r"[(（]", "", re.sub(r"[)）]", " ", flat))


def _parse_columns(rows: list[str]) -> Parsed[tuple[Region, ...]]:
    """Parse areas given level by level, each part in its column or after its label."""
    regions: list[Region] = []
    findings: tuple[Problem, ...] = ()
    for row in rows:
        parts = [part.strip(" _") for part in re.split(r"[|｜]", row)]
        if not any(parts):
            continue
        if len(parts) != len(REGION_LEVELS):
            findings += make_problems("ambiguous", "省市县乡村逐级写明", quote_for_finding(row))
            parts = (parts + [""] * len(REGION_LEVELS))[: len(REGION_LEVELS)]
        parts[0] = PROVINCES.get(parts[0], parts[0])
        names = [
            part + level if part and not re.search(suffixes, part) else part
            for part, level, suffixes in zip(
                parts,
                REGION_LEVELS,
                ("[省区市团]$", *(f"(?:{pattern})$" for pattern in LEVEL_SUFFIXES)),
                strict=True,
            )
        ]
        province, city, county, township, village = (part or None for part in names)
        regions.append((province, city, county, township, village))
        if not (province and county):
            findings += make_problems("region_incomplete", "写明省和县", quote_for_finding(row))
    return Parsed(tuple(regions), findings)


def _parse_list(text: str) -> Parsed[tuple[Region, ...]]:
    """Parse a list of areas; upper levels are inherited from the previous area."""
    regions: list[Region] = []
    findings: list[Problem] = []
    items = _split_list(text)
    while items:
        item = items.pop(0)
        stripped = _AND_MORE.sub("", item.strip())
        previous_province = regions[-1][0] if regions else None
        parts, rest = parse_region_item(stripped, previous_province)
        if parts[2] and match_leading_place(parts[0] or previous_province or "", rest)[0]:
            items.insert(0, rest + item.strip()[len(stripped) :])  # 镇雄县彝良县威信县
            item, rest = stripped, ""
        region = _inherit_levels(parts, regions)
        if any(parts):
            regions.append(region)
            if _is_within_previous(regions[-2:-1], region):
                findings += make_problems(
                    "ambiguous", "省市县乡村逐级写明", quote_for_finding(text)
                )
        is_doubtful = any(
            part and (_is_invalid_name(part) or _is_completed_name(part, item))
            for part in parts[1:]
        )
        if rest or is_doubtful or not any(parts) or stripped != item.strip():
            findings += make_problems("ambiguous", "省市县乡村逐级写明", quote_for_finding(item))
        elif not (region[0] and (region[2] or region[1] in CITIES_WITHOUT_COUNTIES)):
            findings += make_problems("region_incomplete", "写明省和县", quote_for_finding(item))
    return Parsed(tuple(regions), tuple(findings))


def _is_within_previous(previous: list[Region], region: Region) -> bool:
    """Whether an area lies within the previous one, which then may be only its heading."""
    named_parts = [part for part in previous[0] if part] if previous else []
    return (
        2 < len(named_parts)
        and region[: len(previous[0])] != previous[0]
        and all(
            previous_part == part
            for previous_part, part in zip(previous[0], region, strict=True)
            if previous_part
        )
    )


def _is_invalid_name(part: str) -> bool:
    return not _VALID_NAME.fullmatch(part) or bool(
        _DOUBLE_SUFFIX.search(part) or _VAGUE_NAME.search(part)
    )


def _is_completed_name(part: str, typed: str) -> bool:
    """Whether a name was completed by more than its level suffix: 威宁 to 威宁…自治县."""
    return part[: -len("地区")] not in strip_whitespace(typed)


def _split_list(text: str) -> list[str]:
    """Split a list of areas, but not one area whose levels are separated."""
    items: list[str] = []
    deepest_level = len(REGION_LEVELS)
    separator, province = "", None
    pieces = _SEPARATOR.split(text)
    for index, item in enumerate(pieces):
        if index % 2:
            separator = item
            continue
        if not item.strip() or is_blank(item):
            continue
        parts, _ = parse_region_item(item, province)
        province = parts[0] or province
        levels = [level for level, part in enumerate(parts) if part]
        if items and levels and levels[0] > deepest_level:
            next_parts, _ = parse_region_item("".join(pieces[index + 2 : index + 3]), province)
            joiner = _joiner(separator, deepest_level, levels[0], next_parts)
        else:
            joiner = None
        if joiner is None:
            items.append(item)
        else:
            items[-1] = f"{items[-1]}{joiner}{item.strip()}"
        deepest_level = levels[-1] if levels else len(REGION_LEVELS)
    return items


def _joiner(
    separator: str, deepest_level: int, first_level: int, next_parts: list[str | None]
) -> str | None:
    """Return the text that joins a deeper level to the previous area, ``None`` for a new area.

    和 joins areas of one level, so before a deeper level it is part of a name (大兴沟镇和信村). A
    comma may separate the levels of one area, but not several townships of one county.
    """
    if separator in _CONJUNCTIONS:
        return separator
    if deepest_level < 2 or separator.strip(" ") == "\n" or separator[:1] in tuple("/\\>→—-"):
        return " "
    next_level = next((level for level, part in enumerate(next_parts) if part), None)
    return " " if next_level != first_level else None


def _inherit_levels(parts: list[str | None], previous: list[Region]) -> Region:
    """Complete the upper levels of an item from the previous area."""
    first = next((level for level, part in enumerate(parts) if part), 0)
    if previous and first:
        parts = [*previous[-1][:first], *parts[first:]]
    province, city, county, township, village = parts
    return (province, city, county, township, village)
