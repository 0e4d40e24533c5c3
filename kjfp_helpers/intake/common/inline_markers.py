"""Signs that keep, inside a cell's words, what only the eye sees.

A document's reader leaves these private-use signs in the words; ``plain`` takes them out.
"""

import re

BOLD, BOLD_END = "\ue001", "\ue002"
"""Around words that bold type, underline, colour, shading or a ring sets apart."""
STRUCK, STRUCK_END = "\ue003", "\ue004"
PICTURE = "\ue005"
UNKNOWN = "\ue006"
"""A sign of a symbol font that no table knows."""
TRACKED, HIDDEN, COMMENT = "\ue007", "\ue008", "\ue009"
INNER, INNER_END = "\ue00b", "\ue00c"
"""Around the words of a table inside a cell."""

SIGNS = re.compile("[\ue000-\ue00f]")
UNSEEN = re.compile("[\ue000-\ue00f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Typed signs that nobody sees, and those that would be taken for marks."""
_STRUCK = re.compile(f"{STRUCK}.*?{STRUCK_END}", re.DOTALL)
_INNER = re.compile(f"{INNER}.*?(?:{INNER_END}|$)", re.DOTALL)


def plain(marked: str) -> str:
    """Return words as typed: struck ones and all signs left out, tabs as spaces."""
    spaced = marked.replace("\t", " ")
    if not SIGNS.search(spaced):
        return spaced
    return SIGNS.sub("", _STRUCK.sub("", spaced)).strip()


def without_inner(marked: str) -> str:
    """Return marked words without those of tables inside the cell."""
    return _INNER.sub("", marked)


def struck_words(marked: str) -> str:
    """Return the words that were struck out."""
    return SIGNS.sub("", "".join(_STRUCK.findall(marked))).strip()
