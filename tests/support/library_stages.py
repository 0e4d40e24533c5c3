"""The made-up round of the papers as a library, without files, at stages of the year."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kjfp_helpers.core.events import ScoreGiven
from kjfp_helpers.library import RoundLibrary
from kjfp_helpers.state import derive_state
from support.rounds.report_round import make_state

STAGES = ("before check", "before scores", "after the list")
KINDS = ("team", "individual")
OF_KIND = {
    "ranking": (),
    "rater_effects": (),
    "sensitivity": (),
    "reweighted": ({"outcome": 0.5},),
}
"""Frames of one kind of nominee, with what else they are asked."""


class StateLibrary(RoundLibrary):
    """A library over a state that is given."""

    def __init__(self, state):
        super().__init__(state.round)
        self._given = state

    @property
    def has_ledger(self):
        return False

    def state(self):
        return self._given


@cache
def _whole_year():
    with TemporaryDirectory() as folder:
        return make_state(Path(folder) / "round", societies=14)


@cache
def library_at(stage):
    """Return the library with the events up to a stage; it is shared, and nothing changes it."""
    state = _whole_year()
    if stage == "after the list":
        return StateLibrary(state)
    events = [event for event in state.events if not isinstance(event.body, ScoreGiven)]
    kept = () if stage == "before check" else events[:2]
    return StateLibrary(derive_state(state.round, state.original_intake, kept))


def asked(name):
    """Return what a frame is asked for: nothing, or each kind of nominee."""
    return [(kind, *OF_KIND[name]) for kind in KINDS] if name in OF_KIND else [()]
