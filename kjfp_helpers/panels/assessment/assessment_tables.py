"""Tables of the assessment's screen, those of its workbook: results, heads, copies, experiences."""

from collections.abc import Mapping

from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import Column
from kjfp_helpers.reports.data.checks.assessment_data import build_unit_assessment
from kjfp_helpers.reports.office.assessment import assessment_rows as rows
from kjfp_helpers.reports.sections.assessment import render_unit_assessment
from kjfp_helpers.state import RoundSession, RoundState

NONE = "—"
UNIT = Column("unit_name", "单位", heading=True, order="unit_order")
RESULTS = (
    UNIT,
    Column("class", "类别", "nowrap"),
    Column("total", "得分", "decimal", NONE),
    Column("grade", "等次", "nowrap", NONE),
    Column("rank", "同类名次", "nowrap", NONE),
    Column("readers", "已评人数", "nowrap"),
    Column("state", "情况", "chip"),
    Column("confirmed", "审定结果", "nowrap", NONE),
)
COPIES = (
    Column("one", "单位甲", "nowrap", heading=True),
    Column("other", "单位乙", "nowrap"),
    Column("share", "占较短者", "percent", NONE),
    Column("one_text", "甲的文字", blank=NONE),
    Column("other_text", "乙的文字", blank=NONE),
)
EXPERIENCES = (
    UNIT,
    Column("title", "标题"),
    Column("excerpt", "原文"),
    Column("place", "在总结中的位置"),
    Column("reader", "标记人", "nowrap"),
)
CONFLICTS = (
    Column("reader", "考核人", "nowrap", heading=True),
    Column("unit_name", "单位", "nowrap", order="unit_order"),
    Column("kind", "处理", "nowrap"),
    Column("reason", "事由"),
)
PHRASES = (
    Column("reader", "考核人", "nowrap", heading=True),
    Column("indicator", "指标", "nowrap"),
    Column("phrase", "常用评语"),
    Column("n", "用了几份", "count"),
    Column("of", "有评语的份数", "count"),
    Column("share", "占几成", "percent"),
)
READINGS = (
    Column("reader", "考核人", "nowrap", heading=True),
    Column("order", "次序", "count"),
    Column("unit_name", "单位", "nowrap", order="unit_order"),
    Column("done", "情况", "chip"),
)


class AssessmentTables:
    """The tables by title; ``draw`` brings them up to date."""

    def __init__(self, session: RoundSession, state: RoundState) -> None:
        self._session = session
        self._shown: Assessment | None = None
        heads = (
            UNIT,
            *(
                Column(head.id, head.title, "chip", NONE)
                for head in state.round.notice.summary.heads
            ),
            Column("missing", "缺几项", "count", NONE),
            Column("how", "依据", "nowrap"),
            Column("apart", "所见不同", blank=NONE),
        )
        self.by_title: Mapping[str, DataTable] = {
            "结果": DataTable(
                session,
                "考核结果",
                RESULTS,
                filters={"情况": "state", "等次": "grade"},
                on_open=self._open_unit,
                empty="还没有推荐单位。",
            ),
            "五个方面": DataTable(session, "五个方面", heads, filters={"依据": "how"}),
            "雷同段落": DataTable(session, "雷同段落", COPIES, empty="没有发现雷同的总结。"),
            "典型经验": DataTable(
                session, "典型经验", EXPERIENCES, empty="还没有标记。在“办理”里从总结中标记。"
            ),
            "常用评语": DataTable(
                session,
                "常用评语使用情况",
                PHRASES,
                filters={"考核人": "reader", "指标": "indicator"},
                empty="还没有用过常用评语。",
            ),
            "分派": DataTable(
                session,
                "分派",
                READINGS,
                filters={"考核人": "reader", "情况": "done"},
                empty="还没有分派。在“办理”里分派总结。",
            ),
            "回避": DataTable(
                session,
                "考核人回避",
                CONFLICTS,
                filters={"考核人": "reader", "处理": "kind"},
                empty="没有要回避的。",
            ),
        }

    def draw(self, state: RoundState, assessment: Assessment) -> None:
        """Show what stands now, to who only reads without what others gave."""
        self._shown = assessment
        orders = {unit.code: at for at, unit in enumerate(state.round.units)}

        def ordered(told: Row) -> Row:
            return {**told, "unit_order": orders.get(str(told["unit"]), len(orders))}

        is_whole = assessment is state.assessment
        drawn = {
            "结果": map(ordered, rows.result_rows(state, assessment)),
            "五个方面": map(ordered, rows.head_rows(state, as_read=not is_whole)),
            "雷同段落": rows.copy_rows(state),
            "典型经验": map(ordered, rows.experience_rows(state, assessment)),
            "常用评语": rows.phrase_rows(state, assessment) if is_whole else (),
            "分派": map(ordered, rows.reading_rows(state, assessment)),
            "回避": map(ordered, rows.conflict_rows(state)),
        }
        for title, told in drawn.items():
            self.by_title[title].show(told)

    def _open_unit(self, row: Row) -> tuple[str, str]:
        state = self._session.current_state(check_members=False)
        told = build_unit_assessment(state, str(row["unit"]), self._shown)
        return str(row["unit_name"]), str(render_unit_assessment(told).html)
