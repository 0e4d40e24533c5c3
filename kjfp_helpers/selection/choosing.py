"""The best list that keeps every limit: greedy where that is provably enough, else solved exactly.

A limit bounds how many of the chosen have one of some values of an attribute. With caps on one
partition the allowed lists form the independent sets of a matroid, on which taking the best that
fits is optimal (J. Edmonds, "Matroids and the greedy algorithm", Mathematical Programming 1,
1971). Floors and crossing limits go to :mod:`kjfp_helpers.selection.exact`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.errors import SelectionError
from kjfp_helpers.selection.solver import Budget

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]


LIST_WORK = 20.0
"""Deterministic seconds of the solver for a list, see :mod:`kjfp_helpers.selection.solver`."""


@dataclass(frozen=True)
class Limit:
    """From ``least`` to ``most`` of the chosen have one of ``values`` of ``attribute``.

    ``title`` says it in Chinese, with its clause; limits of one title are one rule. ``most`` is
    ``None`` where nothing is capped.
    """

    title: str
    attribute: str
    values: frozenset[object]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Choice:
    """The best list: which candidates are in, and which stand level at its edge.

    ``tied`` marks those that some best lists hold and others do not; ``chosen`` then holds none
    of them, and ``left`` places are open. ``total`` is the sum of the scores of a best list.
    """

    chosen: Bools
    tied: Bools
    left: int
    total: int


@dataclass(frozen=True)
class Field:
    """Candidates and limits, with the candidates that no limit tells apart in one group."""

    scores: Integers
    attributes: Mapping[str, Sequence[object]]
    limits: tuple[Limit, ...]
    places: int
    budget: Budget

    @cached_property
    def grouped(self) -> tuple[Positions, list[tuple[object, ...]]]:
        """Return each candidate's group, and each group's values of the attributes in use."""
        names = sorted({limit.attribute for limit in self.limits})
        key = np.zeros(len(self.scores), dtype=np.int64)
        values = []
        for name in names:
            codes, levels = pd.factorize(np.asarray(self.attributes[name], dtype=object))
            key = key * (len(levels) + 1) + codes + 1
            values.append([None, *levels])
        unique, group = np.unique(key, return_inverse=True)
        rows = []
        for one in unique.tolist():
            row: list[object] = []
            for levels in reversed(values):
                one, code = divmod(one, len(levels))
                row.insert(0, levels[code])
            rows.append(tuple(row))
        return group, rows

    @cached_property
    def holds(self) -> list[list[int]]:
        """Return, for each limit, the groups it counts."""
        names = sorted({limit.attribute for limit in self.limits})
        where: dict[tuple[str, object], list[int]] = {}
        for number, row in enumerate(self.grouped[1]):
            for name, value in zip(names, row, strict=True):
                where.setdefault((name, value), []).append(number)
        return [
            sorted(one for value in limit.values if value is not None
                   for one in where.get((limit.attribute, value), ()))
            for limit in self.limits
        ]  # fmt: skip

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Return least and most of each limit."""
        return [(limit.least, self.places if limit.most is None else min(limit.most, self.places))
                for limit in self.limits]  # fmt: skip

    @property
    def one_partition(self) -> bool:
        """Whether there are only caps, and no candidate is under two of them."""
        counts = Counter(group for groups in self.holds for group in groups)
        return not any(limit.least for limit in self.limits) and max(counts.values(), default=0) < 2


def choose(
    scores: Sequence[int] | Integers,
    attributes: Mapping[str, Sequence[object]],
    limits: Sequence[Limit],
    places: int,
    *,
    budget: Budget | None = None,
) -> Choice:
    """Return the list of ``places`` candidates with the greatest sum of scores within the limits.

    Neither the order of the candidates nor that of the limits matters. Where several lists have
    the greatest sum, the one that holds the better ranked is taken; what then is still open is
    open between equal scores, and is told, not decided.

    Parameters
    ----------
    scores : integers
        One a candidate, higher is better; ``places`` times the highest stays below 2**62.
    attributes : Mapping
        Attribute to one value a candidate; a missing one is ``None`` and counts nowhere.
    limits : sequence of Limit
    places : int
    budget : Budget, optional
        What the solver may spend where limits cross; ``LIST_WORK`` unless told.

    Raises
    ------
    UnprovedError
        When the solver could not prove the list, or find all that stand level, with its work.
    SelectionError
        When no list keeps all limits; a smallest set of those that clash is named.
    """
    field = Field(np.asarray(scores, dtype=np.int64), attributes, tuple(limits), places,
                  budget or Budget(LIST_WORK))  # fmt: skip
    group, rows = field.grouped
    sizes = np.bincount(group, minlength=len(rows)).tolist()
    caps = [places] * len(rows)
    for groups, (_, most) in zip(field.holds, field.bounds, strict=True):
        for one in groups:
            caps[one] = min(caps[one], most)
    kept = _worth_keeping(field.scores, group, caps)
    inner = _inner(field, sizes, kept)
    if inner is None:
        from kjfp_helpers.selection.infeasibility import explain_infeasibility

        raise explain_infeasibility(field, sizes)
    chosen, tied = np.zeros(len(group), dtype=bool), np.zeros(len(group), dtype=bool)
    chosen[kept], tied[kept] = inner[0], inner[1]
    return _verified(field, Choice(chosen & ~tied, tied, places - int((chosen & ~tied).sum()),
                                   int(field.scores[chosen].sum())), chosen)  # fmt: skip


def _inner(field: Field, sizes: list[int], kept: Positions) -> tuple[Bools, Bools] | None:
    """Return who of the kept is chosen and who is tied, ``None`` where no list can be."""
    if len(kept) < max(field.places, 1):
        nothing = np.zeros(len(kept), dtype=bool)
        wanted = field.places or any(limit.least for limit in field.limits)
        return None if wanted else (nothing, nothing)
    if field.one_partition:
        return _greedy(field, kept) if _possible(field, sizes) else None
    from kjfp_helpers.selection import exact  # loads a solver that most lists do without

    group = field.grouped[0][kept]
    return exact.best(field.scores[kept], group, field.holds, field.bounds, field.places,
                      field.budget)  # fmt: skip


def _possible(field: Field, sizes: list[int]) -> bool:
    """Tell whether caps on one partition leave enough candidates."""
    under = {one for groups in field.holds for one in groups}
    able = sum(size for one, size in enumerate(sizes) if one not in under)
    for groups, (_, most) in zip(field.holds, field.bounds, strict=True):
        able += min(most, sum(sizes[one] for one in groups))
    return able >= field.places


def _worth_keeping(scores: Integers, group: Positions, caps: list[int]) -> Positions:
    """Return the candidates that a best list may hold: the best of each group, equals with them."""
    order = np.lexsort((-scores, group))
    first = np.searchsorted(group[order], np.arange(len(caps)))
    last = np.append(first[1:], len(order))
    edge = np.minimum(first + np.asarray(caps, dtype=np.int64), last) - 1
    least = np.where(edge >= first, scores[order][np.maximum(edge, 0)], np.iinfo(np.int64).max)
    return np.flatnonzero(scores >= least[group])


def _greedy(field: Field, kept: Positions) -> tuple[Bools, Bools]:
    """Go down the scores and take what fits; equals that do not all fit are tied."""
    group, scores = field.grouped[0][kept], field.scores[kept]
    cap_of = {one: number for number, groups in enumerate(field.holds) for one in groups}
    room, left = [most for _, most in field.bounds], field.places
    chosen, tied = np.zeros(len(kept), dtype=bool), np.zeros(len(kept), dtype=bool)
    order = np.argsort(-scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=scores[order[:1]] + 1))
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        under: dict[int | None, list[int]] = {}
        for place in order[start:stop].tolist():
            under.setdefault(cap_of.get(group[place]), []).append(place)
        able = {cap: some[: room[cap]] if cap is not None else some
                for cap, some in under.items()}  # fmt: skip
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


def _verified(field: Field, choice: Choice, chosen: Bools) -> Choice:
    """Count once more: solvers have been known to return what is not allowed."""
    counts = np.bincount(field.grouped[0][chosen], minlength=len(field.grouped[1]))
    within = all(least <= counts[groups].sum() <= most for groups, (least, most)
                 in zip(field.holds, field.bounds, strict=True))  # fmt: skip
    if not within or int(chosen.sum()) != field.places:
        raise SelectionError("入围名单", expected="满足全部名额和限制", found="求解结果不合限制",
                             advice="将轮次文件夹交维护人员核对")  # fmt: skip
    return choice
