"""Corrections that the office asked for: those after their last day, and those that never came."""

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
from kjfp_helpers.eligibility.history.deadlines import arrival_time
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
    newest = {version_key(pair.new): pair.new for pair in replaced if not pair.same}
    current = {version_key(record): record for record in records}
    corrected = [one for key, one in newest.items() if current.get(key) == one]
    corrected += [one for one in current.values() if one.id in letters.resent]
    found = []
    for new in corrected:
        at = came.get(new.receipt)
        asked = [
            one
            for one in letters.letters
            if one.body.until
            and new.receipt in one.brought
            and (version_key(new) in one.documents or new.id in one.resent)
        ]
        last = letters.until(asked[-1].body) if asked else None
        if at and last and at.date() > last:
            found.append(
                Finding(
                    code="correction_late",
                    unit=new.unit,
                    source=new.source,
                    expected=f"第{asked[-1].body.number}号函所列事项于{_words(last)}前（含当日）补正",
                    found=f"{_words(at.date())}{at:%H:%M}收到",
                )
            )
    return found


def outstanding_items(
    letter: Letter, findings: Iterable[Finding], events: Sequence[Event]
) -> tuple[ListedItem, ...]:
    """Return what a letter asks that did not come, still stands and nobody settled."""
    own = {
        (one.code, one.field, one.fingerprint) for one in findings if one.unit == letter.body.unit
    }
    absent = {code for code, _, _ in own if code in ABSENCE_CODES.values()}
    done = _settled_fingerprints(events) | reviewed_fingerprints(events)
    return tuple(
        asked
        for asked in letter.asked
        if asked not in letter.answers
        and ((asked[0], asked[1], asked[4]) in own or asked[0] in absent)
        and not {(asked[2], asked[0], asked[4]), (asked[2], asked[0], ""), ("", asked[0], asked[4])}
        & done
    )


def check_missing_corrections(
    letters: Correspondence, findings: Sequence[Finding], events: Sequence[Event]
) -> list[Finding]:
    """Return ``correction_absent`` for each unit whose window is over with something unmended."""
    units = dict.fromkeys(one.body.unit for one in letters.letters)
    found = []
    for letter in filter(None, (letters.last(unit, RETURN) for unit in units)):
        last = letters.until(letter.body)
        if last is None or letters.day is None or letters.day <= last:
            continue
        if lacking := outstanding_items(letter, findings, events):
            found.append(
                Finding(
                    code="correction_absent",
                    unit=letter.body.unit,
                    found=f"{len(lacking)}项未补正",
                    expected=f"第{letter.body.number}号函所列{len(letter.asked)}项"
                    f"于{_words(last)}前（含当日）补正",
                )
            )
    return found


def drop_pending_findings(
    round: Round, letters: Correspondence, findings: Iterable[Finding]
) -> list[Finding]:
    """Return the findings without what has not come and still has time to come."""
    kinds = {code: kind for kind, code in ABSENCE_CODES.items()}
    return [
        one
        for one in findings
        if one.code not in kinds or is_due(round, letters, kinds[one.code], one.unit)
    ]


def reviewed_fingerprints(events: Iterable[Event]) -> frozenset[tuple[str, str, str]]:
    """Return blank case, code and mark of what was answered in the queue and not taken back."""
    done: set[tuple[str, str, str]] = set()
    for event in events:
        body = event.body
        if isinstance(body, FindingReviewed):
            done.add(("", body.code, body.mark))
        elif isinstance(body, FindingReopened):
            done.discard(("", body.code, body.mark))
    return frozenset(done)


def _settled_fingerprints(events: Iterable[Event]) -> set[tuple[str, str, str]]:
    """Return case, code and mark of what a ruling settled and nobody took back."""
    done: set[tuple[str, str, str]] = set()
    for event in events:
        body = event.body
        if isinstance(body, FindingSettled):
            done.add((body.case, body.code, body.mark))
        elif isinstance(body, FindingReopened):
            done.discard((body.case, body.code, body.mark))
    return done


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
