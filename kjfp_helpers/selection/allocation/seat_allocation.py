"""Allocate seats and reserves under unit quotas (clause 二) and the further limits."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import CaseVetoed, SeatAdded, SeatsLeftVacant
from kjfp_helpers.selection.allocation.constrained_selection import select_candidates
from kjfp_helpers.selection.allocation.cp_solver import Budget
from kjfp_helpers.selection.allocation.selection_problem import Limit, SelectionResult
from kjfp_helpers.selection.meeting_ballots import Ballot, Tally
from kjfp_helpers.selection.ranking.case_values import DECIMALS
from kjfp_helpers.selection.ranking.tie_breaking import TieBreakValues, TieGroup, order_cases

QUOTA_TITLE = "各单位推荐名额"
"""How the title of the units' quotas begins."""


class TieAtCut(SelectionError):
    """Cases stand level at the edge of the list; ``places`` of ``cases`` get in."""

    def __init__(self, kind: str, cases: tuple[str, ...], places: int) -> None:
        self.kind, self.cases, self.places = kind, cases, places
        super().__init__(
            "入围名单",
            expected=f"能分出先后以确定剩余 {places} 个名额",
            found=f"{'、'.join(cases)} 逐级比较后仍然并列",
            advice="在“结果与入围”的“投票表决”中对并列各件再次投票，不得按编号或报送先后取舍",
        )


@dataclass(kw_only=True)
class Allocation:
    """Who got which place; level cases share one (``listed`` and ``reserves``: case to place).

    ``capped`` says in Chinese which limits kept a case out although its rank would have let it
    in. ``tied`` are level at the edge for the ``left`` last places. ``lapsed`` cases were thrown
    out and their places with them.
    """

    listed: dict[str, int] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    capped: dict[str, str] = field(default_factory=dict)
    tied: tuple[str, ...] = ()
    left: int = 0
    lapsed: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class AllocationProblem:
    """All that fills the places of one kind, save the values.

    ``attributes`` maps an attribute to case to value; ``figures`` and ``steps`` are the ladder's,
    votes among level cases included; ``rejected`` failed a vote; ``left_empty`` is the
    resolution that leaves places so; ``lapse`` says whether the place of a vetoed or rejected
    case goes with it; ``votes`` holds the last valid vote on each case. ``budget`` is what the
    solver may spend on all lists in all, by default on each.
    """

    kind: str
    plan: int
    reserves: int
    limits: tuple[Limit, ...]
    attributes: Mapping[str, Mapping[str, object]]
    figures: TieBreakValues
    steps: tuple[str, ...]
    vetoes: Mapping[str, CaseVetoed]
    added: Mapping[str, SeatAdded]
    rejected: Mapping[str, tuple[Ballot, Tally]]
    left_empty: SeatsLeftVacant | None = None
    lapse: bool = False
    votes: Mapping[str, tuple[Ballot, Tally]] = field(default_factory=dict)
    budget: Budget | None = None

    @property
    def open(self) -> int:
        """Places of the plan that are to be filled."""
        return self.plan - (self.left_empty.places if self.left_empty else 0)

    def order(self, values: Mapping[str, float]) -> tuple[TieGroup, ...]:
        """Return the cases that compete for the plan, best first."""
        gone = self.vetoes.keys() | self.added.keys() | self.rejected.keys()
        able = {case: value for case, value in values.items() if case not in gone}
        return order_cases(able, self.figures, self.steps)

    def allocate(self, values: Mapping[str, float]) -> Allocation:
        """Fill the places and the reserves.

        Raises
        ------
        UnprovedError
            When the solver could not prove the list with its work.
        SelectionError
            When no list keeps all limits.
        """
        lapsed = self._lapsed(values)
        order = self.order(values)
        cases = [case for tied in order for case in tied.cases]
        choice = self._choose(order, values, self.open - len(lapsed))
        chosen = {case for case, one in zip(cases, choice.chosen, strict=True) if one}
        level = tuple(sorted(c for c, one in zip(cases, choice.tied, strict=True) if one))
        filled = Allocation(tied=level, left=choice.left if level else 0, lapsed=lapsed)
        for tied in order:
            fits = [case for case in tied.cases if case in chosen]
            filled.listed |= dict.fromkeys(fits, len(filled.listed) + 1)
        self._reserve(order, filled)
        return filled

    def _lapsed(self, values: Mapping[str, float]) -> frozenset[str]:
        """Return whom throwing out cost a place that nobody else gets."""
        out = (self.vetoes.keys() | self.rejected.keys()) - self.added.keys()
        if not self.lapse or not out:
            return frozenset()
        whole = replace(self, vetoes={}, rejected={}, lapse=False).allocate(values)
        return frozenset(out & whole.listed.keys())

    def _choose(
        self, order: Sequence[TieGroup], values: Mapping[str, float], places: int
    ) -> SelectionResult:
        cases = [case for tied in order for case in tied.cases]
        attributes = {
            name: [held.get(case) for case in cases] for name, held in self.attributes.items()
        }
        return select_candidates(
            _scores(order, values), attributes, self.limits, places, budget=self.budget
        )

    def _reserve(self, order: Sequence[TieGroup], filled: Allocation) -> None:
        """Go down the order once more: whom a full limit passes over, who is next in reserve."""
        counts = Counter(
            limit
            for case in (*filled.listed, *filled.tied[: filled.left])
            for limit in self._over(case)
        )
        waiting, seen = set(filled.tied), 0
        for tied in order:
            rest = [c for c in tied.cases if c not in filled.listed and c not in waiting]
            seen += len(tied.cases) - len(rest)
            if len(filled.reserves) >= self.reserves and seen >= len(filled.listed):
                break
            fits = []
            for case in rest:
                full = [one for one in self._over(case) if counts[one] >= _most(one)]
                if full or seen < len(filled.listed):
                    filled.capped[case] = _full(full) if full else self._kept_for(counts)
                elif len(filled.reserves) < self.reserves:
                    fits.append(case)
            filled.reserves |= dict.fromkeys(fits, len(filled.reserves) + 1)
            counts.update(limit for case in fits for limit in self._over(case))

    @cached_property
    def _by_value(self) -> Mapping[str, Mapping[object, list[Limit]]]:
        """Attribute to value to the limits that count it."""
        found: dict[str, dict[object, list[Limit]]] = {name: {} for name in self.attributes}
        for limit in self.limits:
            for value in limit.values:
                found[limit.attribute].setdefault(value, []).append(limit)
        return found

    def _over(self, case: str) -> Iterator[Limit]:
        """Yield the limits that count a case."""
        for name, held in self._by_value.items():
            yield from held.get(self.attributes[name].get(case), ())

    def _kept_for(self, counts: Counter[Limit]) -> str:
        """Say which floors needed the place."""
        named = dict.fromkeys(
            f"“{limit.title}”"
            for limit in self.limits
            if limit.least and counts[limit] <= limit.least
        )
        return f"名额须留给{'、'.join(named)}" if named else "受各项限制之间的牵连"


def _most(limit: Limit) -> float:
    return float("inf") if limit.most is None else limit.most


def _full(limits: Sequence[Limit]) -> str:
    said = dict.fromkeys(
        f"所在单位名额（至多 {limit.most} 个）"
        if limit.title.startswith(QUOTA_TITLE)
        else f"“{limit.title}”（至多 {limit.most} 个）"
        for limit in limits
    )
    return "、".join(said) + "已满"


def _scores(order: Sequence[TieGroup], values: Mapping[str, float]) -> np.ndarray:
    """Return one integer a case in order: the value to nine decimals, then the ladder's step."""
    rungs = max((len(tied.cases) + len(tied.equals) for tied in order), default=1)
    scores: list[int] = []
    before, rung = None, 0
    for tied in order:
        value = round(round(values[tied.cases[0]], DECIMALS) * 10**DECIMALS)
        rung = rung - 1 if value == before else rungs
        before = value
        scores += [value * (rungs + 1) + rung] * len(tied.cases)
    return np.asarray(scores, dtype=np.int64)
