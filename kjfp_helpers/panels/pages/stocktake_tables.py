"""Tables of the stock-take's screen, those of its workbook: sums, figures, gaps, questions."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from kjfp_helpers.notice.stocktake.stated_figures import WHERE_TITLES
from kjfp_helpers.notice.stocktake.totals import rank_number
from kjfp_helpers.panels.pages.row_details import describe_unit, unit_orders
from kjfp_helpers.panels.tables.data_table import DataTable
from kjfp_helpers.panels.widgets.html_templates import Column
from kjfp_helpers.reports.office.stocktake import stocktake_rows as rows
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.figure_questions import list_figure_questions

UNIT = Column("unit_name", "单位", heading=True, order="unit_order")
_INDICATOR = Column("indicator", "指标")
NONE = "—"


def _count(field: str, title: str) -> Column:
    return Column(field, title, "count", NONE)


TOTALS = (
    Column("group", "范围", heading=True),
    _INDICATOR,
    _count("units", "单位数"),
    _count("reporting", "已报"),
    _count("target_of_all", "目标（含未报）"),
    _count("done", "完成"),
    Column("rate_of_all", "完成率（含未报）", "rate", NONE),
    Column("rate_of_reporting", "完成率（已报）", "rate", NONE),
    _count("national", "全国目标"),
    Column("rate_of_national", "占全国目标", "percent", NONE),
)
FIGURES = (
    UNIT,
    _INDICATOR,
    _count("target", "下达目标"),
    _count("own", "自报目标"),
    _count("done", "完成"),
    Column("rate", "完成率", "rate", NONE),
    Column("state", "情况", "chip"),
    Column("rank", "同类名次", blank=NONE, order="rank_order"),
    Column("file", "来源文件", blank=NONE),
    Column("cell", "单元格", blank=NONE),
)
GAPS = (
    UNIT,
    Column("class", "类别"),
    _INDICATOR,
    _count("target", "下达目标"),
    _count("done", "完成"),
    _count("gap", "超额或缺口"),
    Column("rate", "完成率", "rate", NONE),
    Column("state", "情况", "chip"),
)
_PROGRESS = (
    Column("progress", "办理状态", "nowrap", NONE),
    Column("inquiry", "核实人和期限", blank=NONE),
    Column("resolution", "处理结果", blank=NONE),
)
QUESTIONS = (
    UNIT,
    _INDICATOR,
    Column("title", "疑点"),
    Column("found", "报送情况"),
    Column("expected", "要求"),
    Column("owner", "责任方", "nowrap", NONE),
    *_PROGRESS,
)
RECONCILIATION = (
    UNIT,
    Column("indicator", "指标", "nowrap"),
    Column("result", "结论", "chip"),
    *(Column(where, title, blank=NONE) for where, title in WHERE_TITLES.items()),
    Column("difference", "不一致之处和原文", blank=NONE),
    *_PROGRESS,
)
CORRECTIONS = (
    UNIT,
    Column("field", "数字"),
    _count("old", "原值"),
    _count("new", "新值"),
    Column("how", "依据"),
    Column("reason", "理由"),
    Column("actor", "经办"),
    Column("day", "日期", "nowrap", NONE),
    _count("seq", "台账号"),
)


def build_stocktake_tables(session: RoundSession) -> dict[str, DataTable]:
    """Return the tables by the titles of their tabs; each row of a unit opens the unit."""
    state = session.current_state()
    questions = list_figure_questions(state)
    orders, open_unit = unit_orders(state), partial(describe_unit, session)

    def build(
        title: str,
        columns: Sequence[Column],
        found: Iterable[Mapping[str, Any]],
        filters: Mapping[str, str],
        empty: str,
    ) -> DataTable:
        of_units = columns[0] is UNIT
        table = DataTable(
            session,
            title,
            columns,
            filters=filters,
            on_open=open_unit if of_units else None,
            empty=empty,
        )
        table.show(_placed(row, orders) if of_units else row for row in found)
        return table

    return {
        title: build(title, columns, found, filters, empty)
        for title, columns, found, filters, empty in (
            (
                "汇总",
                TOTALS,
                rows.total_rows(state),
                {"口径": "by", "指标": "indicator"},
                "还没有单位。",
            ),
            (
                "明细",
                FIGURES,
                rows.figure_rows(state),
                {"指标": "indicator", "情况": "state", "类别": "class"},
                "还没有单位。",
            ),
            (
                "缺口",
                GAPS,
                rows.gap_rows(state),
                {"指标": "indicator", "情况": "state", "类别": "class"},
                "各单位的任务目标都已完成。",
            ),
            (
                "疑点",
                QUESTIONS,
                rows.question_rows(state, questions),
                {"疑点": "title", "办理状态": "progress"},
                "没有需要核实的数字。",
            ),
            (
                "数字互核",
                RECONCILIATION,
                rows.reconciliation_rows(state, questions),
                {"结论": "result", "指标": "indicator", "办理状态": "progress"},
                "还没有在两处以上写明的数字。",
            ),
            (
                "更正记录",
                CORRECTIONS,
                rows.correction_rows(state),
                {"依据": "how"},
                "盘点数字没有更正过。",
            ),
        )
    }


def draw_questions(state: RoundState, tables: Mapping[str, Any]) -> None:
    """Show the questions and the reconciliation anew, after who inquires was recorded."""
    orders, questions = unit_orders(state), list_figure_questions(state)
    for title, found in (
        ("疑点", rows.question_rows(state, questions)),
        ("数字互核", rows.reconciliation_rows(state, questions)),
    ):
        tables[title].show(_placed(row, orders) for row in found)


def _placed(row: Mapping[str, Any], orders: Mapping[str, int]) -> dict[str, Any]:
    """Return a row with the place of its unit, and its rank as a number to sort by."""
    told = {
        where: f"{value:,}" for where in WHERE_TITLES if isinstance(value := row.get(where), int)
    }
    words, until = row.get("words"), row.get("until")
    quoted = [row.get("found"), f"原文“{words}”" if words else ""]
    inquiry = [row.get("person"), f"{until}前" if until else ""]
    return {
        **row,
        **told,
        "difference": "；".join(filter(None, quoted)) or None,
        "inquiry": "，".join(filter(None, inquiry)) or None,
        "unit_order": orders.get(row["unit"], len(orders)),
        "rank_order": rank_number(row.get("rank")),
    }
