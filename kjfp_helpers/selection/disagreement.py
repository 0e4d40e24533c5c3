"""Disagreement about cases: spread of their scores, and what is left after rater effects."""

import numpy as np
import pandas as pd

from kjfp_helpers.selection.ranking.case_ranking import Ranking

SEEN_OTHERWISE = 1.5
"""Standard deviations of a member's own noise from which a residual is told."""
COLUMNS = "case rank n low high spread sd residual surprise member".split()


def tabulate_disagreement(ranking: Ranking) -> pd.DataFrame:
    """Return one row a case, those with the largest residual first.

    Returns
    -------
    DataFrame
        ``case rank``; ``n`` scores, ``low high`` the lowest and highest total, ``spread`` their
        difference, ``sd`` their standard deviation (NaN for one score), all in points;
        ``residual`` the largest one after severity, in points and signed, ``surprise`` the same in
        standard deviations of that ``member``.
    """
    scores = ranking.scores
    if scores.empty:
        return pd.DataFrame(columns=COLUMNS)
    by_case = scores.groupby("case")["total"].agg(["count", "min", "max", "std"])
    largest = scores.assign(size=scores["surprise"].abs()).sort_values(
        ["case", "size", "member"], ascending=[True, False, True]
    )
    largest = largest.drop_duplicates("case").set_index("case")
    ranks = ranking.table.set_index("case")["rank"]
    table = pd.DataFrame(
        {
            "rank": ranks.reindex(by_case.index),
            "n": by_case["count"],
            "low": by_case["min"],
            "high": by_case["max"],
            "spread": by_case["max"] - by_case["min"],
            "sd": by_case["std"],
            "residual": largest["residual"].reindex(by_case.index),
            "surprise": largest["surprise"].reindex(by_case.index),
            "member": largest["member"].reindex(by_case.index),
        }
    ).reset_index()
    order = np.lexsort((table["case"], -table["spread"], -table["surprise"].abs()))
    return table.iloc[order].reset_index(drop=True)[COLUMNS]


def find_dissent(ranking: Ranking, case: str) -> pd.DataFrame:
    """Return who sees a case otherwise, the largest surprise first.

    Rows of ``ranking.scores`` (``member total residual surprise``) with a residual of at least
    ``SEEN_OTHERWISE`` standard deviations of the member's own noise.
    """
    rows = ranking.scores[ranking.scores["case"] == case]
    rows = rows[rows["surprise"].abs() >= SEEN_OTHERWISE]
    order = np.lexsort((rows["member"], -rows["surprise"].abs()))
    return rows.iloc[order].reset_index(drop=True)
