"""Readers of workbooks: .xlsx with openpyxl, .xls, .et and .ods with calamine."""

import io
import re
import struct
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kjfp_helpers.intake.common.bug_detection import warn_internal_error
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
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell
from kjfp_helpers.intake.documents.workbook_images import (
    CellPosition,
    MergedSpans,
    count_pictures_by_cell,
    xls_picture_positions,
    xlsx_picture_positions,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

MAX_ROWS, MAX_COLUMNS = 500, 60
MAX_FULL_READ_BYTES = 2_000_000
"""Workbooks up to this size are read with merged cells and pictures."""
_FORMULA = re.compile(rb"<f[\s>/]")
_VALUE_RECORDS = frozenset((0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD))
"""BIFF records of cells with a value."""


def read_xlsx(package: OfficePackage, data: bytes) -> list[Grid]:
    """Read the sheets of a .xlsx, formulas as their cached results.

    Raises
    ------
    Unreadable
        When the file cannot be parsed, or is too large (``size``).
    """
    if package.declared_bytes > MAX_WORKBOOK_BYTES:
        raise Unreadable("size")
    read_fully = _worksheet_bytes(package) <= MAX_FULL_READ_BYTES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(
                _iter_grids(data, read_fully=read_fully, has_formulas=_has_formulas(package))
            )
    except Exception as error:
        warn_internal_error(error)
        # openpyxl lets every parser's own errors through.
        raise Unreadable("workbook") from error


def _worksheet_bytes(package: OfficePackage) -> int:
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


def _iter_grids(data: bytes, *, read_fully: bool, has_formulas: bool) -> Iterator[Grid]:
    """Yield the sheets of a .xlsx; merged cells and pictures only if read fully."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=not read_fully, data_only=True)
    formula_book = (
        openpyxl.load_workbook(io.BytesIO(data), read_only=True) if has_formulas else None
    )
    for sheet in book.worksheets:
        merged = _merged_spans(sheet.merged_cells.ranges) if read_fully else {}
        cells = _grid_cells(
            sheet.title,
            _iter_values(sheet, _covered_positions(merged)),
            merged,
            xlsx_picture_positions(sheet) if read_fully else (),
        )
        empty_locations = {cell.location for cell in cells if cell.value is None}
        uncached = (
            _formula_locations(formula_book[sheet.title], sheet.title) & empty_locations
            if formula_book
            else set()
        )
        yield Grid(sheet.title, cells, sheet.sheet_state != "visible", frozenset(uncached))


def _grid_cells(
    title: str,
    positioned_values: Iterable[tuple[int, int, Any]],
    merged: MergedSpans,
    picture_positions: Iterable[CellPosition],
) -> tuple[GridCell, ...]:
    """Convert values to grid cells with their spans and picture counts."""
    values = list(positioned_values)
    picture_counts = count_pictures_by_cell(
        picture_positions, merged, ((row, column) for row, column, _ in values)
    )
    return tuple(
        GridCell(
            f"{title}!{_column_letters(column)}{row}",
            row,
            column,
            value,
            merged.get((row, column), (1, 1))[0],
            picture_counts.get((row, column), 0),
            merged.get((row, column), (1, 1))[1],
        )
        for row, column, value in values
    )


def _iter_values(sheet: Any, covered: set[tuple[int, int]]) -> Iterator[tuple[int, int, Any]]:
    # openpyxl creates the cells that are asked for: ask only for those within its dimensions.
    """Yield row, column and value of the cells of a sheet, covered cells excluded."""
    last_row, last_column = (
        min(sheet.max_row or MAX_ROWS, MAX_ROWS),
        sheet.max_column or MAX_COLUMNS,
    )
    rows = sheet.iter_rows(
        max_row=last_row, max_col=min(last_column, MAX_COLUMNS), values_only=True
    )
    row_values = [list(values) for values in rows]
    width = max(
        (at for values in row_values for at, value in enumerate(values, 1) if value is not None),
        default=0,
    )
    for row, values in enumerate(row_values, start=1):
        for column in range(1, width + 1):
            if (row, column) not in covered:
                yield row, column, values[column - 1] if column <= len(values) else None


def _formula_locations(sheet: Any, title: str) -> set[str]:
    """Return the locations of the formulas of a sheet."""
    rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    return {
        f"{title}!{_column_letters(column)}{row}"
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if isinstance(value, str) and value.startswith("=")
    }


def _merged_spans(ranges: Iterable[Any]) -> dict[tuple[int, int], tuple[int, int]]:
    """Map the first cell of each merged range to its height and width."""
    return {
        (merged_range.min_row, merged_range.min_col): (
            min(merged_range.max_row, MAX_ROWS) - merged_range.min_row + 1,
            min(merged_range.max_col, MAX_COLUMNS) - merged_range.min_col + 1,
        )
        for merged_range in ranges
        if merged_range.min_row <= MAX_ROWS and merged_range.min_col <= MAX_COLUMNS
    }


def _covered_positions(merged: Mapping[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the positions inside merged ranges, except their first cells."""
    return {
        (row + row_offset, column + column_offset)
        for (row, column), (height, width) in merged.items()
        for row_offset in range(height)
        for column_offset in range(width)
        if row_offset or column_offset
    }


def _column_letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def read_legacy_workbook(data: bytes) -> list[Grid]:
    """Read the sheets of a .xls, .et or .ods file in the sandbox.

    Raises
    ------
    Unreadable
        When the file cannot be parsed, or its cells span too large a range (``size``).
    """
    try:
        return run_sandboxed(parse_legacy_workbook, data)
    except SandboxLimitExceeded as error:
        raise Unreadable("size") from error
    except SandboxedCallFailed as error:
        raise Unreadable("encrypted" if "Password" in str(error) else "workbook") from error


def parse_legacy_workbook(data: bytes) -> list[Grid]:
    """Parse a workbook with calamine, which fills the whole range between the outermost cells."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    stream = _biff_stream(data)
    if _spanned_range(stream) > MAX_XLS_CELLS:
        raise MemoryError
    picture_positions = iter(xls_picture_positions(stream))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids = []
    for metadata in book.sheets_metadata:
        sheet = book.get_sheet_by_name(metadata.name)
        merged = {
            (top + 1, left + 1): (bottom - top + 1, right - left + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
            if bottom < MAX_ROWS and right < MAX_COLUMNS
        }
        covered = _covered_positions(merged)
        rows = sheet.to_python(skip_empty_area=False)[:MAX_ROWS]
        cells = (
            (row, column, None if value == "" else value)
            for row, values in enumerate(rows, start=1)
            for column, value in enumerate(values[:MAX_COLUMNS], start=1)
            if (row, column) not in covered
        )
        squares = _grid_cells(metadata.name, cells, merged, next(picture_positions, ()))
        grids.append(Grid(metadata.name, squares, metadata.visible != SheetVisibleEnum.Visible))
    return grids


def _biff_stream(data: bytes) -> bytes:
    """Return the record stream of a BIFF workbook, nothing for other formats."""
    import olefile

    if not olefile.isOleFile(io.BytesIO(data)):
        return b""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        name = next((candidate for candidate in ("Workbook", "Book") if ole.exists(candidate)), "")
        return bytes(ole.openstream(name).read()) if name else b""


def _spanned_range(stream: bytes) -> int:
    """Return rows times columns of the largest range spanned by the cells of a BIFF sheet."""
    offset = last_column = last_row = largest = 0
    while offset + 8 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        if kind == 0x0809:  # a new sheet begins
            last_column = last_row = 0
        elif kind in _VALUE_RECORDS:
            row, column = struct.unpack_from("<HH", stream, offset + 4)
            last_row, last_column = max(last_row, row), max(last_column, column)
            largest = max(largest, (last_row + 1) * (last_column + 1))
        offset += 4 + size
    return largest
