"""The stock-take as a workbook (``stocktake.xlsx``): sums, figures, gaps and questions."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.notice.stocktake.stated_figures import WHERE_TITLES
from kjfp_helpers.notice.stocktake.totals import rank_number
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.stocktake import stocktake_rows as rows
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    DATE_FORMAT,
    NUMBER_FORMAT,
    RATE_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.state.secretary.figure_questions import list_figure_questions

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_UNIT = Column("unit_name", "单位", width=18)
_INDICATOR = Column("indicator", "指标", width=19)
_SHORT = Column("short", "指标", width=11)


def _rate(key: str, title: str, width: float | None = None, *, blank: str = "—") -> Column:
    """Return a column of rates that turn red below 100 %."""
    return Column(key, title, RATE_FORMAT, width, blank=blank, below=1.0)


TOTALS = (
    Column("group", "范围", width=19.5),
    Column("short", "指标", width=11.5),
    Column("units", "单位数", COUNT_FORMAT, width=9),
    Column("silent", "未报送", COUNT_FORMAT, width=9),
    Column("target_of_all", "目标（含未报）", COUNT_FORMAT, width=13),
    Column("done", "完成", COUNT_FORMAT, width=12),
    _rate("rate_of_all", "完成率（含未报）", 14),
    _rate("rate_of_reporting", "完成率（已报）", 12.5),
    Column("by", "口径", printed=False),
    Column("measure", "单位", printed=False),
    Column("reporting", "已报", COUNT_FORMAT, printed=False),
    Column("target_of_reporting", "目标（已报）", COUNT_FORMAT, printed=False),
    Column("national", "全国目标", COUNT_FORMAT, blank="", printed=False),
    replace(_rate("rate_of_national", "占全国目标", blank=""), printed=False),
)
FIGURES = (
    Column("code", "代码", width=7),
    _UNIT,
    _SHORT,
    Column("target", "下达目标", COUNT_FORMAT, width=9),
    Column("own", "自报目标", COUNT_FORMAT, width=9),
    Column("done", "完成", COUNT_FORMAT, width=9),
    Column("gap", "超额或缺口", "+#,##0;-#,##0;0", width=9, below=0),
    _rate("rate", "完成率", 9.5),
    Column("state", "情况", width=11.5, state_key="state"),
    Column("rank", "“两数”同类名次", NUMBER_FORMAT, width=8),
    Column("region", "地区", width=14, printed=False),
    Column("class", "类别", width=15, printed=False),
    Column("file", "来源文件", width=30, printed=False),
    Column("cell", "单元格", blank="", printed=False),
    Column("arrived", "收到日期", DATE_FORMAT, printed=False),
    Column("sha256", "文件校验值", width=16, printed=False),
)
GAPS = tuple(
    replace(column, printed=True)
    for column in FIGURES
    if column.key == "class" or (column.printed and column.key not in ("own", "rank"))
)
_PROGRESS = (
    Column("owner", "责任方", blank=""),
    Column("progress", "办理状态"),
    Column("person", "核实人", blank=""),
    Column("until", "核实期限", DATE_FORMAT, blank=""),
    Column("letter", "函件号", COUNT_FORMAT, blank=""),
    Column("resolution", "处理结果", width=26, blank=""),
    Column("actor", "处理人", blank=""),
    Column("day", "处理日期", DATE_FORMAT, blank=""),
)
QUESTIONS = (
    _UNIT,
    _INDICATOR,
    Column("title", "疑点"),
    Column("expected", "要求", width=26),
    Column("found", "报送情况", width=34),
    Column("file", "来源文件", width=26),
    Column("place", "位置", width=18, blank=""),
    *_PROGRESS,
)
RECONCILIATION = (
    _UNIT,
    _SHORT,
    *(
        Column(where, title, COUNT_FORMAT, width=14 if where == "nominees" else 9)
        for where, title in WHERE_TITLES.items()
    ),
    Column("result", "结论", width=10, state_key="result"),
    Column("found", "不一致之处", width=20, blank=""),
    Column("progress", "办理状态", width=10, blank=""),
    Column("owner", "责任方", blank="", printed=False),
    Column("person", "核实人", blank="", printed=False),
    Column("until", "核实期限", DATE_FORMAT, blank="", printed=False),
    Column("resolution", "处理结果", width=22, blank="", printed=False),
    Column("words", "原文", width=60, blank="", printed=False),
    Column("file", "文件", width=30, blank="", printed=False),
    Column("place", "位置", width=24, blank="", printed=False),
)
CORRECTIONS = (
    _UNIT,
    Column("field", "数字"),
    Column("old", "原值", COUNT_FORMAT),
    Column("new", "新值", COUNT_FORMAT),
    Column("how", "依据"),
    Column("reason", "理由", width=30),
    Column("actor", "经办"),
    Column("day", "日期", DATE_FORMAT),
    Column("seq", "台账号", COUNT_FORMAT, blank=""),
    Column("file", "来源文件", width=30),
)


def _national_note(totals: Sequence[rows.Row], document: str) -> str:
    """Return what was done of the national targets, in words: they stand beside the page."""
    told = [
        f"{row['short']}{formatting.format_number(row['national'])}{row['measure']}"
        f"（{formatting.format_percent(row['rate_of_national'])}）"
        for row in totals
        if row["national"]
    ]
    if not told:
        return ""
    about = f"（{document}）" if document else ""
    return f"全国目标{about}及完成比例：{'、'.join(told)}。"


def write_stocktake_workbook(state: "RoundState", path: Path) -> None:
    """Write the sums, every figure with its cell, gaps, questions, reconciliation, corrections.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    title, questions = state.round.notice.round.title, list_figure_questions(state)
    totals = list(rows.total_rows(state))
    sheets = [
        Sheet(
            "汇总",
            f"{title}盘点汇总",
            TOTALS,
            totals,
            "含未报：目标全部计入，未报的按没有完成计；已报：只计报了数的单位。"
            + _national_note(totals, state.round.notice.national.document)
            + "右边的口径、单位、已报、目标（已报）和全国目标不打印。",
            upright=True,
        ),
        Sheet(
            "明细",
            f"{title}盘点明细",
            FIGURES,
            [row | {"rank": rank_number(row["rank"])} for row in rows.figure_rows(state)],
            "每个数字注明来自哪个文件的哪一格；未填、填“无”、0 各不相同，没有的不计为 0。"
            "同类名次是单位的，按“两数”完成率，相同的并列，数字不全的不排。"
            "右边的地区、类别、来源文件、单元格、收到日期、校验值不打印。",
            upright=True,
        ),
        Sheet(
            "缺口",
            f"{title}任务缺口",
            GAPS,
            rows.gap_rows(state),
            "未完成、未填、未报送和目标未下达的，按类别和完成率排列。",
            upright=True,
        ),
        Sheet(
            "疑点",
            f"{title}盘点疑点",
            QUESTIONS,
            list(rows.question_rows(state, questions)),
            "疑点是请单位核实的问题，不影响汇总；在“收件与核对”的“待处理”里办结。",
        ),
        Sheet(
            "数字互核",
            f"{title}数字互核",
            RECONCILIATION,
            list(rows.reconciliation_rows(state, questions)),
            "同一指标在盘点表、工作总结、展览文本、推荐表和抽查中的数字；约数在其允许范围内的算一致。"
            "推荐表为各件合计，只作参考。右边的责任方、核实、原文、文件、位置不打印。",
            upright=True,
        ),
        Sheet(
            "更正记录",
            f"{title}盘点数字更正记录",
            CORRECTIONS,
            list(rows.correction_rows(state)),
            "原值、新值、经办和理由都保留；更正以后的数字重新核对，用过原数字的考核和报告须复核、重新生成。",
        ),
    ]
    write_workbook(path, sheets, rehearsal=state.round.rehearsal, amendments=state.round.amendments)
