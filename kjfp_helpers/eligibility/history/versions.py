"""Versions of each document: the latest is current, earlier ones are kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kjfp_helpers.core.events import Event, FieldCorrected
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import KIND_TITLES, Individual, Record, RecordBody, Team
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.history.intake_overrides import is_entered_by_hand
from kjfp_helpers.intake.field_editing import revalidate
from kjfp_helpers.rules import Notice

Key = tuple[str, str, str]


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
    for event in events:
        if isinstance(event.body, FieldCorrected):
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
    """A record and the later version that replaces it."""

    old: Record
    new: Record

    @property
    def same(self) -> str:
        """What is equal, if nothing changed: 文件相同, 内容相同 or ``""``."""
        if self.old.sha256 == self.new.sha256 and self.old.body == self.new.body:
            return "文件相同"
        if self.old.body == self.new.body:
            return "内容相同"
        return ""


def latest_versions(
    records: Iterable[Record],
) -> tuple[tuple[Record, ...], tuple[ReplacedRecord, ...]]:
    """Keep the last version of each document of a known unit.

    Returns
    -------
    tuple of Record
        Current versions, in the order in which each document first arrived.
    tuple of ReplacedRecord
        Each version that was replaced, with the next one.
    """
    current: dict[Key, Record] = {}
    replaced = []
    for record in _in_order(records):
        old = current.get(version_key(record))
        if old is not None:
            replaced.append(ReplacedRecord(old=old, new=record))
        current[version_key(record)] = record
    return tuple(current.values()), tuple(replaced)


def check_replaced(replaced: Iterable[ReplacedRecord]) -> list[Finding]:
    """Return ``superseded`` on each earlier version and ``resubmission`` on the next."""
    return [finding for pair in replaced for finding in _version_findings(pair)]


def _version_findings(pair: ReplacedRecord) -> Iterator[Finding]:
    old, new = pair.old, pair.new
    change = f"（{pair.same or '内容有改动'}）"
    for code, record, found in (
        ("superseded", old, f"收讫第{old.receipt}号已由第{new.receipt}号替换{change}"),
        ("resubmission", new, f"收讫第{new.receipt}号替换第{old.receipt}号{change}"),
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
