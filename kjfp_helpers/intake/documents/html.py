"""HTML as plain blocks: pages sent as documents, and forms pasted into a letter."""

import email
import re
from collections.abc import Iterable, Iterator
from typing import Any

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.internal_errors import warn_internal_error
from kjfp_helpers.intake.common.label_matching import is_known_label
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.documents.docx.reader import (
    Document,
    Paragraph,
    Table,
    Unreadable,
    render_table_text,
)
from kjfp_helpers.intake.documents.docx.symbol_fonts import decode_symbol_text
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid

_BLOCKS = {
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "pre",
    "blockquote",
    "section",
    "article",
    "body",
    "center",
    "td",
    "th",
}
_SILENT = {"script", "style", "head", "title", "meta", "link", "iframe", "object", "template"}
_HEADING = re.compile(r"h([1-6])")
_FONT = re.compile(r"wingdings 2|wingdings|webdings")
_APART = re.compile(r"font-weight:\s*(?:bold|[6-9]00)|text-decoration:[^;]*underline")
_QUOTED = re.compile(r"^(?:\s*>)+\s?")
_LEAST_LABELS = 4
_COLON = re.compile(r"^[\s　]*([^：:\n]{1,30})[：:](.*)$")
_SIGNED = re.compile(r"\n\s*\d{4}年\d{1,2}月\d{1,2}日\s*$")
"""The date with which an opinion ends; what follows is the letter's own."""
MAX_SPAN = 60


def read_html(text: str, location_prefix: str = "网页") -> Document:
    """Read a page's paragraphs and outermost tables; nothing it points to is fetched.

    Raises
    ------
    Unreadable
        When it is too large or holds no element.
    """
    from lxml import html

    if len(text) > MAX_TEXT_BYTES:
        raise Unreadable("size")
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text), parser=parser)
    except Exception as error:
        warn_internal_error(error)
        # lxml raises its own family of errors, and ValueError or AssertionError on the odd page.
        raise Unreadable("html") from error
    return Document(tuple(_blocks(root, location_prefix)))


def mhtml_body(data: bytes) -> bytes:
    """Return the page inside a web archive (.mht), or the bytes as they are."""
    if not data[:20].lower().startswith(b"mime-version:"):
        return data
    for part in email.message_from_bytes(data).walk():
        if part.get_content_type() == "text/html":
            inside = part.get_payload(decode=True)
            return inside if isinstance(inside, bytes) else b""
    return data


def read_key_value_text(text: str, location_prefix: str) -> Document:
    """Read a plain text whose lines say 标签：内容 as a table of two columns, others as lines."""
    lines = [_QUOTED.sub("", line).rstrip() for line in text.splitlines()]
    rows = _by_colon(lines)
    if sum(is_known_label(label) for label, _ in rows) < _LEAST_LABELS:
        return Document(tuple(Paragraph(at, line, None) for at, line in enumerate(lines, start=1)))
    squares = tuple(
        GridCell(f"{location_prefix}第{row}项", row, column, words)
        for row, pair in enumerate(rows, start=1)
        for column, words in enumerate(pair, start=1)
    )
    return Document((table_from_grid(Grid(location_prefix, squares), 1),))


def _by_colon(lines: Iterable[str]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for line in lines:
        match = _COLON.match(line)
        if match:
            rows.append((match[1].strip(), match[2].strip()))
        elif rows and not _SIGNED.search(rows[-1][1]):
            label, words = rows[-1]
            rows[-1] = label, f"{words}\n{line}".strip("\n")
    return rows


def _blocks(root: Any, where: str) -> Iterator[Paragraph | Table]:
    """Yield the blocks of a page; a table inside a table stands behind it, as in Word."""
    paragraphs = tables = 0
    for element in _outer(root):
        if element.tag == "table":
            for table in element.iter("table"):
                tables += 1
                yield table_from_grid(_grid(table, f"{where}表{tables}"), tables)
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
    """Return the marked words of a block without those of the blocks and tables inside it."""
    pieces = [_typed(element.text)]
    waiting = list(reversed(element))
    while waiting:
        at = waiting.pop()
        if isinstance(at, str):
            pieces.append(at)
            continue
        waiting.append(_typed(at.tail))
        if not isinstance(at.tag, str) or at.tag in _BLOCKS | _SILENT | {"table"}:
            continue
        opening, closing = _look(at)
        waiting.append(closing)
        pieces.append(f"{opening}{_shown(at)}")
        waiting += reversed(at)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _typed(words: str | None) -> str:
    return inline_markers.INVISIBLE_CHARS.sub("", words or "")


def _shown(element: Any) -> str:
    """Return what an inline element itself shows: its words, a box or a line's end."""
    if element.tag == "br":
        return "\n"
    if element.tag == "input" and str(element.get("type")).lower() in ("checkbox", "radio"):
        return "□" if element.get("checked") is None else "☑"
    font = _FONT.search(f"{element.get('style')} {element.get('face')}".lower())
    words = _typed(element.text)
    return decode_symbol_text(font[0], words, inline_markers.UNKNOWN_SYMBOL) if font else words


def _look(element: Any) -> tuple[str, str]:
    """Return the signs around the words of an inline element that is set apart."""
    style = str(element.get("style")).lower()
    if element.tag in ("s", "strike", "del") or "line-through" in style:
        return inline_markers.STRUCK, inline_markers.STRUCK_END
    apart = element.tag in ("b", "strong", "u", "mark") or _APART.search(style)
    return (inline_markers.EMPHASIS, inline_markers.EMPHASIS_END) if apart else ("", "")


def _grid(table: Any, name: str) -> Grid:
    squares: list[GridCell] = []
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
            taken |= {
                (number + down, column + right) for down in range(deep) for right in range(wide)
            }
            place = f"{name} 第{number}行第{nth}列"
            squares.append(
                GridCell(
                    place, number, column, _cell_words(cell), deep, len(list(cell.iter("img")))
                )
            )
            column += wide - 1
    return Grid(name, tuple(squares))


def _cell_words(cell: Any) -> str:
    """Return the marked words of a cell, those of a table inside it between their own signs."""
    words = [_own_words(cell)]
    for block in cell.iter(*_BLOCKS, "table"):
        table = next(block.iterancestors("table"), None)
        if block is cell or table is not next(cell.iterancestors("table")):
            continue
        inner = block.tag == "table"
        words.append(_inner(block) if inner else _own_words(block))
    return "\n".join(word for word in words if word)


def _inner(table: Any) -> str:
    words = render_table_text(table_from_grid(_grid(table, ""), 0))
    return f"{inline_markers.NESTED_TABLE}{words}{inline_markers.NESTED_TABLE_END}"


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "")
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() else 1
