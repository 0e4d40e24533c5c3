"""Manual overrides of the intake: unit of a message, kind of a text, forms entered by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    Event,
    EventLog,
    FormEntered,
    FormWithdrawn,
    MailReceived,
    MaterialClassified,
    NominationRestored,
    NominationWithdrawn,
    PaperReceived,
    SenderRemembered,
    SummaryTyped,
    UnitAssigned,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import (
    File,
    Intake,
    Mail,
    Record,
    Section,
    StoryAttachment,
    Summary,
)
from kjfp_helpers.eligibility.history.paper_submissions import (
    add_paper_submissions,
    is_paper_submission,
)
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES
from kjfp_helpers.intake.forms.story_attachments import join_stories


def apply_overrides(intake: Intake, events: Sequence[Event]) -> Intake:
    """Return what arrived with units and times as recorded, texts as sorted and typed forms.

    A message that got its unit loses the finding that nobody knew it; texts that nobody sorted
    are no records yet.
    """
    intake = add_paper_submissions(intake, events)
    times = _times(events)
    remembered = _remembered_units(intake.mails, events)
    units = remembered | _units(events)
    mails = tuple(
        _mail(mail, units, times, is_remembered=(mail.receipt, "") in remembered)
        for mail in intake.mails
    )
    typed = tuple(_typed_summaries(intake, events))
    records = (
        *_without_sources(_classified_records(intake, events), typed),
        *_entered_forms(intake, events),
        *typed,
    )
    return Intake(mails=mails, records=tuple(_record(record, units) for record in records))


def record_history(intake: Intake, events: Sequence[Event]) -> tuple[Record, ...]:
    """Return every record under every unit it ever had, in the order in which that was known.

    Numbers of cases are given in this order, so that a later assignment moves no other case.
    """
    intake = add_paper_submissions(intake, events, withdrawn=True)
    log = EventLog(events)
    came = {e.body.number: e.seq for e in log.of(MailReceived, PaperReceived)}
    known = {e.body.record: e.seq for e in log.of(FormEntered, SummaryTyped)}
    texts = {text.id for text in intake.loose}
    known |= {e.body.record: e.seq for e in log.of(MaterialClassified) if e.body.record in texts}
    records = (
        *_classified_records(intake, events),
        *_entered_forms(intake, events, withdrawn=True),
        *_typed_summaries(intake, events, withdrawn=True),
    )
    first = [(known.get(one.id, came.get(one.receipt, 0)), one) for one in records]
    assigned = log.of(UnitAssigned)
    later = [
        (seq, _record(one, _units(event for event in assigned if event.seq < seq)))
        for seq, one in first
        if one.id in known
    ]
    units: dict[tuple[int, str], str] = {}
    for event in assigned:
        _assign(units, event.body)
        there = [one for seq, one in first if seq < event.seq]
        later += [
            (event.seq, _record(one, units)) for one in there if one.receipt == event.body.receipt
        ]
    later += _remembered_history(intake, events, first, came)
    ordered = sorted((*first, *later), key=lambda pair: (pair[0], pair[1].receipt))
    return tuple(record for _, record in ordered)


def _units(events: Iterable[Event]) -> dict[tuple[int, str], str]:
    """Return the unit of each message, and of each single record that has its own."""
    units: dict[tuple[int, str], str] = {}
    for event in EventLog(events).of(UnitAssigned):
        _assign(units, event.body)
    return units


def _assign(units: dict[tuple[int, str], str], body: UnitAssigned) -> None:
    """File an assignment; one of a whole message holds for all its records again."""
    if not body.record:
        for key in [key for key in units if key[0] == body.receipt]:
            del units[key]
    units[body.receipt, body.record] = body.unit


def _is_doubtful(mail: Mail) -> bool:
    """Whether nothing tells for certain whose a message is."""
    return not mail.unit or any(finding.code == "unit_inferred" for finding in mail.findings)


def _remembered_units(mails: Iterable[Mail], events: Iterable[Event]) -> dict[tuple[int, str], str]:
    """Return the unit of each doubtful message whose sender's address the secretary knows."""
    known = {body.address: body.unit for body in EventLog(events).bodies(SenderRemembered)}
    return {
        (mail.receipt, ""): known[mail.sender]
        for mail in mails
        if known.get(mail.sender) and _is_doubtful(mail)
    }


def _remembered_history(
    intake: Intake,
    events: Iterable[Event],
    first: Sequence[tuple[int, Record]],
    came: Mapping[int, int],
) -> list[tuple[int, Record]]:
    """Return the records under each unit that an address gave them, with when that was known."""
    senders = {mail.receipt: mail.sender for mail in intake.mails if _is_doubtful(mail)}
    return [
        (max(event.seq, seq, came.get(record.receipt, 0)), replace(record, unit=event.body.unit))
        for event in EventLog(events).of(SenderRemembered)
        if event.body.unit
        for seq, record in first
        if senders.get(record.receipt) == event.body.address
    ]


def _times(events: Iterable[Event]) -> dict[int, str]:
    """Return when messages came, by the secretary's last word."""
    return {body.receipt: body.at for body in EventLog(events).bodies(ArrivalRecorded)}


def withdrawal_events(events: Iterable[Event]) -> dict[str, Event]:
    """Return the cases that their units took back, each with the event that says so."""
    gone: dict[str, Event] = {}
    for event in events:
        if isinstance(event.body, NominationWithdrawn):
            gone[event.body.case] = event
        elif isinstance(event.body, NominationRestored):
            gone.pop(event.body.case, None)
    return gone


def _mail(
    mail: Mail,
    units: Mapping[tuple[int, str], str],
    times: Mapping[int, str],
    *,
    is_remembered: bool,
) -> Mail:
    if at := times.get(mail.receipt):
        mail = replace(mail, recorded=datetime.fromisoformat(at))
    unit = units.get((mail.receipt, ""))
    if unit is None:
        return mail
    answered = ("unknown_sender", "unit_inferred") if unit else ()
    findings = [finding for finding in mail.findings if finding.code not in answered]
    if is_remembered and unit:
        findings.append(
            Finding(
                code="sender_known",
                source=mail.path,
                expected="名册内单位的邮箱或主题",
                found=f"来自已登记的地址{mail.sender}",
            )
        )
    return replace(mail, unit=unit, findings=tuple(_under(finding, unit) for finding in findings))


def _record(record: Record, units: Mapping[tuple[int, str], str]) -> Record:
    whole = units.get((record.receipt, ""))
    unit = units.get((record.receipt, record.id), whole)
    if unit is None:
        return record
    return replace(
        record, unit=unit, findings=tuple(_under(finding, unit) for finding in record.findings)
    )


def _under(finding: Finding, unit: str) -> Finding:
    return replace(finding, unit=unit)


def _classified_records(intake: Intake, events: Iterable[Event]) -> tuple[Record, ...]:
    """Return the records read, with those texts that a person sorted as what they are."""
    kinds = {body.record: body.kind for body in EventLog(events).bodies(MaterialClassified)}
    by_mail: dict[int, list[Record]] = {}
    for record in intake.records:
        by_mail.setdefault(record.receipt, []).append(record)
    for text in intake.loose:
        by_mail.setdefault(text.receipt, []).extend(_as(text, kinds.get(text.id, "")))
    joined = (
        join_stories(records) if any(record.id in kinds for record in records) else records
        for records in by_mail.values()
    )
    return tuple(record for records in joined for record in records)


def _as(record: Record, kind: str) -> Iterator[Record]:
    """Yield a loose text as the record that a person said it is, if anybody did."""
    if kind == "summary":
        yield replace(record, kind="summary")
    elif kind == "story_attachment" and isinstance(record.body, Summary):
        parts = [
            line
            for section in record.body.sections
            for line in (section.heading, section.text)
            if line
        ]
        story = StoryAttachment(story="\n".join(parts))
        yield replace(record, kind="story_attachment", body=story, provenance={"story": "全文"})


def _entered_forms(
    intake: Intake, events: Iterable[Event], *, withdrawn: bool = False
) -> Iterator[Record]:
    """Yield the typed forms, still empty, of messages and papers that are there."""
    mails = {mail.receipt: mail for mail in intake.mails}
    log = EventLog(events)
    gone = set() if withdrawn else {body.record for body in log.bodies(FormWithdrawn)}
    for body in log.bodies(FormEntered):
        mail = mails.get(body.receipt)
        if mail is None or body.record in gone:
            continue
        file = next((file for file in mail.files if file.path == body.path), None)
        if (file or is_paper_submission(mail)) and body.kind in EDITABLE_RECORD_TYPES:
            yield _empty(body, mail, file)


def _typed_summaries(
    intake: Intake, events: Iterable[Event], *, withdrawn: bool = False
) -> Iterator[Record]:
    """Yield the summaries that were typed from a file that no program could read."""
    mails, log = {mail.receipt: mail for mail in intake.mails}, EventLog(events)
    gone = set() if withdrawn else {body.record for body in log.bodies(FormWithdrawn)}
    for body in log.bodies(SummaryTyped):
        mail = mails.get(body.receipt)
        file = next((one for one in mail.files if one.path == body.path), None) if mail else None
        if mail is not None and file is not None and body.record not in gone:
            sections = (Section(heading="", text=body.text),)
            yield Record(
                id=body.record,
                kind="summary",
                unit=mail.unit,
                receipt=mail.receipt,
                source=f"{mail.path}/{file.path}",
                sha256=file.sha256,
                body=Summary(title="工作总结（录入）", sections=sections),
                provenance={"sections.0": "录入的全文"},
            )


def _without_sources(records: Iterable[Record], typed: Iterable[Record]) -> Iterator[Record]:
    """Yield the records without what was read of a file from which a summary was typed."""
    sources = {one.source for one in typed}
    return (one for one in records if one.kind != "summary" or one.source not in sources)


def _empty(body: FormEntered, mail: Mail, file: File | None) -> Record:
    source, sha256 = (f"{mail.path}/{file.path}", file.sha256) if file else (mail.path, "")
    return Record(
        id=body.record,
        kind=body.kind,  # type: ignore[arg-type]
        unit=mail.unit,
        receipt=mail.receipt,
        source=source,
        sha256=sha256,
        body=EDITABLE_RECORD_TYPES[body.kind](),
    )


def next_typed_record(events: EventLog, receipt: int) -> str:
    """Return the id of the next record that is typed from a message: ``<receipt>-t<number>``."""
    typed = (event.body.receipt for event in events.of(FormEntered, SummaryTyped))
    return f"{receipt}-t{sum(one == receipt for one in typed) + 1}"


def is_entered_by_hand(record: Record) -> bool:
    """Whether a record was typed by hand."""
    return record.id.rpartition("-")[2].startswith("t")
