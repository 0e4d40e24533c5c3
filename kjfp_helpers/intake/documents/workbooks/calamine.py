"""Parser of workbooks with calamine: values only, for files that other parsers refuse."""

import io

from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.documents.workbooks.cell_values import (
    MAX_COLUMNS,
    MAX_ROWS,
    RawCell,
    RawSheet,
)
from kjfp_helpers.intake.documents.workbooks.picture_positions import xls_picture_positions


def parse_with_calamine(data: bytes, stream: bytes) -> list[Grid]:
    """Parse a workbook; calamine fills the whole range between the outermost cells."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    picture_positions = iter(xls_picture_positions(stream))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids = []
    for metadata in book.sheets_metadata:
        sheet = book.get_sheet_by_name(metadata.name)
        raw = RawSheet(metadata.name, pictures=list(next(picture_positions, ())))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            raw.add_merged((top + 1, left + 1), (bottom + 1, right + 1))
        rows = sheet.to_python(skip_empty_area=False)[:MAX_ROWS]
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values[:MAX_COLUMNS], start=1):
                if value != "":
                    raw.cells[row, column] = RawCell(value)
        is_hidden = metadata.visible != SheetVisibleEnum.Visible
        grids.append(raw.to_grid(is_hidden=is_hidden))
    return grids
