"""Allocate seats and reserves under unit quotas (clause 二) and the further limits."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import SeatAdded, SeatsLeftVacant
from kjfp_helpers.selection.allocation.constrained_selection import select_candidates
from kjfp_helpers.selection.allocation.cp_solver import Budget
from kjfp_helpers.selection.allocation.selection_problem import Limit, SelectionResult
from kjfp_helpers.selection.allocation.tie_breaking import TieBreakValues, TieGroup, order_cases
from kjfp_helpers.selection.meeting_ballots import Ballot, Tally
from kjfp_helpers.selection.meeting_decisions import Veto
from kjfp_helpers.selection.ranking.case_values import DECIMALS

QUOTA_TITLE = "各单位推荐名额"
"""How the title of the units' quotas begins."""


class TieAtCut(SelectionError):
    """Cases tied at the cut: ``seats`` of ``cases`` get in."""

    def __init__(self, kind: str, cases: tuple[str, ...], seats: int) -> None:
        self.kind, self.cases, self.seats = kind, cases, seats
        super().__init__(
            "入围名单",
            expected=f"能分出先后以确定剩余 {seats} 个名额",
            found=f"{'、'.join(cases)} 逐级比较后仍然并列",
            advice="在“结果与入围”的“投票表决”中对并列各件再次投票，不得按编号或报送先后取舍",
        )


@dataclass(kw_only=True)
class Allocation:
    """Listed and reserve cases with their positions; tied cases share a position.

    Attributes
    ----------
    listed, reserves : dict
        Case id to position, from 1.
    blocked_by : dict
        Case id to the limits, in Chinese, that keep it off the list in spite of its rank.
    tied : tuple of str
        Cases tied at the cut, which compete for ``contested_seats`` seats.
    lapsed : frozenset of str
        Vetoed or rejected cases whose seats nobody else gets.
    """

    listed: dict[str, int] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    blocked_by: dict[str, str] = field(default_factory=dict)
    tied: tuple[str, ...] = ()
    contested_seats: int = 0
    lapsed: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class AllocationProblem:
    """Everything that decides the seats of one kind, except the values of the cases.

    Attributes
    ----------
    plan, reserves : int
        Numbers of seats and of reserves.
    attributes : Mapping
        Attribute to case id to value.
    tie_break_values, tie_break_steps
        Steps of the ruling ``ties`` and the meeting's votes on ties, see ``tie_breaking``.
    vetoes, added, rejected : Mapping
        Case id to veto, to the seat added by resolution, to the vote that the case failed.
    vacancy : SeatsLeftVacant, optional
        Resolution that leaves seats vacant.
    seats_lapse : bool
        Whether the seat of a vetoed or rejected case lapses instead of going to the next.
    votes : Mapping
        Case id to the last valid vote on it.
    budget : Budget, optional
        What the solver may spend on all lists together; by default each list has its own.
    """

    kind: str
    plan: int
    reserves: int
    limits: tuple[Limit, ...]
    attributes: Mapping[str, Mapping[str, object]]
    tie_break_values: TieBreakValues
    tie_break_steps: tuple[str, ...]
    vetoes: Mapping[str, Veto]
    added: Mapping[str, SeatAdded]
    rejected: Mapping[str, tuple[Ballot, Tally]]
    vacancy: SeatsLeftVacant | None = None
    seats_lapse: bool = False
    votes: Mapping[str, tuple[Ballot, Tally]] = field(default_factory=dict)
    budget: Budget | None = None

    @property
    def open_seats(self) -> int:
        """Number of seats of the plan to be filled."""
        return self.plan - (self.vacancy.places if self.vacancy else 0)

    def order(self, values: Mapping[str, float]) -> tuple[TieGroup, ...]:
        """Return the cases that compete for the plan, best first."""
        gone = self.vetoes.keys() | self.added.keys() | self.rejected.keys()
        able = {case: value for case, value in values.items() if case not in gone}
        return order_cases(able, self.tie_break_values, self.tie_break_steps)

    def allocate(self, values: Mapping[str, float]) -> Allocation:
        """Fill the seats and the reserves.

        Raises
        ------
        UnprovedError
            When the solver could not prove the list with its work.
        SelectionError
            When no list keeps all limits.
        """
        lapsed = self._find_lapsed_cases(values)
        order = self.order(values)
        cases = [case for tied in order for case in tied.cases]
        choice = self._select(order, values, self.open_seats - len(lapsed))
        chosen = {case for case, one in zip(cases, choice.chosen, strict=True) if one}
        level = tuple(sorted(c for c, one in zip(cases, choice.tied, strict=True) if one))
        allocation = Allocation(
            tied=level, contested_seats=choice.open_seats if level else 0, lapsed=lapsed
        )
        for tied in order:
            fits = [case for case in tied.cases if case in chosen]
            allocation.listed |= dict.fromkeys(fits, len(allocation.listed) + 1)
        self._allocate_reserves(order, allocation)
        return allocation

    def _find_lapsed_cases(self, values: Mapping[str, float]) -> frozenset[str]:
        """Return the vetoed or rejected cases whose seats nobody else gets."""
        out = (self.vetoes.keys() | self.rejected.keys()) - self.added.keys()
        if not self.seats_lapse or not out:
            return frozenset()
        whole = replace(self, vetoes={}, rejected={}, seats_lapse=False).allocate(values)
        return frozenset(out & whole.listed.keys())

    def _select(
        self, order: Sequence[TieGroup], values: Mapping[str, float], seats: int
    ) -> SelectionResult:
        cases = [case for tied in order for case in tied.cases]
        attributes = {
            name: [held.get(case) for case in cases] for name, held in self.attributes.items()
        }
        return select_candidates(
            _integer_scores(order, values), attributes, self.limits, seats, budget=self.budget
        )

    def _allocate_reserves(self, order: Sequence[TieGroup], allocation: Allocation) -> None:
        """Fill the reserves in order of rank, and note which full limit blocks a case."""
        counts = Counter(
            limit
            for case in (*allocation.listed, *allocation.tied[: allocation.contested_seats])
            for limit in self._limits_of(case)
        )
        waiting, seen = set(allocation.tied), 0
        for tied in order:
            rest = [c for c in tied.cases if c not in allocation.listed and c not in waiting]
            seen += len(tied.cases) - len(rest)
            if len(allocation.reserves) >= self.reserves and seen >= len(allocation.listed):
                break
            fits = []
            for case in rest:
                full = [one for one in self._limits_of(case) if counts[one] >= _maximum(one)]
                if full or seen < len(allocation.listed):
                    allocation.blocked_by[case] = (
                        _describe_full_limits(full)
                        if full
                        else self._describe_reserved_seats(counts)
                    )
                elif len(allocation.reserves) < self.reserves:
                    fits.append(case)
            allocation.reserves |= dict.fromkeys(fits, len(allocation.reserves) + 1)
            counts.update(limit for case in fits for limit in self._limits_of(case))

    @cached_property
    def _limits_by_value(self) -> Mapping[str, Mapping[object, list[Limit]]]:
        """Map attribute to value to the limits that count it."""
        found: dict[str, dict[object, list[Limit]]] = {name: {} for name in self.attributes}
        for limit in self.limits:
            for value in limit.values:
                found[limit.attribute].setdefault(value, []).append(limit)
        return found

    def _limits_of(self, case: str) -> Iterator[Limit]:
        """Yield the limits that count a case."""
        for name, held in self._limits_by_value.items():
            yield from held.get(self.attributes[name].get(case), ())

    def _describe_reserved_seats(self, counts: Counter[Limit]) -> str:
        """Name, in Chinese, the minimums for which the seat is reserved."""
        named = dict.fromkeys(
            f"“{limit.title}”"
            for limit in self.limits
            if limit.minimum and counts[limit] <= limit.minimum
        )
        return f"名额须留给{'、'.join(named)}" if named else "受各项限制之间的牵连"


def _maximum(limit: Limit) -> float:
    return float("inf") if limit.maximum is None else limit.maximum


def _describe_full_limits(limits: Sequence[Limit]) -> str:
    said = dict.fromkeys(
        f"所在单位名额（至多 {limit.maximum} 个）"
        if limit.title.startswith(QUOTA_TITLE)
        else f"“{limit.title}”（至多 {limit.maximum} 个）"
        for limit in limits
    )
    return "、".join(said) + "已满"


def _integer_scores(order: Sequence[TieGroup], values: Mapping[str, float]) -> np.ndarray:
    """Return one integer per case in order: value to nine decimals, then tie-break position."""
    rungs = max((len(tied.cases) + len(tied.equals) for tied in order), default=1)
    scores: list[int] = []
    before, rung = None, 0
    for tied in order:
        value = round(round(values[tied.cases[0]], DECIMALS) * 10**DECIMALS)
        rung = rung - 1 if value == before else rungs
        before = value
        scores += [value * (rungs + 1) + rung] * len(tied.cases)
    return np.asarray(scores, dtype=np.int64)
