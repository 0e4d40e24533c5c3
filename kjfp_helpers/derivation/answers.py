"""What the secretary answers to an item of the queue, as events; and each taken back by another."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kjfp_helpers.derivation.history import history
from kjfp_helpers.derivation.queue import Item
from kjfp_helpers.derivation.review import Review
from kjfp_helpers.events import (
    Decision,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormTyped,
    FormWithdrawn,
    MaterialSorted,
    UnitAssigned,
)
from kjfp_helpers.intake.editing import EMPTY, stored
from kjfp_helpers.records import Record

Change = tuple[str, Any, Any]
"""A field, its value so far and its new value."""


def confirm(review: Review, item: Item, reason: str) -> tuple[Decision, ...]:
    """Say that the reading, or the nomination as it is, is right.

    A finding that keeps a case out does so no more; another of the same code still would.
    """
    found, case = item.finding, review.case_by_id.get(item.finding.case)
    settled: tuple[Decision, ...] = ()
    if case is not None and found.code in case.reasons:
        settled = (
            FindingSettled(case=case.id, code=found.code, reason=reason, mark=found.mark),
        )  # fmt: skip
    return (*settled, _reviewed(item, "confirmed", reason))


def handle(item: Item, reason: str) -> tuple[Decision, ...]:
    """Say that the matter is dealt with; the finding stays as it is."""
    return (_reviewed(item, "handled", reason),)


def correct(item: Item, changes: Iterable[Change], reason: str) -> tuple[Decision, ...]:
    """Give fields of an item's record other values."""
    record, found = item.record, item.finding
    assert record is not None
    return tuple(
        FieldCorrected(record=record.id, field=name, old=stored(old), new=stored(new),
                       reason=reason, code=found.code if name == found.field else "")
        for name, old, new in changes
    )  # fmt: skip


def assign(item: Item, unit: str, reason: str, *, alone: bool = False) -> tuple[Decision, ...]:
    """Name the unit of an item's message, or of its record alone."""
    assert item.mail is not None
    record = item.record.id if alone and item.record else ""
    return (UnitAssigned(receipt=item.mail.receipt, unit=unit, reason=reason, record=record),)


def type_form(
    review: Review, item: Item, kind: str, values: Mapping[str, Any], reason: str
) -> tuple[Decision, ...]:
    """Make a record of what a person read from an item's file; blank fields are left out."""
    assert item.mail is not None and item.file is not None
    receipt, empty = item.mail.receipt, EMPTY[kind]()
    before = [e for e in review.events if isinstance(e.body, FormTyped)]
    number = sum(isinstance(e.body, FormTyped) and e.body.receipt == receipt for e in before) + 1
    record = f"{receipt}-t{number}"
    made = FormTyped(record=record, kind=kind, receipt=receipt, path=item.file.path, reason=reason)
    filled = (
        FieldCorrected(record=record, field=name, old=stored(getattr(empty, name)),
                       new=stored(value), reason=reason, code=item.finding.code)
        for name, value in values.items() if value not in (None, ())
    )  # fmt: skip
    return (made, *filled, _reviewed(item, "handled", reason))


def sort(record: Record, item: Item, kind: str, reason: str) -> tuple[Decision, ...]:
    """Say what kind of material a text is that no program could sort."""
    sorted_as = MaterialSorted(record=record.id, kind=kind, reason=reason)
    return (sorted_as, _reviewed(item, "handled", reason))


def loose_text(review: Review, item: Item) -> Record | None:
    """Return the text of an item's file that waits to be sorted, ``None`` where there is none."""
    source = item.finding.source
    return next((text for text in review.arrived.loose if text.source == source), None)


def take_back(review: Review, item: Item, reason: str) -> tuple[Decision, ...]:
    """Return the events that undo what settled an item; ``()`` where nothing did."""
    if item.done is None:
        return ()
    body = item.done.body
    if isinstance(body, FieldCorrected):
        now = getattr(item.record.body, body.field) if item.record else body.new
        return (
            FieldCorrected(record=body.record, field=body.field, old=stored(now), new=body.old,
                           reason=reason, code=body.code),
        )  # fmt: skip
    if isinstance(body, UnitAssigned):
        unit = _unit_before(review, item.done, body)
        return (UnitAssigned(receipt=body.receipt, unit=unit, reason=reason, record=body.record),)
    return (
        *_withdrawn(review, item, reason), *_unsorted(review, item, reason),
        _reopened(review, item, reason),
    )  # fmt: skip


def _reviewed(item: Item, outcome: str, reason: str) -> FindingReviewed:
    found = item.finding
    return FindingReviewed(subject=item.subject, code=found.code, field=found.field,
                           mark=found.mark, outcome=outcome, reason=reason)  # fmt: skip


def _reopened(review: Review, item: Item, reason: str) -> FindingReopened:
    found = item.finding
    settled = any(
        isinstance(e.body, FindingSettled) and e.body.case == found.case
        and (e.body.code, e.body.mark) == (found.code, found.mark)
        for e in review.events
    )  # fmt: skip
    return FindingReopened(
        subject=item.subject, code=found.code, field=found.field, mark=found.mark,
        reason=reason, case=found.case if settled else "",
    )  # fmt: skip


def _withdrawn(review: Review, item: Item, reason: str) -> Iterator[Decision]:
    """Yield the withdrawal of the forms typed from an item's file."""
    events = history(review, item)
    gone = {e.body.record for e in review.events if isinstance(e.body, FormWithdrawn)}
    for body in (event.body for event in events):
        own = isinstance(body, FormTyped) and item.file and body.path == item.file.path
        if own and isinstance(body, FormTyped) and body.record not in gone:
            yield FormWithdrawn(record=body.record, reason=reason)


def _unsorted(review: Review, item: Item, reason: str) -> Iterator[Decision]:
    """Yield that an item's text is unsorted again, where it had been sorted."""
    text = loose_text(review, item)
    bodies = [event.body for event in review.events if isinstance(event.body, MaterialSorted)]
    kinds = [body.kind for body in bodies if text and body.record == text.id]
    if text and kinds and kinds[-1]:
        yield MaterialSorted(record=text.id, kind="", reason=reason)


def _unit_before(review: Review, event: Event, body: UnitAssigned) -> str:
    """Return the unit of the message before an event assigned it."""
    units = [mail.unit for mail in review.arrived.mails if mail.receipt == body.receipt]
    units += [
        e.body.unit for e in review.events
        if e.seq < event.seq and isinstance(e.body, UnitAssigned)
        and (e.body.receipt, e.body.record) == (body.receipt, body.record)
    ]  # fmt: skip
    return units[-1] if units else ""
