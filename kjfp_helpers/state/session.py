"""Round session: the rules, ledger and output folder of an open round, and its derived state."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kjfp_helpers.core.events import (
    Event,
    EventBody,
    EventLog,
    MemberReinstated,
    MemberWithdrawn,
    ObjectionReceived,
)
from kjfp_helpers.core.events.publication import with_next_number
from kjfp_helpers.core.records import Intake
from kjfp_helpers.infra.cache import CachedCall, MemoryCache
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.ledger import EventFactory, Ledger, PendingEvent
from kjfp_helpers.rules import Round, load_round, output_folder, round_folder
from kjfp_helpers.state.access import Access, current_user, is_restricted
from kjfp_helpers.state.frozen_rules import require_frozen_rules
from kjfp_helpers.state.ledger_heads import UNDERIVED_KINDS
from kjfp_helpers.state.output_ownership import claim_output_folder
from kjfp_helpers.state.stages.stage_inputs import StageInputs
from kjfp_helpers.state.stages.stage_keeping import MemoryKeep

if TYPE_CHECKING:
    from kjfp_helpers.state.round_state import RoundState
    from kjfp_helpers.state.stages.screening_file import ScreeningFile

DATABASE = "KJFP_DATABASE_URL"
"""Environment variable that names a PostgreSQL ledger."""


@dataclass(frozen=True)
class UnopenedRound:
    """A round that could not be opened, and why, in Chinese."""

    problem: str


class RoundSession:
    """The open round that commands and screens work on. Use :meth:`open`."""

    def __init__(self, round: Round, ledger: Ledger, outputs: Path) -> None:
        self.round, self.ledger, self.outputs = round, ledger, outputs
        self.received = ReceivedFolder.for_round(round.folder)
        self._inputs = StageInputs(ledger, round.name)
        self._state: tuple[tuple[object, ...], RoundState] | None = None
        self._stages = MemoryKeep()
        self._cache = MemoryCache()
        self._screening_file: ScreeningFile | None = None
        self.readonly = False
        self._rehearsal_time: datetime | None = None

    @classmethod
    def open(
        cls,
        round_dir: str | Path,
        outputs: str | Path | None = None,
        *,
        create: bool = False,
        readonly: bool = False,
    ) -> "RoundSession":
        """Open a round by path or by name.

        Parameters
        ----------
        round_dir, outputs
            The round, and the folder of its outputs.
        create : bool
            Whether to create a ledger where there is none and no mail was ever received.
        readonly : bool
            Whether to open read-only: nothing is written to the round or its outputs.

        Raises
        ------
        RuleErrors
            When a rule file is invalid.
        LedgerError
            When there is no ledger, it cannot be opened or is another round's.
        OutputError
            When the output folder cannot be made or is not this round's to replace.
        """
        round = load_round(round_folder(round_dir))
        folder = output_folder(round.name, outputs)
        received, earlier = ReceivedFolder.for_round(round.folder), ReceivedFolder(folder)
        new = create and (round.rehearsal or not (received.exists() or earlier.exists()))
        ledger = Ledger.open(
            os.environ.get(DATABASE) or round.folder / "review.db",
            round.name,
            at=current_time(round),
            actor=current_user(round),
            create=new,
            readonly=readonly,
        )
        claim_output_folder(folder, round, write=not readonly)
        session = cls(round, ledger, folder)
        session.readonly = readonly
        if not readonly:
            received.migrate_from(earlier)
        elif earlier.exists() and not received.exists():
            session.received = earlier
        return session

    def close(self) -> None:
        """Close the ledger's connections; the screening is kept for the next command."""
        if self._state and not self.readonly:
            self._state[1].write_screening()
        self.ledger.close()

    def load_intake(self) -> Intake:
        """Return the result of intake, see :meth:`StageInputs.read_intake`."""
        return self._inputs.read_intake(self.received)[0]

    def take_intake(self, read: Intake) -> None:
        """Go on with a result of intake that was saved, see :meth:`StageInputs.take_intake`."""
        self._inputs.take_intake(self.received, read)

    def events(self) -> EventLog:
        """Return all events of the ledger, see :meth:`StageInputs.read_events`."""
        return self._inputs.read_events()

    def current_state(
        self,
        cached_call: CachedCall | None = None,
        *,
        check_members: bool = True,
        require_frozen: bool = True,
    ) -> "RoundState":
        """Return the current state; a stage is derived again only when its inputs changed.

        Parameters
        ----------
        cached_call
            Cache, as for :func:`kjfp_helpers.state.round_state.derive_state`, for a command that
            leaves one of its own; then no stage that the session keeps is used.
        check_members : bool
            Refuse readings or scores of a member who is missing in ``panel.csv``.
        require_frozen : bool
            Refuse rule files that changed after scores were given; skipped only where no scores are
            used.

        Raises
        ------
        RuleErrors
            Naming the members who are missing in ``panel.csv``.
        DifferenceError
            Naming what changed in the rule files.
        """
        state = self._derive(cached_call)
        if check_members:
            from kjfp_helpers.panel_review.roster import require_known_members

            require_known_members(self.round, state.events)
        if require_frozen:
            require_frozen_rules(self.round, state.events)
        return state

    def _derive(self, cached_call: CachedCall | None) -> "RoundState":
        """Return the state; with a cache of calls all of it is derived through that cache."""
        from kjfp_helpers.state.round_state import derive_state
        from kjfp_helpers.state.stages.screening_file import ScreeningFile

        (intake, digest), head = self._inputs.read_intake(self.received), self.state_head()
        if cached_call is not None:
            return derive_state(self.round, intake, self.events(), cached_call)
        if self._screening_file is None:
            self._screening_file = ScreeningFile(self.received.folder)
        if self._state is None or self._state[0] != (digest, head):
            state = derive_state(
                self.round,
                intake,
                self.events(),
                self._cache,
                intake_digest=digest,
                keep=self._stages,
                screening_file=self._screening_file,
            )
            self._state = ((digest, head), state)
        return self._state[1]

    def reload_rules(self) -> None:
        """Read the rule files again.

        Raises
        ------
        RuleErrors
            When one does not hold.
        """
        self.round, self._state = load_round(self.round.folder), None

    def state_head(self) -> tuple[int, str]:
        """Return number and hash of the last event on which the derived state depends."""
        return self.ledger.head(without_kinds=UNDERIVED_KINDS)

    def access(self) -> Access:
        """Return the access of the current account, with substitutes from the ledger."""
        if not is_restricted(self.round):
            return Access.for_current_user(self.round)
        acts = self.events().of(MemberWithdrawn, MemberReinstated)
        if not acts:
            return Access.for_current_user(self.round)
        from kjfp_helpers.panel_review.roster import fold_roster, with_substitutes

        return Access.for_current_user(
            with_substitutes(self.round, fold_roster(self.round.panel, acts))
        )

    def actor_label(self, act: type, person: str, member: str = "") -> str:
        """Return the actor label of an event, see :meth:`Access.actor_label`."""
        return self.access().actor_label(act, person, member)

    def record(self, *bodies: EventBody, actor: str = "", request: str = "") -> tuple[Event, ...]:
        """Append events with actor and time; on return they are durable.

        Events already recorded for the same ``request`` are returned instead. An objection without
        a number gets the next one where it is written, so that no two share one.

        Raises
        ------
        AccessError
            When the account may not record one of them, or has a conflict with its case.
        """
        access = self.access()
        access.require_record(bodies)
        self._require_no_conflict(access, bodies)
        who = actor or (access.actor_label(type(bodies[0])) if bodies else access.user)
        if any(isinstance(body, ObjectionReceived) and not body.number for body in bodies):
            return self.ledger.append_atomically(
                partial(_number_objections, bodies),
                after=0,
                actor=who,
                at=self.now(),
                request=request,
            )
        return self.ledger.append(*bodies, actor=who, at=self.now(), request=request)

    def record_series(self, entries: Iterable[PendingEvent]) -> tuple[Event, ...]:
        """Append events of several persons with their own times; advances a rehearsal's clock.

        Raises
        ------
        AccessError
            As for :meth:`record`.
        """
        listed = tuple(entries)
        self.access().require_record(body for body, _, _ in listed)
        self._rehearsal_time = max((at for _, _, at in listed), default=self._rehearsal_time)
        return self.ledger.append_series(listed)

    def advance_rehearsal(self, at: datetime) -> None:
        """Let a rehearsal's next events come at a time, if that is later than the last one's."""
        assert self.round.rehearsal
        self._rehearsal_time = max(self.now(), at)

    def now(self) -> datetime:
        """Return the time of a new event; in a rehearsal not before the last simulated event."""
        now = current_time(self.round)
        if not self.round.rehearsal:
            return now
        if self._rehearsal_time is None:
            # others may write between the two calls
            self._rehearsal_time = self.ledger.events(after=self.ledger.head()[0] - 1)[-1].at
        return max(now, self._rehearsal_time.astimezone(now.tzinfo))

    def _require_no_conflict(self, access: Access, bodies: Iterable[EventBody]) -> None:
        """Raise where the acting account has a conflict of interest with a case of the events."""
        from kjfp_helpers.state.office_conflicts import CONFLICT_EVENTS, require_no_conflict

        bound = [body for body in bodies if isinstance(body, CONFLICT_EVENTS)]
        if bound and self.round.roles and self.received.exists():
            state = self.current_state(check_members=False, require_frozen=False)
            require_no_conflict(state, access, bound)

    def record_atomically(
        self, make_events: EventFactory, *, after: int, actor: str
    ) -> tuple[Event, ...]:
        """Append what ``make_events`` returns for the events after a number, in one transaction.

        Raises
        ------
        AccessError
            As for :meth:`record`.
        """
        access = self.access()

        def allowed(news: tuple[Event, ...]) -> Iterable[EventBody]:
            bodies = tuple(make_events(news))
            access.require_record(bodies)
            return bodies

        return self.ledger.append_atomically(allowed, after=after, actor=actor, at=self.now())


def _number_objections(
    bodies: Iterable[EventBody], earlier: Iterable[Event]
) -> Iterator[EventBody]:
    """Yield the events; a new objection has the number after those before it."""
    known: list[object] = [event.body for event in earlier]
    for body in bodies:
        if isinstance(body, ObjectionReceived) and not body.number:
            body = with_next_number(body, known)
        known.append(body)
        yield body


def current_time(round: Round) -> datetime:
    """Return the current time: the fixed clock of a rehearsal, else now."""
    fixed = round.notice.round.clock
    return fixed if fixed else datetime.now(ZoneInfo(round.notice.round.timezone))
