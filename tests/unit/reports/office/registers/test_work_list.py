"""Rows of the list that came back: whatever was typed as a day stops nothing."""

from kjfp_helpers.reports.office.registers.work_list import parse_rows


def test_a_day_out_of_all_bounds_is_text_and_named_as_a_fault():
    day = "99999999999999999999-1-1"
    cells = {"A3": ("", "编号"), "B3": ("", "办结日期"), "A4": ("", "W1"), "B4": ("", day)}
    (row,) = parse_rows(cells)
    assert row.day == day and "办结日期" in row.fault
