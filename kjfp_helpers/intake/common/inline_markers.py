"""Signs that keep, inside a cell's words, what only the eye sees.

A document's reader leaves these private-use signs in the words; ``strip_markers`` takes them out.
"""

import re

EMPHASIS, EMPHASIS_END = "\ue001", "\ue002"
"""Around words that bold type, underline, colour, shading or a ring sets apart."""
STRUCK, STRUCK_END = "\ue003", "\ue004"
PICTURE = "\ue005"
UNKNOWN_SYMBOL = "\ue006"
"""A sign of a symbol font that no table knows."""
TRACKED_CHANGE, HIDDEN_TEXT, COMMENT = "\ue007", "\ue008", "\ue009"
NESTED_TABLE, NESTED_TABLE_END = "\ue00b", "\ue00c"
"""Around the words of a table inside a cell."""

MARKERS = re.compile("[\ue000-\ue00f]")
INVISIBLE_CHARS = re.compile("[\ue000-\ue00f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Typed signs that nobody sees, and those that would be taken for marks."""
_STRUCK = re.compile(f"{STRUCK}.*?{STRUCK_END}", re.DOTALL)
_INNER = re.compile(f"{NESTED_TABLE}.*?(?:{NESTED_TABLE_END}|$)", re.DOTALL)


def strip_markers(marked: str) -> str:
    """Return words as typed: struck ones and all signs left out, tabs as spaces."""
    spaced = marked.replace("\t", " ")
    if not MARKERS.search(spaced):
        return spaced
    return MARKERS.sub("", _STRUCK.sub("", spaced)).strip()


def strip_nested_tables(marked: str) -> str:
    """Return marked words without those of tables inside the cell."""
    return _INNER.sub("", marked)


def struck_out_text(marked: str) -> str:
    """Return the words that were struck out."""
    return MARKERS.sub("", "".join(_STRUCK.findall(marked))).strip()
