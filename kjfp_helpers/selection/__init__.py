"""Selection: from scores to the shortlist, with a reason for every name.

What stands here is loaded when it is first used: ranking a table of scores needs no solver.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.selection.allocation.constrained_selection import select_candidates
    from kjfp_helpers.selection.allocation.seat_allocation import TieAtCut
    from kjfp_helpers.selection.allocation.selection_problem import Limit
    from kjfp_helpers.selection.meeting_ballots import Ballot, fold_ballots
    from kjfp_helpers.selection.ranking.case_ranking import Ranking, rank_cases
    from kjfp_helpers.selection.ranking.rater_agreement import Agreement

__all__ = [
    "Agreement",
    "Ballot",
    "Limit",
    "Ranking",
    "TieAtCut",
    "fold_ballots",
    "rank_cases",
    "select_candidates",
]

__getattr__ = lazy_getattr(
    __name__,
    {
        "ranking.rater_agreement": ("Agreement",),
        "meeting_ballots": ("Ballot", "fold_ballots"),
        "allocation.constrained_selection": ("select_candidates",),
        "allocation.selection_problem": ("Limit",),
        "allocation.seat_allocation": ("TieAtCut",),
        "ranking.case_ranking": ("Ranking", "rank_cases"),
    },
)
