"""Rules on the scores of one case: whether they are complete, their total, the required comment.

Whether a single score is valid says :meth:`kjfp_helpers.rules.Scale.is_valid`. The scoring page
and the packet workbook apply the same rules by themselves, while a member types; their tests read
the same cases as the tests of this module.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from kjfp_helpers.infra.exact_decimals import round_half_up, sum_products
from kjfp_helpers.rules import Criterion, Scale

Scores = Mapping[str, float | None]
"""Criterion id to score; a missing one is absent, None or not finite."""

TOTAL_DECIMALS = 9
"""Decimal places of a total: more than weights and scores have, so that equal scores are equal."""
SHOWN_DECIMALS = 2
"""Decimal places of a total on screen and on paper."""


def has_score(scores: Scores, criterion: str) -> bool:
    """Whether a criterion is scored."""
    score = scores.get(criterion)
    return score is not None and math.isfinite(score)


def missing_criteria(scores: Scores, criteria: Iterable[Criterion]) -> list[Criterion]:
    """Return the criteria without a score, in the order of the rubric."""
    return [criterion for criterion in criteria if not has_score(scores, criterion.id)]


def weighted_total(scores: Scores, criteria: Sequence[Criterion]) -> float | None:
    """Return the weighted total, None while a score is missing (rubric: weights sum to 1).

    It is added in decimals, exactly, and rounded half up to nine places: the order of the criteria
    does not matter, and scores that weigh the same are equal.
    """
    if missing_criteria(scores, criteria):
        return None
    pairs = ((criterion.weight, scores[criterion.id] or 0) for criterion in criteria)
    return sum_products(pairs, TOTAL_DECIMALS)


def format_total(total: float) -> str:
    """Return a total as every screen and paper shows it, a half rounded up.

    Examples
    --------
    >>> format_total(82.125), format_total(82.0)
    ('82.13', '82.00')
    """
    return str(round_half_up(total, SHOWN_DECIMALS))


def lacks_comment(scores: Scores, comment: str, scale: Scale) -> bool:
    """Whether a score is so low or so high that it needs the comment that is not there.

    Examples
    --------
    >>> scale = Scale(least=0, most=100, step=1, comment_below=60, comment_from=95)
    >>> lacks_comment({"outcome": 95}, "　", scale), lacks_comment({"outcome": 94}, "", scale)
    (True, False)
    """
    extreme = (
        scale.needs_comment(score or 0) for name, score in scores.items() if has_score(scores, name)
    )
    return not comment.strip() and any(extreme)
