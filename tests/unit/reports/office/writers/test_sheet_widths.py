"""Columns and rows of a workbook hold what stands in them."""

import openpyxl
import pytest

from kjfp_helpers.reports.office.writers.sheet_layout import fit_columns_and_rows


@pytest.fixture
def tab():
    return openpyxl.Workbook().active


def fitted(tab, titles, given, rows, number_format="General"):
    for place, row in enumerate(rows, start=4):
        for column, value in enumerate(row, start=1):
            tab.cell(place, column, value).number_format = number_format
    cells = [tab[place] for place in range(4, 4 + len(rows))]
    fit_columns_and_rows(tab, titles, given, cells, printed=len(titles), upright=False)


def test_a_number_is_wider_than_the_column_that_was_meant_for_it(tab):
    fitted(tab, ["超额或缺口"], [9], [[12], [3832230]], "+#,##0;-#,##0;0")
    assert tab.column_dimensions["A"].width >= len("+3,832,230") + 1


def test_a_row_has_the_lines_of_a_text_whose_number_goes_on_whole(tab):
    fitted(tab, ["要求"], [13], [["不小于2,000,000字节"], ["不小于二百万字节数"]])
    heights = [tab.row_dimensions[row].height for row in (4, 5)]
    assert heights[0] > heights[1]


def test_a_single_long_remark_has_more_than_the_least_width(tab):
    rows = [["要求" * 20, ""]] * 30 + [["要求", "说明" * 40]]
    fitted(tab, ["要求", "办理说明"], [150, 24], rows)
    assert tab.column_dimensions["B"].width > 20
