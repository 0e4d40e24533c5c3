"""Exact search behind :func:`kjfp_helpers.selection.choosing.choose`, all in integers.

Multipliers of the limits from a cutting-plane linear program (J. E. Kelley, "The cutting-plane
method for solving convex programs", SIAM Journal 8, 1960) give every candidate a reduced score and
the list an upper bound. Only candidates whose reduced score lies within the gap of the bound can
differ between lists that are as good; among those CP-SAT decides. It reckons in integers and is
there already for the assignment; HiGHS in floating point would need a proof of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Groups = Sequence[Sequence[int]]
Bounds = Sequence[tuple[int, int]]

WINDOW = 120
"""Candidates that the first search leaves open, where there are so many."""
ROUNDS = 12
"""Cutting planes are added so many times at most; the search is exact with any multipliers."""


def feasible(sizes: Sequence[int], holds: Groups, bounds: Bounds, places: int) -> bool:
    """Tell whether some list keeps every limit: by counts of the groups alone."""
    model = cp_model.CpModel()
    counts = [model.new_int_var(0, min(size, places), "") for size in sizes]
    model.add(cp_model.LinearExpr.sum(counts) == places)
    for groups, (least, most) in zip(holds, bounds, strict=True):
        model.add_linear_constraint(cp_model.LinearExpr.sum([counts[g] for g in groups]),
                                    least, most)  # fmt: skip
    return _solve(model) is not None


def smallest_clash(names: Sequence[str], holds: Callable[[Sequence[str]], bool]) -> list[str]:
    """Return names that cannot hold together, none of which can be spared.

    QuickXplain (U. Junker, "QUICKXPLAIN: preferred explanations and relaxations for
    over-constrained problems", AAAI 2004): few questions where few names clash.
    """

    def explain(base: list[str], added: bool, rest: list[str]) -> list[str]:
        if added and not holds(base):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        second = explain(base + rest[:half], True, rest[half:])
        first = explain(base + second, bool(second), rest[:half])
        return first + second

    return sorted(explain([], False, list(names)), key=list(names).index)


def best(
    scores: Integers, group: npt.NDArray[np.intp], holds: Groups, bounds: Bounds, places: int
) -> tuple[Bools, Bools]:
    """Return a best list and the candidates that stand level at its edge.

    Some list must keep the limits.
    """
    groups = int(group.max()) + 1
    matrix = np.zeros((len(holds), groups), dtype=np.int64)
    for number, members in enumerate(holds):
        matrix[number, list(members)] = 1
    low, high = np.asarray(bounds, dtype=np.int64).reshape(-1, 2).T
    price, common = _multipliers(scores, group, matrix, low, high, places)
    reduced = scores - common - (price @ matrix)[group]
    bound = int(np.maximum(reduced, 0).sum() + common * places
                + np.where(price > 0, price * high, price * low).sum())  # fmt: skip
    away = np.sort(np.abs(reduced))
    width = int(away[min(WINDOW, len(away)) - 1])
    while True:
        window = _Window(scores, reduced, width, group, matrix, low, high, places)
        found = window.best()
        gap = bound - int(scores[found].sum()) if found is not None else 4 * width + 1
        if found is not None and gap <= width:
            return found, window.level(found)
        width = max(gap, 2 * width)


@dataclass
class _Window:
    """The candidates that are still open; all others are in or out by their reduced score."""

    scores: Integers
    reduced: Integers
    width: int
    group: npt.NDArray[np.intp]
    matrix: Integers
    low: Integers
    high: Integers
    places: int

    def __post_init__(self) -> None:
        self.open = np.flatnonzero(np.abs(self.reduced) <= self.width)
        sure = self.reduced > self.width
        taken = self.matrix @ np.bincount(self.group[sure], minlength=self.matrix.shape[1])
        self.sure, self.least, self.most = sure, self.low - taken, self.high - taken
        self.left = self.places - int(sure.sum())
        # a common shift of the scores changes no list, and small numbers are quickly searched
        self.worth = self.scores[self.open] - int(self.scores[self.open].min())

    def best(self) -> Bools | None:
        """Return a list with the greatest sum, ``None`` where the window is too narrow."""
        model, taken = self._model()
        model.maximize(_weighted(taken, self.worth))
        return self._list(_solve(model, taken))

    def level(self, found: Bools) -> Bools:
        """Return who differs between lists of the same sum, the better ranked taken first."""
        fixed: list[tuple[Integers, int]] = []
        differing = self._differing(found, fixed)
        for score in np.unique(self.scores[differing])[::-1]:
            same = np.flatnonzero(self.scores[self.open] == score)
            model, taken = self._model(found, fixed)
            model.maximize(cp_model.LinearExpr.sum([taken[one] for one in same]))
            values = _solve(model, taken)
            assert values is not None
            fixed.append((same, int(sum(values[one] for one in same))))
            found[self.open] = np.asarray(values, dtype=bool)
        return self._differing(found, fixed)

    def _differing(self, found: Bools, fixed: list[tuple[Integers, int]]) -> Bools:
        differs, inside = np.zeros(len(self.open), dtype=bool), found[self.open]
        while True:
            model, taken = self._model(found, fixed)
            model.maximize(cp_model.LinearExpr.sum([
                1 - one if held else one
                for one, held, known in zip(taken, inside, differs, strict=True) if not known
            ]))  # fmt: skip
            values = np.asarray(_solve(model, taken), dtype=bool)
            if not ((values != inside) & ~differs).any():
                break
            differs |= values != inside
        told = np.zeros(len(found), dtype=bool)
        told[self.open] = differs
        return told

    def _model(
        self, found: Bools | None = None, fixed: Sequence[tuple[Integers, int]] = ()
    ) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
        """Return the model; with a list, of those alone that have its sum."""
        model = cp_model.CpModel()
        taken = [model.new_bool_var("") for _ in self.open]
        model.add(cp_model.LinearExpr.sum(taken) == self.left)
        for row, least, most in zip(self.matrix, self.least, self.most, strict=True):
            some = [taken[one] for one in np.flatnonzero(row[self.group[self.open]])]
            model.add_linear_constraint(cp_model.LinearExpr.sum(some), int(least), int(most))
        if found is not None:
            model.add(_weighted(taken, self.worth) == int(self.worth[found[self.open]].sum()))
        for same, count in fixed:
            model.add(cp_model.LinearExpr.sum([taken[one] for one in same]) == count)
        return model, taken

    def _list(self, values: list[int] | None) -> Bools | None:
        if values is None:
            return None
        found = self.sure.copy()
        found[self.open] = np.asarray(values, dtype=bool)
        return found


def _weighted(taken: list[cp_model.IntVar], weights: Integers) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum(taken, weights.tolist())


def _solve(model: cp_model.CpModel, wanted: Sequence[cp_model.IntVar] = ()) -> list[int] | None:
    """Solve to the end in one thread; ``None`` where nothing is allowed."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    if solver.solve(model) == cp_model.INFEASIBLE:
        return None
    return [int(solver.value(one)) for one in wanted]


def _multipliers(
    scores: Integers, group: npt.NDArray[np.intp], matrix: Integers, low: Integers, high: Integers,
    places: int,
) -> tuple[Integers, int]:  # fmt: skip
    """Return what a place under each limit is worth, and what any place is worth.

    Each group's best sum is a concave function of its count; it is cut from above where the last
    solution lay, until nothing new is cut.
    """
    order = np.lexsort((-scores, group))
    sizes = np.bincount(group, minlength=matrix.shape[1])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    scale = max(float(np.abs(scores).max()), 1.0)
    ranked = scores[order] / scale
    sums = np.concatenate([[0.0], np.cumsum(ranked)])
    cut = np.sort(ranked)[max(len(ranked) - places, 0)]
    above = np.bincount(group, scores / scale >= cut, minlength=len(sizes)).astype(int)
    cuts = {(g, k) for g, size in enumerate(sizes.tolist()) if size
            for k in (0, int(above[g]) - 1, int(above[g]), size - 1) if 0 <= k < size}  # fmt: skip
    price, common = np.zeros(len(matrix)), float(cut)
    for _ in range(ROUNDS):
        g, k = np.asarray(sorted(cuts), dtype=np.intp).T
        slope, height = ranked[first[g] + k], sums[first[g] + k] - sums[first[g]]
        counts, price, common = _relaxed(g, slope, height - slope * k, sizes, matrix, low, high,
                                         places)  # fmt: skip
        whole = np.floor(counts + 1e-9).astype(int)
        fresh = {(one, at) for one in range(len(sizes)) for at in (whole[one] - 1, whole[one])
                 if 0 <= at < sizes[one]} - cuts  # fmt: skip
        if not fresh:
            break
        cuts |= fresh
    return np.rint(price * scale).astype(np.int64), round(common * scale)


def _relaxed(
    g: npt.NDArray[np.intp], slope: npt.NDArray[np.float64], height: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.intp], matrix: Integers, low: Integers, high: Integers, places: int,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float]:  # fmt: skip
    """Return counts of the groups, multipliers of the limits and of the places."""
    from scipy.optimize import linprog
    from scipy.sparse import bmat, csr_matrix

    groups, cuts = len(sizes), len(g)
    rows = np.arange(cuts)
    tangent = csr_matrix((np.concatenate([np.ones(cuts), -slope]),
                          (np.tile(rows, 2), np.concatenate([groups + g, g]))),
                         shape=(cuts, 2 * groups))  # fmt: skip
    limits = csr_matrix(matrix.astype(float))
    blank = csr_matrix(limits.shape)
    found = linprog(
        np.concatenate([np.zeros(groups), -np.ones(groups)]),
        A_ub=bmat([[tangent], [bmat([[limits, blank], [-limits, blank]])]], format="csr"),
        b_ub=np.concatenate([height, high, -low]),
        A_eq=csr_matrix(np.concatenate([np.ones(groups), np.zeros(groups)])[None]),
        b_eq=[places],
        bounds=[(0, size) for size in sizes] + [(None, None) if size else (0, 0) for size in sizes],
        method="highs",
    )  # fmt: skip
    dual = -found.ineqlin.marginals[cuts:]
    return found.x[:groups], dual[: len(low)] - dual[len(low) :], -float(found.eqlin.marginals[0])
