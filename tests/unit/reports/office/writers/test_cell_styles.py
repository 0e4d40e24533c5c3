"""Styles of cells: a finished style that is copied gives the same bytes as one set part by part."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from kjfp_helpers.core import state_labels
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    PROBABILITY_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from support.rounds.workbooks import unshared_styles

COLUMNS = (
    Column("text", "文字"),
    Column("state", "状态", state_key="state"),
    Column("count", "件数", COUNT_FORMAT),
    Column("chance", "概率", PROBABILITY_FORMAT, alert=True),
    Column("open", "未办", alert=True, blank=""),
)
TEXTS = st.sampled_from(["", "甲", "=1+1", "-", "@a", "多\n行", *state_labels.TONE_BY_LABEL])
ROWS = st.fixed_dictionaries(
    {
        "text": TEXTS,
        "state": TEXTS,
        "count": st.none() | st.integers(0, 9) | TEXTS,
        "chance": st.floats(0, 1) | st.booleans(),
        "open": st.none() | TEXTS,
    }
)


def _write(path, tabs, draft):
    sheets = [
        Sheet(f"第{number}页", "表", COLUMNS, rows) for number, rows in enumerate(tabs, start=1)
    ]
    write_workbook(path, sheets, rehearsal=True, draft=draft)
    return path.read_bytes()


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(
    tabs=st.lists(st.lists(ROWS, max_size=8), min_size=1, max_size=3),
    draft=st.sampled_from(["", "未决"]),
)
def test_copied_styles_give_the_same_bytes_as_styles_set_on_every_cell(
    tmp_path_factory, tabs, draft
):
    folder = tmp_path_factory.mktemp("books")
    copied = _write(folder / "copied.xlsx", tabs, draft)
    with unshared_styles():
        assert _write(folder / "set.xlsx", tabs, draft) == copied


def test_a_workbook_takes_no_style_of_another(tmp_path):
    row = {"text": "甲", "state": "乙", "count": 1, "chance": 0.5, "open": None}
    first = _write(tmp_path / "first.xlsx", [[row]], "")
    _write(tmp_path / "other.xlsx", [[row | {"state": "未报送"}] * 3], "未决")
    assert _write(tmp_path / "again.xlsx", [[row]], "") == first


def test_text_that_begins_like_a_formula_keeps_its_mark_wherever_it_stands(tmp_path):
    texts = ["=1+1", "甲", "=2+2", "-"]
    rows = [{"text": text, "state": text, "count": text, "chance": 0.5} for text in texts]
    _write(tmp_path / "a.xlsx", [rows], "")
    tab = load_workbook(tmp_path / "a.xlsx").active
    shown = [tab.cell(4 + place, 1) for place in range(len(texts))]
    assert [cell.quotePrefix for cell in shown] == [True, False, True, True]
    assert all(cell.data_type == "s" for cell in shown)
