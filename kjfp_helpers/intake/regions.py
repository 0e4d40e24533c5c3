"""The poor areas served: province, city, county, township, village, as the form prints them."""

import re

from kjfp_helpers.findings import Finding
from kjfp_helpers.forms import REGION_LEVELS
from kjfp_helpers.intake.values import Reading, note
from kjfp_helpers.intake.words import half_width, is_blank, quote
from kjfp_helpers.records import Region

_PLAIN = ("河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东",
          "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海",
          "台湾")  # fmt: skip
PROVINCES: dict[str, str] = {
    **{name: f"{name}省" for name in _PLAIN},
    **{name: f"{name}市" for name in ("北京", "天津", "上海", "重庆")},
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆生产建设兵团": "新疆生产建设兵团",
    "新疆": "新疆维吾尔自治区",
}
"""Short name of a province to its full name."""

_MUNICIPAL = ("北京", "天津", "上海", "重庆")
_PROVINCE = re.compile(
    rf"(?P<short>{'|'.join(_MUNICIPAL)})(?:\s*市)?"
    r"|(?P<region>内蒙古|广西|西藏|宁夏|新疆(?!生产))(?:\s*(?:壮族|回族|维吾尔)?自治区)?"
    r"|(?P<corps>新疆生产建设兵团)"
    rf"|(?P<plain>{'|'.join(_PLAIN)}|黑龙江)(?:\s*省|(?![市县区州镇乡村]|藏族|蒙古族))"
)
_LEVELS = (
    "市|自治州|州|盟|地区",
    "县|(?<!社)(?<!地)区|市|旗",
    "乡|镇|街道|苏木",
    "村|社区|嘎查",
)
_PATTERNS = tuple(
    re.compile(rf"\s*(?P<name>市辖区|\S+?(?:(?:{ends})(?!{ends})|\s+(?:{ends})(?=[\s_]|$)))")
    for ends in _LEVELS
)
_SWALLOWED = (".(?:县|(?<!地)区|旗|乡|镇|街道)..", ".(?:乡|镇|街道)..", ".村..", "$^")
"""Per level, what shows that a name ran on into the levels below it."""
_BETWEEN = re.compile(r"[；;、，,\n。]+|(?<=[县区村镇乡])(?:和|及)")


def read_regions(text: str) -> Reading[tuple[Region, ...]]:
    """Read the areas named in a box.

    A part written once for several counties is repeated for each. What is left of the form's
    own 省市县乡村 is no answer. An area without its county raises ``region_incomplete``; words
    that fit no level raise ``ambiguous``.
    """
    if is_blank(text) or not re.sub(r"[省市县乡村\s_、,，]", "", text):
        return Reading(())
    regions: list[Region] = []
    findings: list[Finding] = []
    for item in _BETWEEN.split(half_width(text)):
        if not item.strip() or is_blank(item):
            continue
        parts, rest = _parse(item)
        region = _inherit(parts, regions)
        if any(parts):
            regions.append(region)
        if rest or not any(parts):
            findings += note("ambiguous", "省市县乡村逐级写明", quote(item))
        elif not (region[0] and region[2]):
            findings += note("region_incomplete", "写明省和县", quote(item))
    return Reading(tuple(regions), tuple(findings))


def _parse(item: str) -> tuple[list[str | None], str]:
    """Return the five parts that an item names, and what fits none of them."""
    parts: list[str | None] = [None] * 5
    rest = item.strip()
    match = _PROVINCE.match(rest)
    if match:
        parts[0], rest = (
            PROVINCES[str(match[match.lastgroup or 0]).strip()],
            _skip_printed(rest[match.end() :], 0),
        )
    for level, (pattern, swallowed) in enumerate(zip(_PATTERNS, _SWALLOWED, strict=True), start=1):
        found = pattern.match(rest)
        if found and not re.search(swallowed, found["name"]):
            parts[level] = "".join(found["name"].split())
            rest = rest[found.end() :]
            if re.match(r"\s+市(?=[\s_]|$)", rest) and len(parts[level] or "") == 2:
                parts[level] = f"{parts[level]}市"
        rest = _skip_printed(rest, level)
    return parts, rest.strip(" _.()")


def _skip_printed(rest: str, level: int) -> str:
    """Drop the level's own word where the form printed it and the unit wrote before it."""
    return re.sub(rf"^[\s_]*{REGION_LEVELS[level]}(?=[\s_]|$|[{''.join(REGION_LEVELS)}])", "", rest)


def _inherit(parts: list[str | None], before: list[Region]) -> Region:
    """Fill the parts above an item's first from the area named before it."""
    first = next((level for level, part in enumerate(parts) if part), 0)
    if before and first:
        parts = [*before[-1][:first], *parts[first:]]
    province, city, county, township, village = parts
    return (province, city, county, township, village)
