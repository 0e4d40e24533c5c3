"""Width of text in columns: a Chinese character takes two."""

from functools import lru_cache

from wcwidth import wcwidth


def text_width(text: str) -> int:
    r"""Return the width of the widest line in an office document.

    Characters of ambiguous width (“ ” — ① ·) take two columns there, as in Chinese fonts.

    Examples
    --------
    >>> text_width("甲ab\n甲乙丙"), text_width("“一”"), text_width("")
    (6, 6, 0)
    """
    return max((sum(map(_document_columns, line)) for line in text.splitlines()), default=0)


def terminal_width(text: str) -> int:
    """Return the width of a line in a terminal, where ambiguous characters take one column.

    Examples
    --------
    >>> terminal_width("甲ab"), terminal_width("“一”")
    (4, 4)
    """
    return sum(map(_terminal_columns, text))


@lru_cache(maxsize=2**13)
def _document_columns(char: str) -> int:
    return _columns(char, ambiguous_width=2)


@lru_cache(maxsize=2**13)
def _terminal_columns(char: str) -> int:
    return _columns(char, ambiguous_width=1)


def _columns(char: str, *, ambiguous_width: int) -> int:
    """Return the columns of a character; a control character, which has no width, takes one."""
    columns: int = wcwidth(char, ambiguous_width=ambiguous_width)
    return 1 if columns < 0 else columns
