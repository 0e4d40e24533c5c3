"""Summaries that came and cannot be read: each waits by itself until the office does something."""

from collections.abc import Iterable, Mapping

from kjfp_helpers.core.events import Event, EventLog, SummarySetAside
from kjfp_helpers.core.findings import UNREADABLE_CODES, Finding, Severity
from kjfp_helpers.core.records import Record, Summary
from kjfp_helpers.notice.assessment.unit_grades import ASKED, SET_ASIDE, UNREADABLE

STATES: Mapping[str, str] = {"asked": ASKED, "set_aside": SET_ASIDE}
"""What the office did to the state of the unit."""
SUMMARY_WORD = "总结"
"""What the name of a file holds that is meant as a summary."""
_UNREAD_CODES = frozenset((*UNREADABLE_CODES, "scanned", "unsorted"))


def has_text(record: Record | None) -> bool:
    """Whether a summary has words that can be read."""
    sections = record.body.sections if record and isinstance(record.body, Summary) else ()
    return any(section.heading.strip() or section.text.strip() for section in sections)


def find_unread_files(
    findings: Iterable[Finding], summaries: Mapping[str, Record]
) -> dict[str, tuple[str, ...]]:
    """Return by unit the files meant as its summary that nobody could read.

    A summary without a word is one of them; a unit with a summary that can be read has none.
    """
    files: dict[str, list[str]] = {
        unit: [record.source] for unit, record in summaries.items() if not has_text(record)
    }
    for finding in findings:
        is_meant = SUMMARY_WORD in finding.source.rpartition("/")[2]
        is_failure = finding.code in _UNREAD_CODES and finding.severity is not Severity.WARNING
        if is_failure and is_meant and not has_text(summaries.get(finding.unit)):
            files.setdefault(finding.unit, []).append(finding.source)
    return {unit: tuple(dict.fromkeys(own)) for unit, own in files.items() if unit}


def last_set_aside(events: EventLog) -> dict[str, Event[SummarySetAside]]:
    """Return what stands of what the office did about a unit's summary."""
    last = {event.body.unit: event for event in events.of(SummarySetAside)}
    return {unit: event for unit, event in last.items() if event.body.how}


def unread_states(
    files: Mapping[str, tuple[str, ...]], summaries: Mapping[str, Record], events: EventLog
) -> dict[str, str]:
    """Return the state of each unit whose summary cannot be read, or that is not assessed."""
    states = dict.fromkeys(files, UNREADABLE)
    for unit, event in last_set_aside(events).items():
        if not has_text(summaries.get(unit)):
            states[unit] = STATES[event.body.how]
    return states
