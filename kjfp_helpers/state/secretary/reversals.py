"""Reversals: the events that undo the resolution of a work item."""

from collections.abc import Iterator

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    Event,
    EventBody,
    FieldCorrected,
    FindingReopened,
    FindingSettled,
    FormEntered,
    FormWithdrawn,
    MaterialClassified,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
    SenderRemembered,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.intake.field_editing import to_event_value
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.audit_trail import item_history
from kjfp_helpers.state.secretary.resolutions import (
    affected_cases,
    choose_nominees,
    find_unclassified_text,
)
from kjfp_helpers.state.secretary.work_item import OF_UNIT, WorkItem


def revert(state: RoundState, item: WorkItem, reason: str) -> tuple[EventBody, ...]:
    """Return the events that revert an item's resolution; ``()`` where there is none."""
    if item.done is None:
        return ()
    body = item.done.body
    if isinstance(body, NomineesChosen):
        return choose_nominees(item, (), reason)
    if isinstance(body, NominationWithdrawn):
        return (NominationRestored(case=body.case, reason=reason),)
    if isinstance(body, ArrivalRecorded):
        return (ArrivalRecorded(receipt=body.receipt, at="", reason=reason),)
    if isinstance(body, FieldCorrected):
        now = getattr(item.record.body, body.field) if item.record else body.new
        return (
            FieldCorrected(
                record=body.record,
                field=body.field,
                old=to_event_value(now),
                new=body.old,
                reason=reason,
                code=body.code,
            ),
        )
    if isinstance(body, VersionChosen):
        return (VersionChosen(record="", records=body.records, reason=reason),)
    if isinstance(body, UnitAssigned):
        unit = _unit_before(state, item.done, body)
        assigned = UnitAssigned(receipt=body.receipt, unit=unit, reason=reason, record=body.record)
        return (assigned, *_forget_sender(state, item, body, reason))
    return (
        *_withdraw_forms(state, item, reason),
        *_unclassify_text(state, item, reason),
        *_reopen_findings(state, item, reason),
    )


def _forget_sender(
    state: RoundState, item: WorkItem, body: UnitAssigned, reason: str
) -> Iterator[EventBody]:
    """Yield the event that forgets the address of a message, if the unit was remembered for it."""
    sender = item.mail.sender if item.mail else ""
    known = [
        event.body.unit
        for event in state.events
        if isinstance(event.body, SenderRemembered) and event.body.address == sender
    ]
    if sender and known and known[-1] == body.unit:
        yield SenderRemembered(address=sender, unit="", reason=reason)


def _reopen_findings(state: RoundState, item: WorkItem, reason: str) -> Iterator[EventBody]:
    """Yield the events that reopen an item's finding, one for each case where it was settled."""
    finding = item.finding
    mark = "" if finding.code in OF_UNIT else finding.fingerprint
    settled = {
        e.body.case
        for e in state.events.of(FindingSettled)
        if (e.body.code, e.body.mark) == (finding.code, mark)
    }
    cases = [(case.id, mark) for case in affected_cases(state, item) if case.id in settled]
    if mark != finding.fingerprint or not cases:
        cases.insert(0, ("", finding.fingerprint))
    for case_id, fingerprint in cases:
        yield FindingReopened(
            subject=item.subject,
            code=finding.code,
            field=finding.field,
            mark=fingerprint,
            reason=reason,
            case=case_id,
        )


def _withdraw_forms(state: RoundState, item: WorkItem, reason: str) -> Iterator[EventBody]:
    """Yield the withdrawals of the forms entered from an item's file."""
    events = item_history(state, item)
    withdrawn = {e.body.record for e in state.events.of(FormWithdrawn)}
    for body in (event.body for event in events):
        own = isinstance(body, FormEntered) and item.file and body.path == item.file.path
        if own and isinstance(body, FormEntered) and body.record not in withdrawn:
            yield FormWithdrawn(record=body.record, reason=reason)


def _unclassify_text(state: RoundState, item: WorkItem, reason: str) -> Iterator[EventBody]:
    """Yield the event that removes the classification of an item's text, if it has one."""
    text = find_unclassified_text(state, item)
    bodies = state.events.bodies(MaterialClassified)
    kinds = [body.kind for body in bodies if text and body.record == text.id]
    if text and kinds and kinds[-1]:
        yield MaterialClassified(record=text.id, kind="", reason=reason)


def _unit_before(state: RoundState, event: Event, body: UnitAssigned) -> str:
    """Return the unit of the message before an event assigned it."""
    units = [
        mail.unit
        for mail in state.submissions.original_intake.mails
        if mail.receipt == body.receipt
    ]
    units += [
        e.body.unit
        for e in state.events
        if e.seq < event.seq
        and isinstance(e.body, UnitAssigned)
        and (e.body.receipt, e.body.record) == (body.receipt, body.record)
    ]
    return units[-1] if units else ""
