"""Comparison keys for names of organisations and teams, by few explainable rules."""

import re
from functools import lru_cache
from typing import NamedTuple

from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.intake.fields.single_region import PROVINCES

_WORDS = (
    ("农业科学研究院", "农科院"),
    ("农业科学院", "农科院"),
    ("林业科学研究院", "林科院"),
    ("林业科学院", "林科院"),
    ("畜牧科学研究院", "畜科院"),
    ("科学研究院", "科研院"),
    ("科学研究所", "科研所"),
    ("研究院", "院"),
    ("研究所", "所"),
    ("科学技术协会", "科协"),
    ("科学技术厅", "科技厅"),
    ("科学技术局", "科技局"),
    ("农业技术推广", "农技推广"),
    ("农村专业技术协会", "农技协"),
    ("专业技术协会", "农技协"),
    ("农业大学", "农大"),
    ("林业大学", "林大"),
    ("职业技术学院", "职院"),
    ("大学", "大"),
    ("股份有限公司", "公司"),
    ("有限责任公司", "公司"),
    ("有限公司", "公司"),
    ("农民专业合作社", "合作社"),
    ("专业合作社", "合作社"),
    ("科技特派员", "特派员"),
    ("服务团队", "服务团"),
)
"""Long and short form of a word, tried in this order."""

_PLACES = {"中国": "中国"} | {
    name: short for short, full in PROVINCES.items() for name in (full, short)
}
"""What a name may begin with, to its short form."""
_PLACE = re.compile("|".join(sorted(_PLACES, key=len, reverse=True)))
_QUALIFIER = re.compile("(?:专家|技术|科技|创新|扶贫)(?=服务团|服务队|团队|工作队|小分队)")
_LEAST = 4
"""Signs of a name that are left at least when its province is dropped."""


class NormalizedName(NamedTuple):
    """A name in its short form, what was left out of it, and the rules applied, in Chinese."""

    text: str
    place: str
    qualifier: str
    rules: tuple[str, ...]

    def agrees(self, other: "NormalizedName") -> bool:
        """Whether two names may be one: what only one of them states is no difference."""
        places = {self.place, other.place} - {""}
        qualifiers = {self.qualifier, other.qualifier} - {""}
        alike = bool(self.text) and self.text == other.text
        return alike and len(places) < 2 and len(qualifiers) < 2


@lru_cache(maxsize=65536)
def normalize_org_name(name: str | None) -> NormalizedName:
    """Return the short form of a name: 河北省农业科学院果树研究所 is 农科院果树所.

    Width, spaces, brackets and punctuation count for nothing; a province or 中国 in front is
    dropped, and 专家, 科技 and the like before 服务团 or 团队; long words stand as short ones.
    """
    text, place, qualifier, rules = alnum_key(name), "", "", []
    begin = _PLACE.match(text)
    if begin and len(text) - begin.end() >= _LEAST:
        text, place = text[begin.end() :], _PLACES[begin[0]]
        rules.append(f"省去“{begin[0]}”")
    if found := _QUALIFIER.search(text):
        text, qualifier = text[: found.start()] + text[found.end() :], found[0]
        rules.append(f"省去“{found[0]}”")
    for long, short in _WORDS:
        if long in text:
            text = text.replace(long, short)
            rules.append(f"“{long}”即“{short}”")
    return NormalizedName(text, place, qualifier, tuple(rules))


def is_same_employer(one: str | None, other: str | None) -> bool:
    """Whether two names of employers are the same, or one by their short forms; blanks are not."""
    return normalize_org_name(one).agrees(normalize_org_name(other))
