"""Sensitivity analysis of a shortlist: without a rule or member, other method, changed score."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd

from kjfp_helpers.core.errors import SelectionError, UnprovedError
from kjfp_helpers.rules import Scale
from kjfp_helpers.rules.rulings import RankingMethod
from kjfp_helpers.selection.allocation.cp_solver import Budget
from kjfp_helpers.selection.allocation.seat_allocation import Allocation, AllocationProblem
from kjfp_helpers.selection.ranking.case_ranking import Ranking
from kjfp_helpers.selection.ranking.case_values import RankedValues, rank_values, round_values
from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix
from kjfp_helpers.selection.what_if_scores import Answer, Key, Question, answer_together

METHODS: tuple[RankingMethod, ...] = ("adjusted", "mean", "trimmed", "standard")
NEAR_CUT = 6
"""So many names on either side of the edge get the search for the smallest change of a score.

It costs some three rankings a name; further off no single score is likely to decide.
"""
SCORE_STEP = 0.1
"""A change of a score is found to so many points."""
MAX_TRIES = 12
QUESTIONS_WORK, SEARCH_WORK = 60.0, 2.0
"""Deterministic seconds of the solver for all questions of a list, and for one search of them."""
MIN_SLOPE = 1e-6

Values = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class RuleEffect:
    """What one rule does to the list: whom it keeps out, who is in instead, at what cost.

    Both are in order of rank, so that the first of one gave way to the first of the other. ``cost``
    is by how much the values of those in fall below those kept out, on the whole.
    """

    rule: str
    kept_out: tuple[str, ...]
    listed_instead: tuple[str, ...]
    cost: float


@dataclass(frozen=True, kw_only=True)
class SmallestChange:
    """The smallest change of one score that moves a case over the edge."""

    member: str
    score: float
    new_score: float


@dataclass(frozen=True, kw_only=True)
class ListSensitivity:
    """Results of the sensitivity analysis of one list.

    Attributes
    ----------
    rule_effects : tuple of RuleEffect
        One for each rule without which there is a list.
    without_rule, without_member, methods : Mapping
        Rule title, member or method to the list made so, ``None`` where there is none.
    smallest_changes : Mapping
        Case near the cut to its smallest change, ``None`` where no single score moves it.
    unproved : frozenset of (str, str)
        Questions that the solver could not answer within its budget: ``rule``, ``member``,
        ``method`` or ``flip``, and which one. Their ``None`` means unknown.
    """

    rule_effects: tuple[RuleEffect, ...]
    without_rule: Mapping[str, Allocation | None]
    without_member: Mapping[str, Allocation | None]
    methods: Mapping[str, Allocation | None]
    smallest_changes: Mapping[str, SmallestChange | None]
    unproved: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class SensitivityAnalysis:
    """Answers what-if questions on one kind's list; ``totals`` is ``member case total``."""

    problem: AllocationProblem
    totals: pd.DataFrame
    method: RankingMethod
    quorum: int
    scale: Scale
    ranking: Ranking
    matrix: ScoreMatrix = field(init=False)
    values: Values = field(init=False)
    allocation: Allocation = field(init=False)

    def __post_init__(self) -> None:
        marks = self.totals[["member", "case", "total"]].dropna(subset=["total"])
        object.__setattr__(self, "totals", marks.reset_index(drop=True))
        object.__setattr__(self, "matrix", ScoreMatrix.from_totals(self.totals))
        object.__setattr__(self, "values", _ranked_values(self.ranking.table, "value"))
        object.__setattr__(self, "allocation", self.problem.allocate(self.values))
        object.__setattr__(
            self, "problem", replace(self.problem, budget=Budget(QUESTIONS_WORK, SEARCH_WORK))
        )

    def analyze(self) -> ListSensitivity:
        """Return everything at once."""
        unproved: set[tuple[str, str]] = set()

        def ask(
            sort: str, questions: Mapping[Key, Question[Answer]], quorum: int = self.quorum
        ) -> dict[Key, Answer | None]:
            rank = partial(
                rank_values,
                method=self.method,
                quorum=quorum,
                decimals=self.ranking.decimals,
            )
            answers, open_questions = answer_together(questions, rank)
            unproved.update((sort, key) for key in open_questions)
            return answers

        without_rule = ask(
            "rule",
            {
                rule: _ask_list(other, self.values)
                for rule, other in _problems_without_rule(self.problem)
            },
        )
        members = sorted(set(self.totals["member"]))
        return ListSensitivity(
            rule_effects=tuple(
                self._measure_rule_effect(rule, places)
                for rule, places in without_rule.items()
                if places is not None
            ),
            without_rule=without_rule,
            # Without a member one score fewer is enough.
            without_member=ask(
                "member",
                {one: self._ask_list_without_member(one) for one in members},
                max(self.quorum - 1, 1),
            ),
            methods=ask(
                "method",
                {one: _ask_list(self.problem, self._values_by_method(one)) for one in METHODS},
            ),
            smallest_changes=ask("flip", self._change_questions()),
            unproved=frozenset(unproved),
        )

    def _values_by_method(self, method: RankingMethod) -> Values:
        """Return what the cases would be ranked by under a method, rounded as the rule says."""
        if method == self.method:
            return self.values
        found = _ranked_values(self.ranking.table, method)
        rounded = round_values(np.array(list(found.values())), self.ranking.decimals)
        return dict(zip(found, rounded.tolist(), strict=True))

    def _measure_rule_effect(self, rule: str, places: Allocation) -> RuleEffect:
        out = sorted(places.listed.keys() - self.allocation.listed.keys(), key=self._rank_key)
        instead = sorted(self.allocation.listed.keys() - places.listed.keys(), key=self._rank_key)
        pairs = zip(out, instead, strict=False)
        cost = sum(self.values[one] - self.values[other] for one, other in pairs)
        return RuleEffect(
            rule=rule, kept_out=tuple(out), listed_instead=tuple(instead), cost=float(cost)
        )

    def _rank_key(self, case: str) -> tuple[float, str]:
        return -self.values.get(case, float("-inf")), case

    def _ask_list_without_member(self, member: str) -> Question[Allocation | None]:
        worth = yield ScoreMatrix.from_totals(self.totals[self.totals["member"] != member])
        return self._try_allocate(worth) if worth.value else None

    def _try_allocate(self, worth: RankedValues) -> Allocation | None:
        """Return the list that other scores give, ties broken by their means."""
        padded = {case: worth.mean.get(case) for case in self.problem.tie_break_values["mean"]}
        figures = {**self.problem.tie_break_values, "mean": padded}
        return _try_allocate(replace(self.problem, tie_break_values=figures), worth.value)

    def _replace_totals(self, totals: pd.Series) -> ScoreMatrix:
        """Return the scores with other totals, given in the order of the rows."""
        return replace(self.matrix, total=totals.to_numpy(dtype=float)[self.matrix.order])

    def _replace_score(self, case: str, member: str, mark: float) -> ScoreMatrix:
        row = (self.totals["case"] == case) & (self.totals["member"] == member)
        return self._replace_totals(self.totals["total"].where(~row, mark))

    def _change_questions(self) -> dict[str, Question[SmallestChange | None]]:
        """Return the cases near the edge, each with its question."""
        order = [case for tied in self.problem.order(self.values) for case in tied.cases]
        inside = [case for case in order if case in self.allocation.listed]
        outside = [case for case in order if case not in self.allocation.listed]
        near = inside[-NEAR_CUT:] + outside[:NEAR_CUT]
        slopes = self._measure_slopes(near)
        return {case: self._find_smallest_change(case, slopes[case]) for case in near}

    def _measure_slopes(self, cases: list[str]) -> dict[str, dict[str, float]]:
        """Return, by case and member, by how much a point more on the score raises the value.

        One score of every case is raised at once, since they hardly touch each other's case.
        """
        number = self.totals.groupby("case").cumcount()
        near = self.totals["case"].isin(cases)
        low = self.totals["total"] < (self.scale.least + self.scale.most) / 2
        step = low.map({True: 1.0, False: -1.0})
        turns = [near & (number == turn) for turn in range(int(number[near].max()) + 1)]
        moved = [self._replace_totals(self.totals["total"] + step.where(on, 0.0)) for on in turns]
        worths = rank_values(
            moved, method=self.method, quorum=self.quorum, decimals=self.ranking.decimals
        )
        slopes: dict[str, dict[str, float]] = {case: {} for case in cases}
        for rows, worth in zip(turns, worths, strict=True):
            given = self.totals.loc[rows, ["case", "member"]].astype(str).assign(step=step[rows])
            for case, member, way in given.to_numpy().tolist():
                slopes[case][member] = (worth.value[case] - self.values[case]) * float(way)
        return slopes

    def _find_smallest_change(
        self, case: str, slopes: Mapping[str, float]
    ) -> Question[SmallestChange | None]:
        """Search on the score with the greatest effect."""
        rival = self.find_closest_rival(case)
        if rival is None:
            return None
        gap = self.values[rival] - self.values[case]
        rows = self.totals.loc[self.totals["case"] == case, ["member", "total"]]
        marks = {str(one): float(mark) for one, mark in rows.to_numpy()}
        able = [
            (abs(gap / slope), member)
            for member, slope in slopes.items()
            if slope > MIN_SLOPE and self._is_on_scale(marks[member] + gap / slope)
        ]
        if not able:
            return None
        member = min(able)[1]
        then = yield from self._search_score(case, rival, member, marks[member], slopes[member])
        if then is None:
            return None
        return SmallestChange(member=member, score=marks[member], new_score=then)

    def _search_score(
        self, case: str, rival: str, member: str, mark: float, slope: float
    ) -> Question[float | None]:
        """Return the nearest score, to ``SCORE_STEP``, that moves the case over the edge.

        The values answer a score almost in proportion, so that a step or two by what is still
        missing leads there; the score next to it is asked too, and where another rival has come
        into play the rest is halved. Whether the case has moved is asked of the whole list.
        """
        sign = -1 if case in self.allocation.listed else 1
        missing = sign * (self.values[rival] - self.values[case])
        under, over, steps, probed = 0, None, 0, False
        for _ in range(MAX_TRIES):
            if over is None:
                steps += max(math.floor(missing / (slope * SCORE_STEP)) + 1, 1)
            else:
                steps, probed = (under + over) // 2 if probed else over - 1, True
            then = round(mark + sign * steps * SCORE_STEP, 6)
            if not self._is_on_scale(then):
                return None
            worth = yield self._replace_score(case, member, then)
            missing = sign * (worth.value[rival] - worth.value[case])
            under, over = (under, steps) if self._has_moved(case, worth) else (steps, over)
            if over is not None and over - under <= 1:
                break
        return None if over is None else round(mark + sign * over * SCORE_STEP, 6)

    def is_moved_by(self, case: str, member: str, mark: float) -> bool:
        """Return whether another score of one member moves the case over the edge."""
        scores = self._replace_score(case, member, mark)
        (worth,) = rank_values(
            [scores], method=self.method, quorum=self.quorum, decimals=self.ranking.decimals
        )
        return self._has_moved(case, worth)

    def _has_moved(self, case: str, worth: RankedValues) -> bool:
        places = self._try_allocate(worth)
        if places is None or places.tied:
            return False
        return (case in places.listed) != (case in self.allocation.listed)

    def _is_on_scale(self, mark: float) -> bool:
        return self.scale.least <= mark <= self.scale.most

    def find_closest_rival(self, case: str) -> str | None:
        """Return who would take the seat, or lose it."""
        top = max(self.values.values()) + 1
        inside = case in self.allocation.listed
        values = {one: value for one, value in self.values.items() if one != case}
        other = _try_allocate(self.problem, values if inside else {**values, case: top})
        if other is None:
            return None
        moved = (
            other.listed.keys() - self.allocation.listed.keys()
            if inside
            else (self.allocation.listed.keys() - other.listed.keys())
        )
        return min(moved, key=self._rank_key, default=None)


def _ask_list(problem: AllocationProblem, values: Values) -> Question[Allocation | None]:
    """Return the list for values that are known; nothing is asked."""
    return _try_allocate(problem, values)
    yield


def _ranked_values(table: pd.DataFrame, column: str) -> dict[str, float]:
    """Return a column of the ranked cases."""
    rows = table[table["rank"].notna() & table[column].notna()]
    return dict(zip(rows["case"].astype(str), rows[column].astype(float), strict=True))


def _try_allocate(problem: AllocationProblem, values: Values) -> Allocation | None:
    """Return the list, ``None`` where none can be made; raise ``UnprovedError`` as it comes."""
    try:
        return problem.allocate(values)
    except UnprovedError:
        raise
    except SelectionError:
        return None


def _problems_without_rule(problem: AllocationProblem) -> Iterator[tuple[str, AllocationProblem]]:
    """Yield every rule that bears on the list, and the problem without it."""
    for title in dict.fromkeys(limit.title for limit in problem.limits):
        kept = tuple(limit for limit in problem.limits if limit.title != title)
        yield title, replace(problem, limits=kept)
    for case, veto in sorted(problem.vetoes.items()):
        rest = {one: body for one, body in problem.vetoes.items() if one != case}
        yield f"否决 {case}（{veto.document}）", replace(problem, vetoes=rest)
    for case, (ballot, _) in sorted(problem.rejected.items()):
        kept_out = {one: vote for one, vote in problem.rejected.items() if one != case}
        yield f"{ballot.title}未通过 {case}", replace(problem, rejected=kept_out)
    if problem.vacancy:
        yield f"名额空缺（{problem.vacancy.resolution}）", replace(problem, vacancy=None)
    if problem.added:
        yield "按决议增列", replace(problem, added={})
