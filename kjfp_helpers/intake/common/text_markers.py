"""Private-use characters that encode formatting (emphasis, struck out, tracked) inside a text.

The document readers insert them into the text of cells and paragraphs; ``strip_markers`` removes
them again.
"""

import re

EMPHASIS, EMPHASIS_END = "\ue001", "\ue002"
"""Around text set apart by bold type, underline, colour, shading or a ring."""
STRUCK, STRUCK_END = "\ue003", "\ue004"
PICTURE = "\ue005"
UNKNOWN_SYMBOL = "\ue006"
"""A character of a symbol font whose glyph is not known."""
TRACKED_CHANGE, HIDDEN_TEXT, COMMENT = "\ue007", "\ue008", "\ue009"
NESTED_TABLE, NESTED_TABLE_END = "\ue00b", "\ue00c"
"""Around the text of a table nested in a cell."""

MARKERS = re.compile("[\ue000-\ue00f]")
INVISIBLE_CHARS = re.compile("[\ue000-\ue00f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Invisible characters in typed text, and characters that would be taken for markers."""
_STRUCK_TEXT = re.compile(f"{STRUCK}.*?{STRUCK_END}", re.DOTALL)
_NESTED_TABLE_TEXT = re.compile(f"{NESTED_TABLE}.*?(?:{NESTED_TABLE_END}|$)", re.DOTALL)


def strip_markers(marked_text: str) -> str:
    """Return a text as typed, without markers and struck-out text, tabs as spaces.

    Examples
    --------
    >>> strip_markers(f"{EMPHASIS}三{EMPHASIS_END}年{STRUCK}两{STRUCK_END}")
    '三年'
    """
    spaced = marked_text.replace("\t", " ")
    if not MARKERS.search(spaced):
        return spaced
    return MARKERS.sub("", _STRUCK_TEXT.sub("", spaced)).strip()


def strip_nested_tables(marked_text: str) -> str:
    """Return a marked text without the text of tables nested in the cell."""
    return _NESTED_TABLE_TEXT.sub("", marked_text)


def struck_out_text(marked_text: str) -> str:
    """Return the struck-out parts of a marked text.

    Examples
    --------
    >>> struck_out_text(f"{STRUCK}两{STRUCK_END}三年")
    '两'
    """
    return MARKERS.sub("", "".join(_STRUCK_TEXT.findall(marked_text))).strip()
