"""Small groups of members that no case links to the others: set aside, the main group is ranked."""

import numpy as np
import pandas as pd

from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix

MAIN_SHARE = 0.9
"""Share of the cases from which one of several groups is ranked, and the others set aside."""
NAMED = 12
"""Names that the note tells before it only counts."""


def find_main_group(matrix: ScoreMatrix) -> int | None:
    """Return the group with nearly all cases, ``None`` where all are linked or none is so large."""
    if len(matrix.components) < 2:
        return None
    sizes = np.bincount(_group_of_case(matrix))
    main = int(sizes.argmax())
    return main if sizes[main] >= MAIN_SHARE * len(matrix.cases) else None


def describe_others(matrix: ScoreMatrix, main: int) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the cases outside the main group, their members, and what a reader must know.

    Returns
    -------
    tuple
        ``case n mean group`` by case; ``member n`` by member; one sentence in Chinese.
    """
    group = _group_of_case(matrix)
    count = np.diff(matrix.start, append=len(matrix.total))
    cases = pd.DataFrame(
        {
            "case": matrix.cases.astype(str),
            "n": count,
            "mean": (np.add.reduceat(matrix.total, matrix.start) / count).round(9),
            "group": group,
        }
    )[group != main]
    members = pd.DataFrame({"member": matrix.members.astype(str), "n": np.bincount(matrix.member)})[
        matrix.group != main
    ]
    note = (
        f"{_name(cases['case'])}由 {_name(members['member'])}评阅，与其余评委没有共同的件，"
        "得分不可比较，单列不排名次。"
    )
    return cases, members, note


def _group_of_case(matrix: ScoreMatrix) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    return matrix.group[matrix.member[matrix.start]]


def _name(names: "pd.Series[str]") -> str:
    more = f"等 {len(names)} 个" if len(names) > NAMED else " "
    return "、".join(names[:NAMED]) + more
