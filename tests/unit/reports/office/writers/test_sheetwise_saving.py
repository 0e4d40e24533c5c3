from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.reports.office.writers.sheetwise_saving import save_workbook


def fill(tab):
    for row in range(1, 40):
        tab.cell(row, 1, f"{tab.title}{row}").font = Font(bold=row % 3 == 0, size=8 + row % 5)
        tab.cell(row, 2, row / 7).number_format = "0.00" if row % 2 else "0%"
    tab["A2"].hyperlink = "reports/case/T11-1.html"
    tab.row_dimensions[4].height = 30
    tab.print_title_rows = "1:1"
    tab["B1"] = "数"
    tab.add_table(Table(displayName=f"表_{tab.title}", ref="A1:B39"))


def new_book():
    book = Workbook()
    book.active.title = "名单"
    book.create_sheet("依据")
    return book


def test_a_workbook_saved_sheet_by_sheet_is_the_one_saved_at_once_and_holds_no_cell():
    by_sheet, at_once, buffer = new_book(), new_book(), BytesIO()
    saved = save_workbook(by_sheet, fill)
    for tab in at_once:
        fill(tab)
    at_once.save(buffer)
    assert normalize_zip(saved) == normalize_zip(buffer.getvalue())
    assert [(tab.max_row, tab["A3"].value) for tab in by_sheet] == [(1, None), (1, None)]
