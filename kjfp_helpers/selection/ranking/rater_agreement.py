"""Rater agreement: intraclass correlation and reliability."""

from dataclasses import dataclass

import numpy as np

from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix
from kjfp_helpers.selection.ranking.variance_components import estimate_components

NORMAL_95 = 1.959964
FEW_MEMBERS = 5
"""Members below which shares of the variance say little."""
MIN_COMMON, FEW_COMMON = 3, 10
"""Cases that every member scored: fewest for Kendall's W, and those below which it says little."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far members agree; every number may be NaN.

    ``icc`` is the share of the variance of one score that is the cases' (0-1), with its 95%
    interval ``low high``; ``reliability`` that of a case's corrected value at the usual number of
    scores. ``concordance`` is Kendall's W (0-1) on the ``common`` cases that every member scored.
    """

    icc: float
    reliability: float
    sentence: str
    low: float = np.nan
    high: float = np.nan
    concordance: float = np.nan
    common: int = 0

    def __str__(self) -> str:
        """Return the Chinese sentence."""
        return self.sentence


def measure_concordance(matrix: ScoreMatrix) -> tuple[float, int]:
    """Return Kendall's W on the cases that every member scored, and how many these are.

    Ties get mean ranks and the correction for them (M. G. Kendall, "Rank Correlation Methods",
    1948). NaN for fewer than ``MIN_COMMON`` such cases or fewer than two members.
    """
    import pandas as pd

    members = len(matrix.members)
    count = np.diff(matrix.start, append=len(matrix.total))
    common = np.flatnonzero(count == members)
    if members < 2 or len(common) < MIN_COMMON:
        return np.nan, len(common)
    rows = matrix.start[common][:, None] + np.arange(members)
    marks = matrix.total[rows]
    ranks = pd.DataFrame(marks).rank().to_numpy()
    ties = sum(
        float((size**3 - size).sum())
        for size in (np.unique(column, return_counts=True)[1] for column in marks.T)
    )
    cases = len(common)
    total = ranks.sum(1)
    apart = 12 * float(((total - total.mean()) ** 2).sum())
    whole = members**2 * (cases**3 - cases) - members * ties
    return (apart / whole if whole > 0 else np.nan), cases


def measure_agreement(matrix: ScoreMatrix, *, known: bool) -> Agreement:
    """Return the intraclass correlation for absolute agreement, and Kendall's W.

    ICC(A,1) of K. O. McGraw, S. P. Wong, "Forming inferences about some intraclass correlation
    coefficients", Psychological Methods 1, 1996, from the variance components, with its interval
    on the logit by the delta method. Krippendorff's alpha is not given: the libraries that have it
    are under the GPL.
    """
    members, scores_per_case = len(matrix.members), len(matrix.total) / len(matrix.cases)
    if not known or scores_per_case <= 1:
        sentence = (
            "评分没有差异、只有一位评委、评委互不相连或每件仅一份，无法判断评委之间的一致程度。"
        )
        return Agreement(icc=np.nan, reliability=np.nan, sentence=sentence)
    parts = estimate_components(matrix.case, matrix.member, matrix.total)
    rest = parts.member + parts.noise
    whole = parts.case + rest
    icc, along = parts.case / whole, np.array([1, -parts.member / rest, -parts.noise / rest])
    sd = np.sqrt(max(float(along @ parts.log_cov @ along), 0))
    reach = np.exp(NORMAL_95 * sd * np.array([1, -1]))
    low, high = (1 / (1 + rest / parts.case * reach)).tolist()
    reliability = parts.case / (parts.case + parts.noise / scores_per_case)
    agreed, common = measure_concordance(matrix)
    sentence = (
        f"一份评分的差异中，约 {icc:.0%}（95%区间 {low:.0%}–{high:.0%}）来自个案本身的高下，"
        f"{parts.member / whole:.0%} 来自评委宽严，"
        f"其余 {parts.noise / whole:.0%} 是评委看法的出入；"
        f"每件平均 {scores_per_case:.1f} 份评分，"
        f"扣除宽严后得分的可靠程度约 {reliability:.2f}（1 为完全可靠）。"
    )
    if members < FEW_MEMBERS:
        sentence += f"评委只有 {members} 名，以上比例仅供参考。"
    if agreed == agreed:
        few = f"，件数少于 {FEW_COMMON}，仅供参考" if common < FEW_COMMON else ""
        sentence += (
            f"全体评委都评过的 {common} 件上，名次一致程度（肯德尔 W）为 {agreed:.2f}"
            f"（1 为完全一致{few}）。"
        )
    elif common < MIN_COMMON:
        sentence += f"全体评委都评过的只有 {common} 件，不算名次一致程度（肯德尔 W）。"
    return Agreement(
        icc=icc,
        low=low,
        high=high,
        reliability=reliability,
        sentence=sentence,
        concordance=agreed,
        common=common,
    )
