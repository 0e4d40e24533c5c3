"""Requested corrections: those that came late, and those that are missing."""

from collections.abc import Iterable, Sequence
from datetime import date

from kjfp_helpers.core.events import Event, FindingReopened, FindingReviewed, FindingSettled
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Mail, Record
from kjfp_helpers.eligibility.history.correspondence import (
    ABSENCE_CODES,
    RETURN,
    Correspondence,
    Letter,
    ListedItem,
    is_due,
)
from kjfp_helpers.eligibility.history.lateness import arrival_time
from kjfp_helpers.eligibility.history.versions import ReplacedRecord, version_key
from kjfp_helpers.rules import Round


def check_late_corrections(
    round: Round,
    letters: Correspondence,
    mails: Iterable[Mail],
    records: Iterable[Record],
    replaced: Iterable[ReplacedRecord],
) -> list[Finding]:
    """Return ``correction_late`` on each version that came after its window.

    The window is that of the last letter that asked for this document before it came; a
    correction that nobody asked for has none.
    """
    came = {mail.receipt: arrival_time(round, mail) for mail in mails}
    newest = {
        version_key(pair.new): pair.new
        for pair in replaced
        if pair.why == "later" and not pair.same
    }
    current = {version_key(record): record for record in records}
    corrected = [record for key, record in newest.items() if current.get(key) == record]
    corrected += [record for record in current.values() if record.id in letters.resent]
    findings = []
    for new in corrected:
        at = came.get(new.receipt)
        asked = [
            letter
            for letter in letters.letters
            if letter.body.until
            and new.receipt in letter.brought
            and (version_key(new) in letter.documents or new.id in letter.resent)
        ]
        last = letters.until(asked[-1].body) if asked else None
        if at and last and at.date() > last:
            findings.append(
                Finding(
                    code="correction_late",
                    unit=new.unit,
                    source=new.source,
                    expected=f"第{asked[-1].body.number}号函所列事项于{_format_day(last)}前（含当日）补正",
                    found=f"{_format_day(at.date())}{at:%H:%M}收到",
                )
            )
    return findings


def outstanding_items(
    letter: Letter, findings: Iterable[Finding], events: Sequence[Event]
) -> tuple[ListedItem, ...]:
    """Return the items of a letter that are unanswered, still open and not settled."""
    open_findings = {
        (finding.code, finding.field, finding.fingerprint)
        for finding in findings
        if finding.unit == letter.body.unit
    }
    absent = {code for code, _, _ in open_findings if code in ABSENCE_CODES.values()}
    done = _settled_fingerprints(events) | reviewed_fingerprints(events)
    return tuple(
        asked
        for asked in letter.asked
        if asked not in letter.answers
        and ((asked[0], asked[1], asked[4]) in open_findings or asked[0] in absent)
        and not {(asked[2], asked[0], asked[4]), (asked[2], asked[0], ""), ("", asked[0], asked[4])}
        & done
    )


def check_missing_corrections(
    letters: Correspondence, findings: Sequence[Finding], events: Sequence[Event]
) -> list[Finding]:
    """Return ``correction_absent`` for each unit with uncorrected items past the last day."""
    units = dict.fromkeys(letter.body.unit for letter in letters.letters)
    absent = []
    for letter in filter(None, (letters.last(unit, RETURN) for unit in units)):
        last = letters.until(letter.body)
        if last is None or letters.day is None or letters.day <= last:
            continue
        if lacking := outstanding_items(letter, findings, events):
            absent.append(
                Finding(
                    code="correction_absent",
                    unit=letter.body.unit,
                    found=f"{len(lacking)}项未补正",
                    expected=f"第{letter.body.number}号函所列{len(letter.asked)}项"
                    f"于{_format_day(last)}前（含当日）补正",
                )
            )
    return absent


def drop_pending_findings(
    round: Round, letters: Correspondence, findings: Iterable[Finding]
) -> list[Finding]:
    """Return the findings without those on documents that are missing but not yet due."""
    kinds = {code: kind for kind, code in ABSENCE_CODES.items()}
    return [
        finding
        for finding in findings
        if finding.code not in kinds or is_due(round, letters, kinds[finding.code], finding.unit)
    ]


def reviewed_fingerprints(events: Iterable[Event]) -> frozenset[tuple[str, str, str]]:
    """Return ("", code, fingerprint) of the findings answered in the queue and not reopened."""
    done: set[tuple[str, str, str]] = set()
    for event in events:
        body = event.body
        if isinstance(body, FindingReviewed):
            done.add(("", body.code, body.mark))
        elif isinstance(body, FindingReopened):
            done.discard(("", body.code, body.mark))
    return frozenset(done)


def _settled_fingerprints(events: Iterable[Event]) -> set[tuple[str, str, str]]:
    """Return (case, code, fingerprint) of the findings settled and not reopened."""
    done: set[tuple[str, str, str]] = set()
    for event in events:
        body = event.body
        if isinstance(body, FindingSettled):
            done.add((body.case, body.code, body.mark))
        elif isinstance(body, FindingReopened):
            done.discard((body.case, body.code, body.mark))
    return done


def _format_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
