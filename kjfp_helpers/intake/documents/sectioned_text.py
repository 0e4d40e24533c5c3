"""Summaries and exhibition texts: a title and sections by heading, plain text files too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from kjfp_helpers.core.records import Section
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.docx.reader import Document, Paragraph, Table, render_table_text

_TYPED = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*\S|第[一二三四五六七八九十]+(?:部分|章)"
)
_TYPED_BELOW = re.compile(
    r"[(（][一二三四五六七八九十]{1,3}[)）]\s*\S|\d{1,2}\s*[、.．](?!\d|jpe?g|png|tif)\s*\S",
    re.IGNORECASE,
)
"""A number before a heading; 01.jpg at the beginning of a caption is none."""
_BOLD = re.compile(f"{inline_markers.EMPHASIS}.*?{inline_markers.EMPHASIS_END}", re.DOTALL)
_LONGEST_HEAD = 40


@dataclass(frozen=True, slots=True)
class SectionedText:
    """A text in its parts; ``locations`` says where each section begins.

    ``picture_count`` counts the pictures between its lines.
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
    """Split a document at its headings of the highest level that is used more than once.

    Headings come from styles; where a document has none, from lines that begin 一、 or 第一部分,
    then （一） or 1., then from short lines in bold type.
    """
    lines = [_line(block) for block in document.blocks]
    text = _split([line for line in lines if line.text.strip()])
    return replace(text, picture_count=sum(one.picture_count for one in document.paragraphs))


def split_text_into_sections(text: str) -> SectionedText:
    """Split a plain text at the lines that begin 一、, or else （一） or 1.."""
    numbered = enumerate(text.splitlines(), start=1)
    return _split(
        [_Line(line.strip(), f"第{number}行") for number, line in numbered if line.strip()]
    )


class _Line(NamedTuple):
    text: str
    place: str
    level: int | None = None
    bold: bool = False


def _line(block: Paragraph | Table) -> _Line:
    if isinstance(block, Table):
        return _Line(render_table_text(block), f"表{block.number}")
    plain = inline_markers.MARKERS.sub("", _BOLD.sub("", block.marked_text))
    return _Line(block.text, block.location, block.level, not plain.strip())


def _split(lines: Sequence[_Line]) -> SectionedText:
    heads = _heads(lines)
    first = min(heads, default=len(lines))
    title = next((lines[at].text for at in range(first) if _is_title(lines[at], first)), None)
    starts = sorted(heads)
    sections, places = [], []
    before = [line.text for line in lines[:first] if line.text != title]
    if before:
        sections.append(Section(heading="", text="\n".join(before)))
        places.append(lines[0].place)
    for at, end in pairwise([*starts, len(lines)]):
        body = "\n".join(line.text for line in lines[at + 1 : end])
        sections.append(Section(heading=lines[at].text, text=body))
        places.append(lines[at].place)
    return SectionedText(title, tuple(sections), tuple(places))


def _heads(lines: Sequence[_Line]) -> set[int]:
    """Return the indexes of the lines that head a section, by the first way used twice."""
    levels = sorted({line.level for line in lines if line.level})
    ways = [{at for at, line in enumerate(lines) if line.level == level} for level in levels]
    short = {
        at
        for at, line in enumerate(lines)
        if line.level is None
        and len(line.text) <= _LONGEST_HEAD
        and not line.text.endswith(("。", "；", ";"))
    }
    for pattern in (_TYPED, _TYPED_BELOW):
        ways.append({at for at in short if pattern.match(lines[at].text)})
    ways.append({at for at in short if lines[at].bold and at})
    return next((way for way in ways if len(way) > 1), next(filter(None, ways[:-1]), set()))


def _is_title(line: _Line, first: int) -> bool:
    """Tell a title: styled as one, or a short line without a full stop before the first head."""
    if line.level is not None:
        return True
    short = len(line.text) <= _LONGEST_HEAD + 20
    return first > 0 and short and not line.text.endswith(("。", "：", ":"))
