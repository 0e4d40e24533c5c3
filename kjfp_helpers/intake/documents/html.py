"""Reader of HTML: pages sent as documents, and forms pasted into a message body."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.look_alikes import normalize_look_alikes
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.documents.document_model import (
    Document,
    Paragraph,
    Table,
    Unreadable,
    render_table_text,
)
from kjfp_helpers.intake.documents.grid_model import (
    REPORTED_MARKERS,
    Grid,
    GridCell,
    table_from_grid,
)
from kjfp_helpers.intake.documents.html_styles import PageStyles, read_page_styles
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
_SKIPPED_TAGS = {
    "script",
    "style",
    "head",
    "title",
    "meta",
    "link",
    "iframe",
    "object",
    "template",
    "button",
}
_PARTLY_SHOWN = ("select", "details")
_HEADING = re.compile(r"h([1-6])")
_SYMBOL_FONT = re.compile(r"wingdings 2|wingdings|webdings")
_EMPHASIS_STYLE = re.compile(r"font-weight:(?:bold|[6-9]00)|text-decoration:[^;]*underline")
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
    blocks = tuple(_iter_blocks(root, location_prefix, read_page_styles(root)))
    return Document(blocks, _reported_markers(blocks))


def _reported_markers(blocks: Iterable[Paragraph | Table]) -> frozenset[str]:
    """Return the markers in the blocks that are told even where they belong to no field."""
    texts = [
        text
        for block in blocks
        for text in (
            [block.marked_text]
            if isinstance(block, Paragraph)
            else [cell.marked_text for cell in block.cells]
        )
    ]
    joined = "".join(texts)
    return frozenset(marker for marker in REPORTED_MARKERS if marker in joined)


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
    seen = normalize_look_alikes(text)
    lines = [_QUOTE_PREFIX.sub("", line).rstrip() for line in seen.splitlines()]
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


def _iter_blocks(
    root: Any, location_prefix: str, styles: PageStyles
) -> Iterator[Paragraph | Table]:
    """Yield the blocks of a page; a nested table follows its outer table, as in Word."""
    paragraph_count = table_count = 0
    for element in _iter_outer_elements(root, styles):
        if element.tag == "table":
            for table in element.iter("table"):
                table_count += 1
                yield table_from_grid(
                    _grid_of_table(table, f"{location_prefix}表{table_count}", styles), table_count
                )
            continue
        text = _own_text(element, styles)
        if text:
            paragraph_count += 1
            heading = _HEADING.fullmatch(element.tag)
            yield Paragraph(paragraph_count, text, int(heading[1]) if heading else None)


def _iter_outer_elements(element: Any, styles: PageStyles) -> Iterator[Any]:
    """Yield the block elements and the outermost tables in reading order."""
    stack = [element]
    while stack:
        current = stack.pop()
        if not isinstance(current.tag, str) or current.tag in _SKIPPED_TAGS:
            continue
        if styles.is_hidden(current):
            continue
        if current.tag == "table":
            yield current
            continue
        if current.tag in _BLOCK_TAGS:
            yield current
        stack += reversed(current)


def _own_text(element: Any, styles: PageStyles) -> str:
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
        if styles.is_hidden(current):
            pieces.append(text_markers.HIDDEN_TEXT if current.text_content().strip() else "")
            continue
        if current.tag in _PARTLY_SHOWN:
            pieces.append(_shown_part(current))
            continue
        opening, closing = _format_markers(current, styles)
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
    if element.tag == "input":
        return _input_text(element)
    font = _SYMBOL_FONT.search(f"{element.get('style')} {element.get('face')}".lower())
    text = _clean_text(element.text)
    return decode_symbol_text(font[0], text, text_markers.UNKNOWN_SYMBOL) if font else text


def _input_text(element: Any) -> str:
    """Return what an input shows: its box, or the text typed into it."""
    kind = str(element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "□" if element.get("checked") is None else "☑"
    is_typed = kind in ("text", "number", "tel", "email", "date", "month", "search", "url")
    return _clean_text(element.get("value")) if is_typed else ""


def _shown_part(element: Any) -> str:
    """Return the summary of details, or the chosen option of a list, else its first."""
    if element.tag == "details":
        summaries = [one.text_content().strip() for one in element.iter("summary")]
        is_open = element.get("open") is not None
        shown = element.text_content().strip() if is_open else "".join(summaries[:1])
        return shown if is_open else f"{shown}{text_markers.HIDDEN_TEXT}"
    options = list(element.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None] or options[:1]
    return _clean_text("、".join(option.text_content().strip() for option in chosen))


def _format_markers(element: Any, styles: PageStyles) -> tuple[str, str]:
    """Return the inline markers around the text of a formatted inline element."""
    style = styles.style_of(element)
    if element.tag in ("s", "strike", "del") or "line-through" in style:
        return text_markers.STRUCK, text_markers.STRUCK_END
    if styles.is_raised(element) and element.text_content().strip():
        return text_markers.RAISED, text_markers.RAISED_END
    is_emphasized = element.tag in ("b", "strong", "u", "mark") or _EMPHASIS_STYLE.search(style)
    return (text_markers.EMPHASIS, text_markers.EMPHASIS_END) if is_emphasized else ("", "")


def _grid_of_table(table: Any, name: str, styles: PageStyles) -> Grid:
    """Convert a table element to a grid, with row and column spans."""
    cells: list[GridCell] = []
    occupied: set[tuple[int, int]] = set()
    rows = [
        row
        for row in table.iter("tr")
        if next(row.iterancestors("table")) is table and not styles.is_hidden(row)
    ]
    for number, row in enumerate(rows, start=1):
        column = position = 0
        for cell in row:
            if cell.tag not in ("td", "th") or styles.is_hidden(cell):
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
                    location,
                    number,
                    column,
                    _cell_text(cell, styles),
                    height,
                    len(list(cell.iter("img"))),
                )
            )
            column += width - 1
    return Grid(name, tuple(cells))


def _cell_text(cell: Any, styles: PageStyles) -> str:
    """Return the marked text of a cell, a nested table between its own markers."""
    texts = [_own_text(cell, styles)]
    for block in cell.iter(*_BLOCK_TAGS, "table"):
        table = next(block.iterancestors("table"), None)
        if block is cell or table is not next(cell.iterancestors("table")):
            continue
        if any(styles.is_hidden(outer) for outer in _elements_up_to(block, cell)):
            continue
        is_table = block.tag == "table"
        texts.append(_nested_table_text(block, styles) if is_table else _own_text(block, styles))
    return "\n".join(text for text in texts if text)


def _elements_up_to(element: Any, outer: Any) -> Iterator[Any]:
    """Yield an element and those around it, up to but without an outer one."""
    while element is not None and element is not outer:
        yield element
        element = element.getparent()


def _nested_table_text(table: Any, styles: PageStyles) -> str:
    text = render_table_text(table_from_grid(_grid_of_table(table, "", styles), 0))
    return f"{text_markers.NESTED_TABLE}{text}{text_markers.NESTED_TABLE_END}"


def _span_attribute(cell: Any, name: str) -> int:
    """Return a row or column span, between 1 and ``MAX_SPAN``."""
    value = str(cell.get(name) or "")
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() else 1
