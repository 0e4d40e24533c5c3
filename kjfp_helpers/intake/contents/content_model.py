"""Types of what a file contains: drafts of records, exhibition material, findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import (
    Individual,
    PeopleList,
    Stocktake,
    StoryAttachment,
    Summary,
    Team,
)
from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.intake.files.images import ImageInfo
from kjfp_helpers.rules import Notice


@dataclass(frozen=True, slots=True)
class FileContext:
    """What a reader needs besides the bytes: file name, whether inside an archive, the notice."""

    name: str
    archived: bool
    notice: Notice


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record without unit, receipt number and source."""

    kind: Literal[
        "team",
        "individual",
        "stocktake",
        "summary",
        "story_attachment",
        "unsorted",
        "people_list",
    ]
    body: Team | Individual | Stocktake | Summary | StoryAttachment | PeopleList
    provenance: Mapping[str, str]
    findings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileContent:
    """Content of a file; ``kind`` is that of ``File.kind``.

    ``unclassified`` is a text of no known kind, to be classified by the secretary, or a list of
    people; ``unit_hints`` are texts that may name the sending unit.
    """

    kind: str
    drafts: tuple[RecordDraft, ...] = ()
    unclassified: RecordDraft | None = None
    text: SectionedText | None = None
    caption: str | None = None
    image: ImageInfo | None = None
    findings: tuple[Problem, ...] = ()
    unit_hints: tuple[str, ...] = field(default=())
    embedded_pictures: int = 0
    """Pictures inside a text document."""
    caption_source: str = ""
    """Text of a workbook, an exhibition text or an unclassified one, perhaps of captions."""
