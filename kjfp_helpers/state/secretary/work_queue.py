"""Work queue: one item per finding that needs a person, open or resolved."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    Event,
    EventLog,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.findings import FINDING_TYPES, Finding, Severity
from kjfp_helpers.core.records import KIND_TITLES, Mail, Record
from kjfp_helpers.eligibility.history.intake_overrides import withdrawal_events
from kjfp_helpers.eligibility.history.stale_decisions import dependencies_of
from kjfp_helpers.eligibility.masked_numbers import mask_finding
from kjfp_helpers.eligibility.quota import latest_choices
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    RelationshipQuestion,
    list_questions,
)
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.finding_locator import FindingLocator
from kjfp_helpers.state.secretary.work_item import ITEM_TITLES, WorkItem, build_item, work_item_kind

Body = TypeVar("Body")


def work_items(state: RoundState) -> tuple[WorkItem, ...]:
    """Return all items, open and resolved, sorted by kind and unit."""
    where = FindingLocator(state)
    items = [item for _, item in _current_items(state, where)]
    present = {item.key for item in items}
    items += [item for item in _resolved_items(state, where) if item.key not in present]
    items += [_relationship_item(state, question) for question in list_questions(state)]
    return _sort_items(state, items)


def items_by_finding(state: RoundState) -> dict[Finding, WorkItem]:
    """Return the item of each current finding that needs a decision."""
    return dict(_current_items(state, FindingLocator(state)))


def answered_findings(state: RoundState) -> frozenset[Finding]:
    """Return the current findings that have a resolution."""
    return frozenset(finding for finding, item in items_by_finding(state).items() if item.done)


def _current_items(state: RoundState, where: FindingLocator) -> Iterator[tuple[Finding, WorkItem]]:
    """Yield the current findings that need a decision, each with its item."""
    reviewed, decisions = latest_resolutions(state.events), _decisions(state.events)
    unread = {form.source for form in state.submissions.unread_forms}
    for finding in state.screening.findings:
        kind = work_item_kind(finding, where) or ("file" if finding.source in unread else "")
        if kind:
            item = build_item(state, where, finding, kind)
            done = decisions.get(_decision_key(finding)) or reviewed.get(item.key)
            yield finding, replace(item, done=done)


def _relationship_item(state: RoundState, question: RelationshipQuestion) -> WorkItem:
    """Return the item of a relationship question."""
    case = state.screening.case_by_id.get(question.case)
    label = f"评委 {question.name}（{question.member}）" + (f" 与 {case.name}" if case else "")
    return WorkItem(
        kind="tie",
        finding=question.to_finding(state),
        subject=f"{question.member} {question.case} {question.seq}",
        mail=None,
        file=None,
        record=None,
        nominee=label,
        field="",
        done=question.done,
        tie=question,
    )


def record_items(state: RoundState) -> tuple[WorkItem, ...]:
    """Return an item for every current record, with or without findings, in the order of work."""
    where = FindingLocator(state)
    cases = {case.record.id: case.id for case in state.screening.cases}
    items = [
        build_item(
            state,
            where,
            Finding(
                code="on_file",
                expected="与依据一致",
                found="在册",
                unit=record.unit,
                case=cases.get(record.id, ""),
                source=record.source,
            ),
            record=record,
        )
        for record in state.submissions.records
        if record.kind in EDITABLE_RECORD_TYPES
    ]
    return _sort_items(state, items)


def _sort_items(state: RoundState, items: Iterable[WorkItem]) -> tuple[WorkItem, ...]:
    """Return the items sorted; of items with the same key the first."""
    unique = {item.key: item for item in reversed(list(items))}
    units = {unit.code: number for number, unit in enumerate(state.round.units)}
    return tuple(sorted(unique.values(), key=lambda item: _sort_key(units, item)))


def _decisions(events: Sequence[Event]) -> dict[tuple[str, ...], Event]:
    """Return the nominee choices and withdrawals in force, by code and unit or case."""
    chosen = {("over_quota", *key): event for key, event in latest_choices(events).items()}
    return chosen | {
        ("withdrawn", case): event for case, event in withdrawal_events(events).items()
    }


def _decision_key(finding: Finding) -> tuple[str, ...]:
    """Return the key of a decision on a finding, as in :func:`_decisions`."""
    if finding.code == "over_quota" and finding.case:
        return finding.code, finding.unit, finding.field
    return finding.code, finding.case


def latest_resolutions(events: Iterable[Event]) -> dict[str, Event]:
    """Return the event that resolved each item, by item key.

    Reverted resolutions are left out, and those made before a correction of a field on which they
    depend.
    """
    resolutions: dict[str, Event] = {}
    for event in events:
        body = event.body
        if isinstance(body, FieldCorrected):
            resolutions = {
                key: resolution
                for key, resolution in resolutions.items()
                if not _depends_on(resolution, body)
            }
        if isinstance(body, FindingReviewed | FindingReopened):
            key = f"{body.subject} {body.code} {body.field} {body.mark}"
            if isinstance(body, FindingReviewed):
                resolutions[key] = event
            else:
                resolutions.pop(key, None)
    return resolutions


def _depends_on(event: Event, correction: FieldCorrected) -> bool:
    """Whether a resolution depends on the corrected field."""
    body = event.body
    return (
        isinstance(body, FindingReviewed)
        and body.subject == correction.record  # one on figures tells them, and is new when they are
        and correction.field in dependencies_of(body.code, body.field)
    )


def _sort_key(units: Mapping[str, int], item: WorkItem) -> tuple[object, ...]:
    """Return the sort key of an item: kind, unit, nominee, code, item key."""
    return (
        list(ITEM_TITLES).index(item.kind),
        units.get(item.unit, len(units)),
        item.nominee,
        list(FINDING_TYPES).index(item.finding.code),
        item.key,
    )


def _resolved_items(state: RoundState, where: FindingLocator) -> Iterator[WorkItem]:
    """Yield the items whose findings no longer exist: field corrected, or unit or time recorded."""
    corrections = _last_by_key(state.events, FieldCorrected, lambda body: (body.record, body.field))
    read = {record.id: record for record in state.submissions.original_intake.records}
    for event in corrections.values():
        body = event.body
        if isinstance(body, FieldCorrected) and body.record in read:
            now = where.records[body.record]
            for finding in _corrected_findings(read[body.record], now, body):
                item = build_item(state, where, finding, "field")
                yield replace(item, record=now, subject=now.id, done=event)
    yield from _dated_items(state, where)
    yield from _chosen_items(state, where)
    units = _last_by_key(state.events, UnitAssigned, lambda body: body.receipt)
    for mail in state.submissions.original_intake.mails:
        if assignment := units.get(mail.receipt):
            for finding in _unit_findings(mail, assignment):
                yield replace(build_item(state, where, finding), done=assignment)


def _dated_items(state: RoundState, where: FindingLocator) -> Iterator[WorkItem]:
    """Yield the items of messages whose time of arrival the secretary recorded."""
    times = _last_by_key(state.events, ArrivalRecorded, lambda body: body.receipt)
    for mail in state.submissions.intake.mails:
        if mail.recorded and (event := times.get(mail.receipt)):
            finding = Finding(
                code="arrival_unknown",
                unit=mail.unit,
                source=mail.path,
                place="收件时间",
                expected="",
                found="",
            )
            yield replace(build_item(state, where, finding), done=event)


def _chosen_items(state: RoundState, where: FindingLocator) -> Iterator[WorkItem]:
    """Yield the items of documents of whose versions the secretary chose one."""
    chosen = _last_by_key(state.events, VersionChosen, lambda body: body.record)
    cases = {case.record.id: case.id for case in state.screening.cases}
    counted = {pair.new.id for pair in state.submissions.replaced if pair.why == "chosen"}
    for record in state.submissions.records:
        if record.id in counted and (event := chosen.get(record.id)):
            finding = Finding(
                code="versions_differ",
                unit=record.unit,
                case=cases.get(record.id, ""),
                source=record.source,
                expected=f"{KIND_TITLES[record.kind]}只报一件",
                found="已选定",
            )
            yield replace(build_item(state, where, finding, record=record), done=event)


def _corrected_findings(read: Record, now: Record, body: FieldCorrected) -> Iterator[Finding]:
    """Yield the findings on a field before its correction, else one that it was corrected."""
    if getattr(now.body, body.field, None) == getattr(read.body, body.field, None):
        return
    earlier = [
        mask_finding(finding).filed_under(unit=now.unit)
        for finding in read.findings
        if body.field in (finding.field, finding.field.removesuffix("_other"))
        and finding.severity is not Severity.WARNING
    ]
    yield from earlier or [
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


def _unit_findings(mail: Mail, event: Event) -> Iterator[Finding]:
    """Yield the finding that a message's unit was unknown, or that it was changed."""
    unit = _unit(event)
    unknown = [
        mask_finding(finding).filed_under(unit=unit)
        for finding in mail.findings
        if finding.code in ("unknown_sender", "unit_inferred")
    ]
    changed = Finding(
        code="unknown_sender",
        expected="实际报送单位",
        found="已改为指定的单位",
        unit=unit,
        source=mail.path,
    )
    if unit and (unknown or unit != mail.unit):
        yield from unknown or [changed]


def _last_by_key(
    events: EventLog, kind: type[Body], key: Callable[[Body], object]
) -> dict[object, Event[Body]]:
    """Return the last event of a kind for each key."""
    return {key(event.body): event for event in events.of(kind)}


def _unit(event: Event) -> str:
    return event.body.unit if isinstance(event.body, UnitAssigned) else ""
