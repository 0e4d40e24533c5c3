"""Classifier of running text: work summary or exhibition text, by title, name and headings."""

import re
from collections.abc import Sequence
from typing import Literal

from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.rules import Head

_LONGEST_CAPTION = 400


def classify_text(
    text: SectionedText,
    name: str,
    *,
    archived: bool,
    summary: Sequence[Head],
    exhibit: Sequence[Head],
) -> Literal["summary", "exhibit", ""]:
    """Tell a work summary from an exhibition text: by title, by name, then by headings."""
    length = sum(len(section.text) for section in text.sections)
    if archived and not text.headings and length < _LONGEST_CAPTION and not text.picture_count:
        return ""
    for words in (text.title or "", name):
        if re.search("展览|展板|展示|展陈|展$", words):
            return "exhibit"
        if re.search("总结", words):
            return "summary"
    as_summary, as_exhibit = _heads_met(text, summary), _heads_met(text, exhibit)
    if archived and as_exhibit >= 2:
        return "exhibit"
    if max(as_summary, as_exhibit) < 2 or as_summary == as_exhibit:
        return ""
    return "summary" if as_summary > as_exhibit else "exhibit"


def _heads_met(text: SectionedText, heads: Sequence[Head]) -> int:
    """Return how many of the demanded parts the headings name."""
    return sum(any(word in line for word in head.words for line in text.headings) for head in heads)
