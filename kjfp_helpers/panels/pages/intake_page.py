"""Intake and checks: receipts, who sent what, findings with their details."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.core.state_labels import IN_TIME, LATE, UNDATED
from kjfp_helpers.panels.pages.letters_page import LettersPage
from kjfp_helpers.panels.pages.originals_page import OriginalsPage
from kjfp_helpers.panels.pages.row_details import (
    describe_message,
    describe_unit,
    unit_orders,
)
from kjfp_helpers.panels.queue.queue_page import QueuePage
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import (
    Column,
    read_rows,
    render_template,
    render_two_lines,
)
from kjfp_helpers.panels.widgets.screen_frame import build_screen, screen
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.letter_status import reply_text
from kjfp_helpers.state.secretary.publication_gates import open_findings

TITLE = "收件与核对"
_KEPT_TOGETHER = str.maketrans(" -", "\u00a0\u2011")
"""A day and a time are not broken over two lines."""
SETTLED = "已了结"
"""What stands in place of the severity of a finding that somebody settled."""
_TITLES = {
    "stocktake": "盘点表",
    "summary": "工作总结",
    "team": "先进团队",
    "individual": "先进个人",
    "exhibit": "展览素材",
}

RECEIPT_COLUMNS = (
    Column("receipt", "收件号", "count"),
    Column("unit_name", "单位", order="unit_order", blank="未知单位"),
    Column("subject", "主题", heading=True),
    Column("time", "收到时间", "nowrap"),
    Column("files", "文件数", "count"),
    Column("kinds", "材料"),
    Column("state", "状态", "chip"),
    Column("reply", "答复", blank="—"),
    Column("note", "备注"),
)
COMPLETENESS_COLUMNS = (
    Column("unit_name", "单位", heading=True, order="unit_order"),
    *(
        column
        for kind, title in _TITLES.items()
        for column in (
            Column(kind, title, blank="—"),
            Column(f"{kind}_order", "是否合格", blank="—"),
        )
    ),
)


FINDING_COLUMNS = (
    Column("severity", "级别", "chip"),
    Column("unit_name", "单位", order="unit_order"),
    Column("nominee", "推荐对象", blank="—"),
    Column("title", "问题", heading=True),
    Column("found", "报送情况"),
)


@screen(TITLE, "intake")
def show_intake(session: RoundSession) -> widgets.Widget:
    """Return what needs a person, completeness, findings, receipts, letters, originals."""
    state = session.current_state()
    tabs, tables = widgets.Tab(), _Tables(session)

    def refresh() -> None:
        """Bring titles and tables up to date; the tab that is looked at stays in front."""
        tables.draw(session.current_state())
        tabs.titles = (
            f"待处理（{queue.open_count}）",
            "报送情况",
            f"核对发现（{len(tables.findings.rows)}）",
            "收件登记",
            f"函件（{letters.ready_count}）",
            f"纸质原件（{originals.unchecked_count}）",
        )

    def answered() -> None:
        letters.draw()
        originals.draw()
        refresh()

    def wrote() -> None:
        queue.reload()
        refresh()

    queue, letters = QueuePage(session, answered), LettersPage(session, wrote)
    originals = OriginalsPage(session, refresh)
    tabs.children = [
        queue.widget,
        tables.completeness,
        tables.findings,
        tables.receipts,
        letters.widget,
        originals.widget,
    ]
    refresh()
    return build_screen(session, TITLE, tabs, note=f"{len(state.submissions.receipts)} 件来件")


class _Tables:
    """What each unit sent, what was found, what arrived."""

    def __init__(self, session: RoundSession) -> None:
        self._session = session
        self.completeness = DataTable(
            session,
            "报送情况",
            COMPLETENESS_COLUMNS,
            filters={title: f"{kind}_words" for kind, title in _TITLES.items()},
            on_open=partial(describe_unit, session),
        )
        self.findings = DataTable(
            session,
            "核对发现",
            FINDING_COLUMNS,
            filters={"级别": "severity", "单位": "unit_name", "问题": "title"},
            on_open=self._describe_finding,
            empty="没有核对发现。",
        )
        self.receipts = DataTable(
            session,
            "收件登记",
            RECEIPT_COLUMNS,
            filters={"状态": "state", "单位": "unit_name"},
            on_open=partial(describe_message, session),
            empty="还没有登记来件。把 .eml 放入收件文件夹（inbox），再在“开始与进度”页登记来件。",
        )

    def draw(self, state: RoundState) -> None:
        """Show the rows as they stand."""
        orders = unit_orders(state)
        self.completeness.show(
            {**_cells(row), "unit_order": orders[row["unit"]]}
            for row in read_rows(state.screening.completeness)
        )
        self.findings.show(_findings(state, orders))
        self.receipts.show(_receipts(state, orders))

    def _describe_finding(self, row: Row) -> tuple[str, str]:
        page = render_template("finding_detail", **row)
        return row["title"], page


def _findings(state: RoundState, orders: Mapping[str, int]) -> Iterator[Row]:
    still_open = set(open_findings(state))
    for finding in state.screening.findings:
        case = state.screening.case_by_id.get(finding.case)
        yield {
            "finding": finding,
            "severity": finding.severity.label if finding in still_open else SETTLED,
            "unit_name": _unit_name(state, finding),
            "unit_order": orders.get(finding.unit, len(orders)),
            "nominee": case.name if case else "",
            "kind": KIND_TITLES[case.kind] if case else "",
            "title": finding.finding_type.title,
            "found": finding.found,
        }


def _unit_name(state: RoundState, finding: Finding) -> str:
    unit = state.round.unit_by_code.get(finding.unit)
    if unit:
        return unit.short_name
    return "各单位" if finding.finding_type.audience == "office" else "未知单位"


def _receipts(state: RoundState, orders: Mapping[str, int]) -> Iterator[Row]:
    for row in read_rows(state.submissions.receipts):
        at = row["received"]
        time = f"{at:%Y-%m-%d %H:%M}" if at == at and at else None
        yield {
            **row,
            "subject": mask_value("", row["subject"]),
            "time": time,
            "state": LATE if row["late"] else IN_TIME if time else UNDATED,
            "reply": reply_text(state, row["receipt"]),
            "note": mask_value("", row["note"]) or "—",
            "unit_order": orders.get(row["unit"], len(orders)),
        }


def _cells(row: Row) -> dict[str, Any]:
    """Return a unit's row with each state in its colour, and below it when, how late, what for."""
    cells: dict[str, Any] = {"unit": row["unit"], "unit_name": row["unit_name"]}
    for kind in _TITLES:
        state, order = row[kind], row[f"{kind}_order"]
        when = row[f"{kind}_arrived"][len("2020-") :].replace("收到", "")
        when = (
            when.translate(_KEPT_TOGETHER).removesuffix(f"，{state}").replace(f"，{LATE}", "，迟")
        )
        cells[kind] = render_two_lines(state, when if order else "")
        cells[f"{kind}_order"] = render_two_lines(order, row[f"{kind}_faults"]) if order else ""
        cells[f"{kind}_words"] = (state, order)
    return cells
