"""Best list within the limits: greedy where provably optimal, else solved exactly.

A limit bounds how many of the chosen have one of some values of an attribute. With caps on one
partition the allowed lists form the independent sets of a matroid, on which taking the best that
fits is optimal (J. Edmonds, "Matroids and the greedy algorithm", Mathematical Programming 1,
1971). Floors and crossing limits go to :mod:`kjfp_helpers.selection.allocation.exact_selection`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.selection.allocation.cp_solver import Budget
from kjfp_helpers.selection.allocation.limit_infeasibility import explain_infeasibility
from kjfp_helpers.selection.allocation.selection_problem import (
    Bools,
    Integers,
    Limit,
    Positions,
    SelectionProblem,
    SelectionResult,
)

LIST_WORK = 20.0
"""Deterministic seconds of the solver for a list, see ``cp_solver``."""


def select_candidates(
    scores: Sequence[int] | Integers,
    attributes: Mapping[str, Sequence[object]],
    limits: Sequence[Limit],
    seats: int,
    *,
    budget: Budget | None = None,
) -> SelectionResult:
    """Return the list of ``seats`` candidates with the greatest sum of scores within the limits.

    Neither the order of the candidates nor that of the limits matters. Where several lists have
    the greatest sum, the one that holds the better ranked is taken; what then is still open is
    open between equal scores, and is told, not decided.

    Parameters
    ----------
    scores : integers
        One a candidate, higher is better; ``seats`` times the highest stays below 2**62.
    attributes : Mapping
        Attribute to one value a candidate; a missing one is ``None`` and counts nowhere.
    limits : sequence of Limit
    seats : int
    budget : Budget, optional
        What the solver may spend where limits cross; ``LIST_WORK`` unless told.

    Raises
    ------
    UnprovedError
        When the solver could not prove the list, or find all that are tied, with its work.
    SelectionError
        When no list keeps all limits; a smallest set of those that clash is named.
    """
    field = SelectionProblem(
        np.asarray(scores, dtype=np.int64),
        attributes,
        tuple(limits),
        seats,
        budget or Budget(LIST_WORK),
    )
    group, rows = field.grouping
    sizes = np.bincount(group, minlength=len(rows)).tolist()
    caps = [seats] * len(rows)
    for groups, (_, most) in zip(field.groups_by_limit, field.bounds, strict=True):
        for one in groups:
            caps[one] = min(caps[one], most)
    kept = _prune_candidates(field.scores, group, caps)
    inner = _select_kept(field, sizes, kept)
    if inner is None:
        raise explain_infeasibility(field, sizes)
    chosen, tied = np.zeros(len(group), dtype=bool), np.zeros(len(group), dtype=bool)
    chosen[kept], tied[kept] = inner[0], inner[1]
    return _verify(
        field,
        SelectionResult(
            chosen & ~tied,
            tied,
            seats - int((chosen & ~tied).sum()),
            int(field.scores[chosen].sum()),
        ),
        chosen,
    )


def _select_kept(
    field: SelectionProblem, sizes: list[int], kept: Positions
) -> tuple[Bools, Bools] | None:
    """Return who of the kept is chosen and who is tied, ``None`` where no list can be."""
    if len(kept) < max(field.seats, 1):
        nothing = np.zeros(len(kept), dtype=bool)
        wanted = field.seats or any(limit.minimum for limit in field.limits)
        return None if wanted else (nothing, nothing)
    if field.has_disjoint_caps:
        return _select_greedily(field, kept) if _is_possible(field, sizes) else None
    from kjfp_helpers.selection.allocation import (
        exact_selection,  # loads a solver that most lists do without
    )

    group = field.grouping[0][kept]
    return exact_selection.find_best_list(
        field.scores[kept], group, field.groups_by_limit, field.bounds, field.seats, field.budget
    )


def _is_possible(field: SelectionProblem, sizes: list[int]) -> bool:
    """Tell whether caps on one partition leave enough candidates."""
    under = {one for groups in field.groups_by_limit for one in groups}
    able = sum(size for one, size in enumerate(sizes) if one not in under)
    for groups, (_, most) in zip(field.groups_by_limit, field.bounds, strict=True):
        able += min(most, sum(sizes[one] for one in groups))
    return able >= field.seats


def _prune_candidates(scores: Integers, group: Positions, caps: list[int]) -> Positions:
    """Return the candidates that a best list may hold: the best of each group, equals with them."""
    order = np.lexsort((-scores, group))
    first = np.searchsorted(group[order], np.arange(len(caps)))
    last = np.append(first[1:], len(order))
    edge = np.minimum(first + np.asarray(caps, dtype=np.int64), last) - 1
    least = np.where(edge >= first, scores[order][np.maximum(edge, 0)], np.iinfo(np.int64).max)
    return np.flatnonzero(scores >= least[group])


def _select_greedily(field: SelectionProblem, kept: Positions) -> tuple[Bools, Bools]:
    """Go down the scores and take what fits; equals that do not all fit are tied."""
    group, scores = field.grouping[0][kept], field.scores[kept]
    cap_of = {one: number for number, groups in enumerate(field.groups_by_limit) for one in groups}
    room, left = [most for _, most in field.bounds], field.seats
    chosen, tied = np.zeros(len(kept), dtype=bool), np.zeros(len(kept), dtype=bool)
    order = np.argsort(-scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=scores[order[:1]] + 1))
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        under: dict[int | None, list[int]] = {}
        for place in order[start:stop].tolist():
            under.setdefault(cap_of.get(group[place]), []).append(place)
        able = {cap: some[: room[cap]] if cap is not None else some for cap, some in under.items()}
        fits = [place for some in able.values() for place in some]
        for cap, some in under.items():
            tied[some] = bool(able[cap]) and (len(able[cap]) < len(some) or len(fits) > left)
            if cap is not None:
                room[cap] -= len(able[cap])
        chosen[fits[:left]] = True  # where equals are left out, ``tied`` tells of all of them
        left -= min(len(fits), left)
        if not left:
            break
    return chosen, tied


def _verify(field: SelectionProblem, choice: SelectionResult, chosen: Bools) -> SelectionResult:
    """Count once more: solvers have been known to return what is not allowed."""
    counts = np.bincount(field.grouping[0][chosen], minlength=len(field.grouping[1]))
    within = all(
        least <= counts[groups].sum() <= most
        for groups, (least, most) in zip(field.groups_by_limit, field.bounds, strict=True)
    )
    if not within or int(chosen.sum()) != field.seats:
        raise SelectionError(
            "入围名单",
            expected="满足全部名额和限制",
            found="求解结果不合限制",
            advice="将轮次文件夹交维护人员核对",
        )
    return choice
