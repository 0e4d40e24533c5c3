"""From marks to the list: ranking, ties, votes, the list under the limits, a reason a name.

What stands here is loaded when it is first used: ranking a table of marks needs no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "agreement": ("Agreement",),
    "ballots": ("Ballot", "fold_ballots"),
    "choosing": ("Limit", "choose"),
    "places": ("TieAtCut",),
    "ranking": ("Ranking", "rank"),
}
"""Module to the names it gives to the package."""


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
