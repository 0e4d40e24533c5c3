"""Versions of each document: the latest is current, earlier ones are kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from kjfp_helpers.core.events import Event, EventLog, FieldCorrected
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import (
    KIND_TITLES,
    Case,
    Individual,
    Record,
    RecordBody,
    Team,
    format_receipt_number,
)
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.history.intake_overrides import is_entered_by_hand
from kjfp_helpers.eligibility.history.simultaneous_versions import (
    ChosenVersion,
    choose_version,
    is_from_body,
    version_choices,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.field_editing import field_label, revalidate
from kjfp_helpers.rules import Notice

Key = tuple[str, str, str]
_SHOWN_LABELS = 6
"""Fields that a question names of those in which versions differ."""


def version_key(record: Record) -> Key:
    """Return unit, kind and the nominee's or the attachment's name: what a later version shares."""
    body = record.body
    name = ""
    if isinstance(body, Team | Individual):
        name = alnum_key(nominee_name(record)) or record.id
    elif record.kind == "story_attachment":
        name = record.source.rpartition("/")[2]
    return record.unit, record.kind, name


def nominee_name(record: Record) -> str:
    """Return the nominee's name as the form gives it, ``""`` where it is blank."""
    body = record.body
    name = body.team_name if isinstance(body, Team) else getattr(body, "name", None)
    return name or ""


def apply_corrections(
    records: Iterable[Record], events: Iterable[Event], notice: Notice
) -> tuple[Record, ...]:
    """Apply the secretary's corrections; the findings on a corrected field are replaced.

    The new value is validated in its place. A value corrected back to the one read gets its
    findings back. A correction of an unknown field, or to a value that does not fit, leaves
    the reading as it was.
    """
    corrections: dict[str, list[FieldCorrected]] = {}
    for event in EventLog(events).of(FieldCorrected):
        corrections.setdefault(event.body.record, []).append(event.body)
    return tuple(
        _corrected(record, corrections.get(record.id, ()), notice)
        if record.id in corrections or is_entered_by_hand(record)
        else record
        for record in records
    )


def _corrected(record: Record, corrections: Iterable[FieldCorrected], notice: Notice) -> Record:
    body = record.body
    names = {field.name for field in fields(body)}
    for correction in corrections:
        if correction.field in names:
            body = _with(body, correction)
    changed = {name for name in names if getattr(body, name) != getattr(record.body, name)}
    record = replace(record, body=body)
    return replace(
        record,
        findings=revalidate(record, names if is_entered_by_hand(record) else changed, notice),
    )


def _with(body: RecordBody, correction: FieldCorrected) -> RecordBody:
    kind: Any = type(body)
    try:
        values = asdict(body) | {correction.field: correction.new}
        changed: RecordBody = _adapter(kind).validate_python(values)
    except ValidationError:
        return body
    return changed


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    """Return the validator of a record type, cached: building it takes longer than a validation."""
    return TypeAdapter(kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedRecord:
    """A record and the version that stands in its place.

    ``why`` is ``later`` where the other came in a later message, ``copy`` where it is the same
    form once more in the same message, ``open`` while nobody has decided which of the two counts,
    and ``chosen`` once the secretary has.
    """

    old: Record
    new: Record
    why: Literal["later", "copy", "open", "chosen"] = "later"

    @property
    def same(self) -> str:
        """What is equal, if nothing changed: 文件相同, 内容相同 or ``""``."""
        if self.old.sha256 == self.new.sha256 and self.old.body == self.new.body:
            return "文件相同"
        if self.old.body == self.new.body or self.why == "copy":
            return "内容相同"
        return ""


def latest_versions(
    records: Iterable[Record], events: Iterable[Event] = ()
) -> tuple[tuple[Record, ...], tuple[ReplacedRecord, ...]]:
    """Keep the last version of each document of a known unit.

    A later message replaces an earlier one. Of several versions in one message the secretary
    chooses, and so where a form is followed by a letter that only repeats some of it.

    Returns
    -------
    tuple of Record
        Current versions, in the order in which each document first arrived.
    tuple of ReplacedRecord
        Each version that was replaced, with the one in its place.
    """
    choices = version_choices(events)
    current: dict[Key, Record] = {}
    replaced: list[ReplacedRecord] = []
    by_message: dict[tuple[int, Key], list[Record]] = {}
    for record in _in_order(records):
        by_message.setdefault((record.receipt, version_key(record)), []).append(record)
    for (_, key), arrived in by_message.items():
        old = current.get(key)
        repeats_form = old is not None and not is_from_body(old) and all(map(is_from_body, arrived))
        candidates = [old, *arrived] if old is not None and repeats_form else arrived
        chosen = choose_version(candidates, choices)
        if old is not None and not repeats_form:
            replaced.append(ReplacedRecord(old=old, new=chosen.current))
        replaced += _pairs_in_place(chosen)
        current[key] = chosen.current
    return tuple(current.values()), tuple(replaced)


def _pairs_in_place(chosen: ChosenVersion) -> Iterator[ReplacedRecord]:
    """Yield the versions beside the one that counts."""
    for copy in chosen.copies:
        yield ReplacedRecord(old=copy, new=chosen.current, why="copy")
    for other in chosen.others:
        yield ReplacedRecord(
            old=other, new=chosen.current, why="open" if chosen.is_open else "chosen"
        )


def check_replaced(
    replaced: Sequence[ReplacedRecord], records: Iterable[Record], cases: Iterable[Case]
) -> list[Finding]:
    """Return the findings on versions.

    ``superseded`` on each earlier version and ``resubmission`` on the next; ``versions_differ`` on
    a current record of which several versions came together, while nobody has chosen.
    """
    findings = [
        finding for pair in replaced if pair.why == "later" for finding in _version_findings(pair)
    ]
    case_ids = {case.record.id: case.id for case in cases}
    for record in records:
        others = [pair.old for pair in replaced if pair.why == "open" and pair.new.id == record.id]
        if others:
            question = _open_question(record, others)
            findings.append(question.filed_under(case=case_ids.get(record.id, "")))
    return findings


def _open_question(record: Record, others: Sequence[Record]) -> Finding:
    """Return the question which of several versions counts, the proposed one named first."""
    names = "、".join(f"“{_file_name(other, record)}”" for other in others)
    own, differing = _file_name(record, record), _differences(record, others)
    return Finding(
        code="versions_differ",
        unit=record.unit,
        source=record.source,
        expected=f"{KIND_TITLES[record.kind]}只报一件",
        found=f"“{own}”与{names}内容不同（{differing}），暂按前者",
    )


def _differences(record: Record, others: Sequence[Record]) -> str:
    """Return the labels of the fields in which versions differ."""
    labels = [
        field_label(record.kind, field.name) or field.name
        for field in fields(record.body)
        if any(
            getattr(other.body, field.name) != getattr(record.body, field.name) for other in others
        )
    ]
    shown = "、".join(dict.fromkeys(labels[:_SHOWN_LABELS]))
    return f"{shown}等{len(labels)}栏" if len(labels) > _SHOWN_LABELS else shown


def _file_name(record: Record, beside: Record) -> str:
    """Return how a version is told from those beside it: by its file, and by its message."""
    name = quote_for_finding(record.source.rpartition("/")[2], 40).strip("“”")
    return (
        name
        if record.receipt == beside.receipt
        else f"{format_receipt_number(record.receipt)}来件{name}"
    )


def _version_findings(pair: ReplacedRecord) -> Iterator[Finding]:
    old, new = pair.old, pair.new
    change = f"（{pair.same or '内容有改动'}）"
    first, later = (f"{format_receipt_number(one.receipt)}来件" for one in (old, new))
    for code, record, found in (
        ("superseded", old, f"{first}已由{later}替换{change}"),
        ("resubmission", new, f"{later}替换{first}{change}"),
    ):
        expected = f"{KIND_TITLES[old.kind]}只报一件"
        yield Finding(
            code=code, unit=old.unit, source=record.source, expected=expected, found=found
        )


def case_serials(read: Iterable[Record], arrived: Iterable[Record]) -> Mapping[Key, int]:
    """Return for each document the number it got when its first version was read.

    Numbers run from 1 within a unit and kind. They come from the readings before any correction
    (``read``, each under every unit it had, in the order in which that was known), so that a
    corrected name or an assigned unit (``arrived``) moves no other case to another number.
    """
    numbers: dict[Key, int] = {}
    first_read: dict[tuple[str, str], int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for record in read:
        key = version_key(record)
        if not record.unit:
            continue
        if key not in numbers:
            counts[key[:2]] += 1
            numbers[key] = counts[key[:2]]
        first_read[record.id, record.unit] = numbers[key]
    serials: dict[Key, int] = {}
    for record in _in_order(arrived):
        serials.setdefault(version_key(record), first_read[record.id, record.unit])
    return serials


def _in_order(records: Iterable[Record]) -> list[Record]:
    return sorted((record for record in records if record.unit), key=lambda record: record.receipt)
