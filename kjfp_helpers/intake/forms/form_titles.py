"""Titles of forms: which line is one, and which of the lines around a form is its own."""

import re
from collections.abc import Iterable

from kjfp_helpers.intake.common.text_cleanup import strip_whitespace

_FORM = re.compile(r"(?:推荐|申报|申请|审批|登记|呈报)(?:审批|呈报)?表")
_SENTENCE = re.compile("[，。；]")
_MOST = 60
_PROGRAMME = "科技助力"


def is_form_title(line: str) -> bool:
    """Whether a line is the title of a form, ours or another."""
    words = strip_whitespace(line)
    return len(words) < _MOST and bool(_FORM.search(words)) and not _SENTENCE.search(words)


def find_form_title(above: Iterable[str], inside: Iterable[str]) -> str:
    """Return the title of a form from the lines above it and the cells of no field in it.

    A title may stand in two lines. Where there is none, all short lines are returned.
    """
    over = [strip_whitespace(line) for line in above]
    lines = [line for line in (*over, *map(strip_whitespace, inside)) if line and len(line) < _MOST]
    named = [at for at, line in enumerate(lines) if is_form_title(line)]
    if not named:
        return "".join(line for line in lines if not _SENTENCE.search(line))
    nearest = [at for at in named if lines[at] in over]
    at = nearest[-1] if nearest else named[0]
    first = at - 1 if at and _PROGRAMME not in lines[at] else at
    return "".join(lines[first : at + 1])
