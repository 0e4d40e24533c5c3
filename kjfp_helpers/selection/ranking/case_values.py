"""Four values of each case from its scores, and the ranks by the one that decides."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.rules.rulings import RankingMethod
from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix
from kjfp_helpers.selection.ranking.severity_model import estimate_values

Floats = npt.NDArray[np.float64]

DECIMALS = 9
"""Values that agree to so many decimals are tied."""

MIN_TRIMMED = 4
"""With fewer scores nothing is dropped: of three only the median would be left."""


def compute_values(totals: pd.DataFrame, *, method: RankingMethod, quorum: int) -> pd.DataFrame:
    """Return what ``rank`` ranks by, without its intervals.

    ``case n mean trimmed standard value group rank``, in order of case. The adjusted model is
    fitted only where it decides, which makes the other methods ten times as quick.
    """
    matrix = ScoreMatrix.from_totals(totals)
    if not len(matrix.total):
        return pd.DataFrame({name: [] for name in ("case", "mean", "value", "rank")})
    fitted = method == "adjusted"
    adjusted = estimate_values(matrix.case, matrix.member, matrix.total) if fitted else None
    return tabulate_values(matrix, adjusted, method=method, quorum=quorum)


def tabulate_values(
    matrix: ScoreMatrix, adjusted: Floats | None, *, method: RankingMethod, quorum: int
) -> pd.DataFrame:
    """Return ``case n mean trimmed standard adjusted value group rank`` in order of case."""
    table = _plain_values(matrix)
    table["adjusted"] = np.nan if adjusted is None else adjusted
    table["case"] = matrix.cases
    table["value"] = table[method]
    table["group"] = matrix.group[matrix.member[matrix.start]]
    comparable = (table["n"] >= quorum) & table["value"].notna() & (len(matrix.components) == 1)
    table["rank"] = table["value"].where(comparable).rank(ascending=False, method="min")
    return table


def _plain_values(matrix: ScoreMatrix) -> pd.DataFrame:
    """Return count, mean, trimmed mean and mean standard score by case."""
    total, start = matrix.total, matrix.start
    count = np.diff(start, append=len(total))
    mean = np.add.reduceat(total, start) / count
    ends = np.minimum.reduceat(total, start) + np.maximum.reduceat(total, start)
    kept = (np.add.reduceat(total, start) - ends) / np.maximum(count - 2, 1)
    standard = _standard_scores(matrix)
    known = np.bincount(matrix.case, np.isfinite(standard), len(count))
    score = np.bincount(matrix.case, np.nan_to_num(standard), len(count))
    return pd.DataFrame(
        {
            "n": count,
            "mean": mean,
            "trimmed": np.where(count >= MIN_TRIMMED, kept, mean),
            "standard": np.where(known > 0, score / np.maximum(known, 1), np.nan),
        }
    ).round(DECIMALS)


def _standard_scores(matrix: ScoreMatrix) -> Floats:
    """Return each score in standard deviations of its member; a member's only score has none."""
    load = np.bincount(matrix.member)
    away = matrix.total - (np.bincount(matrix.member, matrix.total) / load)[matrix.member]
    spread = np.sqrt(np.bincount(matrix.member, away**2) / np.maximum(load - 1, 1))[matrix.member]
    # Equal scores throughout are no deviation (0).
    score = np.where(spread > 0, away / np.where(spread > 0, spread, 1), 0.0)
    return np.where(load[matrix.member] > 1, score, np.nan)
