"""Serialize what intake read of a file or message: a JSON line per record, the message first."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from kjfp_helpers.core.caption_matching import captions_by_picture
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.form_schema import STOCKTAKE_TITLES
from kjfp_helpers.core.records import Case, Exhibit, File, Mail, Record, Stocktake, Summary
from kjfp_helpers.eligibility.story_length import check_story_length
from kjfp_helpers.notice import exhibit_pictures, exhibition, stocktake
from kjfp_helpers.notice.assessment.summary_checks import examine_summary
from kjfp_helpers.rules import Round

_MESSAGE_FINDINGS = ("unknown_sender", "unit_inferred", "no_material", "unsorted")
"""Codes of findings about a message, which a single file cannot have."""

Line = dict[str, Any]


def detach_file(
    mail: Mail, records: Sequence[Record], inner: str, source: str
) -> tuple[Mail, list[Record]]:
    """Replace paths inside a message by the own path of a file that came without one."""

    def own(path: str) -> str:
        return source + path.removeprefix(inner) if path.startswith(inner) else path

    def moved(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(
            replace(finding, source=own(finding.source))
            for finding in findings
            if finding.code not in _MESSAGE_FINDINGS or finding.source != source
        )

    name = inner.removeprefix(f"{source}/")
    files = tuple(
        replace(file, path=file.path.removeprefix(name).strip("/")) for file in mail.files
    )
    records = [
        replace(record, source=own(record.source), findings=moved(record.findings))
        for record in records
    ]
    return replace(mail, files=files, findings=moved(mail.findings)), records


def to_json_lines(
    round: Round, mail: Mail, records: Sequence[Record], *, letter: bool = False
) -> Iterator[str]:
    """Yield the JSON lines of a message or a single file, files in order.

    Parameters
    ----------
    round : Round
        Its limits and required sections apply.
    mail : Mail
        The message, or the one made up for a single file.
    records : sequence of Record
        The records read from it.
    letter : bool
        Whether it is a message, which has a line of its own, the first.
    """
    for line in _records_to_lines(round, mail, records, letter):
        yield json.dumps(line, ensure_ascii=False, allow_nan=False)


def unreadable_line(source: str) -> str:
    """Return the line of a file that no reader survived."""
    found = Finding(code="unreadable", expected="可打开的文件", found="无法读取")
    return json.dumps(
        _line(source, "unknown", (found,)),
        ensure_ascii=False,
    )


def _records_to_lines(
    round: Round, mail: Mail, records: Sequence[Record], letter: bool
) -> Iterator[Line]:
    findings_by_source = _by_source(mail.findings)
    records_by_source = _by_source(records)
    if letter:
        yield _mail_line(mail, findings_by_source.pop(mail.path, []))
    shown = any(record.kind == "exhibit" for record in records)
    for file in mail.files:
        source = f"{mail.path}/{file.path}" if file.path else mail.path
        own = records_by_source.pop(source, [])
        findings = findings_by_source.pop(source, [])
        for number, record in enumerate(own):
            yield _record_line(round, record, findings if not number else [])
        if not own and (_has_own_line(file, findings, shown) or len(mail.files) == 1):
            yield _line(source, _kind(file), findings)
    for record in (record for rest in records_by_source.values() for record in rest):
        yield _record_line(round, record, findings_by_source.pop(record.source, []))
    for source, findings in findings_by_source.items():
        yield _line(source, "unknown", findings)


def _by_source(items: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(item.source, []).append(item)
    return groups


def _has_own_line(file: File, findings: Sequence[Finding], shown: bool) -> bool:
    """Whether a file without a record has its own line: parts of an exhibit have none."""
    part = file.kind in ("picture", "caption", "exhibit") and shown
    return bool(findings) or not part


def _kind(file: File) -> str:
    return file.kind if file.kind in ("exhibit", "story_attachment", "summary") else "unknown"


def _line(source: str, kind: str, findings: Iterable[Finding], **more: Any) -> Line:
    listed = [_finding(finding) for finding in findings]
    outcome = "flagged" if listed else "read"
    if kind == "unknown" and any(finding["severity"] == Severity.ERROR for finding in listed):
        outcome = "rejected"
    line: Line = {
        "source": source,
        "kind": kind,
        "outcome": outcome,
        "fields": {},
        "provenance": {},
        "findings": listed,
    }
    return line | more


def _finding(finding: Finding) -> Line:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "field": finding.field,
        "message": finding.message,
        "clause": finding.finding_type.clause,
    }


def _mail_line(mail: Mail, findings: Iterable[Finding]) -> Line:
    listed = [
        {"path": file.path, "sha256": file.sha256, "size": file.size, "kind": file.kind}
        for file in mail.files
    ]
    when = mail.sent or mail.received
    date = when.isoformat() if when else None
    return _line(mail.path, "mail", findings, subject=mail.subject, date=date, files=listed)


def _record_line(round: Round, record: Record, mail_findings: Iterable[Finding]) -> Line:
    findings = [*mail_findings, *record.findings, *_content_findings(round, record)]
    line = _line(record.source, record.kind, dict.fromkeys(findings))
    line["fields"] = {
        name: None if value == [] else value for name, value in _to_json_value(record.body).items()
    }
    line["provenance"] = dict(record.provenance)
    if isinstance(record.body, Exhibit):
        line["images"] = exhibit_pictures.picture_verdicts(record.body, findings)
        line["captions"] = dict(captions_by_picture(record.body))
        line["fields"] = {
            name: _to_json_value(getattr(record.body, name)) for name in ("sections", "others")
        }
    return line


def _content_findings(round: Round, record: Record) -> Iterator[Finding]:
    """Check a record by the rules that need no other record."""
    body = record.body
    if record.kind in ("team", "individual"):
        yield from check_story_length(
            round, Case(id="", kind=record.kind, unit="", name="", rank=1, record=record)
        )
    elif isinstance(body, Summary):
        yield from examine_summary(round.notice.summary.heads, record)
    elif isinstance(body, Stocktake):
        yield from _blank_findings(record, body)
        targets = stocktake.stated_targets(record)  # without a round nobody assigned any
        for finding in stocktake.examine_stocktake(record, targets):
            if finding.code != "figure_missing":
                yield finding
    elif isinstance(body, Exhibit):
        yield from exhibition.examine_exhibit(round, record)


def _blank_findings(record: Record, body: Stocktake) -> Iterator[Finding]:
    """Yield ``missing`` for each blank field of a stock-take that has no other finding."""
    fields_with_findings = {finding.field for finding in record.findings}
    for name, label in STOCKTAKE_TITLES.items():
        if getattr(body, name) is None and name not in fields_with_findings:
            yield Finding(
                code="missing",
                expected=f"填写“{label}”",
                found="空白",
                field=name,
                source=record.source,
                place=record.provenance.get(name, ""),
            )


def _to_json_value(value: Any) -> Any:
    """Return a value as JSON has it: dates in ISO format, tuples as lists."""
    if is_dataclass(value):
        return {item.name: _to_json_value(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: _to_json_value(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_to_json_value(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
