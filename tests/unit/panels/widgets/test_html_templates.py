import math

import pandas as pd
import pytest

from kjfp_helpers.panels.widgets.html_templates import (
    Column,
    format_cell,
    format_quantity,
    render_table,
)


@pytest.mark.parametrize("value", [None, math.nan, "", pd.NA, pd.NaT])
def test_missing_says_so(value):
    assert "未填" in format_cell(value, "count")


def test_zero_is_shown_as_zero():
    assert format_cell(0, "count") == "0"
    assert format_quantity(0, "人") == "0 人"


def test_missing_quantity_has_no_measure():
    assert "人" not in format_quantity(None, "人")


def test_values_are_escaped_everywhere():
    rows = [{"a": "<b>x</b>", "b": "<i>"}]
    page = render_table(
        rows, [Column("a", "<u>题"), Column("b", "状态", "chip")], total={"a": "<s>"}
    )
    assert (
        "&lt;b&gt;" in page and "&lt;i&gt;" in page and "&lt;u&gt;" in page and "&lt;s&gt;" in page
    )
    assert not any(mark in page for mark in ("<b>x", "<i>", "<u>", "<s>"))


def test_short_of_target_says_by_how_much():
    assert "缺口 3" in format_cell((97.0, 100.0), "pair")
    assert "缺口" not in format_cell((100.0, 100.0), "pair")
    assert "缺口" not in format_cell((None, 100.0), "pair")
