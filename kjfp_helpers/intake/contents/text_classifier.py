"""Classify running text as work summary or exhibition text, by title, name and headings."""

import re
from collections.abc import Sequence
from typing import Literal

from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.rules import RequiredSection

_MAX_CAPTION_CHARS = 400


def classify_text(
    text: SectionedText,
    name: str,
    *,
    archived: bool,
    summary: Sequence[RequiredSection],
    exhibit: Sequence[RequiredSection],
) -> Literal["summary", "exhibit", ""]:
    """Classify a text by title, by file name, then by headings.

    Parameters
    ----------
    text : SectionedText
        The text.
    name : str
        Its file name.
    archived : bool
        Whether it is inside an archive, where captions and exhibition texts are.
    summary, exhibit : Sequence of RequiredSection
        Sections that the notice demands of either.

    Returns
    -------
    str
        ``summary``, ``exhibit`` or ``""``.
    """
    length = sum(len(section.text) for section in text.sections)
    if archived and not text.headings and length < _MAX_CAPTION_CHARS and not text.picture_count:
        return ""
    for label in (text.title or "", name):
        if re.search("展览|展板|展示|展陈|展$", label):
            return "exhibit"
        if re.search("总结", label):
            return "summary"
    summary_count, exhibit_count = (
        _count_required_sections(text, summary),
        _count_required_sections(text, exhibit),
    )
    if archived and exhibit_count >= 2:
        return "exhibit"
    if max(summary_count, exhibit_count) < 2 or summary_count == exhibit_count:
        return ""
    return "summary" if summary_count > exhibit_count else "exhibit"


def _count_required_sections(text: SectionedText, heads: Sequence[RequiredSection]) -> int:
    """Count the required sections that the headings name."""
    return sum(
        any(word in heading for word in head.words for heading in text.headings) for head in heads
    )
