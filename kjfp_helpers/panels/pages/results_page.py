"""Results: ranking, shortlist with reasons, members, and the decisions that stand above them."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from kjfp_helpers import reports
from kjfp_helpers.core.records import KIND_TITLES, STATUS_TITLES
from kjfp_helpers.panels.ballots.vote_page import BallotPage
from kjfp_helpers.panels.meeting.decision_forms import DecisionForms
from kjfp_helpers.panels.meeting.decision_reversal_form import DecisionList
from kjfp_helpers.panels.meeting.meeting_tab import MeetingTab
from kjfp_helpers.panels.pages.method_comparison import MethodComparison
from kjfp_helpers.panels.pages.plot_tab import Plot, add_figure_tab
from kjfp_helpers.panels.pages.row_details import describe_case, unit_orders
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import (
    CellFormat,
    Column,
    read_rows,
    render_template,
)
from kjfp_helpers.panels.widgets.screen_frame import (
    build_screen,
    hbox,
    html_widget,
    screen,
    set_visible,
    vbox,
)
from kjfp_helpers.rules import METHOD_TITLES
from kjfp_helpers.selection import Ranking
from kjfp_helpers.selection.ranking.case_ranking import FEW_TEXT
from kjfp_helpers.selection.ranking.probability_labels import probability_text
from kjfp_helpers.state import NOMINEE_KINDS, RoundSession, RoundState
from kjfp_helpers.state.panel.expected_changes import expected_changes_text
from kjfp_helpers.state.panel.home_effects import tabulate_home_effects
from kjfp_helpers.state.secretary.list_status import ListStatus
from kjfp_helpers.state.secretary.progress.round_progress import describe_freeze

TITLE = "结果与入围"
CHANGES_HEADING = "<h3>决定名单与计算名单不同之处</h3>"


def _number(field: str, title: str, look: CellFormat) -> Column:
    return Column(field, title, look, blank="—")


SHORTLIST_COLUMNS = (
    Column("status_title", "结果", "chip"),
    _number("place", "序号", "count"),
    Column("name", "名称／姓名", heading=True),
    Column("unit_name", "推荐单位", order="unit_order"),
    _number("value", "得分", "decimal"),
    Column("interval", "95%区间", "nowrap"),
    Column("chance", "入围概率", "nowrap", "—", order="p_in"),
    _number("n", "份数", "count"),
    Column("asked", "未了结的问题", blank=""),
    Column("vote", "表决", blank=""),
    Column("note", "说明", blank=""),
)
RANKING_COLUMNS = (
    _number("rank", "名次", "count"),
    Column("name", "名称／姓名", heading=True),
    Column("unit_name", "推荐单位", order="unit_order"),
    _number("value", "得分", "decimal"),
    _number("mean", "平均分", "decimal"),
    _number("n", "份数", "count"),
    Column("case", "编号", "nowrap"),
)
MEMBER_COLUMNS = (
    Column("label", "评委", "nowrap", heading=True),
    _number("n", "份数", "count"),
    _number("severity", "宽严（正为偏宽）", "decimal"),
    Column("severity_interval", "宽严95%区间", "nowrap", blank="—"),
    _number("spread", "区分度（1为一般）", "decimal"),
    _number("noise", "评分波动（分）", "decimal"),
    _number("home_n", "本地区份数", "count"),
    _number("home", "本地区偏高（分）", "decimal"),
    Column("home_interval", "本地区95%区间", "nowrap", blank="—"),
    _number("field_n", "本领域份数", "count"),
    _number("field", "本领域偏高（分）", "decimal"),
    Column("field_interval", "本领域95%区间", "nowrap", blank="—"),
    Column("few_text", "说明", blank=""),
)
COMPARISON_COLUMNS = (
    Column("name", "名称／姓名", heading=True),
    Column("computed", "计算名单", "nowrap"),
    Column("decided", "决定名单", "nowrap"),
    Column("basis", "依据"),
    Column("by", "决定人", blank="—"),
    Column("seq", "台账", "nowrap", blank="—"),
)


@screen(TITLE, "results", "ballots")
def show_results(session: RoundSession) -> widgets.Widget:
    """Return the lists as the ledger stands, and the forms of the decisions above them.

    A teller gets the votes alone: no list and no mark.
    """
    return _Results(session).widget if session.access().may_open("results") else _votes(session)


def _votes(session: RoundSession) -> widgets.Widget:
    """Return the votes of both kinds."""
    kind = _kinds()
    ballots = BallotPage(session, lambda: ballots.show(kind.value))
    kind.observe(lambda _: ballots.show(kind.value), "value")
    ballots.show(kind.value)
    return build_screen(session, "投票表决", vbox(hbox(kind), ballots.widget))


def _kinds() -> widgets.ToggleButtons:
    return widgets.ToggleButtons(
        options=[(KIND_TITLES[kind], kind) for kind in NOMINEE_KINDS],
        style={"button_width": "110px"},
    )


class _Results:
    """Shows one kind of nominee at a time; a recorded decision brings everything up to date."""

    def __init__(self, session: RoundSession) -> None:
        self._session = session
        self._kind = _kinds()
        self._state, self._changes = html_widget(), html_widget(Markup(CHANGES_HEADING))
        open_case = partial(describe_case, session)
        self._list = DataTable(
            session,
            "入围名单",
            SHORTLIST_COLUMNS,
            filters={"结果": "status_title"},
            on_open=open_case,
            empty="还没有名单：评分完成后，到“开始与进度”生成名单",
        )
        self._compared = DataTable(
            session, "决定名单与计算名单不同之处", COMPARISON_COLUMNS, on_open=open_case
        )
        self._ranking = DataTable(
            session, "名次", RANKING_COLUMNS, on_open=open_case, empty="还没有评分"
        )
        self._members = DataTable(session, "评委宽严", MEMBER_COLUMNS, empty="还没有评分")
        self._methods = MethodComparison(session)
        self._decided = DecisionList(session, self._draw)
        heading = html_widget(Markup("<h3>已作出的决定</h3>"))
        self._forms = DecisionForms(session, self._draw)
        forms = vbox(self._forms.widget, heading, self._decided.widget)
        self._ballots = BallotPage(session, self._draw)
        self._meeting = MeetingTab(session, self._draw, open_case)
        listed = vbox(self._list, self._changes, self._compared)
        meeting, ballots = self._meeting.widget, self._ballots.widget
        ranked = vbox(self._ranking, self._methods.widget)
        tabs = widgets.Tab([listed, ranked, self._members, forms, meeting, ballots])
        tabs.titles = ("入围名单", "名次", "评委", "作出决定", "会议", "投票表决")
        plots: list[Plot] = [partial(reports.plot_cutoff, kind=kind) for kind in NOMINEE_KINDS]
        plots.append(reports.plot_member_scores)
        add_figure_tab(session, tabs, plots, empty="有了评分以后，这里画出名额线和评委评分。")
        self._kind.observe(self._draw, "value")
        self.widget = build_screen(session, TITLE, vbox(self._state, hbox(self._kind), tabs))
        self._draw()

    def _draw(self, _: object = None) -> None:
        state, kind = self._session.current_state(), self._kind.value
        list_status = ListStatus.of(state)
        self._state.value = render_template(
            "results_state",
            freeze=describe_freeze(self._session),
            method=METHOD_TITLES[state.round.notice.ruling.method.value],
            problems=state.decision.problems,
            counts=_counts(state),
            plan=state.round.notice.commended.seats,
            titles=KIND_TITLES,
            state=None if state.decision.shortlist.empty else list_status,
            notes=state.scores.rankings[kind].notes if kind in state.scores.rankings else (),
            changes=expected_changes_text(state),
        )
        self._ballots.show(kind)
        self._meeting.show(kind)
        self._forms.show(kind)
        self._decided.draw(state)
        listed = state.decision.shortlist[state.decision.shortlist["kind"] == kind]
        self._list.show(_listed(state, list_status, listed))
        changed = _changed(state, list_status, kind)
        self._compared.show(changed)
        for part in (self._changes, self._compared):
            set_visible(part, bool(changed))
        ranking = state.scores.rankings.get(kind)
        named = read_rows(_named(state, ranking.table)) if ranking else []
        self._ranking.show(named)
        self._methods.show(state, named)
        self._members.show(_describe_members(state, kind, ranking) if ranking else ())


def _counts(state: RoundState) -> Mapping[str, int]:
    inside = state.decision.listed
    return {kind: int((inside["kind"] == kind).sum()) for kind in NOMINEE_KINDS}


def _changed(state: RoundState, list_status: ListStatus, kind: str) -> list[Row]:
    """Return where the decided list differs from what rules and marks alone give."""
    return [
        {
            "case": one.case,
            "name": state.screening.case_by_id[one.case].name,
            "computed": one.computed,
            "decided": one.decided,
            "basis": one.basis,
            "by": one.by,
            "seq": f"第{one.seq}条" if one.seq else "",
        }
        for one in list_status.changed
        if one.kind == kind
    ]


def _listed(state: RoundState, list_status: ListStatus, frame: pd.DataFrame) -> pd.DataFrame:
    asked = ["；".join(list_status.questions.get(case, ())) for case in frame["case"]]
    return frame.assign(
        chance=[probability_text(one) if one == one else "" for one in frame["p_in"].astype(float)],
        asked=[
            Markup('<span class="kj-alert">{}</span>').format(one) if one else "" for one in asked
        ],
        status_title=frame["status"].map(STATUS_TITLES),
        **_units(state, frame["unit"]),
        interval=[
            _interval(low, high) for low, high in zip(frame["low"], frame["high"], strict=True)
        ],
    )


def _interval(low: float, high: float) -> str:
    return f"{low:.1f}–{high:.1f}" if low == low and high == high else "—"


def _named(state: RoundState, frame: pd.DataFrame) -> pd.DataFrame:
    cases = state.screening.case_by_id
    names = [cases[case].name for case in frame["case"]]
    return frame.assign(name=names, **_units(state, (cases[case].unit for case in frame["case"])))


def _units(state: RoundState, codes: Iterable[str]) -> dict[str, list[Any]]:
    """Return name and order of the units of rows."""
    held, names, orders = list(codes), state.round.unit_by_code, unit_orders(state)
    return {
        "unit_name": [names[code].short_name for code in held],
        "unit_order": [orders[code] for code in held],
    }


def _intervals(frame: pd.DataFrame, low: str, high: str) -> list[str]:
    pairs = frame[[low, high]].astype(float).to_numpy().tolist()
    return [f"{one:.1f}—{other:.1f}" if one == one else "" for one, other in pairs]


def _describe_members(state: RoundState, kind: str, ranking: Ranking) -> pd.DataFrame:
    """Return the members with name, home effect, and what is said of few scores."""
    members, frame = state.round.member_by_id, ranking.members
    frame = frame.merge(tabulate_home_effects(state, kind), on="member", how="left")
    return frame.assign(
        label=[members[member].label for member in frame["member"]],
        severity_interval=_intervals(frame, "severity_low", "severity_high"),
        home_interval=_intervals(frame, "home_low", "home_high"),
        field_interval=_intervals(frame, "field_low", "field_high"),
        few_text=[FEW_TEXT if few else "" for few in frame["few"]],
    )
