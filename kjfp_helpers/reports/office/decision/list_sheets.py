"""Sheets that open the decision workbook, and the decided list beside the computed one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.reports.office.writers.xlsx_writer import COUNT_FORMAT, Column, Sheet
from kjfp_helpers.state.secretary.list_status import ListStatus
from kjfp_helpers.state.secretary.progress.list_summary import summarize_list

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]
_POINT_COLUMNS = (
    Column("item", "项目", width=24),
    Column("state", "情况", width=16),
    Column("open", "未办", width=40, alert=True, blank=""),
    Column("said", "说明", width=60, blank=""),
)
_COMPARISON_COLUMNS = (
    Column("kind", "类别"),
    Column("case", "个案"),
    Column("name", "名称或姓名"),
    Column("unit_name", "推荐单位"),
    Column("computed", "计算名单"),
    Column("decided", "决定名单"),
    Column("differs", "差异", alert=True, blank=""),
    Column("basis", "依据（表决、决议、文件）", width=44, blank=""),
    Column("by", "决定人", width=26, blank=""),
    Column("seq", "台账序号", COUNT_FORMAT, blank=""),
)


def build_key_points_sheet(state: "RoundState", list_status: ListStatus) -> Sheet:
    """Return what is done and what is not, and how firm the list is: the first sheet."""
    title = state.round.notice.round.title
    return Sheet(
        "要点",
        f"{title}入围名单要点",
        _POINT_COLUMNS,
        list(_point_rows(state, list_status)),
        "全部办结或经决定放行后，方可公示。",
        zoom=140,
    )


def build_comparison_sheet(state: "RoundState", list_status: ListStatus) -> Sheet:
    """Return the decided list beside the computed one, first what differs."""
    title, units = state.round.notice.round.title, state.round.unit_by_code
    rows: list[Row] = [
        {
            "kind": KIND_TITLES[difference.kind],
            "case": difference.case,
            "computed": difference.computed,
            "name": mask_personal_numbers(state.screening.case_by_id[difference.case].name),
            "unit_name": units[state.screening.case_by_id[difference.case].unit].short_name,
            "decided": difference.decided,
            "differs": "不同" if difference.differs else "",
            "basis": mask_personal_numbers(difference.basis),
            "by": difference.by,
            "seq": difference.seq or None,
        }
        for difference in list_status.differences
    ]
    note = (
        f"计算名单只依规则和评分，决定名单另含会议的否决、增列、空缺和表决；"
        f"{len(list_status.changed)}处不同。"
    )
    return Sheet("决定与计算", f"{title}决定名单与计算名单对照", _COMPARISON_COLUMNS, rows, note)


def _point_rows(state: "RoundState", list_status: ListStatus) -> Iterator[Row]:
    """Yield the answer first, then every gate, then every listed case that is asked about."""
    for point in summarize_list(state, list_status):
        yield {
            "item": point.title,
            "state": point.result,
            "open": point.said if point.open else "",
            "said": "" if point.open else point.said,
        }
    for gate in list_status.gates:
        yield {
            "item": f"事项：{gate.title}",
            "state": f"{gate.done}/{gate.total}　{gate.state}",
            "open": gate.lacking if gate.blocks else "",
            "said": gate.waiver or (gate.advice if gate.blocks else ""),
        }
    listed = set(state.decision.listed["case"])
    for case in sorted(listed & list_status.questions.keys()):
        name = mask_personal_numbers(state.screening.case_by_id[case].name)
        yield {
            "item": f"{name}（{case}）",
            "state": "有未了结的问题",
            "open": "；".join(list_status.questions[case]),
            "said": "",
        }
