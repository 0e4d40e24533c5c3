"""Four values of each case from its scores, and the ranks by the one that decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.infra.exact_decimals import round_half_up
from kjfp_helpers.rules.rulings import RankingMethod
from kjfp_helpers.selection.ranking.score_matrix import Names, ScoreMatrix
from kjfp_helpers.selection.ranking.severity_model import estimate_values

Floats = npt.NDArray[np.float64]

DECIMALS = 9
"""Values that agree to so many decimals are tied."""

MIN_TRIMMED = 4
"""With fewer scores there is no trimmed mean: of three only the median would be left."""
MIN_STANDARD = 2
"""Scores of a member from which they have standard scores."""
HIGHEST, LOWEST = "最高", "最低"
"""Why a score is left out of the trimmed mean."""


@dataclass(frozen=True)
class RankedValues:
    """The value that decides, and the mean score, of each case that has a rank."""

    value: Mapping[str, float]
    mean: Mapping[str, float]


def rank_values(
    panels: Sequence[ScoreMatrix],
    *,
    method: RankingMethod,
    quorum: int,
    decimals: int = DECIMALS,
) -> list[RankedValues]:
    """Return by what the cases of each of ``panels`` are ranked, in order of case.

    The same numbers as in the table of ``rank_cases``, without what a list can do without: the
    adjusted model is fitted only where it decides, for all panels together, and no errors are
    estimated.

    >>> scores = {"case": ["甲", "甲", "乙"], "member": ["A", "B", "A"], "total": [80.0, 90, 70]}
    >>> rank_values([ScoreMatrix.from_totals(pd.DataFrame(scores))], method="mean", quorum=2)
    [RankedValues(value={'甲': 85.0}, mean={'甲': 85.0})]
    """
    adjusted: Mapping[int, Floats] = {}
    if method == "adjusted":
        scored = [number for number, matrix in enumerate(panels) if len(matrix.total)]
        fitted = estimate_values([panels[number] for number in scored])
        adjusted = dict(zip(scored, fitted, strict=True))
    return [
        _rank_values(matrix, adjusted.get(number), method, quorum, decimals)
        for number, matrix in enumerate(panels)
    ]


def _rank_values(
    matrix: ScoreMatrix,
    adjusted: Floats | None,
    method: RankingMethod,
    quorum: int,
    decimals: int,
) -> RankedValues:
    if not len(matrix.total):
        return RankedValues({}, {})
    columns = _plain_columns(matrix)
    value = round_values(columns[method] if adjusted is None else adjusted, decimals)
    ranked = _is_comparable(matrix, columns["n"], value, quorum)
    cases, mean = matrix.cases[ranked].tolist(), columns["mean"][ranked].tolist()
    return RankedValues(
        dict(zip(cases, value[ranked].tolist(), strict=True)), dict(zip(cases, mean, strict=True))
    )


def tabulate_values(
    matrix: ScoreMatrix,
    adjusted: Floats,
    *,
    method: RankingMethod,
    quorum: int,
    decimals: int = DECIMALS,
) -> pd.DataFrame:
    """Return ``case n mean trimmed standard adjusted value group rank`` in order of case.

    ``value`` is that of the method, rounded half up to ``decimals``; the others are not.
    """
    table = pd.DataFrame(_plain_columns(matrix))
    table["adjusted"] = adjusted
    table["case"] = matrix.cases
    table["value"] = round_values(table[method].to_numpy(dtype=float), decimals)
    table["group"] = matrix.group[matrix.member[matrix.start]]
    comparable = _is_comparable(matrix, table["n"].to_numpy(), table["value"].to_numpy(), quorum)
    table["rank"] = table["value"].where(comparable).rank(ascending=False, method="min")
    return table


def round_values(values: Floats, decimals: int) -> Floats:
    """Return values rounded half up, exactly as decimals (ruling ``decimals``).

    Examples
    --------
    >>> round_values(np.array([82.125, 82.115, np.nan]), 2)
    array([82.13, 82.12,   nan])
    """
    if decimals >= DECIMALS:
        return values
    return np.array([float(round_half_up(value, decimals)) for value in values.tolist()])


def find_dropped(matrix: ScoreMatrix) -> Names:
    """Return which scores the trimmed mean leaves out: ``HIGHEST``, ``LOWEST`` or blank.

    Of equal scores the first member's is the lowest and the last one's the highest; that changes
    no mean. A case with fewer than ``MIN_TRIMMED`` scores leaves out none.
    """
    dropped = np.full(len(matrix.total), "", dtype=object)
    ends = [*matrix.start[1:].tolist(), len(matrix.total)]
    for first, end in zip(matrix.start.tolist(), ends, strict=True):
        if end - first >= MIN_TRIMMED:
            own = matrix.total[first:end]
            dropped[first + int(own.argmin())] = LOWEST
            dropped[end - 1 - int(own[::-1].argmax())] = HIGHEST
    return dropped


def _is_comparable(
    matrix: ScoreMatrix, count: Floats, value: Floats, quorum: int
) -> npt.NDArray[np.bool_]:
    """Return which cases have a rank: enough scores, a value, and members that are linked."""
    return (count >= quorum) & np.isfinite(value) & (len(matrix.components) == 1)


def _plain_columns(matrix: ScoreMatrix) -> dict[str, Floats]:
    """Return count, mean, trimmed mean and mean standard score by case.

    The standard score is told on the scale of the scores: that many standard deviations of all
    scores from the mean of all scores.
    """
    total, start = matrix.total, matrix.start
    count = np.diff(start, append=len(total))
    mean = np.add.reduceat(total, start) / count
    ends = np.minimum.reduceat(total, start) + np.maximum.reduceat(total, start)
    kept = (np.add.reduceat(total, start) - ends) / np.maximum(count - 2, 1)
    standard = _standard_scores(matrix)
    known = np.bincount(matrix.case, np.isfinite(standard), len(count))
    score = np.bincount(matrix.case, np.nan_to_num(standard), len(count))
    trimmed = np.where(count >= MIN_TRIMMED, kept, np.nan)
    deviations = np.where(known > 0, score / np.maximum(known, 1), np.nan)
    standardized = total.mean() + deviations * total.std(ddof=min(len(total) - 1, 1))
    return {
        "n": count,
        "mean": mean.round(DECIMALS),
        "trimmed": trimmed.round(DECIMALS),
        "standard": standardized.round(DECIMALS),
    }


def _standard_scores(matrix: ScoreMatrix) -> Floats:
    """Return each score in standard deviations of its member; a member's only score has none."""
    load = np.bincount(matrix.member)
    away = matrix.total - (np.bincount(matrix.member, matrix.total) / load)[matrix.member]
    spread = np.sqrt(np.bincount(matrix.member, away**2) / np.maximum(load - 1, 1))[matrix.member]
    # Equal scores throughout are no deviation (0).
    score = np.where(spread > 0, away / np.where(spread > 0, spread, 1), 0.0)
    return np.where(load[matrix.member] >= MIN_STANDARD, score, np.nan)
