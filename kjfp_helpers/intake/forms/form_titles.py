"""Recognize titles of forms among the lines in and around a form."""

import re
from collections.abc import Iterable

from kjfp_helpers.intake.common.text_cleanup import simplify_label, strip_whitespace

_FORM_NAME = re.compile(r"(?:推荐|申报|申请|审批|登记|呈报)(?:审批|呈报)?表")
_SENTENCE = re.compile("[，。；]")
_MAX_TITLE_CHARS = 60
_PROGRAMME = "科技助力"


def is_form_title(line: str) -> bool:
    """Whether a line is the title of a form, of this programme or another.

    Examples
    --------
    >>> is_form_title("先进个人推荐表"), is_form_title("请填写推荐表，盖章后寄回。")
    (True, False)
    """
    compact = simplify_label(strip_whitespace(line))
    return (
        len(compact) < _MAX_TITLE_CHARS
        and bool(_FORM_NAME.search(compact))
        and not _SENTENCE.search(compact)
    )


def find_form_title(above: Iterable[str], inside: Iterable[str]) -> str:
    """Return the title of a form, from the lines above it and its cells that belong to no field.

    A title may span two lines. Without a title all short lines are returned.
    """
    lines_above = [simplify_label(strip_whitespace(line)) for line in above]
    lines = [
        line
        for line in (*lines_above, *(simplify_label(strip_whitespace(line)) for line in inside))
        if line and len(line) < _MAX_TITLE_CHARS
    ]
    title_indexes = [index for index, line in enumerate(lines) if is_form_title(line)]
    if not title_indexes:
        return "".join(line for line in lines if not _SENTENCE.search(line))
    indexes_above = [index for index in title_indexes if lines[index] in lines_above]
    index = indexes_above[-1] if indexes_above else title_indexes[0]
    start = index - 1 if index and _PROGRAMME not in lines[index] else index
    return "".join(lines[start : index + 1])
