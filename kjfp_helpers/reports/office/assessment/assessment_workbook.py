"""The assessment as a workbook (``assessment.xlsx``): results, points, heads, copies."""

from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.stocktake.totals import rank_number
from kjfp_helpers.reports.office.assessment import assessment_rows as rows
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    NUMBER_FORMAT,
    SCORE_FORMAT,
    SHARE_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.rules import MEASURE_TITLES, NO_SUMMARY_TITLES, SOURCE_TITLES

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

POINTS_FORMAT = "0.0"
_UNIT = Column("unit_name", "单位", width=12)
DETAILS = (
    Column("unit", "代码"),
    _UNIT,
    Column("indicator", "指标", width=16),
    Column("source", "来源"),
    Column("most", "分值", POINTS_FORMAT),
    Column("points", "得分", POINTS_FORMAT),
    Column("levels", "考核人所评", width=32, blank=""),
    Column("apart", "分歧", blank="", alert=True),
    Column("text", "依据", width=36, blank=""),
    Column("by", "裁定人", blank=""),
)
AGREEMENT = (
    Column("indicator", "指标", width=16),
    Column("n", "两人以上评定", COUNT_FORMAT, width=14),
    Column("same", "档次相同", COUNT_FORMAT),
    Column("share", "相同比例", SHARE_FORMAT),
    Column("share_interval", "95%区间", width=12, blank=""),
    Column("weighted", "加权一致性", SCORE_FORMAT, width=12),
    Column("interval", "95%区间（一致性）", width=18, blank=""),
    Column("note", "说明", width=20, blank=""),
)
PHRASES = (
    Column("reader", "考核人", width=18),
    Column("indicator", "指标", width=16),
    Column("phrase", "常用评语", width=44),
    Column("n", "用了几份", COUNT_FORMAT),
    Column("of", "有评语的份数", COUNT_FORMAT, width=14),
    Column("share", "占几成", SHARE_FORMAT),
)
READINGS = (
    Column("reader", "考核人", width=18),
    Column("order", "次序", COUNT_FORMAT),
    Column("unit", "代码"),
    _UNIT,
    Column("done", "情况", state_key="done"),
)
CONFLICTS = (
    Column("reader", "考核人", width=18),
    Column("unit", "代码"),
    _UNIT,
    Column("kind", "处理", width=20),
    Column("reason", "事由", width=56),
)
COPIES = (
    Column("pair", "序号", COUNT_FORMAT),
    Column("one", "单位甲", width=12),
    Column("other", "单位乙", width=12),
    Column("share", "占较短者", SHARE_FORMAT),
    Column("one_text", "甲的文字", width=48, blank=""),
    Column("other_text", "乙的文字", width=48, blank=""),
)
EXPERIENCES = (
    Column("unit", "代码"),
    _UNIT,
    Column("title", "标题", width=22),
    Column("excerpt", "原文", width=56),
    Column("place", "在总结中的位置", width=24),
    Column("reader", "标记人", width=16),
    Column("seq", "台账号", COUNT_FORMAT),
)


def write_assessment_workbook(state: "RoundState", assessment: Assessment, path: Path) -> None:
    """Write results, points with their ground, agreement, readings, heads, copies, experiences.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    title = f"{state.round.notice.round.title}单位考核"
    sheets = [
        Sheet(
            "结果",
            f"{title}结果",
            result_columns(assessment),
            [
                row | {"rank": rank_number(row["rank"])}
                for row in rows.result_rows(state, assessment)
            ],
            result_note(assessment),
        ),
        Sheet(
            "评分依据",
            f"{title}评分依据",
            DETAILS,
            list(rows.indicator_rows(state, assessment)),
            scheme_note(assessment),
        ),
        Sheet(
            "五个方面",
            "工作总结五个方面",
            head_columns(state),
            list(rows.head_rows(state)),
            "程序读出的由考核人确认；确认的为准，两人所见不同的由办公室裁定，问题、材料齐全表和函件随之改变。",
        ),
        Sheet(
            "雷同段落",
            "工作总结雷同段落",
            COPIES,
            list(rows.copy_rows(state)),
            "并列两份总结相同的段落，最长的在前；雷同本身不扣分，由考核人在评定时掌握，并请单位说明。",
        ),
        Sheet(
            "典型经验",
            "典型经验",
            EXPERIENCES,
            list(rows.experience_rows(state, assessment)),
            "考核人从总结中标记，供线上展览选用。",
        ),
        Sheet(
            "考核人一致性",
            "考核人一致性",
            AGREEMENT,
            list(rows.agreement_rows(assessment)),
            "由两人评定的单位；加权一致性按档次相差远近计（组内相关，1为完全一致，0不比碰巧好）。",
        ),
        Sheet(
            "常用评语",
            "常用评语使用情况",
            PHRASES,
            list(rows.phrase_rows(state, assessment)),
            "供监督查看：每位考核人的评语里，考核办法所列常用评语各用了几份；同一句用得多，可能没有逐份评定。",
        ),
        Sheet("分派", "总结评定分派", READINGS, list(rows.reading_rows(state, assessment))),
        Sheet(
            "回避",
            "考核人回避",
            CONFLICTS,
            list(rows.conflict_rows(state)),
            "与评委回避同一办法：所在地、任职单位、申报的关联，与推荐对象同单位、同名、同批受表彰。",
        ),
    ]
    write_workbook(path, sheets, rehearsal=state.round.rehearsal, amendments=state.round.amendments)


def result_columns(assessment: Assessment) -> tuple[Column, ...]:
    """Return the columns of the results: one per indicator between unit and total."""
    return (
        Column("unit", "代码"),
        _UNIT,
        Column("class", "类别"),
        *(
            Column(one.id, f"{one.title}（{one.points:g}）", POINTS_FORMAT, width=18)
            for one in assessment.scheme.indicators
        ),
        Column("total", "得分", POINTS_FORMAT),
        Column("grade", "等次", blank=""),
        Column("rank", "同类名次", NUMBER_FORMAT),
        Column("readers", "已评人数"),
        Column("state", "情况", state_key="state"),
        Column("confirmed", "审定结果", width=18, blank=""),
    )


def head_columns(state: "RoundState") -> tuple[Column, ...]:
    """Return the columns of the heads: each with the words that name it in the summary."""
    heads = state.round.notice.summary.heads
    return (
        Column("unit", "代码"),
        _UNIT,
        *(
            column
            for head in heads
            for column in (
                Column(head.id, head.title, width=22, state_key=head.id, blank=""),
                Column(f"{head.id}_words", "总结中的标题", width=20, blank=""),
            )
        ),
        Column("missing", "缺几项", COUNT_FORMAT),
        Column("how", "依据"),
        Column("apart", "所见不同", width=30, blank="", alert=True),
    )


def result_note(assessment: Assessment) -> str:
    """Say how the grades follow from the points, and whether the results are confirmed."""
    grades = "，".join(f"{one.title} {one.least:g}分以上" for one in assessment.scheme.grades[:-1])
    lowest = assessment.scheme.lowest.title
    absent = NO_SUMMARY_TITLES[assessment.scheme.no_summary]
    said = f"各项保留一位小数，得分为其和。等次：{grades}，其余{lowest}。{absent}。"
    if assessment.scheme.default:
        said += f"【{assessment.scheme.note}】"
    if assessment.confirmed is None:
        return f"{said}结果尚未审定。"
    changed = f"；审定后变动{len(assessment.changed)}个单位" if assessment.changed else ""
    return f"{said}审定：{assessment.confirmed.body.document}{changed}。"


def scheme_note(assessment: Assessment) -> str:
    """Say where the points of each indicator come from."""
    told = [
        f"{one.title}：{MEASURE_TITLES[one.measure] if one.measure else SOURCE_TITLES[one.source]}"
        for one in assessment.scheme.indicators
    ]
    return "；".join(told) + "。数据缺的不计为0分，待补报或裁定。"
