"""Workbooks as grids: .xlsx with openpyxl, the older formats with calamine."""

import io
import re
import struct
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kjfp_helpers.intake.common.internal_errors import warn_internal_error
from kjfp_helpers.intake.common.resource_limits import (
    MAX_WORKBOOK_BYTES,
    MAX_XLS_CELLS,
    MAX_XML_PART_BYTES,
)
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.docx.reader import Unreadable
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell
from kjfp_helpers.intake.documents.workbook_images import (
    CellPosition,
    MergedSpans,
    count_pictures_by_cell,
    xls_picture_positions,
    xlsx_picture_positions,
)
from kjfp_helpers.intake.files.zip_archives import OfficePackage

MAX_ROWS, MAX_COLUMNS = 500, 60
MAX_FULL_READ_BYTES = 2_000_000
"""Workbooks up to this size are read with their merged cells and pictures."""
_FORMULA = re.compile(rb"<f[\s>/]")
_VALUES = frozenset((0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD))
"""BIFF records that hold a cell with a value."""


def read_xlsx(package: OfficePackage, data: bytes) -> list[Grid]:
    """Return the sheets of a .xlsx, formulas as their stored results.

    Raises
    ------
    Unreadable
        When it cannot be parsed, or is too large (``size``).
    """
    if package.declared_bytes > MAX_WORKBOOK_BYTES:
        raise Unreadable("size")
    whole = _sheet_bytes(package) <= MAX_FULL_READ_BYTES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(_sheets(data, whole=whole, formulas=_has_formulas(package)))
    except Exception as error:
        warn_internal_error(error)
        # openpyxl lets every parser's own errors through.
        raise Unreadable("workbook") from error


def _sheet_bytes(package: OfficePackage) -> int:
    return sum(
        package.part_size(name)
        for name in package.part_names
        if name.startswith("xl/") and name.endswith(".xml")
    )


def _has_formulas(package: OfficePackage) -> bool:
    sheets = (name for name in package.part_names if name.startswith("xl/worksheets/sheet"))
    return any(
        _FORMULA.search(package.read_part(name, MAX_XML_PART_BYTES) or b"") for name in sheets
    )


def _sheets(data: bytes, *, whole: bool, formulas: bool) -> Iterator[Grid]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=not whole, data_only=True)
    typed = openpyxl.load_workbook(io.BytesIO(data), read_only=True) if formulas else None
    for sheet in book.worksheets:
        spans = _spans(sheet.merged_cells.ranges) if whole else {}
        squares = _squares(
            sheet.title,
            _cells(sheet, _covered(spans)),
            spans,
            xlsx_picture_positions(sheet) if whole else (),
        )
        empty = {one.location for one in squares if one.value is None}
        uncounted = _formulas(typed[sheet.title], sheet.title) & empty if typed else set()
        yield Grid(sheet.title, squares, sheet.sheet_state != "visible", frozenset(uncounted))


def _squares(
    title: str,
    cells: Iterable[tuple[int, int, Any]],
    spans: MergedSpans,
    pictures: Iterable[CellPosition],
) -> tuple[GridCell, ...]:
    laid = list(cells)
    shown = count_pictures_by_cell(pictures, spans, ((row, column) for row, column, _ in laid))
    return tuple(
        GridCell(
            f"{title}!{_letters(column)}{row}",
            row,
            column,
            value,
            spans.get((row, column), (1, 1))[0],
            shown.get((row, column), 0),
            spans.get((row, column), (1, 1))[1],
        )
        for row, column, value in laid
    )


def _cells(sheet: Any, covered: set[tuple[int, int]]) -> Iterator[tuple[int, int, Any]]:
    # A sheet that is read whole makes the cells it is asked for: ask for those it has.
    last, right = min(sheet.max_row or MAX_ROWS, MAX_ROWS), sheet.max_column or MAX_COLUMNS
    rows = sheet.iter_rows(max_row=last, max_col=min(right, MAX_COLUMNS), values_only=True)
    lines = [list(line) for line in rows]
    width = max(
        (at for line in lines for at, value in enumerate(line, 1) if value is not None), default=0
    )
    for row, line in enumerate(lines, start=1):
        for column in range(1, width + 1):
            if (row, column) not in covered:
                yield row, column, line[column - 1] if column <= len(line) else None


def _formulas(sheet: Any, title: str) -> set[str]:
    rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    return {
        f"{title}!{_letters(column)}{row}"
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
        if isinstance(value, str) and value.startswith("=")
    }


def _spans(ranges: Iterable[Any]) -> dict[tuple[int, int], tuple[int, int]]:
    """Map the first cell of each merged block to its height and width."""
    return {
        (one.min_row, one.min_col): (
            min(one.max_row, MAX_ROWS) - one.min_row + 1,
            min(one.max_col, MAX_COLUMNS) - one.min_col + 1,
        )
        for one in ranges
        if one.min_row <= MAX_ROWS and one.min_col <= MAX_COLUMNS
    }


def _covered(spans: Mapping[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    return {
        (row + down, column + right)
        for (row, column), (height, width) in spans.items()
        for down in range(height)
        for right in range(width)
        if down or right
    }


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def read_legacy_workbook(data: bytes) -> list[Grid]:
    """Return the sheets of a .xls, .et or .ods, read in the guarded process.

    Raises
    ------
    Unreadable
        When it cannot be parsed, or its cells span too much (``size``).
    """
    try:
        return run_sandboxed(parse_legacy_workbook, data)
    except SandboxLimitExceeded as error:
        raise Unreadable("size") from error
    except SandboxedCallFailed as error:
        raise Unreadable("encrypted" if "Password" in str(error) else "workbook") from error


def parse_legacy_workbook(data: bytes) -> list[Grid]:
    """Read a workbook with calamine, which lays out every cell between the outermost two."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    stream = _stream(data)
    if _span(stream) > MAX_XLS_CELLS:
        raise MemoryError
    drawn = iter(xls_picture_positions(stream))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids = []
    for facts in book.sheets_metadata:
        sheet = book.get_sheet_by_name(facts.name)
        merged = {
            (top + 1, left + 1): (bottom - top + 1, right - left + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
            if bottom < MAX_ROWS and right < MAX_COLUMNS
        }
        covered = _covered(merged)
        lines = sheet.to_python(skip_empty_area=False)[:MAX_ROWS]
        cells = (
            (row, column, None if value == "" else value)
            for row, line in enumerate(lines, start=1)
            for column, value in enumerate(line[:MAX_COLUMNS], start=1)
            if (row, column) not in covered
        )
        squares = _squares(facts.name, cells, merged, next(drawn, ()))
        grids.append(Grid(facts.name, squares, facts.visible != SheetVisibleEnum.Visible))
    return grids


def _stream(data: bytes) -> bytes:
    """Return the records of a BIFF workbook, nothing for other formats."""
    import olefile

    if not olefile.isOleFile(io.BytesIO(data)):
        return b""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        name = next((word for word in ("Workbook", "Book") if ole.exists(word)), "")
        return bytes(ole.openstream(name).read()) if name else b""


def _span(stream: bytes) -> int:
    """Return rows times columns that the cells of a BIFF workbook span."""
    at = widest = lowest = most = 0
    while at + 8 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0x0809:  # a new sheet begins
            widest = lowest = 0
        elif kind in _VALUES:
            row, column = struct.unpack_from("<HH", stream, at + 4)
            lowest, widest = max(lowest, row), max(widest, column)
            most = max(most, (lowest + 1) * (widest + 1))
        at += 4 + size
    return most
