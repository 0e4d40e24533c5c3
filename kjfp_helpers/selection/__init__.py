"""From marks to the list: ranking, ties, votes, the list under the limits, a reason a name.

What stands here is loaded when it is first used: ranking a table of marks needs no solver.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.lazy import lazily

if TYPE_CHECKING:
    from kjfp_helpers.selection.agreement import Agreement
    from kjfp_helpers.selection.ballots import Ballot, fold_ballots
    from kjfp_helpers.selection.choosing import Limit, choose
    from kjfp_helpers.selection.places import TieAtCut
    from kjfp_helpers.selection.ranking import Ranking, rank

__all__ = [
    "Agreement",
    "Ballot",
    "Limit",
    "Ranking",
    "TieAtCut",
    "choose",
    "fold_ballots",
    "rank",
]

__getattr__ = lazily(
    __name__,
    {
        "agreement": ("Agreement",),
        "ballots": ("Ballot", "fold_ballots"),
        "choosing": ("Limit", "choose"),
        "places": ("TieAtCut",),
        "ranking": ("Ranking", "rank"),
    },
)
