"""Reader of PDF files with a text layer; the file is parsed in the sandbox."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile, zip_longest
from typing import Any

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import is_known_label
from kjfp_helpers.intake.common.resource_limits import MAX_PDF_BYTES, MAX_PDF_PAGES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.common.text_cleanup import normalize_label
from kjfp_helpers.intake.documents.docx.reader import Document, Paragraph, Table, Unreadable
from kjfp_helpers.intake.documents.docx.symbol_fonts import decode_symbol_text, private_char_glyph
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid

_CELL_PADDING = 8
"""Points between the text of a cell and its border, both sides together."""
_LINE_GAP, _CELL_GAP = 0.35, 1.0
"""Gap between characters that becomes a space, as a fraction of the font size: in lines, in cells.

Programs leave up to a quarter between Chinese and Latin characters.
"""
_PAGE_NUMBER = re.compile(
    r"[\s\-—–]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／共]*\s*\d{1,3}\s*页)?[\s\-—–]*$"
)
_WINGDINGS_FONT = re.compile(r"wingdings[\s-]*(2)?")
_SYMBOL_FONT_PARTS = ("dings", "symbol")
"""Parts of the names of fonts whose private-use characters have the known glyphs."""
_LINE_TOLERANCE = 0.6
"""Vertical distance within which characters are on one line, as a fraction of the font size."""


class ScannedPdf(Unreadable):
    """A PDF that contains images of pages and no text."""


def read_pdf(data: bytes) -> Document:
    """Read the tables of a PDF and the lines outside of them.

    Raises
    ------
    Scanned
        When no page holds text.
    Unreadable
        When the file cannot be parsed (``pdf``), needs a password (``encrypted``) or exceeds the
        limits (``size``).
    """
    if len(data) > MAX_PDF_BYTES:
        raise Unreadable("size")
    try:
        parts = run_sandboxed(parse_pdf, data)
    except SandboxLimitExceeded as error:
        raise Unreadable("size") from error
    except SandboxedCallFailed as error:
        name = str(error)
        raise Unreadable(
            "encrypted" if "Password" in name or "Encrypt" in name else "pdf"
        ) from error
    if not any(isinstance(part, str) or any(cell.text for cell in part.cells) for part in parts):
        raise ScannedPdf("scanned")
    return Document(tuple(_iter_blocks(parts)))


def _iter_blocks(parts: Sequence[Grid | str]) -> Iterator[Paragraph | Table]:
    line_count = table_count = 0
    for part in parts:
        if isinstance(part, str):
            line_count += 1
            yield Paragraph(line_count, part, None)
        else:
            table_count += 1
            yield table_from_grid(part, table_count)


def parse_pdf(data: bytes) -> list[Grid | str]:
    """Parse a PDF to grids and lines in order; tables that continue on the next page are joined."""
    import pdfplumber

    parts: list[Grid | str] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > MAX_PDF_PAGES:
            raise MemoryError
        for number, page in enumerate(pdf.pages, start=1):
            tables = sorted(page.find_tables(), key=lambda table: float(table.bbox[1]))
            grids = [
                _grid_of_table(page, table, f"第{number}页表{index}")
                for index, table in enumerate(tables, 1)
            ]
            surrounding_lines = _lines_around_tables(page, tables)
            if grids and not surrounding_lines[0] and parts and isinstance(parts[-1], Grid):
                parts[-1], grids = _join_grids(parts[-1], grids[0]), grids[1:]
                parts += surrounding_lines.pop(1)
            parts += surrounding_lines[0]
            for grid, lines in zip(grids, surrounding_lines[1:], strict=True):
                parts += [grid, *lines]
            page.close()
    return parts


def _lines_around_tables(page: Any, tables: Sequence[Any]) -> list[list[str]]:
    """Return the lines above the first table of a page and below each table, no page numbers."""
    groups: list[list[Any]] = [[] for _ in range(len(tables) + 1)]
    for char in page.chars:
        if not any(_is_inside(char, table.bbox) for table in tables):
            groups[sum(char["top"] >= table.bbox[1] for table in tables)].append(char)
    texts = (_join_chars(group, page.bbox, _LINE_GAP).split("\n") for group in groups)
    return [
        [line for line in lines if line.strip() and not _PAGE_NUMBER.match(line)] for lines in texts
    ]


def _join_grids(first: Grid, continuation: Grid) -> Grid:
    """Join a table with its continuation on the next page; a row split in two becomes one."""
    last_row = max((cell.row + cell.height - 1 for cell in first.cells), default=0)
    last_row_cells = [cell for cell in first.cells if cell.row + cell.height - 1 == last_row]
    first_row_cells = [cell for cell in continuation.cells if cell.row == 1]
    is_split = [cell.column for cell in last_row_cells] == [
        cell.column for cell in first_row_cells
    ] and _is_split_row(last_row_cells, first_row_cells)
    if is_split:
        last_row -= 1
        joined_by_id = {
            id(cell): _join_cells(cell, continued_cell)
            for cell, continued_cell in zip(last_row_cells, first_row_cells, strict=True)
        }
        cells = tuple(joined_by_id.get(id(cell), cell) for cell in first.cells)
    else:
        cells = first.cells
    shifted_cells = (
        replace(cell, row=cell.row + last_row)
        for cell in continuation.cells
        if not is_split or cell.row > 1
    )
    return Grid(first.name, (*cells, *shifted_cells))


def _is_split_row(last_row: Sequence[GridCell], first_row: Sequence[GridCell]) -> bool:
    """Whether a row continues on the next page: its label is split, or stands above alone."""
    if not first_row[0].text:
        return True
    labels = {normalize_label(field.label) for form in FORMS for field in form.fields}
    return normalize_label(last_row[0].text + first_row[0].text) in labels


def _join_cells(above: GridCell, below: GridCell) -> GridCell:
    picture_count = above.picture_count + below.picture_count
    return replace(above, value=f"{above.value}{below.value}", picture_count=picture_count)


def _grid_of_table(page: Any, table: Any, name: str) -> Grid:
    left_edges = sorted({round(box[0], 1) for box in table.cells})
    row_bottoms = [row.bbox[3] for row in table.rows]
    cells = []
    for number, row in enumerate(table.rows, start=1):
        for position, box in enumerate((box for box in row.cells if box), start=1):
            height = sum(1 for bottom in row_bottoms[number - 1 :] if bottom <= box[3] + 2) or 1
            chars = [char for char in page.chars if _is_inside(char, box)]
            picture_count = sum(_is_inside(picture, box) for picture in page.images)
            cells.append(
                GridCell(
                    f"{name} 第{number}行第{position}列",
                    number,
                    _column_of(left_edges, box[0]),
                    _join_chars(chars, box),
                    height,
                    picture_count,
                )
            )
    return Grid(name, tuple(cells))


def _column_of(left_edges: Sequence[float], left: float) -> int:
    return min(range(len(left_edges)), key=lambda index: abs(left_edges[index] - left)) + 1


def _is_inside(item: Any, box: Sequence[float]) -> bool:
    center_x, center_y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= center_x <= box[2] and box[1] <= center_y <= box[3])


def _join_chars(chars: Sequence[Any], box: Sequence[float], min_gap: float = _CELL_GAP) -> str:
    """Join characters to lines; a line continues in the next if that text did not fit into it."""
    lines = list(_iter_lines(chars))
    text = ""
    for line, next_line in zip_longest(lines, lines[1:]):
        line_text = "".join(_iter_spaced_chars(line, min_gap))
        text += line_text
        if is_known_label(line_text) or not _is_full(line, next_line, box[2]):
            text = f"{text.rstrip(' ')}\n"
    return text


def _is_full(line: list[Any], next_line: list[Any] | None, right: float) -> bool:
    """Whether the first word of the next line would not have fitted into this line."""
    text_end = max((char["x1"] for char in line if char["text"].strip()), default=line[-1]["x1"])
    widths = [char["x1"] - char["x0"] for char in takewhile(_is_latin_char, next_line or ())]
    if not widths:
        # Punctuation never begins a line: the character before it wraps with it.
        punctuation_count = sum(
            char["text"] in "。，、；：？！）”》" for char in (next_line or ())[1:2]
        )
        widths = [max(line[-1]["size"], 4) * (1 + punctuation_count)]
    return bool(right - text_end < sum(widths) + _CELL_PADDING)


def _is_latin_char(char: Any) -> bool:
    text = str(char["text"])
    return text.isascii() and not text.isspace()


def _iter_lines(chars: Sequence[Any]) -> Iterator[list[Any]]:
    line: list[Any] = []
    for char in sorted(chars, key=lambda item: (item["bottom"], item["x0"])):
        if line and char["bottom"] - line[0]["bottom"] > _LINE_TOLERANCE * max(char["size"], 4):
            yield sorted(line, key=lambda item: item["x0"])
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda item: item["x0"])


def _iter_spaced_chars(line: Sequence[Any], min_gap: float) -> Iterator[str]:
    """Yield the characters of a line, with spaces where a tab or a gap separates them."""
    for char, previous in zip(line, (None, *line), strict=False):
        if previous is not None and char["x0"] - previous["x1"] > min_gap * max(char["size"], 4):
            yield "  "
        yield _char_text(char)


def _char_text(char: Any) -> str:
    text = str(char["text"])
    code = ord(text) if len(text) == 1 else 0
    font = _WINGDINGS_FONT.search(str(char.get("fontname", "")).lower())
    if font and code < 0x100:
        return decode_symbol_text("wingdings 2" if font[1] else "wingdings", text, text)
    if not 0xF000 <= code <= 0xF0FF:
        return text
    # A font without the glyph displays an empty box, under an arbitrary code.
    has_known_glyphs = any(
        name_part in str(char.get("fontname", "")).lower() for name_part in _SYMBOL_FONT_PARTS
    )
    return (private_char_glyph(code) or text) if has_known_glyphs else inline_markers.UNKNOWN_SYMBOL
