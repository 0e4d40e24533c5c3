"""The cells of a workbook from outside, and why one that may hold marks cannot be read."""

import io
import warnings
from collections.abc import Mapping
from typing import Any

from kjfp_helpers.errors import PacketError
from kjfp_helpers.intake.guard import Failed, Overrun, guarded
from kjfp_helpers.intake.sorting import format_of

Cell = tuple[str, Any]
"""Type of a cell (``n`` number, ``s`` text, ``f`` formula, ``d`` date) and its value."""
Cells = Mapping[str, Mapping[str, Cell]]
"""Sheet to coordinate to cell; blank ones are left out."""

MOST_BYTES = 20_000_000
_STRICT = b"purl.oclc.org/ooxml"
"""Stands in the main part of a workbook saved as Strict Open XML."""


def read_cells(name: str, data: bytes) -> Cells:
    """Return the cells of a workbook from outside, read in a process of its own.

    Raises
    ------
    PacketError
        When it is none, too large, locked by a password or saved as Strict Open XML.
    """
    if len(data) > MOST_BYTES:
        raise _refused(name, "导出的评分表", f"文件过大（{len(data):,}字节）", "重新导出评分表填写")
    _check_format(name, data)
    try:
        return guarded(cells, data)
    except (Overrun, Failed) as error:
        raise _refused(name, "可以读取的 .xlsx 文件", "无法读取", "另存为 .xlsx 后重试") from error


def _check_format(name: str, data: bytes) -> None:
    """Refuse a workbook that holds the marks but cannot be read, with the way out."""
    kind, package = format_of(data, name)
    if kind == "encrypted" or (package is not None and package.locked):
        raise _refused(name, "没有密码的 .xlsx 文件", "设有打开密码",
                       "用 Excel 或 WPS 打开，取消打开密码，存盘后重新导入")  # fmt: skip
    if package is not None and _STRICT in (package.read("xl/workbook.xml", MOST_BYTES) or b""):
        raise _refused(name, "“Excel 工作簿（*.xlsx）”格式", "“Strict Open XML 电子表格”格式",
                       "用 Excel 打开，另存为“Excel 工作簿（*.xlsx）”后重新导入")  # fmt: skip


def cells(data: bytes) -> dict[str, dict[str, Cell]]:
    """Return every cell that holds something."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        tab.title: {
            cell.coordinate: (cell.data_type, cell.value)
            for row in tab.iter_rows() for cell in row if cell.value not in (None, "")
        }
        for tab in book.worksheets
    }  # fmt: skip


def _refused(name: str, expected: str, found: str, advice: str) -> PacketError:
    return PacketError(name, expected=expected, found=found, advice=advice)
