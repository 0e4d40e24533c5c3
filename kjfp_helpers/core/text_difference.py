"""Difference of two texts, piece by piece, for people to read."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

KEPT, CUT, NEW = "kept", "cut", "new"
"""What became of a piece: it stands in both texts, in the first alone, in the second alone."""
_PIECE = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|.")


def compare_texts(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of both texts in order, each with what became of it.

    Pieces are Chinese characters, words and numbers of other letters, and single signs. The kept
    and the cut ones make the first text, the kept and the new ones the second.

    Examples
    --------
    >>> list(compare_texts("培训40期，李某", "培训50期"))
    [('kept', '培训'), ('cut', '40'), ('new', '50'), ('kept', '期'), ('cut', '，李某')]
    """
    was, now = _PIECE.findall(before), _PIECE.findall(after)
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for kind, start, stop, first, last in matcher.get_opcodes():
        if kind == "equal":
            yield KEPT, "".join(was[start:stop])
            continue
        if stop > start:
            yield CUT, "".join(was[start:stop])
        if last > first:
            yield NEW, "".join(now[first:last])
