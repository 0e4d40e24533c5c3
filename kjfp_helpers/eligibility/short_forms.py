"""Names of organisations and teams made comparable: few rules, each of which can be told."""

import re
from functools import lru_cache
from typing import NamedTuple

from kjfp_helpers.names import plain

_WORDS = (
    ("农业科学研究院", "农科院"), ("农业科学院", "农科院"), ("林业科学研究院", "林科院"),
    ("林业科学院", "林科院"), ("畜牧科学研究院", "畜科院"), ("科学研究院", "科研院"),
    ("科学研究所", "科研所"), ("研究院", "院"), ("研究所", "所"),
    ("科学技术协会", "科协"), ("科学技术厅", "科技厅"), ("科学技术局", "科技局"),
    ("农业技术推广", "农技推广"), ("农村专业技术协会", "农技协"), ("专业技术协会", "农技协"),
    ("农业大学", "农大"), ("林业大学", "林大"), ("职业技术学院", "职院"), ("大学", "大"),
    ("股份有限公司", "公司"), ("有限责任公司", "公司"), ("有限公司", "公司"),
    ("农民专业合作社", "合作社"), ("专业合作社", "合作社"),
    ("科技特派员", "特派员"), ("专家服务团队", "服务团"), ("专家服务团", "服务团"),
    ("技术服务团", "服务团"), ("科技服务团", "服务团"), ("服务团队", "服务团"),
    ("专家团队", "团队"), ("创新团队", "团队"), ("扶贫工作队", "工作队"),
)  # fmt: skip
"""Long and short form of a word, tried in this order."""

_PROVINCES = (
    "北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 "
    "福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 "
    "云南省 西藏自治区 陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区 新疆生产建设兵团"
).split()
_SHORT = re.compile(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|生产建设兵团)$")
_PLACE = re.compile(
    "^(?:" + "|".join([*_PROVINCES, *(_SHORT.sub("", name) for name in _PROVINCES), "中国"]) + ")"
)
_LEAST = 4
"""Signs of a name that are left at least when its province is dropped."""


class ShortForm(NamedTuple):
    """A name in its short form and the rules by which it came to be, in Chinese."""

    text: str
    rules: tuple[str, ...]


@lru_cache(maxsize=65536)
def short_form(name: str | None) -> ShortForm:
    """Return the short form of a name: 河北省农业科学院果树研究所 is 农科院果树所.

    Width, spaces, brackets and punctuation count for nothing; a province or 中国 in front is
    dropped; long words stand as their short ones.
    """
    text, rules = plain(name), []
    place = _PLACE.match(text)
    if place and len(text) - place.end() >= _LEAST:
        text = text[place.end() :]
        rules.append(f"省去“{place[0]}”")
    for long, short in _WORDS:
        if long in text:
            text = text.replace(long, short)
            rules.append(f"“{long}”即“{short}”")
    return ShortForm(text, tuple(rules))


def same_place(one: str | None, other: str | None) -> bool:
    """Whether two names of employers are the same in normal or in short form; blanks are not."""
    return bool(plain(one)) and short_form(one).text == short_form(other).text
