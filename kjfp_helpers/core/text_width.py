"""Width of text in columns: a Chinese character takes two; tables of such text."""

from collections.abc import Callable, Collection, Sequence
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


def align_columns(
    rows: Sequence[Sequence[str]],
    *,
    width: Callable[[str], int] = terminal_width,
    right: Collection[int] = (),
) -> list[str]:
    """Return rows as lines whose columns stand below one another.

    Parameters
    ----------
    rows : sequence of rows
        Texts of one line each, as many in every row.
    width : callable
        Width of a text in columns.
    right : collection of int
        Positions, from 0, of the columns that are aligned to the right.

    Examples
    --------
    >>> align_columns([["名次", "个案"], ["1", "甲"]], right=[0])
    ['名次  个案', '   1  甲']
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for position, (text, columns) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (columns - width(text))
            cells.append(padding + text if position in right else text + padding)
        lines.append("  ".join(cells).rstrip())
    return lines


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
