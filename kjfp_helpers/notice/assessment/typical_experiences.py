"""Typical experiences tagged in the summaries, offered to the exhibition (clauses 二, 三(二))."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from kjfp_helpers.core.events import Event, EventLog, ExperienceTagged
from kjfp_helpers.core.records import Record, Section, Summary

MIN_EXCERPT = 20
"""Characters of a passage below which it tells nothing."""


@dataclass(frozen=True, kw_only=True)
class TypicalExperience:
    """A passage tagged by a reader; ``place`` is where it stands in the summary that counts."""

    event: Event[ExperienceTagged]
    place: str

    @property
    def is_current(self) -> bool:
        """Whether the passage still stands in the summary that counts."""
        return bool(self.place)


def passage_mark(excerpt: str) -> str:
    r"""Return what identifies a passage: a part of the SHA-256 of its letters.

    >>> passage_mark("专家 驻村\n三年") == passage_mark("专家驻村三年")
    True
    """
    return hashlib.sha256("".join(excerpt.split()).encode()).hexdigest()[:16]


def locate_passage(record: Record, excerpt: str) -> str:
    """Return where a passage stands in a summary: heading and paragraph; blank if nowhere."""
    wanted = "".join(excerpt.split())
    sections = record.body.sections if isinstance(record.body, Summary) else ()
    for section in sections:
        if wanted and wanted in "".join(section.text.split()):
            return f"{section.heading or '开头'}　{_paragraph(section, wanted)}".strip()
    return ""


def _paragraph(section: Section, wanted: str) -> str:
    for number, line in enumerate(filter(str.strip, section.text.split("\n")), start=1):
        if wanted[:MIN_EXCERPT] in "".join(line.split()):
            return f"第{number}段"
    return ""


def fold_experiences(
    events: EventLog, summaries: Mapping[str, Record]
) -> tuple[TypicalExperience, ...]:
    """Return the passages that are tagged, the last word on each, by unit.

    ``summaries`` maps a unit to the summary that counts.
    """
    last = {(event.body.unit, event.body.mark): event for event in events.of(ExperienceTagged)}
    found = []
    for (unit, _), event in sorted(last.items()):
        if event.body.tagged:
            record = summaries.get(unit)
            place = locate_passage(record, event.body.excerpt) if record else ""
            found.append(TypicalExperience(event=event, place=place))
    return tuple(found)
