"""Audit trail of a work item: the events on its record, case, message or finding."""

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    CorrectionDeadlineExtended,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    FormWithdrawn,
    LetterIssued,
    MaterialClassified,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
    PaperReceived,
    UnitAssigned,
)
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.work_item import WorkItem


def item_history(state: RoundState, item: WorkItem) -> tuple[Event, ...]:
    """Return the events on an item's record, case, message or finding, oldest first."""
    receipt = item.mail.receipt if item.mail else None
    record = item.record.id if item.record else None
    if item.tie is not None:
        own = {*(event.seq for event in item.tie.rulings), item.tie.seq}
        if item.tie.withdrawn:
            own.add(item.tie.withdrawn.seq)
        return tuple(event for event in state.events if event.seq in own)
    return tuple(event for event in state.events if _about(event, item, receipt, record))


def _about(event: Event, item: WorkItem, receipt: int | None, record: str | None) -> bool:
    body = event.body
    if isinstance(body, FieldCorrected | FormWithdrawn):
        return body.record == record
    if isinstance(body, FindingReviewed | FindingReopened):
        return body.subject == item.subject
    if isinstance(body, NomineesChosen):
        return item.finding.code == "over_quota" and body.unit == item.unit
    if isinstance(body, UnitAssigned | FormEntered | ArrivalRecorded | PaperReceived):
        return (body.number if isinstance(body, PaperReceived) else body.receipt) == receipt
    if isinstance(body, CorrectionDeadlineExtended | LetterIssued):
        return body.unit == item.unit and _in_letter(body, item)
    if isinstance(body, MaterialClassified):
        return body.record.partition("-u")[0] == str(receipt)
    by_case = FindingSettled | NominationWithdrawn | NominationRestored
    return (
        isinstance(body, by_case) and bool(item.finding.case) and (body.case == item.finding.case)
    )


def _in_letter(body: CorrectionDeadlineExtended | LetterIssued, item: WorkItem) -> bool:
    """Whether a letter to the unit asked about an item's finding, or more time was given for it."""
    if isinstance(body, CorrectionDeadlineExtended):
        return item.kind == "held"
    found = item.finding
    listed = {(code, field, mark) for code, field, _, _, mark in body.findings}
    return (found.code, found.field, found.fingerprint) in listed
