"""Score matrix: scores indexed by case and member, and the members they connect."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.selection.ranking.raters.rater_likelihood import Floats, Ints

Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class ScoreMatrix:
    """Scores by case and member, as indices into the sorted names.

    ``order`` is the row of the table that each score stands in, ``group`` each member's index in
    ``components``.
    """

    cases: Names
    members: Names
    case: Ints
    member: Ints
    total: Floats
    order: Ints
    start: Ints
    group: Ints
    components: tuple[tuple[str, ...], ...]

    @classmethod
    def from_totals(cls, totals: pd.DataFrame) -> "ScoreMatrix":
        """Sort the rows and find the groups; raise ``SelectionError`` on what is no table."""
        rows = np.flatnonzero(totals["total"].notna())
        kept = totals.iloc[rows]
        case, cases = pd.factorize(kept["case"], sort=True)
        member, members = pd.factorize(kept["member"], sort=True)
        total = kept["total"].to_numpy(dtype=float)
        order = np.lexsort((member, case))
        case, member, total = case[order], member[order], total[order]
        names = np.asarray(cases, dtype=object), np.asarray(members, dtype=object)
        _require_numbers(*names, case, member, total)
        group, components = _components(case, member, names[1]) if len(total) else (case, ())
        start = np.flatnonzero(np.diff(case, prepend=-1))
        return cls(*names, case, member, total, rows[order], start, group, components)


def _require_numbers(
    cases: Names,
    members: Names,
    case: Ints,
    member: Ints,
    total: Floats,
) -> None:
    twice = np.flatnonzero((np.diff(case) == 0) & (np.diff(member) == 0))
    wrong = np.flatnonzero(~np.isfinite(total))
    for rows, expected, found in (
        (twice, "一位评委对一件只有一份评分", "有两份"),
        (wrong, "有限的数", "无穷大"),
    ):
        if len(rows):
            where = f"评委{members[member[rows[0]]]}对{cases[case[rows[0]]]}的评分"
            raise SelectionError(where, expected=expected, found=found, advice="核对评分后重试")


def _components(case: Ints, member: Ints, names: Names) -> tuple[Ints, tuple[tuple[str, ...], ...]]:
    """Return each member's group, and the groups by their first name."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    size = len(names) + int(case.max()) + 1
    links = coo_matrix((np.ones(len(case)), (member, len(names) + case)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    # Members stand in order of name, so a group's number is by its first member.
    group, _ = pd.factorize(label[: len(names)])
    split = pd.Series(names).groupby(group, sort=True)
    return group.astype(np.intp), tuple(tuple(map(str, part)) for _, part in split)
