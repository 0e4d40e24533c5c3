"""Spot check: how it stands, the units that are checked, the findings, the lot, and its acts."""

from collections.abc import Iterator

import ipywidgets as widgets
from markupsafe import Markup

from kjfp_helpers.notice.spot_check.lot_drawing import rank_units
from kjfp_helpers.panels.lab.file_links import file_link, join_links
from kjfp_helpers.panels.spot_check.spot_check_forms import SpotCheckForms
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import Column, render_template
from kjfp_helpers.panels.widgets.screen_frame import html_widget, vbox
from kjfp_helpers.reports.data.checks.spot_check_data import build_check_overview, build_unit_check
from kjfp_helpers.reports.sections.spot_check import render_unit_check
from kjfp_helpers.state import RoundSession, RoundState

UNITS = (
    Column("name", "单位", heading=True, order="unit_order"),
    Column("how", "来由", "nowrap"),
    Column("day", "检查日期", "nowrap", "—"),
    Column("checkers", "检查人员", blank="—"),
    Column("findings", "问题", "count"),
    Column("open", "未办结", "count"),
    Column("state", "情况", "chip"),
)
FINDINGS = (
    Column("unit", "单位", "nowrap", heading=True),
    Column("title", "检查内容"),
    Column("text", "检查情况"),
    Column("reply", "单位说明", blank="—"),
    Column("decision", "处理", blank="—"),
    Column("state", "状态", "chip"),
)
RANKS = (
    Column("stratum", "分层", "nowrap"),
    Column("place", "签位", "count"),
    Column("name", "单位", "nowrap", heading=True, order="unit_order"),
    Column("how", "结果", "nowrap", "—"),
    Column("number", "签号（前8位）", "nowrap"),
)
LOT_DIGITS = 8
"""Digits of a lot number shown: enough to see the order; the paper of the draw has all."""
PAPERS = {
    "frame.docx": "抽查名册",
    "frame.txt": "名册原文",
    "lot.docx": "抽签结果",
    "report.docx": "抽查情况报告",
    "report.html": "抽查情况报告（网页）",
}


class SpotCheckPage:
    """The part of the screen; a recorded act brings everything up to date."""

    def __init__(self, session: RoundSession) -> None:
        self._session = session
        self._head = html_widget()
        self._units = DataTable(
            session,
            "抽查单位",
            UNITS,
            filters={"情况": "state"},
            on_open=self._open_unit,
            empty="还没有抽签。先冻结名册，公开值公布以后输入并抽签。",
        )
        self._findings = DataTable(
            session, "检查发现的问题", FINDINGS, filters={"状态": "state"}, empty="没有发现问题。"
        )
        self._ranks = DataTable(session, "抽签结果", RANKS, empty="还没有抽签。")
        self._forms = SpotCheckForms(session, self.draw)
        tabs = widgets.Tab(
            [self._units, self._findings, self._ranks, self._forms.widget]
            if self._forms.is_shown
            else [self._units, self._findings, self._ranks]
        )
        tabs.titles = ("抽查单位", "发现的问题", "抽签结果", "办理")
        self.widget = vbox(self._head, tabs)
        self.draw()

    def draw(self) -> None:
        """Bring all up to date."""
        state = self._session.current_state()
        overview, orders = build_check_overview(state), _unit_orders(state)
        check, rule = state.spot_check, state.round.notice.spot_check
        self._head.value = render_template(
            "spot_check",
            rule=rule,
            deadline=state.round.notice.deadline,
            frame=check.frame,
            lot=check.lot,
            overview=overview,
            void=check.void,
            links=join_links(self._links()),
        )
        self._units.show({**row, "unit_order": orders[row["unit"]]} for row in overview["units"])
        self._findings.show(overview["findings"])
        self._ranks.show(_ranked(state, orders))
        self._forms.refresh(state)

    def _links(self) -> Iterator[Markup]:
        """Yield links to the papers that are written."""
        for name, words in PAPERS.items():
            path = self._session.outputs / "spotcheck" / name
            if path.is_file():
                yield file_link(self._session, path, words)

    def _open_unit(self, row: Row) -> tuple[str, str]:
        page = render_unit_check(build_unit_check(self._session.current_state(), row["unit"]))
        return str(row["name"]), str(page.html)


def _unit_orders(state: RoundState) -> dict[str, int]:
    return {unit.code: at for at, unit in enumerate(state.round.units)}


def _ranked(state: RoundState, orders: dict[str, int]) -> Iterator[Row]:
    check = state.spot_check
    if check.frame is None or check.lot is None:
        return
    titles = {one.id: one.title for one in state.round.notice.spot_check.drawn_strata}
    for row in rank_units(check.frame, check.lot.seed):
        unit = state.round.unit_by_code.get(row.code)
        yield {
            "stratum": titles.get(row.stratum, row.stratum),
            "place": row.place,
            "name": unit.short_name if unit else row.code,
            "unit_order": orders.get(row.code, len(orders)),
            "how": row.how,
            "number": row.number[:LOT_DIGITS],
        }
