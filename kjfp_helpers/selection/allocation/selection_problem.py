"""Selection problem: candidates, limits and the number of seats."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.selection.allocation.cp_solver import Budget

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Limit:
    """From ``minimum`` to ``maximum`` of the chosen have one of ``values`` of ``attribute``.

    ``title`` says it in Chinese, with its clause; limits of one title are one rule. ``maximum`` is
    ``None`` where nothing is capped.
    """

    title: str
    attribute: str
    values: frozenset[object]
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True)
class SelectionResult:
    """The best list: which candidates are in, and which are tied at its edge.

    ``tied`` marks those that some best lists hold and others do not; ``chosen`` then holds none
    of them, and ``open_seats`` seats are open. ``total`` is the sum of the scores of a best list.
    """

    chosen: Bools
    tied: Bools
    open_seats: int
    total: int


@dataclass(frozen=True)
class SelectionProblem:
    """Candidates and limits, with the candidates that no limit tells apart in one group."""

    scores: Integers
    attributes: Mapping[str, Sequence[object]]
    limits: tuple[Limit, ...]
    seats: int
    budget: Budget

    @cached_property
    def grouping(self) -> tuple[Positions, list[tuple[object, ...]]]:
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
    def groups_by_limit(self) -> list[list[int]]:
        """Return, for each limit, the groups it counts."""
        names = sorted({limit.attribute for limit in self.limits})
        where: dict[tuple[str, object], list[int]] = {}
        for number, row in enumerate(self.grouping[1]):
            for name, value in zip(names, row, strict=True):
                where.setdefault((name, value), []).append(number)
        return [
            sorted(
                one
                for value in limit.values
                if value is not None
                for one in where.get((limit.attribute, value), ())
            )
            for limit in self.limits
        ]

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Return least and most of each limit."""
        return [
            (limit.minimum, self.seats if limit.maximum is None else min(limit.maximum, self.seats))
            for limit in self.limits
        ]

    @property
    def has_disjoint_caps(self) -> bool:
        """Whether there are only caps, and no candidate is under two of them."""
        counts = Counter(group for groups in self.groups_by_limit for group in groups)
        return (
            not any(limit.minimum for limit in self.limits) and max(counts.values(), default=0) < 2
        )
