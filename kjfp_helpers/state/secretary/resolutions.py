"""Resolutions of work items: each function returns the events that record one."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    CorrectionDeadlineExtended,
    EventBody,
    FieldCorrected,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    FormWithdrawn,
    MaterialClassified,
    NominationWithdrawn,
    NomineesChosen,
    PaperReceived,
    SenderRemembered,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.records import Case, Record
from kjfp_helpers.eligibility.history.intake_overrides import next_typed_record
from kjfp_helpers.eligibility.history.paper_submissions import (
    is_paper_submission,
    next_receipt_number,
)
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES, to_event_value
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.work_item import OF_UNIT, WorkItem

Change = tuple[str, Any, Any]
"""A field, its value so far and its new value."""


def confirm_finding(state: RoundState, item: WorkItem, reason: str) -> tuple[EventBody, ...]:
    """Confirm that the parsed value, or the nomination as it stands, is right.

    The finding no longer makes a case ineligible; another one of the same code still would. A
    finding on all nominations of a unit is settled for each of its cases.
    """
    finding = item.finding
    settled = (
        FindingSettled(
            case=case.id,
            code=finding.code,
            reason=reason,
            mark="" if finding.code in OF_UNIT else finding.fingerprint,
        )
        for case in affected_cases(state, item)
        if finding.code in case.reasons
    )
    return (*settled, _review_event(item, "confirmed", reason))


def affected_cases(state: RoundState, item: WorkItem) -> list[Case]:
    """Return the cases that an item's finding is about."""
    finding = item.finding
    if finding.code in OF_UNIT:
        return [
            case
            for case in state.screening.cases
            if (case.unit, case.kind) == (finding.unit, finding.field)
        ]
    case = state.screening.case_by_id.get(finding.case)
    return [case] if case else []


def list_candidates(state: RoundState, item: WorkItem) -> list[Case]:
    """Return the cases from which an over-quota unit chooses, in the unit's ranking."""
    remaining = [case for case in affected_cases(state, item) if "withdrawn" not in case.reasons]
    return sorted(remaining, key=lambda case: case.rank)


def choose_nominees(
    item: WorkItem, cases: Iterable[str], reason: str, receipt: int | None = None
) -> tuple[EventBody, ...]:
    """Record which cases an over-quota unit keeps; ``receipt`` is the message with its reply."""
    finding = item.finding
    return (
        NomineesChosen(
            unit=finding.unit,
            cases=tuple(cases),
            document=reason,
            kind=finding.field,
            receipt=receipt,
        ),
    )


def withdraw_nomination(
    item: WorkItem, reason: str, receipt: int | None = None
) -> tuple[EventBody, ...]:
    """Record that a unit withdraws an item's nomination."""
    return (NominationWithdrawn(case=item.finding.case, reason=reason, receipt=receipt),)


def record_arrival(item: WorkItem, at: datetime, reason: str) -> tuple[EventBody, ...]:
    """Record when an item's message arrived; ``at`` is timezone-aware."""
    assert item.mail is not None
    return (ArrivalRecorded(receipt=item.mail.receipt, at=at.isoformat(), reason=reason),)


def extend_correction(item: WorkItem, until: date, reason: str) -> tuple[EventBody, ...]:
    """Extend the correction deadline of an item's unit to the end of a day."""
    return (CorrectionDeadlineExtended(unit=item.unit, until=str(until), reason=reason),)


def mark_handled(item: WorkItem, reason: str) -> tuple[EventBody, ...]:
    """Mark an item as handled; the finding remains."""
    return (_review_event(item, "handled", reason),)


def correct_fields(
    item: WorkItem, changes: Iterable[Change], reason: str, channel: str = ""
) -> tuple[EventBody, ...]:
    """Correct fields of an item's record; ``channel`` says how the values became known."""
    record, finding = item.record, item.finding
    assert record is not None
    return tuple(
        FieldCorrected(
            record=record.id,
            field=name,
            old=to_event_value(old),
            new=to_event_value(new),
            reason=reason,
            code=finding.code if name == finding.field else "",
            channel=channel,
        )
        for name, old, new in changes
    )


def assign_unit(
    item: WorkItem, unit: str, reason: str, *, alone: bool = False, remember: bool = False
) -> tuple[EventBody, ...]:
    """Assign a unit to an item's message, or with ``alone`` to its record only.

    With ``remember`` the sender's address is the unit's from now on, for every message whose unit
    nothing else tells.
    """
    assert item.mail is not None
    record = item.record.id if alone and item.record else ""
    assigned = UnitAssigned(receipt=item.mail.receipt, unit=unit, reason=reason, record=record)
    if not remember or alone or not item.mail.sender:
        return (assigned,)
    return (
        assigned,
        SenderRemembered(address=item.mail.sender, unit=unit, reason=reason),
    )


def enter_form(
    state: RoundState, item: WorkItem, kind: str, values: Mapping[str, Any], reason: str
) -> tuple[EventBody, ...]:
    """Enter by hand a form read from an item's file; blank fields are left out."""
    assert item.mail is not None and item.file is not None
    receipt = item.mail.receipt
    made = FormEntered(
        record=next_typed_record(state.events, receipt),
        kind=kind,
        receipt=receipt,
        path=item.file.path,
        reason=reason,
    )
    filled = _fill_fields(made, values, code=item.finding.code)
    return (made, *filled, _review_event(item, "handled", reason))


def enter_paper(
    state: RoundState,
    unit: str,
    at: datetime,
    channel: str,
    kind: str,
    values: Mapping[str, Any],
    reason: str,
) -> tuple[EventBody, ...]:
    """Enter a submission that came on paper or by telephone, without a message.

    ``at`` is the aware time of arrival, from which lateness follows. Blank values are left out.
    """
    number = next_receipt_number(state.events)
    came = PaperReceived(
        number=number, unit=unit, at=at.isoformat(), channel=channel, reason=reason
    )
    made = FormEntered(record=f"{number}-t1", kind=kind, receipt=number, path="", reason=reason)
    return (came, made, *_fill_fields(made, values, channel=channel))


def _fill_fields(
    made: FormEntered, values: Mapping[str, Any], **origin: str
) -> tuple[FieldCorrected, ...]:
    """Return the corrections that fill an entered form; blank values are left out.

    ``origin`` is the ``code`` of the finding that led to the form, or the ``channel`` of the paper.
    """
    empty = EDITABLE_RECORD_TYPES[made.kind]()
    return tuple(
        FieldCorrected(
            record=made.record,
            field=name,
            old=to_event_value(getattr(empty, name)),
            new=to_event_value(value),
            reason=made.reason,
            **origin,
        )
        for name, value in values.items()
        if value not in (None, ())
    )


def is_manual_entry(item: WorkItem) -> bool:
    """Whether an item's record came without a message and was entered by hand."""
    return item.record is not None and item.mail is not None and is_paper_submission(item.mail)


def withdraw_entry(item: WorkItem, reason: str) -> tuple[EventBody, ...]:
    """Withdraw a record that was entered by hand; its receipt number is not reused."""
    assert item.record is not None
    return (FormWithdrawn(record=item.record.id, reason=reason),)


def list_versions(state: RoundState, item: WorkItem) -> list[Record]:
    """Return the versions from which to choose, the proposed one first; ``[]`` for no choice."""
    if item.finding.code != "versions_differ" or item.record is None:
        return []
    current = item.record
    pairs = state.submissions.replaced
    others = [pair.old for pair in pairs if pair.new.id == current.id and pair.why != "later"]
    copies = [pair.old for pair in pairs if pair.why == "copy"]
    return [current, *(other for other in others if other not in copies)]


def choose_version(records: Iterable[Record], chosen: Record, reason: str) -> tuple[EventBody, ...]:
    """Record which of several versions that came together counts."""
    ids = tuple(record.id for record in records)
    return (VersionChosen(record=chosen.id, records=ids, reason=reason),)


def classify_material(
    record: Record, item: WorkItem, kind: str, reason: str
) -> tuple[EventBody, ...]:
    """Classify a text that could not be classified automatically."""
    sorted_as = MaterialClassified(record=record.id, kind=kind, reason=reason)
    return (sorted_as, _review_event(item, "handled", reason))


def find_unclassified_text(state: RoundState, item: WorkItem) -> Record | None:
    """Return the unclassified text of an item's file, ``None`` where there is none."""
    source = item.finding.source
    texts = state.submissions.original_intake.loose
    return next((text for text in texts if (text.source, text.kind) == (source, "unsorted")), None)


def _review_event(item: WorkItem, outcome: str, reason: str) -> FindingReviewed:
    finding = item.finding
    return FindingReviewed(
        subject=item.subject,
        code=finding.code,
        field=finding.field,
        mark=finding.fingerprint,
        outcome=outcome,
        reason=reason,
    )
