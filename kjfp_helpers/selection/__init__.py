"""From marks to the list: ranking, ties, votes, the list under the limits, a reason a name."""

from kjfp_helpers.selection.agreement import Agreement
from kjfp_helpers.selection.ballots import Ballot, fold_ballots
from kjfp_helpers.selection.choosing import Limit, choose
from kjfp_helpers.selection.places import TieAtCut
from kjfp_helpers.selection.ranking import Ranking, rank
from kjfp_helpers.selection.shortlist import COLUMNS, shortlist

__all__ = [
    "COLUMNS",
    "Agreement",
    "Ballot",
    "Limit",
    "Ranking",
    "TieAtCut",
    "choose",
    "fold_ballots",
    "rank",
    "shortlist",
]
