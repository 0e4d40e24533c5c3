"""Exact selection under crossing limits, in integers.

Multipliers of the limits give every candidate a reduced score and the list an upper bound. A list
whose sum falls short of the bound by some gap leaves out nobody whose reduced score is above the
gap and holds nobody whose reduced score is below minus the gap. So only the candidates within the
gap can differ between lists that are as good, and among those CP-SAT decides. It reckons in
integers and is there already for the assignment; HiGHS in floating point would need a proof of its
own. Candidates of one group with the same score are interchangeable, and are counted, not named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from kjfp_helpers.selection.allocation.cp_solver import Budget
from kjfp_helpers.selection.allocation.lagrange_multipliers import (
    Integers,
    Positions,
    find_multipliers,
)

Bools = npt.NDArray[np.bool_]
Groups = Sequence[Sequence[int]]
Bounds = Sequence[tuple[int, int]]
Counts = Sequence[tuple[Positions, int]]
"""How many of some classes a list holds in all."""

FIRST_WINDOW = 120
"""Classes that the first search leaves open, where there are so many."""
NO_LIST = "还没有名单"


def is_feasible(
    sizes: Sequence[int], groups_by_limit: Groups, bounds: Bounds, seats: int, budget: Budget
) -> bool:
    """Tell whether some list keeps every limit: by counts of the groups alone."""
    if any(least > most for least, most in bounds):
        return False
    model = cp_model.CpModel()
    counts = [model.new_int_var(0, min(size, seats), "") for size in sizes]
    model.add(cp_model.LinearExpr.sum(counts) == seats)
    for groups, (least, most) in zip(groups_by_limit, bounds, strict=True):
        model.add_linear_constraint(
            cp_model.LinearExpr.sum([counts[g] for g in groups]), least, most
        )
    return budget.solve(model, (), "各项限制能否同时满足", NO_LIST) is not None


def find_best_list(
    scores: Integers,
    group: Positions,
    groups_by_limit: Groups,
    bounds: Bounds,
    seats: int,
    budget: Budget,
) -> tuple[Bools, Bools] | None:
    """Return a best list and the candidates that are tied at its edge.

    ``None`` where no list keeps the limits.

    Raises
    ------
    UnprovedError
        When the budget does not suffice to prove the list, or to find who is tied.
    """
    groups = 1 + max(int(group.max()), *(max(some, default=0) for some in groups_by_limit))
    matrix = np.zeros((len(groups_by_limit), groups), dtype=np.int64)
    for number, members in enumerate(groups_by_limit):
        matrix[number, list(members)] = 1
    low, high = np.asarray(bounds, dtype=np.int64).reshape(-1, 2).T
    sizes = np.bincount(group, minlength=groups).tolist()
    priced = find_multipliers(scores, group, matrix, low, high, seats)
    if priced is None and not is_feasible(sizes, groups_by_limit, bounds, seats, budget):
        return None
    price, common = priced or (np.zeros(len(groups_by_limit), dtype=np.int64), 0)
    (of_group, score), label, size = _classes(np.column_stack([group, scores]))
    reduced = score - common - (price @ matrix)[of_group]
    bound = int(
        (np.maximum(reduced, 0) * size).sum()
        + common * seats
        + np.where(price > 0, price * high, price * low).sum()
    )
    away = np.sort(np.abs(reduced))
    window = _Window(
        score,
        size,
        reduced,
        int(away[min(FIRST_WINDOW, len(away)) - 1]),
        matrix[:, of_group],
        low,
        high,
        seats,
        budget,
    )
    while True:
        held = window.find_best()
        gap = bound - int(score @ held) if held is not None else 4 * window.width + 1
        if held is not None and gap <= window.width:
            held, level = replace(window, width=gap).find_level_classes(held)
            return _choose_members(held, label), level[label]
        if held is None and len(window.open_classes) == len(score):
            return None
        window = replace(window, width=max(gap, 2 * window.width))


def _classes(pairs: Integers) -> tuple[Integers, Positions, Integers]:
    """Return the different rows as columns, the index of each row among them, and their number."""
    rows, label, size = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    return rows.T, label.ravel(), size.astype(np.int64)


def _choose_members(held: Integers, label: Positions) -> Bools:
    """Return a list that holds so many of each class; which of its members says nothing."""
    order = np.argsort(label, kind="stable")
    turn = np.empty(len(label), dtype=np.int64)
    turn[order] = np.arange(len(label)) - np.searchsorted(label[order], label[order])
    return turn < held[label]


@dataclass(frozen=True)
class _Window:
    """The classes that are still open; all others are in or out by their reduced score.

    ``score size reduced`` are by class, ``matrix`` is limits by classes; ``width`` is the greatest
    reduced score, up or down, that is open.
    """

    score: Integers
    size: Integers
    reduced: Integers
    width: int
    matrix: Integers
    low: Integers
    high: Integers
    seats: int
    budget: Budget

    def find_best(self) -> Integers | None:
        """Return how many of each class a list with the greatest sum holds.

        ``None`` where the window is too narrow for any list.
        """
        model, taken = self._model()
        model.maximize(_weighted(taken, self.shifted_scores))
        return self._solve(model, taken, "总分最高的名单", NO_LIST)

    def find_level_classes(self, held: Integers) -> tuple[Integers, Bools]:
        """Return the list that takes the better ranked first, and which classes differ.

        They differ between lists with the sum of the one that is given.
        """
        fixed: list[tuple[Positions, int]] = []
        differing = self._find_differing(held, fixed)
        for score in np.unique(self.score[differing])[::-1]:
            same = np.flatnonzero(self.score[self.open_classes] == score)
            model, taken = self._model(held, fixed)
            model.maximize(cp_model.LinearExpr.sum([taken[one] for one in same]))
            held = self._solve_equal(model, taken)
            fixed.append((same, int(held[self.open_classes][same].sum())))
        return held, self._find_differing(held, fixed) if fixed else differing

    def _find_differing(self, held: Integers, fixed: Counts) -> Bools:
        """Return the classes some of whose members are in one such list and not in another."""
        inside, size = held[self.open_classes], self.size[self.open_classes]
        differs = (inside > 0) & (inside < size)
        while not differs.all():
            model, taken = self._model(held, fixed)
            model.maximize(
                cp_model.LinearExpr.sum(
                    [
                        most - one if full else one
                        for one, full, most, known in zip(
                            taken, inside > 0, size.tolist(), differs, strict=True
                        )
                        if not known
                    ]
                )
            )
            moved = (self._solve_equal(model, taken)[self.open_classes] != inside) & ~differs
            if not moved.any():
                break
            differs |= moved
        told = np.zeros(len(held), dtype=bool)
        told[self.open_classes] = differs
        return told

    @cached_property
    def open_classes(self) -> Positions:
        """Return the indices of the open classes."""
        return np.flatnonzero(np.abs(self.reduced) <= self.width)

    @cached_property
    def fixed_counts(self) -> Integers:
        """Return how many of each class are in whatever the open ones do."""
        return np.where(self.reduced > self.width, self.size, 0)

    @cached_property
    def shifted_scores(self) -> Integers:
        """Return the scores of the open classes, shifted alike: small numbers are quicker."""
        score = self.score[self.open_classes]
        return np.asarray(score - score.min(), dtype=np.int64)

    def _model(
        self, held: Integers | None = None, fixed: Counts = ()
    ) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
        """Return the model; with a list, of those alone that have its sum."""
        model = cp_model.CpModel()
        taken = [model.new_int_var(0, size, "") for size in self.size[self.open_classes].tolist()]
        model.add(cp_model.LinearExpr.sum(taken) == self.seats - int(self.fixed_counts.sum()))
        counted = self.matrix @ self.fixed_counts
        for row, least, most in zip(
            self.matrix, (self.low - counted).tolist(), (self.high - counted).tolist(), strict=True
        ):
            some = [taken[one] for one in np.flatnonzero(row[self.open_classes])]
            model.add_linear_constraint(cp_model.LinearExpr.sum(some), least, most)
        if held is not None:
            # no list has more, so that "at least" says the same and is far more quickly searched
            model.add(
                _weighted(taken, self.shifted_scores)
                >= int(self.shifted_scores @ held[self.open_classes])
            )
        for same, count in fixed:
            model.add(cp_model.LinearExpr.sum([taken[one] for one in same]) == count)
        return model, taken

    def _solve_equal(self, model: cp_model.CpModel, taken: list[cp_model.IntVar]) -> Integers:
        """Return a list of a model that has one."""
        held = self._solve(model, taken, "总分相同的其他名单", "总分已证明最高，同分者尚未查全")
        assert held is not None
        return held

    def _solve(
        self, model: cp_model.CpModel, taken: list[cp_model.IntVar], step: str, proved: str
    ) -> Integers | None:
        values = self.budget.solve(model, taken, step, proved)
        if values is None:
            return None
        held = self.fixed_counts.copy()
        held[self.open_classes] = values
        return held


def _weighted(taken: list[cp_model.IntVar], weights: Integers) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum(taken, weights.tolist())
