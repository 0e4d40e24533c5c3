"""Any file to JSON lines, without a round: what was read, from where, and what was not plain.

One line per record; a mail and an archive have a line of their own before those inside them.
"""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kjfp_helpers import exhibition, stocktake, summaries
from kjfp_helpers.derivation import round_folder
from kjfp_helpers.eligibility.limits import check_story
from kjfp_helpers.errors import InboxError
from kjfp_helpers.findings import Finding, Severity
from kjfp_helpers.intake.delivery import Delivery, Envelope
from kjfp_helpers.intake.senders import Senders
from kjfp_helpers.intake.store import NoStore
from kjfp_helpers.intake.values import note
from kjfp_helpers.records import Case, Exhibit, File, Mail, Record
from kjfp_helpers.rules import Round, load_round

DEFAULT_RULES = "2020"
"""Round whose limits and heads hold where none is named."""
WAITING = 16
"""Files handed out and not yet told: memory does not grow with their number."""
_MAILS = (".eml", ".email")
_NOT_ALONE = ("unknown_sender", "no_material", "unsorted")
"""Findings about a message that a file handed in by itself cannot have."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Job:
    path: Path
    source: str


def extract(paths: Iterable[Path], jobs: int = 2) -> Iterator[str]:
    """Read files, and every file below folders, and yield one JSON line per record, in order.

    Raises
    ------
    InboxError
        When a path does not exist.
    """
    waiting = _jobs(paths)
    first = [job for _, job in zip(range(2), waiting, strict=False)]
    if len(first) < 2 or jobs < 2:
        for job in (*first, *waiting):
            yield from _read(job)
        return
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        running: deque[Future[list[str]]] = deque(pool.submit(_read, job) for job in first)
        for job in waiting:
            running.append(pool.submit(_read, job))
            if len(running) >= WAITING:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def _jobs(paths: Iterable[Path]) -> Iterator[_Job]:
    listed = list(paths)
    for path in listed:
        if not path.exists():
            raise InboxError(
                str(path), expected="文件或文件夹", found="没有找到", advice="核对路径"
            )
    for path in listed:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file())
            yield from (_Job(one, one.as_posix()) for one in inside if one.name[0] != ".")
        else:
            yield _Job(path, path.as_posix())


def _read(job: _Job) -> list[str]:
    try:
        lines = _lines(job.path.read_bytes(), job)
    except Exception:
        # One bad file must not keep the others out, whatever its parser raised.
        lines = [_line(job.source, "unknown", note("unreadable", "可打开的文件", "无法读取"))]
    return [json.dumps(line, ensure_ascii=False, allow_nan=False) for line in lines]


@cache
def _rules() -> tuple[Round, Senders]:
    round = load_round(round_folder(DEFAULT_RULES))
    return round, Senders(round.units)


def _lines(data: bytes, job: _Job) -> list[Line]:
    round, senders = _rules()
    envelope = Envelope(1, job.source, hashlib.sha256(data).hexdigest())
    delivery = Delivery(round, senders, NoStore(), envelope)
    mail_like = job.path.suffix.lower() in _MAILS
    if mail_like and data:
        delivery.open(data)
    else:
        delivery.open_file(job.path.name, data)
    mail, read = delivery.close()
    records: Sequence[Record] = read
    if not mail_like:
        mail, records = _alone(mail, records, f"{job.source}/{job.path.name}", job.source)
    return list(_told(round, mail, records, mail_like))


def _alone(
    mail: Mail, records: Sequence[Record], inner: str, source: str
) -> tuple[Mail, list[Record]]:
    """Give a file that came by itself its own path, not one inside a message."""

    def own(path: str) -> str:
        return source + path.removeprefix(inner) if path.startswith(inner) else path

    def moved(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(replace(one, source=own(one.source)) for one in findings
                     if one.code not in _NOT_ALONE or one.source != source)  # fmt: skip

    name = inner.removeprefix(f"{source}/")
    files = tuple(
        replace(file, path=file.path.removeprefix(name).strip("/")) for file in mail.files
    )
    records = [
        replace(record, source=own(record.source), findings=moved(record.findings))
        for record in records
    ]
    return replace(mail, files=files, findings=moved(mail.findings)), records


def _told(round: Round, mail: Mail, records: Sequence[Record], mail_like: bool) -> Iterator[Line]:
    """Yield the line of the message, then those of its files in order."""
    found = _by_source(mail.findings)
    held = _by_source(records)
    if mail_like:
        yield _mail_line(mail, found.pop(mail.path, []))
    shown = any(record.kind == "exhibit" for record in records)
    for file in mail.files:
        source = f"{mail.path}/{file.path}" if file.path else mail.path
        own, said = held.pop(source, []), found.pop(source, [])
        for number, record in enumerate(own):
            yield _record_line(round, record, said if not number else [])
        if not own and (_counts(file, said, shown) or len(mail.files) == 1):
            yield _line(source, _kind(file), said)
    for record in (one for rest in held.values() for one in rest):
        yield _record_line(round, record, found.pop(record.source, []))
    for source, said in found.items():
        yield _line(source, "unknown", said)


def _by_source(items: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(item.source, []).append(item)
    return groups


def _counts(file: File, found: Sequence[Finding], shown: bool) -> bool:
    """Whether a file without a record has a line of its own: pieces of a show have none."""
    piece = file.kind in ("picture", "caption", "exhibit") and shown
    return bool(found) or not piece


def _kind(file: File) -> str:
    return file.kind if file.kind in ("exhibit", "story_attachment", "summary") else "unknown"


def _line(source: str, kind: str, findings: Iterable[Finding], **more: Any) -> Line:
    listed = [_finding(one) for one in findings]
    outcome = "flagged" if listed else "read"
    if kind == "unknown" and any(one["severity"] == Severity.ERROR for one in listed):
        outcome = "rejected"
    line: Line = {"source": source, "kind": kind, "outcome": outcome, "fields": {},
                  "provenance": {}, "findings": listed}  # fmt: skip
    return line | more


def _finding(finding: Finding) -> Line:
    return {"code": finding.code, "severity": finding.severity.value, "field": finding.field,
            "message": finding.message, "clause": finding.about.clause}  # fmt: skip


def _mail_line(mail: Mail, findings: Iterable[Finding]) -> Line:
    listed = [
        {"path": file.path, "sha256": file.sha256, "size": file.size, "kind": file.kind}
        for file in mail.files
    ]
    sent = mail.sent.isoformat() if mail.sent else None
    return _line(mail.path, "mail", findings, subject=mail.subject, date=sent, files=listed)


def _record_line(round: Round, record: Record, found: Iterable[Finding]) -> Line:
    filed = replace(record, unit=round.units[0].code)
    findings = [*found, *record.findings, *_checked(round, filed)]
    line = _line(record.source, record.kind, dict.fromkeys(findings))
    line["fields"] = _plain(record.body)
    line["provenance"] = dict(record.provenance)
    if isinstance(record.body, Exhibit):
        places = {finding.place: finding.code for finding in reversed(findings) if finding.place}
        line["images"] = {one.name: places.get(one.name, "ok") for one in record.body.pictures}
        line["captions"] = dict(record.body.captions)
        line["fields"] = {name: line["fields"][name] for name in ("sections", "others")}
    return line


def _checked(round: Round, record: Record) -> list[Finding]:
    """Hold a record against the rules that need no other record."""
    if record.kind in ("team", "individual"):
        case = Case(id="", kind=record.kind, unit="", name="", rank=1, record=record)
        return check_story(round, case)
    checks: Mapping[str, Any] = {
        "summary": lambda: summaries.check(round, {record.unit: record}, ())[1],
        "stocktake": lambda: stocktake.tabulate(round, {record.unit: record})[1],
        "exhibit": lambda: exhibition.check(round, {record.unit: record})[1],
    }
    found = checks[record.kind]() if record.kind in checks else []
    own = [one for one in found if one.unit == record.unit]
    return [replace(one, code="missing") if one.code == "figure_missing" else one for one in own]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: dates ISO, tuples as lists."""
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
