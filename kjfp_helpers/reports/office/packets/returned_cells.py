"""Cells of a returned workbook, read in a sandbox; errors say why one cannot be read."""

import io
import warnings
from collections.abc import Mapping
from typing import Any

from kjfp_helpers.core.errors import PacketError
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.files.office_file_check import check_office_file

Cell = tuple[str, Any]
"""Type of a cell (``n`` number, ``s`` text, ``f`` formula, ``d`` date) and its value."""
Cells = Mapping[str, Mapping[str, Cell]]
"""Sheet to coordinate to cell; blank ones are left out."""


def read_cells(name: str, data: bytes) -> Cells:
    """Return the cells of a workbook from outside, read in a process of its own.

    Raises
    ------
    PacketError
        When it is none, too large, locked by a password or saved as Strict Open XML.
    """
    if refused := check_office_file(name, data, "xlsx", "重新导入"):
        raise _packet_error(name, *refused)
    try:
        return run_sandboxed(parse_cells, data)
    except (SandboxLimitExceeded, SandboxedCallFailed) as error:
        raise _packet_error(
            name, "可以读取的 .xlsx 文件", "无法读取", "另存为 .xlsx 后重试"
        ) from error


def parse_cells(data: bytes) -> dict[str, dict[str, Cell]]:
    """Return every cell that holds something."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        tab.title: {
            cell.coordinate: (cell.data_type, cell.value)
            for row in tab.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        for tab in book.worksheets
    }


def _packet_error(name: str, expected: str, actual: str, advice: str) -> PacketError:
    return PacketError(name, expected=expected, found=actual, advice=advice)
