"""Lagrange multipliers of the limits by a cutting-plane method.

J. E. Kelley, "The cutting-plane method for solving convex programs", SIAM Journal 8, 1960. The
exact search is right with any multipliers; good ones leave little to search.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]

MAX_ROUNDS = 12
"""Cutting planes are added so many times at most."""
MAX_PIVOTS = 100_000
"""Steps of one linear program at most; it then ends with the multipliers of the round before."""


def find_multipliers(
    scores: Integers, group: Positions, matrix: Integers, low: Integers, high: Integers, seats: int
) -> tuple[Integers, int] | None:
    """Return what a seat under each limit is worth, and what any seat is worth.

    ``None`` where the first linear program has no solution: then most likely no list has one.

    Each group's best sum is a concave function of its count; it is cut from above where the last
    solution lay, until nothing new is cut.
    """
    order = np.lexsort((-scores, group))
    sizes = np.bincount(group, minlength=matrix.shape[1])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    scale = max(float(np.abs(scores).max()), 1.0)
    ranked = scores[order] / scale
    sums = np.concatenate([[0.0], np.cumsum(ranked)])
    cut = np.sort(ranked)[max(len(ranked) - seats, 0)]
    above = np.bincount(group, scores / scale >= cut, minlength=len(sizes)).astype(int)
    cuts = {
        (g, k)
        for g, size in enumerate(sizes.tolist())
        if size
        for k in (0, int(above[g]) - 1, int(above[g]), size - 1)
        if 0 <= k < size
    }
    price, common = np.zeros(len(matrix)), float(cut)
    for turn in range(MAX_ROUNDS):
        g, k = np.asarray(sorted(cuts), dtype=np.intp).T
        slope, height = ranked[first[g] + k], sums[first[g] + k] - sums[first[g]]
        solved = _solve_relaxation(g, slope, height - slope * k, sizes, matrix, low, high, seats)
        if solved is None and not turn:
            return None
        if solved is None:
            break
        counts, price, common = solved
        whole = np.floor(counts + 1e-9).astype(int)
        fresh = {
            (one, at)
            for one in range(len(sizes))
            for at in (whole[one] - 1, whole[one])
            if 0 <= at < sizes[one]
        } - cuts
        if not fresh:
            break
        cuts |= fresh
    return np.rint(price * scale).astype(np.int64), round(common * scale)


def _solve_relaxation(
    g: Positions,
    slope: Floats,
    height: Floats,
    sizes: Positions,
    matrix: Integers,
    low: Integers,
    high: Integers,
    seats: int,
) -> tuple[Floats, Floats, float] | None:
    """Return counts of the groups, multipliers of the limits and of the seats."""
    from scipy.optimize import linprog
    from scipy.sparse import bmat, csr_matrix

    groups, cuts = len(sizes), len(g)
    rows = np.arange(cuts)
    tangent = csr_matrix(
        (
            np.concatenate([np.ones(cuts), -slope]),
            (np.tile(rows, 2), np.concatenate([groups + g, g])),
        ),
        shape=(cuts, 2 * groups),
    )
    limits = csr_matrix(matrix.astype(float))
    blank = csr_matrix(limits.shape)
    found = linprog(
        np.concatenate([np.zeros(groups), -np.ones(groups)]),
        A_ub=bmat([[tangent], [bmat([[limits, blank], [-limits, blank]])]], format="csr"),
        b_ub=np.concatenate([height, high, -low]),
        A_eq=csr_matrix(np.concatenate([np.ones(groups), np.zeros(groups)])[None]),
        b_eq=[seats],
        bounds=[(0, size) for size in sizes] + [(None, None) if size else (0, 0) for size in sizes],
        method="highs",
        options={"maxiter": MAX_PIVOTS},
    )
    if found.status != 0:
        return None
    dual = -found.ineqlin.marginals[cuts:]
    return found.x[:groups], dual[: len(low)] - dual[len(low) :], -float(found.eqlin.marginals[0])
