"""Summaries and exhibition texts: a title and sections by heading, plain text files too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kjfp_helpers.intake.documents import Document, Paragraph, table_text
from kjfp_helpers.records import Section

_TYPED = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*\S|第[一二三四五六七八九十]+(?:部分|章)"
)
_LONGEST_HEAD = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A text in its parts; ``places`` says where each section begins."""

    title: str | None
    sections: tuple[Section, ...]
    places: tuple[str, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings in order."""
        return tuple(section.heading for section in self.sections if section.heading)


def read_text(document: Document) -> Text:
    """Split a document at its headings of the highest level that is used more than once.

    Headings come from styles; where a document has none, from lines that begin 一、 or 第一部分.
    """
    lines = [_line(block) for block in document.blocks]
    return _split([line for line in lines if line[0].strip()])


def read_plain(text: str) -> Text:
    """Split a plain text at the lines that begin 一、."""
    numbered = enumerate(text.splitlines(), start=1)
    return _split(
        [(line.strip(), None, f"第{number}行") for number, line in numbered if line.strip()]
    )


_Line = tuple[str, int | None, str]


def _line(block: object) -> _Line:
    if isinstance(block, Paragraph):
        return block.text, block.level, block.place
    return table_text(block), None, f"表{block.number}"  # type: ignore[arg-type,attr-defined]


def _split(lines: Sequence[_Line]) -> Text:
    heads = _heads(lines)
    first = min(heads, default=len(lines))
    title = next((lines[at][0] for at in range(first) if _is_title(lines[at], first)), None)
    starts = sorted(heads)
    sections, places = [], []
    before = [line[0] for line in lines[:first] if line[0] != title]
    if before:
        sections.append(Section(heading="", text="\n".join(before)))
        places.append(lines[0][2])
    for at, end in pairwise([*starts, len(lines)]):
        body = "\n".join(line[0] for line in lines[at + 1 : end])
        sections.append(Section(heading=lines[at][0], text=body))
        places.append(lines[at][2])
    return Text(title, tuple(sections), tuple(places))


def _heads(lines: Sequence[_Line]) -> set[int]:
    """Return the indexes of the lines that head a section."""
    levels = sorted({line[1] for line in lines if line[1]})
    for level in levels:
        heads = {at for at, line in enumerate(lines) if line[1] == level}
        if len(heads) > 1 or level == levels[-1]:
            return heads
    return {
        at for at, line in enumerate(lines)
        if line[1] is None and len(line[0]) <= _LONGEST_HEAD and _TYPED.match(line[0])
        and not line[0].endswith(("。", "；", ";"))
    }  # fmt: skip


def _is_title(line: _Line, first: int) -> bool:
    """Tell a title: styled as one, or a short line without a full stop before the first head."""
    text, level, _ = line
    if level is not None:
        return True
    return first > 0 and len(text) <= _LONGEST_HEAD + 20 and not text.endswith(("。", "：", ":"))
