import math

import pandas as pd
import pytest

from kjfp_helpers.panels.widgets.html_templates import Column, quantity, shown, table


@pytest.mark.parametrize("value", [None, math.nan, "", pd.NA, pd.NaT])
def test_missing_says_so(value):
    assert "未填" in shown(value, "count")


def test_zero_is_shown_as_zero():
    assert shown(0, "count") == "0"
    assert quantity(0, "人") == "0 人"


def test_missing_quantity_has_no_measure():
    assert "人" not in quantity(None, "人")


def test_values_are_escaped_everywhere():
    rows = [{"a": "<b>x</b>", "b": "<i>"}]
    page = table(rows, [Column("a", "<u>题"), Column("b", "状态", "chip")], total={"a": "<s>"})
    assert (
        "&lt;b&gt;" in page and "&lt;i&gt;" in page and "&lt;u&gt;" in page and "&lt;s&gt;" in page
    )
    assert not any(mark in page for mark in ("<b>x", "<i>", "<u>", "<s>"))


def test_short_of_target_says_by_how_much():
    assert "差 3" in shown((97.0, 100.0), "pair")
    assert "差" not in shown((100.0, 100.0), "pair")
    assert "差" not in shown((None, 100.0), "pair")
