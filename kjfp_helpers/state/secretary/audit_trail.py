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
    SenderRemembered,
    UnitAssigned,
    VersionChosen,
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
    return tuple(event for event in state.events if _concerns(event, item, receipt, record))


def _concerns(event: Event, item: WorkItem, receipt: int | None, record: str | None) -> bool:
    """Whether an event concerns an item."""
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
        return body.unit == item.unit and _is_in_letter(body, item)
    if isinstance(body, SenderRemembered | VersionChosen):
        return _is_about_sender_or_version(body, item, record)
    if isinstance(body, MaterialClassified):
        return body.record.partition("-u")[0] == str(receipt)
    by_case = FindingSettled | NominationWithdrawn | NominationRestored
    return (
        isinstance(body, by_case) and bool(item.finding.case) and (body.case == item.finding.case)
    )


def _is_about_sender_or_version(
    body: SenderRemembered | VersionChosen, item: WorkItem, record: str | None
) -> bool:
    """Whether an event is about the address of an item's message, or its record's versions."""
    if isinstance(body, VersionChosen):
        return record in body.records
    return item.mail is not None and body.address == item.mail.sender


def _is_in_letter(body: CorrectionDeadlineExtended | LetterIssued, item: WorkItem) -> bool:
    """Whether a letter asks about an item's finding, or an extension applies to it."""
    if isinstance(body, CorrectionDeadlineExtended):
        return item.kind == "held"
    finding = item.finding
    listed = {(code, field, fingerprint) for code, field, _, _, fingerprint in body.findings}
    return (finding.code, finding.field, finding.fingerprint) in listed
