"""The round as it stood after each of its events, every state derived once."""

from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import Intake
from kjfp_helpers.infra.cache import DiskCache
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.ledger_heads import UNDERIVED_KINDS
from kjfp_helpers.state.session import state_as_of

_KEPT = 4
"""States that are kept: those of the papers, which rest on the last events."""


class PastStates:
    """Derives the round from its first events.

    Parameters
    ----------
    round, read, events
        The three inputs.
    scratch : Path
        An empty folder. What costs most and is the same in several states stands there for as
        long as this run lasts; nothing is taken from an earlier run.
    """

    def __init__(self, round: Round, read: Intake, events: Sequence[Event], scratch: Path) -> None:
        self._round, self._read, self._events = round, read, tuple(events)
        self._memory, self._states = DiskCache(scratch, ""), dict[int, RoundState]()

    def state_before(self, seq: int) -> RoundState:
        """Return the round as it stood when the event of this number was written.

        Raises
        ------
        RuleErrors, DifferenceError
            When the rules of then are not known.
        """
        last = seq - 1
        while last and self._events[last - 1].kind in UNDERIVED_KINDS:
            last -= 1
        if last not in self._states:
            while len(self._states) >= _KEPT:
                del self._states[next(iter(self._states))]
            state = state_as_of(self._round, self._read, self._events[:last], self._memory)
            self._states[last] = state
        return self._states[last]
