"""Suggestions for a word that is none of the known ones (did you mean)."""

from collections.abc import Iterable
from difflib import get_close_matches

_MIN_SIMILARITY = 0.5
"""Similarity ratio (0 to 1) from which a known word is suggested."""
_MAX_LISTED = 12
"""Maximum number of known words listed where none is similar."""


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the most similar of the known words, ``None`` where none is similar enough.

    Examples
    --------
    >>> nearest_word("chekc", ["run", "check"])
    'check'
    """
    matches = get_close_matches(word, list(known), n=1, cutoff=_MIN_SIMILARITY)
    return matches[0] if matches else None


def suggest(word: str, known: Iterable[object]) -> str:
    """Return a Chinese hint, without a full stop: the most similar known word, else the known ones.

    Examples
    --------
    >>> suggest("untis", ["units", "panel"]), suggest("x", ["units", "panel"])
    ('是否要写“units”', '可用：units、panel')
    """
    names = [str(name) for name in known]
    match = nearest_word(word, names)
    if match:
        return f"是否要写“{match}”"
    more = f"等{len(names)}个" if len(names) > _MAX_LISTED else ""
    return "可用：" + "、".join(names[:_MAX_LISTED]) + more
