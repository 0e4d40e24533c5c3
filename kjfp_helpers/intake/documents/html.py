"""Reader of HTML: pages sent as documents, and forms pasted into a message body."""

import email
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.documents.document_model import (
    Document,
    Paragraph,
    Table,
    Unreadable,
    render_table_text,
)
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid
from kjfp_helpers.intake.documents.symbol_fonts import decode_symbol_text

_BLOCK_TAGS = {
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
_SKIPPED_TAGS = {"script", "style", "head", "title", "meta", "link", "iframe", "object", "template"}
_HEADING = re.compile(r"h([1-6])")
_SYMBOL_FONT = re.compile(r"wingdings 2|wingdings|webdings")
_EMPHASIS_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)|text-decoration:[^;]*underline")
_QUOTE_PREFIX = re.compile(r"^(?:\s*>)+\s?")
_MIN_LABELS = 4
_LABEL_LINE = re.compile(r"^[\s　]*([^：:\n]{1,30})[：:](.*)$")
_TRAILING_DATE = re.compile(r"\n\s*\d{4}年\d{1,2}月\d{1,2}日\s*$")
"""The date at the end of an opinion; the text after it belongs to the message."""
MAX_SPAN = 60


def read_html(text: str, location_prefix: str = "网页") -> Document:
    """Read the paragraphs and tables of a page; nothing that it refers to is fetched.

    Raises
    ------
    Unreadable
        When the page is too large or contains no element.
    """
    from lxml import html

    if len(text) > MAX_TEXT_BYTES:
        raise Unreadable("size")
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text), parser=parser)
    except Exception as error:
        warn_internal_error(error)
        # lxml raises its own errors, and ValueError or AssertionError on malformed pages.
        raise Unreadable("html") from error
    return Document(tuple(_iter_blocks(root, location_prefix)))


def mhtml_body(data: bytes) -> bytes:
    """Return the HTML page inside a web archive (.mht), or the bytes unchanged."""
    if not data[:20].lower().startswith(b"mime-version:"):
        return data
    for part in email.message_from_bytes(data).walk():
        if part.get_content_type() == "text/html":
            inside = part.get_payload(decode=True)
            return inside if isinstance(inside, bytes) else b""
    return data


def read_key_value_text(
    text: str, location_prefix: str, is_label: Callable[[str], bool]
) -> Document:
    """Read a plain text as a document; lines of 标签：内容 become a table of two columns.

    Parameters
    ----------
    text : str
        The text.
    location_prefix : str
        Beginning of the locations of cells, in Chinese.
    is_label : callable
        Whether a text is a label of a form.
    """
    lines = [_QUOTE_PREFIX.sub("", line).rstrip() for line in text.splitlines()]
    rows = _key_value_rows(lines)
    if sum(is_label(label) for label, _ in rows) < _MIN_LABELS:
        return Document(
            tuple(Paragraph(number, line, None) for number, line in enumerate(lines, start=1))
        )
    cells = tuple(
        GridCell(f"{location_prefix}第{row}项", row, column, cell_text)
        for row, row_pair in enumerate(rows, start=1)
        for column, cell_text in enumerate(row_pair, start=1)
    )
    return Document((table_from_grid(Grid(location_prefix, cells), 1),))


def _key_value_rows(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Split lines of 标签：内容; lines without a label continue the value before them."""
    rows: list[tuple[str, str]] = []
    for line in lines:
        match = _LABEL_LINE.match(line)
        if match:
            rows.append((match[1].strip(), match[2].strip()))
        elif rows and not _TRAILING_DATE.search(rows[-1][1]):
            label, value = rows[-1]
            rows[-1] = label, f"{value}\n{line}".strip("\n")
    return rows


def _iter_blocks(root: Any, location_prefix: str) -> Iterator[Paragraph | Table]:
    """Yield the blocks of a page; a nested table follows its outer table, as in Word."""
    paragraph_count = table_count = 0
    for element in _iter_outer_elements(root):
        if element.tag == "table":
            for table in element.iter("table"):
                table_count += 1
                yield table_from_grid(
                    _grid_of_table(table, f"{location_prefix}表{table_count}"), table_count
                )
            continue
        text = _own_text(element)
        if text:
            paragraph_count += 1
            heading = _HEADING.fullmatch(element.tag)
            yield Paragraph(paragraph_count, text, int(heading[1]) if heading else None)


def _iter_outer_elements(element: Any) -> Iterator[Any]:
    """Yield the block elements and the outermost tables in reading order."""
    stack = [element]
    while stack:
        current = stack.pop()
        if not isinstance(current.tag, str) or current.tag in _SKIPPED_TAGS:
            continue
        if current.tag == "table":
            yield current
            continue
        if current.tag in _BLOCK_TAGS:
            yield current
        stack += reversed(current)


def _own_text(element: Any) -> str:
    """Return the marked text of a block without the blocks and tables inside it."""
    pieces = [_clean_text(element.text)]
    stack = list(reversed(element))
    while stack:
        current = stack.pop()
        if isinstance(current, str):
            pieces.append(current)
            continue
        stack.append(_clean_text(current.tail))
        if not isinstance(current.tag, str) or current.tag in _BLOCK_TAGS | _SKIPPED_TAGS | {
            "table"
        }:
            continue
        opening, closing = _format_markers(current)
        stack.append(closing)
        pieces.append(f"{opening}{_displayed_text(current)}")
        stack += reversed(current)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _clean_text(text: str | None) -> str:
    return text_markers.INVISIBLE_CHARS.sub("", text or "")


def _displayed_text(element: Any) -> str:
    """Return what an inline element itself displays: its text, a check box or a line break."""
    if element.tag == "br":
        return "\n"
    if element.tag == "input" and str(element.get("type")).lower() in ("checkbox", "radio"):
        return "□" if element.get("checked") is None else "☑"
    font = _SYMBOL_FONT.search(f"{element.get('style')} {element.get('face')}".lower())
    text = _clean_text(element.text)
    return decode_symbol_text(font[0], text, text_markers.UNKNOWN_SYMBOL) if font else text


def _format_markers(element: Any) -> tuple[str, str]:
    """Return the inline markers around the text of a formatted inline element."""
    style = str(element.get("style")).lower()
    if element.tag in ("s", "strike", "del") or "line-through" in style:
        return text_markers.STRUCK, text_markers.STRUCK_END
    is_emphasized = element.tag in ("b", "strong", "u", "mark") or _EMPHASIS_STYLE.search(style)
    return (text_markers.EMPHASIS, text_markers.EMPHASIS_END) if is_emphasized else ("", "")


def _grid_of_table(table: Any, name: str) -> Grid:
    """Convert a table element to a grid, with row and column spans."""
    cells: list[GridCell] = []
    occupied: set[tuple[int, int]] = set()
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for number, row in enumerate(rows, start=1):
        column = position = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            column, position = column + 1, position + 1
            while (number, column) in occupied:
                column += 1
            height, width = _span_attribute(cell, "rowspan"), _span_attribute(cell, "colspan")
            occupied |= {
                (number + row_offset, column + column_offset)
                for row_offset in range(height)
                for column_offset in range(width)
            }
            location = f"{name} 第{number}行第{position}列"
            cells.append(
                GridCell(
                    location, number, column, _cell_text(cell), height, len(list(cell.iter("img")))
                )
            )
            column += width - 1
    return Grid(name, tuple(cells))


def _cell_text(cell: Any) -> str:
    """Return the marked text of a cell, a nested table between its own markers."""
    texts = [_own_text(cell)]
    for block in cell.iter(*_BLOCK_TAGS, "table"):
        table = next(block.iterancestors("table"), None)
        if block is cell or table is not next(cell.iterancestors("table")):
            continue
        is_table = block.tag == "table"
        texts.append(_nested_table_text(block) if is_table else _own_text(block))
    return "\n".join(text for text in texts if text)


def _nested_table_text(table: Any) -> str:
    text = render_table_text(table_from_grid(_grid_of_table(table, ""), 0))
    return f"{text_markers.NESTED_TABLE}{text}{text_markers.NESTED_TABLE_END}"


def _span_attribute(cell: Any, name: str) -> int:
    """Return a row or column span, between 1 and ``MAX_SPAN``."""
    value = str(cell.get(name) or "")
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() else 1
