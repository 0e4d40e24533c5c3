"""From marks to the list: ranking, ties, the list under the quotas with a reason a name."""

from kjfp_helpers.selection.ranking import METHOD_TITLES, Agreement, Ranking, rank
from kjfp_helpers.selection.shortlist import COLUMNS, shortlist
from kjfp_helpers.selection.ties import STEP_TITLES
from kjfp_helpers.selection.verdict import STATUS_TITLES

__all__ = [
    "COLUMNS",
    "METHOD_TITLES",
    "STATUS_TITLES",
    "STEP_TITLES",
    "Agreement",
    "Ranking",
    "rank",
    "shortlist",
]
