"""Halls of the exhibition: parts of the country and the societies, in the order of the index."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from kjfp_helpers.rules import Unit

REGIONS: Mapping[str, str] = {
    "华北": "北京 天津 河北 山西 内蒙古",
    "东北": "辽宁 吉林 黑龙江",
    "华东": "上海 江苏 浙江 安徽 福建 江西 山东",
    "中南": "河南 湖北 湖南 广东 广西 海南",
    "西南": "重庆 四川 贵州 云南 西藏",
    "西北": "陕西 甘肃 青海 宁夏 新疆",
}
"""Part of the country to the beginnings of the names of its provinces."""
SOCIETIES, OTHERS = "全国学会", "其他地区"

T = TypeVar("T")


def arrange_halls(items: Iterable[T], unit_of: Callable[[T], Unit]) -> list[tuple[str, list[T]]]:
    """Return items by part of the country, then those of the societies; none that is empty."""
    halls: dict[str, list[T]] = {title: [] for title in (*REGIONS, OTHERS, SOCIETIES)}
    for item in items:
        halls[name_hall(unit_of(item))].append(item)
    return [(title, of_hall) for title, of_hall in halls.items() if of_hall]


def name_hall(unit: Unit) -> str:
    """Return the hall of a unit."""
    if unit.kind != "province":
        return SOCIETIES
    return next(
        (title for title, names in REGIONS.items() if unit.region.startswith(tuple(names.split()))),
        OTHERS,
    )
