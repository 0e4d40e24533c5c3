import io
import json

import openpyxl
import pytest
from markupsafe import Markup

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.panels.tables.data_table import DataTable
from kjfp_helpers.panels.widgets.html_templates import Across, Column
from support.pages.widget_tree import send
from support.rounds.panel_round import open_round

COLUMNS = (
    Column("name", "单位", heading=True, order="place"),
    Column("state", "状态", "chip"),
    Column("figures", "专家完成／目标", "pair"),
    Column("rate", "完成率", "rate", "—"),
)
ROWS = (
    {"name": "=1+1", "place": 2, "state": "未完成", "figures": (3, 10), "rate": 0.3},
    {"name": "<b>天津", "place": 1, "state": "已完成", "figures": (8, None), "rate": None},
    {"name": "辽宁", "place": 3, "state": "未报送", "figures": Across(Markup("未报送"))},
)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return open_round(tmp_path_factory.mktemp("round"))


@pytest.fixture
def table(session):
    made = DataTable(session, "盘点", COLUMNS, filters={"状态": "state"})
    made.show(ROWS)
    return made


def test_rows_travel_by_message_and_never_as_state(table):
    assert "天津" not in json.dumps(table.get_state(), default=str, ensure_ascii=False)
    assert "天津" in json.dumps(table.describe(), ensure_ascii=False)


def test_cells_are_escaped_sorted_by_their_values_and_missing_ones_last(table):
    cells = [row["cells"] for row in table.describe()["rows"]]
    assert cells[1][0] == ["&lt;b&gt;天津", 1.0]
    assert [row[2][1] for row in cells] == [3.0, 8.0, None]
    assert [row[3][1] for row in cells[:2]] == [0.3, None]
    assert cells[2][2] == ["未报送", None, 2] and len(cells[2]) == 3


def test_words_of_a_filter_that_wait_for_somebody_come_first(table):
    (words,) = (one["values"] for one in table.describe()["filters"])
    assert [one["tone"] for one in words] == ["bad", "bad", "good"]


def test_the_workbook_holds_the_rows_shown_in_their_order_and_no_formula(table):
    _, (book,) = table.answer({"type": "save", "edition": 1, "rows": [2, 0]})
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[3]] == ["单位", "状态", "专家完成", "专家目标", "完成率"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows == [["辽宁", "未报送", "未报送", None, None], ["=1+1", "未完成", 3, 10, 0.3]]
    assert sheet["A5"].data_type == "s" and sheet["A5"].quotePrefix
    assert table.export(ROWS) == table.export(ROWS)


def test_a_message_about_rows_that_were_replaced_is_not_answered(table):
    table.show(ROWS[:1])
    assert table.answer({"type": "save", "edition": 1, "rows": [2]}) == ({}, [])
    assert send(table, "save", rows=[7])["name"] == "盘点.xlsx"  # places that are none are left out


def test_a_detail_that_cannot_be_read_says_why(session):
    def fail(_):
        raise OutputError("reports/11.html", expected="报告", found="没有", advice="运行 kjfp")

    table = DataTable(session, "盘点", COLUMNS, on_open=fail)
    table.show(ROWS)
    assert "reports/11.html" in send(table, "open", row=0)["html"]
