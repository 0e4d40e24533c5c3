"""Cost of a change of names, "A for B", before anybody votes on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.selection.allocation.seat_allocation import AllocationProblem
from kjfp_helpers.selection.allocation.selection_problem import Limit
from kjfp_helpers.selection.ranking.case_ranking import Ranking
from kjfp_helpers.selection.ranking.rater_agreement import NORMAL_95


@dataclass(frozen=True, kw_only=True)
class SwapCost:
    """What it costs to list ``entering`` in place of ``leaving``.

    Attributes
    ----------
    lost : float
        By how much the value falls, by the round's method; negative where it rises.
    better : float
        Chance (0-1) that the one who enters is the better of both, by the intervals of the
        adjusted values; NaN where there are none.
    passed_over : tuple of str
        Cases that rank above the one who enters and are not on the list, best first.
    broken : tuple of str
        Titles of the limits that the changed list would break.
    """

    leaving: str
    entering: str
    lost: float
    better: float
    passed_over: tuple[str, ...]
    broken: tuple[str, ...]


def measure_swap(
    ranking: Ranking,
    problem: AllocationProblem,
    listed: frozenset[str],
    *,
    leaving: str,
    entering: str,
) -> SwapCost:
    """Return what a change of names costs.

    Parameters
    ----------
    ranking, problem
        Of the kind of both cases.
    listed : frozenset of str
        The cases on the list now.
    leaving, entering : str
        A case on the list and one that is ranked and not on it.

    Raises
    ------
    ParameterError
        When the first is not on the list, or the second is on it or has no rank.
    """
    ranked = {row["case"]: row for row in ranking.table.to_dict("records") if row["rank"] > 0}
    _require(leaving in listed and leaving in ranked, leaving, "在名单上的推荐对象")
    able = entering in ranked and entering not in listed
    _require(able, entering, "有名次而不在名单上的推荐对象")
    one, other = ranked[leaving], ranked[entering]
    above = [
        case for case, row in ranked.items() if row["rank"] < other["rank"] and case not in listed
    ]
    changed = listed - {leaving} | {entering}
    return SwapCost(
        leaving=leaving,
        entering=entering,
        lost=float(one["value"] - other["value"]),
        better=_chance_better(one, other),
        passed_over=tuple(sorted(above, key=lambda case: (ranked[case]["rank"], case))),
        broken=tuple(dict.fromkeys(_broken_limits(problem, listed, changed))),
    )


def _chance_better(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> float:
    """Return the chance that ``other`` is better, where both values are normal."""
    sds = [(row["high"] - row["low"]) / (2 * NORMAL_95) for row in (one, other)]
    both = sqrt(sds[0] ** 2 + sds[1] ** 2)
    if not both > 0:
        return float("nan")
    return 0.5 * erfc(float(one["adjusted"] - other["adjusted"]) / both / sqrt(2))


def _broken_limits(
    problem: AllocationProblem, listed: frozenset[str], changed: frozenset[str]
) -> list[str]:
    """Return the limits that the changed list breaks and the present one keeps."""

    def is_kept(limit: Limit, cases: frozenset[str]) -> bool:
        held = problem.attributes[limit.attribute]
        count = sum(held.get(case) in limit.values for case in cases)
        return limit.minimum <= count <= (count if limit.maximum is None else limit.maximum)

    return [
        limit.title
        for limit in problem.limits
        if is_kept(limit, listed) and not is_kept(limit, changed)
    ]


def _require(holds: bool, case: str, expected: str) -> None:
    if not holds:
        raise ParameterError(
            "换人", expected=expected, found=f"“{case}”", advice="核对编号和“入围名单”"
        )
