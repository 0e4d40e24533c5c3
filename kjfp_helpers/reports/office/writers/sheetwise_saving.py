"""Save a workbook sheet by sheet: of a large one, cells take twenty times the file."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter


def save_workbook(book: Workbook, fill_sheet: Callable[[Worksheet], None]) -> bytes:
    """Return a workbook as a file; every sheet is filled when its turn comes, then emptied.

    Parameters
    ----------
    book : Workbook
        With all sheets, still empty, in their order.
    fill_sheet : callable
        Called once for each sheet, in that order.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _SheetBySheetWriter(book, archive, fill_sheet).write_data()
    return buffer.getvalue()


class _SheetBySheetWriter(ExcelWriter):  # type: ignore[misc]  # openpyxl has no types
    """Writer of openpyxl that holds the cells of one sheet at a time."""

    def __init__(
        self, book: Workbook, archive: zipfile.ZipFile, fill_sheet: Callable[[Worksheet], None]
    ) -> None:
        super().__init__(book, archive)
        self._fill_sheet = fill_sheet

    def write_worksheet(self, ws: Any) -> None:
        """Fill a sheet, write it, and let its cells and rows go."""
        self._fill_sheet(ws)
        super().write_worksheet(ws)
        ws._cells.clear()
        ws._hyperlinks.clear()  # where they lead, which is written next, is not in them
        ws.row_dimensions.clear()
