"""States of the round after each of its events.

One is in memory at a time. A stage that rests on the same as that of the state before is not
derived twice.
"""

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path

from kjfp_helpers.core.events import Event, UnitReportsVersioned, stored_kind
from kjfp_helpers.core.records import Intake
from kjfp_helpers.infra.cache import DiskCache, content_digest
from kjfp_helpers.infra.process_pool import begin_in_fork
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.ledger_heads import UNDERIVED_KINDS
from kjfp_helpers.state.round_state import state_as_of
from kjfp_helpers.state.stages.screening_file import ScreeningFile
from kjfp_helpers.state.stages.stage_keeping import MemoryKeep

_UNREAD_KINDS = {*UNDERIVED_KINDS} - {stored_kind(UnitReportsVersioned)}
"""Kinds of event that no paper shows; a unit's report bears the number of its version."""


class PastStates:
    """Derives the state of the round from the first events of its ledger.

    Parameters
    ----------
    round, read, events
        The three inputs.
    scratch : Path
        An empty folder for the results that several states share; nothing of an earlier run is
        used.
    """

    def __init__(self, round: Round, read: Intake, events: Sequence[Event], scratch: Path) -> None:
        self._round, self._read, self._events = round, read, tuple(events)
        self._cache, self._stages = DiskCache(scratch / "results", ""), MemoryKeep()
        self._file = ScreeningFile(scratch)
        self._last: tuple[int, RoundState] | None = None

    @cached_property
    def _read_digest(self) -> str:
        return content_digest(self._read)

    def state_before(self, seq: int) -> RoundState:
        """Return the round as it stood when the event of this number was written.

        The documents of a command rest on one state, and are compared together; who holds a state
        while asking for the next has both in memory.

        Raises
        ------
        RuleErrors, DifferenceError
            When the rules in force at that time are not known.
        """
        last = seq - 1
        while last and self._events[last - 1].kind in _UNREAD_KINDS:
            last -= 1
        if self._last is None or self._last[0] != last:
            self._last = None  # not held beside the one that takes its place
            state = state_as_of(
                self._round,
                self._read,
                self._events[:last],
                self._cache,
                read_digest=self._read_digest,
                keep=self._stages,
                screening_file=self._file,
            )
            if not self._stages.holds(state.screening_key):
                state.submissions  # noqa: B018  # both processes rest on them
                begin_in_fork(partial(_write_screening, state), collect_garbage=True)()
            self._last = last, state
        return self._last[1]


def _write_screening(state: RoundState) -> None:
    """Derive a screening and write it into the scratch folder.

    Done beside this process, which then reads it: deriving it takes twice what it needs, and of
    that little can be given back.
    """
    state.screening  # noqa: B018  # derived when it is asked for
    state.write_screening()
