r"""Of what a figure in running text is: the unit's whole, a year's, a part, or the target.

As in the patterns, a clause has the figure as ``\0`` and any other figure as ``\1``.
"""

import re
from typing import Literal

from kjfp_helpers.intake.text_figures import indicator_patterns as patterns

Scope = Literal["total", "year", "part", "target"]
"""Of the whole unit and period; of one year; of a place, team or other part; the target."""
MIN_LIST = 2
"""Quantities that a list of numbers is of, at least."""
_FIRST_YEARS, _LAST_YEAR = (2015, 2016, 2017), 2020


def find_period(before: str) -> tuple[Scope, int, bool]:
    """Return the scope by the last period named before a figure, its year, and if it is said."""
    last = next(reversed([*patterns.PERIOD.finditer(before)]), None)
    if last is None or last["whole"]:
        return "total", 0, last is not None
    if last["until"]:
        is_now = int(last["until"]) >= _LAST_YEAR
        return ("total" if is_now else "part"), 0, is_now
    if last["since"]:
        is_all = int(last["since"]) in _FIRST_YEARS
        return ("total" if is_all else "part"), 0, is_all
    if last["first"]:
        is_all = int(last["first"]) in _FIRST_YEARS and int(last["last"]) >= _LAST_YEAR
        return ("total" if is_all else "part"), 0, is_all
    return "year", int(last["year"] or 0), False


def find_scope(
    before: str, sentence: str, masked: str, indicator: str, is_whole_period: bool
) -> Scope | Literal["unsaid"]:
    """Return whether a figure is the unit's own whole, a part of it, the target, or not told."""
    is_target = patterns.TARGET.search(masked) or patterns.NAMED_TARGET.search(masked)
    if is_target and not patterns.ACHIEVED.search(masked):
        return "target"
    intended = [found.end() for found in patterns.INTENDED.finditer(before)]
    if intended and not patterns.ACHIEVED_WORD.search(before, intended[-1]):
        return "target"
    if (
        patterns.PART.search(masked)
        or patterns.FROM.search(masked)
        or patterns.OTHERS.search(masked)
        or _is_of_others(before)
        or _is_told_part(before)
    ):
        return "part"
    if re.match(
        r"[^\0\1]{0,3}[（(]20\d\d年(?!以来|至)[^）)\0\1]{0,6}[）)]", masked.partition("\0")[2]
    ):
        return "year"
    near = re.sub(r"[（(][^（）()]{1,14}[）)]$", "", before.rpartition("；")[2][-60:])
    if patterns.NAMED_PLACE.search(near) or patterns.OTHER_SUBJECT.search(near):
        return "part"
    is_said_whole = is_whole_period or patterns.WHOLE.search(masked)
    if patterns.IN_SOME_PLACES.search(masked) and not is_said_whole:
        return "part"
    is_whole = (
        is_said_whole
        or patterns.OFFICIAL[indicator].search(sentence)
        or _tells_the_numbers(sentence)
        or _is_told_whole(before)
    )
    return "total" if is_whole else "unsaid"


def _tells_the_numbers(sentence: str) -> bool:
    """Whether a sentence tells several of the numbers in the notice's words."""
    told = [one for one in patterns.OFFICIAL.values() if one.search(sentence)]
    return len(told) >= MIN_LIST


def _is_told_whole(before: str) -> bool:
    """Whether the sentence told wholes up to here: 累计支持农技协126个，发动专家900名."""
    told = [found.end() for found in patterns.WHOLE.finditer(before)]
    return bool(told) and not patterns.NO_LONGER_WHOLE.search(before, told[-1])


def _is_told_part(before: str) -> bool:
    """Whether the sentence told parts up to here: 再支持农技协20个，动员专家90名."""
    told = [found.end() for found in patterns.PART_FOLLOWS.finditer(before.rpartition("；")[2])]
    return bool(told) and not patterns.WHOLE.search(before.rpartition("；")[2], told[-1])


def _is_of_others(before: str) -> bool:
    """Whether the last one named before a figure is not the unit: 全国共动员专家2万人，支持….."""
    last = next(reversed([*patterns.SUBJECT_OF_CLAUSE.finditer(before)]), None)
    return last is not None and last["other"] is not None
