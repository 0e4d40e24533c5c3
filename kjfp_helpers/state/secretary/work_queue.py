"""Work queue: one item per finding that needs a person, open or resolved."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.eligibility.history.manual_overrides import withdrawal_events
from kjfp_helpers.eligibility.history.stale_decisions import dependencies_of
from kjfp_helpers.eligibility.history.versions import nominee_name
from kjfp_helpers.eligibility.quota import latest_choices
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES, field_label
from kjfp_helpers.state.panel.relationship_questions import RelationshipQuestion, list_questions
from kjfp_helpers.state.round_state import RoundState, mask_finding
from kjfp_helpers.state.secretary.finding_locator import FindingLocator

Body = TypeVar("Body")

ITEM_TITLES: Mapping[str, str] = {
    "unit": "报送单位待确认",
    "arrival": "收到时间待登记",
    "file": "文件待人工处理",
    "exhibit": "展览素材待核",
    "link": "网盘材料待取",
    "field": "识别结果待核",
    "form": "表格待核",
    "eligibility": "资格与重复",
    "held": "期限、名额与篇幅",
    "version": "重复来件与版本",
    "tie": "评委利害关系",
    "record": "在册材料",
}
"""Kinds of item, in the order in which they are dealt with."""

_BY_CODE: Mapping[str, str] = {
    "unknown_sender": "unit",
    "arrival_unknown": "arrival",
    "on_file": "record",
    "cloud_link": "link",
    "no_picture": "exhibit",
    **dict.fromkeys(
        ("needs_manual", "scanned", "unsorted", "unexpected_type", "private_data", "duplicate"),
        "file",
    ),
    **dict.fromkeys(
        (
            "commended_near",
            "not_commended",
            "duplicate_person",
            "duplicate_team",
            "copied_text",
            "leader_also_individual",
            "claims_over_unit",
        ),
        "eligibility",
    ),
    **dict.fromkeys(
        (
            "late",
            "correction_late",
            "correction_absent",
            "over_quota",
            "under_minimum",
            "story_too_long",
            "withdrawn",
        ),
        "held",
    ),
    **dict.fromkeys(("duplicate_mail", "resubmission"), "version"),
}
_OF_MAIL = ("unit", "arrival", "link", "file")
"""Kinds about a message or its file, whatever records came out of it."""
OF_UNIT = ("over_quota", "under_minimum")
"""Codes about all that a unit recommends of a kind."""
_FACTS = ("target_not_met", "superseded")
"""What the unit meant as it stands, or what its later version is asked for."""


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One thing for a person.

    ``subject`` is what a review of the finding names; ``mail``, ``file`` and ``record`` are where
    to look, ``None`` where there is none; ``done`` is the event that settled it. ``tie`` is set for
    one about a panel member's tie.
    """

    kind: str
    finding: Finding
    subject: str
    mail: Mail | None
    file: File | None
    record: Record | None
    nominee: str
    field: str
    done: Event | None = None
    tie: RelationshipQuestion | None = None

    @property
    def key(self) -> str:
        """What is the same for this item whenever the round is derived again."""
        found = self.finding
        return f"{self.subject} {found.code} {found.field} {found.fingerprint}"

    @property
    def unit(self) -> str:
        """The unit's code, ``""`` for nobody known."""
        return self.record.unit if self.record and not self.finding.unit else self.finding.unit


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
            item = _item(state, where, finding, kind)
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
        _item(
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


def work_item_kind(finding: Finding, where: FindingLocator) -> str:
    """Return the kind of item that a finding makes, ``""`` where it needs nobody."""
    if finding.code in _BY_CODE:
        return _BY_CODE[finding.code]
    if finding.severity is Severity.WARNING or finding.code in _FACTS:
        return ""
    record = where.record(finding)
    if record is None or record.kind in ("exhibit", "summary"):
        question = finding.severity is Severity.QUESTION and finding.source
        return "file" if question and record is None else ""
    if finding.field and field_label(record.kind, finding.field):
        return "field"
    return "form" if not finding.field else ""


def _item(
    state: RoundState,
    where: FindingLocator,
    finding: Finding,
    kind: str = "",
    record: Record | None = None,
) -> WorkItem:
    """Return the item of a finding, not yet done; ``kind`` and ``record`` where they are known."""
    kind = kind or work_item_kind(finding, where)
    mail = where.mail(finding)
    finding = _about_all(finding, kind, mail)
    if kind not in _OF_MAIL and finding.code not in OF_UNIT:
        record = record or where.record(finding)
    case = state.case_by_id.get(finding.case)
    nominee = case.name if case else nominee_name(record) if record else ""
    of_mail = str(mail.receipt) if mail else finding.unit
    return WorkItem(
        kind=kind,
        finding=finding,
        subject=record.id if record else of_mail,
        mail=mail,
        file=where.file(finding),
        record=record,
        nominee=nominee,
        field=field_label(record.kind, finding.field) if record else "",
    )


def _about_all(finding: Finding, kind: str, mail: Mail | None) -> Finding:
    """Return a finding that is the same for all records of a message, or all cases of a unit."""
    if finding.code in OF_UNIT:
        return replace(finding, case="")
    if kind == "arrival" and mail:
        return replace(
            finding, case="", source=mail.path, expected="知道何时收到", found="来件没有时间"
        )
    return finding


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
                item = _item(state, where, finding, "field")
                yield replace(item, record=now, subject=now.id, done=event)
    yield from _dated(state, where)
    units = _last(state.events, UnitAssigned, lambda body: body.receipt)
    for mail in state.original_intake.mails:
        if named := units.get(mail.receipt):
            yield from (
                replace(_item(state, where, one), done=named) for one in _named(mail, named)
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
            yield replace(_item(state, where, asked), done=event)


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
