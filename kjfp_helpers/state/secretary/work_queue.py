"""Work queue: one item per finding that needs a person, open or resolved."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    UnitAssigned,
)
from kjfp_helpers.core.findings import FINDING_TYPES, Finding, Severity
from kjfp_helpers.core.records import Mail, Record
from kjfp_helpers.eligibility.history.manual_overrides import withdrawal_events
from kjfp_helpers.eligibility.history.stale_decisions import dependencies_of
from kjfp_helpers.eligibility.quota import latest_choices
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES
from kjfp_helpers.state.derivation.masked_numbers import mask_finding
from kjfp_helpers.state.panel.relationship_questions import RelationshipQuestion, list_questions
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.finding_locator import FindingLocator
from kjfp_helpers.state.secretary.work_item import ITEM_TITLES, WorkItem, build_item, work_item_kind

Body = TypeVar("Body")


def work_items(state: RoundState) -> tuple[WorkItem, ...]:
    """Return every item in the order of work: open or done, kind by kind, unit by unit."""
    where = FindingLocator(state)
    found = [item for _, item in _of_findings(state, where)]
    present = {item.key for item in found}
    found += [item for item in _answered(state, where) if item.key not in present]
    found += [_tie_item(state, one) for one in list_questions(state)]
    return _sorted(state, found)


def answered_findings(state: RoundState) -> frozenset[Finding]:
    """Return the findings that somebody answered, each as it was found."""
    pairs = _of_findings(state, FindingLocator(state))
    return frozenset(finding for finding, item in pairs if item.done)


def _of_findings(state: RoundState, where: FindingLocator) -> Iterator[tuple[Finding, WorkItem]]:
    """Yield the findings that need a person, each with its item."""
    reviewed, decisions = latest_resolutions(state.events), _decisions(state.events)
    unread = {form.source for form in state.unread_forms}
    for finding in state.findings:
        kind = work_item_kind(finding, where) or ("file" if finding.source in unread else "")
        if kind:
            item = build_item(state, where, finding, kind)
            done = decisions.get(_decided_on(finding)) or reviewed.get(item.key)
            yield finding, replace(item, done=done)


def _tie_item(state: RoundState, tie: RelationshipQuestion) -> WorkItem:
    case = state.case_by_id.get(tie.case)
    whom = f"评委 {tie.member} {tie.name}" + (f" 与 {case.name}" if case else "")
    return WorkItem(
        kind="tie",
        finding=tie.to_finding(state),
        subject=f"{tie.member} {tie.case} {tie.seq}",
        mail=None,
        file=None,
        record=None,
        nominee=whom,
        field="",
        done=tie.done,
        tie=tie,
    )


def record_items(state: RoundState) -> tuple[WorkItem, ...]:
    """Return an item for each current record, found fault with or not, in the order of work."""
    where = FindingLocator(state)
    cases = {case.record.id: case.id for case in state.cases}
    found = [
        build_item(
            state,
            where,
            Finding(
                code="on_file",
                expected="与依据一致",
                found="在册",
                unit=one.unit,
                case=cases.get(one.id, ""),
                source=one.source,
            ),
            record=one,
        )
        for one in state.records
        if one.kind in EDITABLE_RECORD_TYPES
    ]
    return _sorted(state, found)


def _sorted(state: RoundState, found: Iterable[WorkItem]) -> tuple[WorkItem, ...]:
    unique = {item.key: item for item in reversed(list(found))}
    units = {unit.code: number for number, unit in enumerate(state.round.units)}
    return tuple(sorted(unique.values(), key=lambda item: _order(units, item)))


def _decisions(events: Sequence[Event]) -> dict[tuple[str, ...], Event]:
    """Return the choices among nominees and the withdrawals that stand, by what they are about."""
    chosen = {("over_quota", *about): event for about, event in latest_choices(events).items()}
    return chosen | {
        ("withdrawn", case): event for case, event in withdrawal_events(events).items()
    }


def _decided_on(finding: Finding) -> tuple[str, ...]:
    """Return what a decision on a finding is filed under; a choice that fits names cases."""
    if finding.code == "over_quota" and finding.case:
        return finding.code, finding.unit, finding.field
    return finding.code, finding.case


def latest_resolutions(events: Iterable[Event]) -> dict[str, Event]:
    """Return the event that settled each item, by its key.

    Those taken back are left out, and those given before a correction of what they rest on.
    """
    held: dict[str, Event] = {}
    for event in events:
        body = event.body
        if isinstance(body, FieldCorrected):
            held = {key: one for key, one in held.items() if not _rests(one, body)}
        if isinstance(body, FindingReviewed | FindingReopened):
            key = f"{body.subject} {body.code} {body.field} {body.mark}"
            if isinstance(body, FindingReviewed):
                held[key] = event
            else:
                held.pop(key, None)
    return held


def _rests(event: Event, fixed: FieldCorrected) -> bool:
    body = event.body
    return (
        isinstance(body, FindingReviewed)
        and body.subject == fixed.record
        and fixed.field in dependencies_of(body.code, body.field)
    )


def _order(units: Mapping[str, int], item: WorkItem) -> tuple[object, ...]:
    return (
        list(ITEM_TITLES).index(item.kind),
        units.get(item.unit, len(units)),
        item.nominee,
        list(FINDING_TYPES).index(item.finding.code),
        item.key,
    )


def _answered(state: RoundState, where: FindingLocator) -> Iterator[WorkItem]:
    """Yield what was found when the mail was read and is gone: corrected, or its unit named."""
    corrections = _last(state.events, FieldCorrected, lambda body: (body.record, body.field))
    read = {record.id: record for record in state.original_intake.records}
    for event in corrections.values():
        body = event.body
        if isinstance(body, FieldCorrected) and body.record in read:
            now = where.records[body.record]
            for finding in _corrected_findings(read[body.record], now, body):
                item = build_item(state, where, finding, "field")
                yield replace(item, record=now, subject=now.id, done=event)
    yield from _dated(state, where)
    units = _last(state.events, UnitAssigned, lambda body: body.receipt)
    for mail in state.original_intake.mails:
        if named := units.get(mail.receipt):
            yield from (
                replace(build_item(state, where, one), done=named) for one in _named(mail, named)
            )


def _dated(state: RoundState, where: FindingLocator) -> Iterator[WorkItem]:
    """Yield the messages whose time of arrival the secretary recorded."""
    times = _last(state.events, ArrivalRecorded, lambda body: body.receipt)
    for mail in state.intake.mails:
        if mail.recorded and (event := times.get(mail.receipt)):
            asked = Finding(
                code="arrival_unknown",
                unit=mail.unit,
                source=mail.path,
                place="收件时间",
                expected="",
                found="",
            )
            yield replace(build_item(state, where, asked), done=event)


def _corrected_findings(read: Record, now: Record, body: FieldCorrected) -> Iterator[Finding]:
    """Yield what was found on a field before it got another value, else that it got one."""
    if getattr(now.body, body.field, None) == getattr(read.body, body.field, None):
        return
    own = [
        mask_finding(one).filed_under(unit=now.unit)
        for one in read.findings
        if body.field in (one.field, one.field.removesuffix("_other"))
        and one.severity is not Severity.WARNING
    ]
    yield from own or [
        Finding(
            code=body.code or "corrected",
            expected="与原件一致",
            found="已更正",
            field=body.field,
            unit=now.unit,
            source=read.source,
            place=read.provenance.get(body.field, ""),
        )
    ]


def _named(mail: Mail, event: Event) -> Iterator[Finding]:
    """Yield that nobody knew a message's unit, or that it got another one."""
    unit = _unit(event)
    own = [
        mask_finding(one).filed_under(unit=unit)
        for one in mail.findings
        if one.code == "unknown_sender"
    ]
    moved = Finding(
        code="unknown_sender",
        expected="实际报送单位",
        found="已改为指定的单位",
        unit=unit,
        source=mail.path,
    )
    if unit and unit != mail.unit:
        yield from own or [moved]


def _last(
    events: Iterable[Event], kind: type[Body], key: Callable[[Body], object]
) -> dict[object, Event]:
    """Return the last event of a kind by what it is about."""
    return {key(event.body): event for event in events if isinstance(event.body, kind)}


def _unit(event: Event) -> str:
    return event.body.unit if isinstance(event.body, UnitAssigned) else ""
