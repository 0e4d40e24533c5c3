"""HTML as plain blocks: pages sent as documents, and forms pasted into a letter."""

import email
import re
from collections.abc import Iterator
from typing import Any

from kjfp_helpers.intake.documents import Document, Paragraph, Table, Unreadable
from kjfp_helpers.intake.faults import tell_own_fault
from kjfp_helpers.intake.grids import Grid, Square, to_table
from kjfp_helpers.intake.limits import TEXT_BYTES

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "blockquote", "section",
           "article", "body", "center", "td", "th"}  # fmt: skip
_SILENT = {"script", "style", "head", "title", "meta", "link", "iframe", "object", "template"}
_HEADING = re.compile(r"h([1-6])")
_COLON = re.compile(r"^[\s　]*([^：:\n]{1,30})[：:](.*)$")
_SIGNED = re.compile(r"\n\s*\d{4}年\d{1,2}月\d{1,2}日\s*$")
"""The date with which an opinion ends; what follows is the letter's own."""
MOST_SPAN = 60


def read_page(text: str, where: str = "网页") -> Document:
    """Read a page's paragraphs and outermost tables; nothing it points to is fetched.

    Raises
    ------
    Unreadable
        When it is too large or holds no element.
    """
    from lxml import html

    if len(text) > TEXT_BYTES:
        raise Unreadable("size")
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text), parser=parser)
    except Exception as error:
        tell_own_fault(error)
        # lxml raises its own family of errors, and ValueError or AssertionError on the odd page.
        raise Unreadable("html") from error
    return Document(tuple(_blocks(root, where)))


def saved_page(data: bytes) -> bytes:
    """Return the page inside a web archive (.mht), or the bytes as they are."""
    if not data[:20].lower().startswith(b"mime-version:"):
        return data
    for part in email.message_from_bytes(data).walk():
        if part.get_content_type() == "text/html":
            inside = part.get_payload(decode=True)
            return inside if isinstance(inside, bytes) else b""
    return data


def read_lines(text: str, where: str) -> Document:
    """Read a plain text whose lines say 标签：内容 as a table of two columns."""
    rows: list[tuple[str, str]] = []
    for line in text.splitlines():
        match = _COLON.match(line)
        if match:
            rows.append((match[1].strip(), match[2].strip()))
        elif rows and not _SIGNED.search(rows[-1][1]):
            label, words = rows[-1]
            rows[-1] = label, f"{words}\n{line.rstrip()}".strip("\n")
    squares = tuple(
        Square(f"{where}第{row}项", row, column, words)
        for row, pair in enumerate(rows, start=1)
        for column, words in enumerate(pair, start=1)
    )
    return Document((to_table(Grid(where, squares), 1),))


def _blocks(root: Any, where: str) -> Iterator[Paragraph | Table]:
    paragraphs = tables = 0
    for element in _outer(root):
        if element.tag == "table":
            tables += 1
            yield to_table(_grid(element, f"{where}表{tables}"), tables)
            continue
        words = _own_words(element)
        if words:
            paragraphs += 1
            heading = _HEADING.fullmatch(element.tag)
            yield Paragraph(paragraphs, words, int(heading[1]) if heading else None)


def _outer(element: Any) -> Iterator[Any]:
    """Yield the blocks and the outermost tables in reading order."""
    waiting = [element]
    while waiting:
        at = waiting.pop()
        if not isinstance(at.tag, str) or at.tag in _SILENT:
            continue
        if at.tag == "table":
            yield at
            continue
        if at.tag in _BLOCKS:
            yield at
        waiting += reversed(at)


def _own_words(element: Any) -> str:
    """Return the words of a block without those of the blocks and tables inside it."""
    pieces = [element.text or ""]
    waiting = list(reversed(element))
    while waiting:
        at = waiting.pop()
        if isinstance(at, str):
            pieces.append(at)
            continue
        waiting.append(at.tail or "")
        if not isinstance(at.tag, str) or at.tag in _BLOCKS | _SILENT | {"table"}:
            continue
        if at.tag == "br":
            pieces.append("\n")
        pieces.append(at.text or "")
        waiting += reversed(at)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _grid(table: Any, name: str) -> Grid:
    squares: list[Square] = []
    taken: set[tuple[int, int]] = set()
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for number, row in enumerate(rows, start=1):
        column = nth = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            column, nth = column + 1, nth + 1
            while (number, column) in taken:
                column += 1
            deep, wide = _span(cell, "rowspan"), _span(cell, "colspan")
            taken |= {(number + down, column + right) for down in range(deep)
                      for right in range(wide)}  # fmt: skip
            place = f"{name} 第{number}行第{nth}列"
            squares.append(
                Square(place, number, column, _cell_words(cell), deep, len(list(cell.iter("img"))))
            )
            column += wide - 1
    return Grid(name, tuple(squares))


def _cell_words(cell: Any) -> str:
    words = [_own_words(cell)]
    words += [_own_words(block) for block in cell.iter(*_BLOCKS) if block is not cell]
    return "\n".join(word for word in words if word)


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "")
    return min(max(int(value), 1), MOST_SPAN) if value.isascii() and value.isdigit() else 1
