"""The required heads of a work summary, found at any level: headings, lines, openings, tables."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.core.records import Record, Section, Summary
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.notice.assessment.heading_wording import (
    MAX_TITLE_CHARS,
    heads_of_opening,
    heads_of_title,
    may_name,
    strip_number,
)
from kjfp_helpers.rules import RequiredSection

HEADING, OPENING, ROW = "标题", "段首", "表格"
_SENTENCE_END = re.compile(r"(?<=[。！？])")
_CELL_BAR = "｜"
_HIGHEST_RANK = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．，,]|第[一二三四五六七八九十]{1,3}部分)"
)
_LOWER_RANK = re.compile(
    r"\s*(?:(?P<brackets>[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[）)])|(?P<digits>\d{1,2}[、.．]))"
)
_BULLET = re.compile(r"\s*(?:(?P<circled>[①-⑳])|(?P<mark>[^\w\s“《（(【]))")
MAX_LABEL = 12
"""Characters of a cell that is a label or a number; longer ones are text."""
WITHOUT_SPACES = dict.fromkeys(map(ord, " \u3000\t\xa0"))


@dataclass(frozen=True, kw_only=True)
class FoundHead:
    """Where a summary names one or more of the heads.

    ``heads`` are their ids, ``words`` what names them as written, ``how`` 标题, 段首 or 表格;
    ``section`` and ``line`` count from 0, ``line`` is -1 for the heading of the section.
    """

    heads: tuple[str, ...]
    words: str
    how: str
    section: int
    line: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of text, with the head that it begins with, if any.

    ``item`` is a heading of none with no text below it: an item of a list that reads as one.
    """

    found: FoundHead | None
    text: str
    item: str = ""


def find_heads(
    heads: Sequence[RequiredSection], sections: Iterable[Section]
) -> tuple[FoundHead, ...]:
    r"""Return every place in which a summary names a head, in its order.

    >>> problems = RequiredSection(id="problems", title="存在问题", words=("问题",))
    >>> text = "聚焦问题导向。略。\n存在的主要问题：一是人手不足。"
    >>> [found.words for found in find_heads((problems,), [Section(heading="", text=text)])]
    ['存在的主要问题：']
    """
    return tuple(part.found for part in _parts(heads, sections) if part.found)


def outline_summary(
    heads: Sequence[RequiredSection], sections: Iterable[Section]
) -> dict[str, Section]:
    """Collect the text under each required head.

    What names a head counts for every one that it names; a heading that names none belongs to the
    last one that did, and is text of it where it is numbered otherwise; what stands under a heading
    of a lower rank belongs to the one above it as well. A head without any text under it is left
    out.
    """
    first: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    above: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    rank = ""
    for part in _parts(heads, sections):
        if part.found:
            named, rank = part.found.heads, _rank_of(part.found.words)
            for head in named:
                first.setdefault(head, part.found.words)
            if _HIGHEST_RANK.match(part.found.words):
                above = named
            is_below = bool(above) and _LOWER_RANK.match(part.found.words) is not None
            current = tuple(dict.fromkeys((*named, *above))) if is_below else named
        text = part.item if part.item and _rank_of(part.item) != rank else part.text
        for head in current:
            texts.setdefault(head, []).append(text)
    joined = {head: "\n".join(filter(None, lines)).strip() for head, lines in texts.items()}
    return {head: Section(heading=first[head], text=text) for head, text in joined.items() if text}


def _rank_of(heading: str) -> str:
    """Return how a heading is numbered: ``highest``, ``brackets``, its mark, ``""`` for not."""
    if _HIGHEST_RANK.match(heading):
        return "highest"
    if lower := _LOWER_RANK.match(heading):
        return lower.lastgroup or ""
    bullet = _BULLET.match(heading)
    return (bullet["mark"] or "circled") if bullet else ""


def head_lengths(
    heads: Sequence[RequiredSection],
    summaries: Mapping[str, Record],
    cached_call: CachedCall = call_uncached,
) -> Mapping[str, Mapping[str, int]]:
    """Return the characters without blanks under each required head that a summary has.

    Both mappings, of the summaries and of the result, are by unit; a record that is no summary
    has none. ``cached_call`` caches the outlines of all.
    """
    sections = {
        unit: record.body.sections
        for unit, record in summaries.items()
        if isinstance(record.body, Summary)
    }
    plain = [head.model_dump() for head in heads]
    return cached_call(_measure_heads, plain, sections, decode=dict)


def _measure_heads(
    plain: Iterable[Mapping[str, Any]], sections: Mapping[str, Sequence[Section]]
) -> Mapping[str, Mapping[str, int]]:
    heads = [RequiredSection.model_validate(head) for head in plain]
    return {
        unit: {
            head: len("".join(section.text.split()))
            for head, section in outline_summary(heads, own).items()
        }
        for unit, own in sections.items()
    }


def _parts(heads: Sequence[RequiredSection], sections: Iterable[Section]) -> Iterator[_Part]:
    for at, section in enumerate(sections):
        if section.heading:
            named = heads_of_title(heads, section.heading)
            item = "" if named or section.text.strip() else section.heading.strip()
            yield replace(_make(named, section.heading, HEADING, at, -1, ""), item=item)
        for number, line in enumerate(section.text.split("\n")):
            yield from _parts_of_line(heads, line.strip(), at, number)


def _parts_of_line(
    heads: Sequence[RequiredSection], line: str, section: int, number: int
) -> Iterator[_Part]:
    if not may_name(heads, line.translate(WITHOUT_SPACES)):
        yield _Part(None, line)
    elif _CELL_BAR in line:
        cells = [cell.strip() for cell in line.split(_CELL_BAR)]
        title = next((cell for cell in cells if strip_number(cell) and not cell.isdigit()), "")
        beside = cells[cells.index(title) + 1 :] if title else []
        is_row = any(_is_text(cell) for cell in beside) or not any(beside)
        named = heads_of_title(heads, title) if is_row and len(title) <= MAX_TITLE_CHARS else ()
        rest = beside if named else cells
        yield _make(named, title, ROW, section, number, " ".join(filter(None, rest)))
    elif _is_title(line):
        named = heads_of_title(heads, line)
        yield _make(named, line, HEADING, section, number, "" if named else line)
    else:
        for index, sentence in enumerate(filter(None, _SENTENCE_END.split(line))):
            named, start = heads_of_opening(heads, sentence, is_first=index == 0)
            text = sentence[start:] if named else sentence
            yield _make(named, sentence[:start].strip(), OPENING, section, number, text)


def _is_text(cell: str) -> bool:
    return len(cell) > MAX_LABEL or re.search("[，。；]", cell) is not None


def _is_title(line: str) -> bool:
    """Whether a line stands as a heading: short, without the end of a sentence."""
    return len(line) <= MAX_TITLE_CHARS and not re.search(r"[。；;！？，,]$|[：:].", line)


def _make(
    heads: tuple[str, ...], words: str, how: str, section: int, line: int, text: str
) -> _Part:
    found = FoundHead(heads=heads, words=words, how=how, section=section, line=line)
    return _Part(found if heads else None, text)
