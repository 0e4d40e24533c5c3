"""The stock-take of a unit (盘点表) as a sheet to fill in, its own name and targets in place."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from kjfp_helpers.core.form_schema import (
    INDICATORS,
    STOCKTAKE_COLUMNS,
    STOCKTAKE_TITLE,
    Indicator,
)
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip

SHEET = "盘点"
FIRST_FIGURE, LAST_COLUMN = "B4", "C"
REQUIRED = tuple(one for one in INDICATORS if not one.optional)
GUIDE = "填写说明：用阿拉伯数字，不带单位。确为零的填0；没有统计的留空，空白不作零。"
SIGNED = ("填报人", "单位负责人（签字）", "联系电话", "填报日期", "单位（盖章）")
"""Lines below the table by which the office knows whom to ask, and that the unit stands by it."""


def build_stocktake_sheet(body: Stocktake, asked: Sequence[Indicator] = REQUIRED) -> bytes:
    """Return a stock-take as .xlsx: title, unit line, table; a blank figure is an empty cell.

    ``asked`` are the indicators of the round, one row each.

    Only the figures can be written, and only whole numbers from 0; words that would be a formula
    stay words.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    rows = [
        [STOCKTAKE_TITLE],
        [f"填报单位：{body.unit}"],
        ["指标", *(heading for _suffix, heading in STOCKTAKE_COLUMNS)],
    ]
    for one in asked:
        figures = [getattr(body, f"{one.name}_{suffix}") for suffix, _heading in STOCKTAKE_COLUMNS]
        rows.append([one.label, *figures])
    for values in rows:
        sheet.append(values)
    _format_sheet(sheet, f"A3:{LAST_COLUMN}{len(rows)}")
    writable = f"{FIRST_FIGURE}:{LAST_COLUMN}{len(rows)}"
    for row in sheet[writable]:
        for cell in row:
            cell.number_format = "#,##0"
    _add_signature(sheet, len(rows) + 1)
    _protect_sheet(sheet, writable)
    buffer = BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())


def _add_signature(sheet: Any, row: int) -> None:
    """Write how to fill in, and who filled in and signs; the latter are left to be written."""
    sheet.merge_cells(f"A{row}:{LAST_COLUMN}{row}")
    sheet[f"A{row}"], sheet[f"A{row}"].font = GUIDE, Font(size=10)
    sheet[f"A{row}"].alignment = Alignment("left", "center", wrap_text=True)
    sheet.row_dimensions[row].height = 24
    for at, title in enumerate(SIGNED, start=row + 1):
        sheet.merge_cells(f"B{at}:{LAST_COLUMN}{at}")
        sheet[f"A{at}"] = f"{title}："
        sheet[f"A{at}"].alignment = Alignment("right", "center")
        sheet[f"B{at}"].alignment = Alignment("left", "center")
        sheet[f"B{at}"].protection = Protection(locked=False)
        sheet.row_dimensions[at].height = 26


def _protect_sheet(sheet: Any, figures: str) -> None:
    """Let only the figures be written, and only whole numbers."""
    whole = DataValidation(
        type="whole",
        operator="greaterThanOrEqual",
        formula1="0",
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
    )
    whole.errorTitle, whole.error = "请填写整数", "请填写不小于0的阿拉伯数字，不带单位"
    whole.promptTitle, whole.prompt = "填写说明", "阿拉伯数字，不带单位；确无此项请填0"
    whole.add(figures)
    sheet.add_data_validation(whole)
    for row in sheet[figures]:
        for cell in row:
            cell.protection = Protection(locked=False)
    sheet.protection.sheet = True


def _format_sheet(sheet: Any, table: str) -> None:
    line = Side(style="thin")
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A2:C2")
    sheet["A1"].font, sheet["A1"].alignment = (
        Font(bold=True, size=14),
        Alignment("center", "center"),
    )
    sheet.row_dimensions[1].height = 30
    for column, width in {"A": 42, "B": 18, "C": 18}.items():
        sheet.column_dimensions[column].width = width
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.print_options.horizontalCentered = True
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for row in sheet[table]:
        sheet.row_dimensions[row[0].row].height = 26
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            first = cell.column == 1
            cell.alignment = Alignment("left" if first else "center", "center", indent=first)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
