"""A step that is skipped where it would write again exactly what stands already."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.commands.steps.unread_kinds import UNREAD_KINDS
from kjfp_helpers.core.events import EVENT_CLASSES, stored_kind
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.step_stamps import StepStamp, StepStamps
from kjfp_helpers.intake.files.tool_versions import tool_versions_of
from kjfp_helpers.state.frozen_rules import FREEZES, freeze_state
from kjfp_helpers.state.ledger_heads import UNDERIVED_KINDS, Head
from kjfp_helpers.state.printed_heads import recorded_head
from kjfp_helpers.state.step_inputs import digest_inputs

if TYPE_CHECKING:
    from kjfp_helpers.core.events import Event
    from kjfp_helpers.state import RoundSession


class StampedStep:
    """A step of an open round, with its stamp in the outputs.

    The stamp names the last event that the step reads: later ones of other kinds change nothing.

    Parameters
    ----------
    session : RoundSession
        The round.
    step : str
        Name of the step, under which it also records its outputs in the ledger.
    parameters : str
        What the step depends on beside rules, intake, ledger and code.
    """

    def __init__(self, session: "RoundSession", step: str, *parameters: str) -> None:
        self._session, self._step, self._parameters = session, step, parameters
        unread = map(stored_kind, UNREAD_KINDS.get(step, ()))
        self._unread = (*UNDERIVED_KINDS, *unread)
        self._stamps = StepStamps(session.outputs, session.received.folder)
        self._intake = sha256_file(session.received.file)  # before it is loaded

    def find_unchanged(self) -> StepResult | None:
        """Return the result of the step where everything stands, without deriving anything."""
        head = Head(*self._session.ledger.head(without_kinds=self._unread))
        stamp = self._stamps.find(self._step, self._digest(head))
        if stamp is None or not self._is_recorded(stamp.record) or not self._has_frozen_rules():
            return None
        if stamp.tools != tool_versions_of(stamp.tools):
            return None
        return StepResult(skipped=stamp.count, notes=tuple(stamp.notes))

    def finish(
        self,
        result: StepResult,
        events: Sequence["Event"],
        files: Mapping[str, str],
        *,
        whole: Sequence[str] = (),
        read: Iterable[str] = (),
        tools: Iterable[str] = (),
        notes: Sequence[str] | None = None,
    ) -> StepResult:
        """Stamp the step, unless something failed, and return its result.

        Parameters
        ----------
        result : StepResult
            What the step reports.
        events : sequence of Event
            The events that its files were made from.
        files, whole, read
            As in :class:`~kjfp_helpers.infra.step_stamps.StepStamp`; ``read`` are paths below the
            folder of received material, with or without the SHA-256 of each.
        tools : iterable of str
            Programs that were needed.
        notes : sequence of str
            The lines of a later run that skips the step, where they differ from those of this one.
        """
        last = (event for event in reversed(events) if event.kind not in self._unread)
        head = next(last, None)
        if result.failed or head is None:
            return result
        stamp = StepStamp(
            inputs=self._digest(Head(head.seq, head.hash)),
            files=dict(files),
            whole=tuple(whole),
            read=self._stamps.digest_read(read),
            count=result.made + result.skipped,
            notes=tuple(result.notes if notes is None else notes),
            record=self._record(),
            tools=tool_versions_of(tools),
        )
        self._stamps.write(self._step, stamp)
        return result

    def _digest(self, head: Head) -> str:
        return digest_inputs(self._session.round, self._intake, head, *self._parameters)

    def _has_frozen_rules(self) -> bool:
        """Return whether the rule files are those last frozen, where they ever were."""
        others = set(EVENT_CLASSES.values()) - set(FREEZES)
        ledger = self._session.ledger
        seq, _ = ledger.head(without_kinds=tuple(map(stored_kind, others)))
        last = ledger.events(after=seq - 1, until=seq)
        return freeze_state(self._session.round, last) != "changed"

    def _record(self) -> str:
        head = recorded_head(self._session.outputs, self._step)
        return str(head) if head else ""

    def _is_recorded(self, record: str) -> bool:
        """Return whether the ledger and the list of heads still hold the record of the outputs."""
        head = recorded_head(self._session.outputs, self._step)
        if not record or head is None:
            return not record and head is None
        known = self._session.ledger.hashes_of([head.seq])
        return str(head) == record and known.get(head.seq) == head.hash
