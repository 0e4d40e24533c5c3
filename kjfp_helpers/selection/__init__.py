"""From marks to the list: ranking, ties, the list under the quotas with a reason a name."""

from kjfp_helpers.selection.ranking import Agreement, Ranking, rank
from kjfp_helpers.selection.shortlist import COLUMNS, shortlist

__all__ = ["COLUMNS", "Agreement", "Ranking", "rank", "shortlist"]
