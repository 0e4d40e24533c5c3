"""Parser of binary workbooks (.xls, .et) with xlrd: values, formats, hidden rows and columns."""

import io
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.documents.workbooks.cell_values import (
    MAX_COLUMNS,
    MAX_ROWS,
    RawCell,
    RawSheet,
)
from kjfp_helpers.intake.documents.workbooks.number_formats import date_of_serial, is_date_format
from kjfp_helpers.intake.documents.workbooks.picture_positions import xls_picture_positions
from kjfp_helpers.intake.documents.workbooks.xlsx_styles import CellStyle, mark_text

_WHITE_COLORS = (1, 9)
"""Indexes of white in the default palette."""
_MIN_WIDTH, _MIN_HEIGHT = 128, 20
"""Columns (in 1/256 of a character) and rows (in 1/20 point) below these are hidden."""


def parse_xls(data: bytes, stream: bytes) -> list[Grid]:
    """Parse the sheets of a BIFF workbook; ``stream`` are its records, for the pictures."""
    import xlrd

    picture_positions = iter(xls_picture_positions(stream))
    log = io.StringIO()  # standard output belongs to the sandbox
    with xlrd.open_workbook(
        file_contents=data, formatting_info=True, ragged_rows=True, logfile=log
    ) as book:
        grids = []
        for sheet in book.sheets():
            raw = RawSheet(sheet.name, pictures=list(next(picture_positions, ())))
            _SheetCells(book, sheet, raw).read()
            grids.append(raw.to_grid(is_hidden=sheet.visibility != 0))
        return grids


class _SheetCells:
    """Reads the cells of one sheet of xlrd."""

    def __init__(self, book: Any, sheet: Any, raw: RawSheet) -> None:
        self._book = book
        self._sheet = sheet
        self._raw = raw

    def read(self) -> None:
        """Read all cells, merged ranges, comments and hidden rows and columns."""
        sheet, raw = self._sheet, self._raw
        raw.last_row = min(sheet.nrows, MAX_ROWS)
        for row in range(raw.last_row):
            for column in range(min(sheet.row_len(row), MAX_COLUMNS)):
                cell = self._read_cell(row, column)
                if cell is not None:
                    raw.cells[row + 1, column + 1] = cell
        for top, bottom, left, right in sheet.merged_cells:
            raw.add_merged((top + 1, left + 1), (bottom, right))
        raw.hidden_rows = {
            row + 1
            for row, info in sheet.rowinfo_map.items()
            if info.hidden or (info.height is not None and 0 <= info.height < _MIN_HEIGHT)
        }
        raw.hidden_columns = {
            column + 1
            for column, info in sheet.colinfo_map.items()
            if info.hidden or info.width < _MIN_WIDTH
        }
        for row, column in sheet.cell_note_map:
            if row < MAX_ROWS and column < MAX_COLUMNS:
                raw.cells.setdefault((row + 1, column + 1), RawCell(None)).has_comment = True

    def _read_cell(self, row: int, column: int) -> RawCell | None:
        cell = self._sheet.cell(row, column)
        style = self._style_of(cell.xf_index)
        value = self._value_of(cell, style, row, column)
        if value is None:
            return None
        return RawCell(value, style.number_format, style.is_struck, style.is_white)

    def _style_of(self, index: int | None) -> CellStyle:
        if index is None or index >= len(self._book.xf_list):
            return CellStyle()
        look = self._book.xf_list[index]
        known = self._book.format_map.get(look.format_key)
        font = self._book.font_list[look.font_index]
        is_filled = look.background.fill_pattern and (
            look.background.pattern_colour_index not in _WHITE_COLORS
        )
        return CellStyle(
            known.format_str if known else "",
            bool(font.struck_out),
            font.colour_index in _WHITE_COLORS and not is_filled,
            font.escapement in (1, 2),
        )

    def _value_of(self, cell: Any, style: CellStyle, row: int, column: int) -> Any:
        """Return the value of a cell, ``None`` for a blank one."""
        import xlrd

        if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            number = int(cell.value) if cell.value == int(cell.value) else cell.value
            if is_date_format(style.number_format):
                moment = date_of_serial(cell.value, is_1904=bool(self._book.datemode))
                return number if moment is None else moment
            return number
        if cell.ctype == xlrd.XL_CELL_TEXT:
            text = self._marked_text(cell.value, row, column)
            return mark_text(text, is_struck=False, is_raised=style.is_raised) or None
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A")
        return None

    def _marked_text(self, text: str, row: int, column: int) -> str:
        """Return a text with markers around its struck-out and raised runs."""
        runs = self._sheet.rich_text_runlist_map.get((row, column)) or []
        starts = [start for start, _ in runs]
        head = text[: starts[0]] if starts else text
        parts = [text_markers.INVISIBLE_CHARS.sub("", head)]
        for (start, index), end in zip(runs, [*starts[1:], len(text)], strict=False):
            font = self._book.font_list[index] if index < len(self._book.font_list) else None
            part = text_markers.INVISIBLE_CHARS.sub("", text[start:end])
            if font is not None:
                part = mark_text(
                    part, is_struck=bool(font.struck_out), is_raised=font.escapement in (1, 2)
                )
            parts.append(part)
        return "".join(parts)
