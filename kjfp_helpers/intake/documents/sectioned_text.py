"""Split summaries and exhibition texts into a title and sections by their headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from kjfp_helpers.core.records import Section
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import (
    Document,
    Paragraph,
    Table,
    render_table_text,
)

_NUMBERED_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*\S|第[一二三四五六七八九十]+(?:部分|章)"
)
_NUMBERED_SUBHEADING = re.compile(
    r"[(（][一二三四五六七八九十]{1,3}[)）]\s*\S|\d{1,2}\s*[、.．](?!\d|jpe?g|png|tif)\s*\S",
    re.IGNORECASE,
)
"""A number before a heading; 01.jpg at the beginning of a caption is not one."""
_BOLD = re.compile(f"{text_markers.EMPHASIS}.*?{text_markers.EMPHASIS_END}", re.DOTALL)
_MAX_HEADING_CHARS = 40


@dataclass(frozen=True, slots=True)
class SectionedText:
    """A title and sections; ``locations`` says where each section begins.

    ``picture_count`` counts the pictures between the lines.
    """

    title: str | None
    sections: tuple[Section, ...]
    locations: tuple[str, ...]
    picture_count: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings in order."""
        return tuple(section.heading for section in self.sections if section.heading)


def split_document_into_sections(document: Document) -> SectionedText:
    """Split a document at the highest heading level that is used more than once.

    Headings are recognized by style; where a document uses none, by lines that begin with 一、 or
    第一部分, then with （一） or 1., then by short lines in bold type.
    """
    lines = [_line_of_block(block) for block in document.blocks]
    text = _split_lines([line for line in lines if line.text.strip()])
    return replace(
        text, picture_count=sum(paragraph.picture_count for paragraph in document.paragraphs)
    )


def split_text_into_sections(text: str) -> SectionedText:
    r"""Split a plain text at the lines that begin with 一、, or else with （一） or 1.

    Examples
    --------
    >>> split_text_into_sections("总结\n一、概况\n略\n二、成效\n略").headings
    ('一、概况', '二、成效')
    """
    numbered = enumerate(text.splitlines(), start=1)
    return _split_lines(
        [_Line(line.strip(), f"第{number}行") for number, line in numbered if line.strip()]
    )


class _Line(NamedTuple):
    """A line or table of a text, with heading level and emphasis."""

    text: str
    location: str
    level: int | None = None
    is_bold: bool = False


def _line_of_block(block: Paragraph | Table) -> _Line:
    if isinstance(block, Table):
        return _Line(render_table_text(block), f"表{block.number}")
    without_emphasis = text_markers.MARKERS.sub("", _BOLD.sub("", block.marked_text))
    return _Line(block.text, block.location, block.level, not without_emphasis.strip())


def _split_lines(lines: Sequence[_Line]) -> SectionedText:
    """Split lines at their headings into title and sections."""
    heading_indexes = _heading_indexes(lines)
    first_heading = min(heading_indexes, default=len(lines))
    title = next(
        (
            lines[index].text
            for index in range(first_heading)
            if _is_title(lines[index], first_heading)
        ),
        None,
    )
    starts = sorted(heading_indexes)
    sections, locations = [], []
    lead_lines = [line.text for line in lines[:first_heading] if line.text != title]
    if lead_lines:
        sections.append(Section(heading="", text="\n".join(lead_lines)))
        locations.append(lines[0].location)
    for index, end in pairwise([*starts, len(lines)]):
        text = "\n".join(line.text for line in lines[index + 1 : end])
        sections.append(Section(heading=lines[index].text, text=text))
        locations.append(lines[index].location)
    return SectionedText(title, tuple(sections), tuple(locations))


def _heading_indexes(lines: Sequence[_Line]) -> set[int]:
    """Return the indexes of the heading lines, by the first criterion that fits two lines."""
    levels = sorted({line.level for line in lines if line.level})
    criteria = [
        {index for index, line in enumerate(lines) if line.level == level} for level in levels
    ]
    short_lines = {
        index
        for index, line in enumerate(lines)
        if line.level is None
        and len(line.text) <= _MAX_HEADING_CHARS
        and not line.text.endswith(("。", "；", ";"))
    }
    for pattern in (_NUMBERED_HEADING, _NUMBERED_SUBHEADING):
        criteria.append({index for index in short_lines if pattern.match(lines[index].text)})
    criteria.append({index for index in short_lines if lines[index].is_bold and index})
    return next(
        (indexes for indexes in criteria if len(indexes) > 1),
        next(filter(None, criteria[:-1]), set()),
    )


def _is_title(line: _Line, first_heading: int) -> bool:
    """Whether a line is the title: by style, or short, without full stop and before headings.

    A numbered line never is: what is not split there is still a heading.
    """
    if _NUMBERED_HEADING.match(line.text):
        return False
    if line.level is not None:
        return True
    is_short = len(line.text) <= _MAX_HEADING_CHARS + 20
    return first_heading > 0 and is_short and not line.text.endswith(("。", "：", ":"))
