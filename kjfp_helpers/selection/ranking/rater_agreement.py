"""Rater agreement: intraclass correlation and reliability."""

from dataclasses import dataclass

import numpy as np

from kjfp_helpers.selection.ranking.severity_model import SeverityModel

NORMAL_95 = 1.959964


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far members agree; every number may be NaN.

    ``icc`` is the share of the variance of one score that is the cases' (0-1), with its 95%
    interval ``low high``; ``reliability`` that of a case's corrected value at the usual number of
    scores.
    """

    icc: float
    reliability: float
    sentence: str
    low: float = np.nan
    high: float = np.nan

    def __str__(self) -> str:
        """Return the Chinese sentence."""
        return self.sentence


def measure_agreement(fit: SeverityModel, scores_per_case: float, *, known: bool) -> Agreement:
    """Return the intraclass correlation for absolute agreement of the fitted model.

    ICC(A,1) of K. O. McGraw, S. P. Wong, "Forming inferences about some intraclass correlation
    coefficients", Psychological Methods 1, 1996, with its interval on the logit by the delta
    method. Krippendorff's alpha is not given: the libraries that have it are under the GPL.
    """
    members, rest = len(fit.severity), fit.severity_variance + fit.noise_variance
    if not known or scores_per_case <= 1:
        sentence = (
            "评分没有差异、只有一位评委、评委互不相连或每件仅一份，无法判断评委之间的一致程度。"
        )
        return Agreement(icc=np.nan, reliability=np.nan, sentence=sentence)
    icc = fit.case_variance / (fit.case_variance + rest)
    along = np.array([1, -fit.noise_variance / rest])
    variance = along @ fit.log_cov @ along + (fit.severity_variance / rest) ** 2 * 2 / (members - 1)
    reach = np.exp(NORMAL_95 * np.sqrt(variance) * np.array([1, -1]))
    low, high = (1 / (1 + rest / fit.case_variance * reach)).tolist()
    reliability = fit.case_variance / (fit.case_variance + fit.noise_variance / scores_per_case)
    whole = fit.case_variance + rest
    sentence = (
        f"一份评分的差异中，约 {icc:.0%}（95%区间 {low:.0%}–{high:.0%}）来自个案本身的高下，"
        f"{fit.severity_variance / whole:.0%} 来自评委宽严，"
        f"其余 {fit.noise_variance / whole:.0%} 是评委看法的出入；"
        f"每件平均 {scores_per_case:.1f} 份评分，"
        f"扣除宽严后得分的可靠程度约 {reliability:.2f}（1 为完全可靠）。"
    )
    return Agreement(icc=icc, low=low, high=high, reliability=reliability, sentence=sentence)
