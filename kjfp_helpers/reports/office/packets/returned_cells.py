"""Cells of a returned workbook, read in a sandbox; errors say why one cannot be read."""

import io
import re
import warnings
from collections.abc import Mapping
from typing import Any

from kjfp_helpers.core.errors import PacketError
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.files.office_file_check import check_office_file
from kjfp_helpers.reports import formatting

Cell = tuple[str, Any]
"""Type of a cell (``n`` number, ``s`` text, ``f`` formula, ``d`` date) and its value."""
Cells = Mapping[str, Mapping[str, Cell]]
"""Sheet to coordinate to cell; blank ones are left out."""
_CELL_NAME = re.compile(r"([A-Z]+)(\d+)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How Excel writes a character that XML would change, such as the end of a pasted line."""


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


def cell_text(cell: Cell | None) -> str:
    """Return a cell as text with normalized line ends."""
    if cell is None or cell[1] is None:
        return ""
    text = _ESCAPED.sub(lambda value: chr(int(value[1], 16)), str(cell[1]))
    return formatting.remove_control_chars(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def describe_value(kind: str, value: Any) -> str:
    """Return what a cell holds in Chinese, shortened, personal numbers masked."""
    if value is None:
        return "空白"
    title = {"f": "公式", "d": "日期", "b": "逻辑值", "e": "错误值", "s": "文字"}.get(kind, "")
    text = mask_personal_numbers(cell_text((kind, value)))
    return f"{title}“{formatting.to_single_line(text, 20)}”"


def cell_position(at: str) -> tuple[int, int, str]:
    """Return row, and width and letters of the column, of a coordinate: to sort by."""
    match = _CELL_NAME.fullmatch(at)
    assert match
    return int(match[2]), len(match[1]), match[1]


def _packet_error(name: str, expected: str, actual: str, advice: str) -> PacketError:
    return PacketError(name, expected=expected, found=actual, advice=advice)
