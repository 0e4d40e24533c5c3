"""Reader of PDF files with a text layer; the file is parsed in the sandbox."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.resource_limits import MAX_PDF_BYTES, MAX_PDF_PAGES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.common.text_cleanup import normalize_label
from kjfp_helpers.intake.documents.document_model import Document, Paragraph, Table, Unreadable
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid
from kjfp_helpers.intake.documents.label_hints import LabelHints
from kjfp_helpers.intake.documents.pdf.page_chars import (
    PageContent,
    read_page_content,
    upright_page,
)
from kjfp_helpers.intake.documents.pdf.text_layout import LINE_GAP, join_chars

_PAGE_NUMBER = re.compile(
    r"[\s\-—–]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／共]*\s*\d{1,3}\s*页)?[\s\-—–]*$"
)


class ScannedPdf(Unreadable):
    """A PDF that contains images of pages and no text."""


def read_pdf(data: bytes, labels: LabelHints) -> Document:
    """Read the tables of a PDF and the lines outside of them.

    Parameters
    ----------
    data : bytes
        The file.
    labels : LabelHints
        Labels of the forms, by which wrapped lines and split rows are recognized.

    Raises
    ------
    ScannedPdf
        When no page holds text.
    Unreadable
        When the file cannot be parsed (``pdf``), needs a password (``encrypted``), exceeds the
        limits (``size``) or holds a form that only its own programs show (``xfa``).
    """
    if len(data) > MAX_PDF_BYTES:
        raise Unreadable("size")
    try:
        parts, markers = run_sandboxed(parse_pdf, data, labels)
    except SandboxLimitExceeded as error:
        raise Unreadable("size") from error
    except SandboxedCallFailed as error:
        name = str(error)
        raise Unreadable(
            "encrypted" if "Password" in name or "Encrypt" in name else "pdf"
        ) from error
    if b"/XFA" in data and any(_is_dynamic(part) for part in parts):
        raise Unreadable("xfa")
    if not any(isinstance(part, str) or any(cell.text for cell in part.cells) for part in parts):
        raise ScannedPdf("scanned")
    return Document(tuple(_iter_blocks(parts)), markers)


def _is_dynamic(part: Grid | str) -> bool:
    """Whether a line stands in the place of a form that only its own programs show."""
    return isinstance(part, str) and part.lower().startswith("please wait")


def _iter_blocks(parts: Sequence[Grid | str]) -> Iterator[Paragraph | Table]:
    """Yield the lines as paragraphs and the grids as tables, numbered."""
    line_count = table_count = 0
    for part in parts:
        if isinstance(part, str):
            line_count += 1
            yield Paragraph(line_count, part, None)
        else:
            table_count += 1
            yield table_from_grid(part, table_count)


def parse_pdf(data: bytes, labels: LabelHints) -> tuple[list[Grid | str], frozenset[str]]:
    """Parse a PDF to grids and lines in order; tables that continue on the next page are joined.

    Returns
    -------
    tuple
        Grids and lines, and the markers of hidden text and comments on the pages.
    """
    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        return _parse_pages(pdfplumber.open(io.BytesIO(data)), labels)
    except PdfminerException as error:
        repaired = _repaired(data)
        if repaired is None:
            raise
        try:
            return _parse_pages(pdfplumber.open(io.BytesIO(repaired)), labels)
        except PdfminerException:
            raise error from None


def _repaired(data: bytes) -> bytes | None:
    """Return a PDF as pdfium writes it anew, ``None`` where pdfium cannot open it either.

    pdfium finds the objects of a file whose table of them is damaged, as viewers do.
    """
    import pypdfium2

    buffer = io.BytesIO()
    try:
        with pypdfium2.PdfDocument(data) as document:
            document.save(buffer)
    except pypdfium2.PdfiumError:
        return None
    return buffer.getvalue()


def _parse_pages(opened: Any, labels: LabelHints) -> tuple[list[Grid | str], frozenset[str]]:
    """Parse the pages of an opened PDF."""
    parts: list[Grid | str] = []
    markers: set[str] = set()
    with opened as pdf:
        if len(pdf.pages) > MAX_PDF_PAGES:
            raise MemoryError
        for number, page in enumerate(map(upright_page, pdf.pages), start=1):
            content = read_page_content(page)
            markers |= content.markers
            tables = sorted(page.find_tables(), key=lambda table: float(table.bbox[1]))
            grids = [
                _grid_of_table(content, table, f"第{number}页表{index}", labels)
                for index, table in enumerate(tables, 1)
            ]
            surrounding_lines = _lines_around_tables(page, content, tables, labels)
            if grids and not surrounding_lines[0] and parts and isinstance(parts[-1], Grid):
                parts[-1], grids = _join_grids(parts[-1], grids[0], labels), grids[1:]
                parts += surrounding_lines.pop(1)
            parts += surrounding_lines[0]
            for grid, lines in zip(grids, surrounding_lines[1:], strict=True):
                parts += [grid, *lines]
            page.close()
    return parts, frozenset(markers)


def _lines_around_tables(
    page: Any, content: PageContent, tables: Sequence[Any], labels: LabelHints
) -> list[list[str]]:
    """Return the lines above the first table of a page and below each table, no page numbers."""
    groups: list[list[Any]] = [[] for _ in range(len(tables) + 1)]
    for char in content.chars:
        if not any(_is_inside(char, table.bbox) for table in tables):
            groups[sum(char["top"] >= table.bbox[1] for table in tables)].append(char)
    texts = (join_chars(group, page.bbox, labels, LINE_GAP).split("\n") for group in groups)
    return [
        [line for line in lines if line.strip() and not _PAGE_NUMBER.match(line)] for lines in texts
    ]


def _join_grids(first: Grid, continuation: Grid, labels: LabelHints) -> Grid:
    """Join a table with its continuation on the next page; a row split in two becomes one."""
    last_row = max((cell.row + cell.height - 1 for cell in first.cells), default=0)
    last_row_cells = [cell for cell in first.cells if cell.row + cell.height - 1 == last_row]
    first_row_cells = [cell for cell in continuation.cells if cell.row == 1]
    is_split = [cell.column for cell in last_row_cells] == [
        cell.column for cell in first_row_cells
    ] and _is_split_row(last_row_cells, first_row_cells, labels)
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


def _is_split_row(
    last_row: Sequence[GridCell], first_row: Sequence[GridCell], labels: LabelHints
) -> bool:
    """Whether a row continues on the next page: its label is split, or stands above alone."""
    if not first_row[0].text:
        return True
    return normalize_label(last_row[0].text + first_row[0].text) in labels.printed


def _join_cells(above: GridCell, below: GridCell) -> GridCell:
    return replace(
        above,
        value=f"{above.value}{below.value}",
        picture_count=above.picture_count + below.picture_count,
        markers=above.markers or below.markers,
    )


def _grid_of_table(content: PageContent, table: Any, name: str, labels: LabelHints) -> Grid:
    """Convert a table of pdfplumber to a grid."""
    left_edges = sorted({round(box[0], 1) for box in table.cells})
    row_bottoms = [row.bbox[3] for row in table.rows]
    cells = []
    for number, row in enumerate(table.rows, start=1):
        for position, box in enumerate((box for box in row.cells if box), start=1):
            height = sum(1 for bottom in row_bottoms[number - 1 :] if bottom <= box[3] + 2) or 1
            chars = [char for char in content.chars if _is_inside(char, box)]
            picture_count = sum(_is_inside(picture, box) for picture in content.pictures)
            is_part_hidden = any(_is_inside(char, box) for char in content.hidden)
            cells.append(
                GridCell(
                    f"{name} 第{number}行第{position}列",
                    number,
                    _column_of(left_edges, box[0]),
                    join_chars(chars, box, labels),
                    height,
                    picture_count,
                    markers=text_markers.HIDDEN_TEXT if is_part_hidden else "",
                )
            )
    return Grid(name, tuple(cells))


def _column_of(left_edges: Sequence[float], left: float) -> int:
    """Return the number of the column whose left edge is nearest."""
    return min(range(len(left_edges)), key=lambda index: abs(left_edges[index] - left)) + 1


def _is_inside(item: Any, box: Sequence[float]) -> bool:
    """Whether the centre of a character or picture is inside a box."""
    center_x, center_y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= center_x <= box[2] and box[1] <= center_y <= box[3])
