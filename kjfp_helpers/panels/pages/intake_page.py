"""Intake and checks: receipts, who sent what, findings with their details."""

from collections import Counter
from collections.abc import Hashable
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.core.findings import FINDING_TYPES, Finding, Severity
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.core.state_labels import (
    FAULTY,
    IN_ORDER,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_NOMINATED,
    NOT_SENT,
    RECEIVED,
    UNDATED,
)
from kjfp_helpers.panels.pages.letters_page import LettersPage
from kjfp_helpers.panels.queue.queue_page import QueuePage
from kjfp_helpers.panels.widgets.html_templates import (
    Column,
    render_table,
    render_template,
    render_two_lines,
)
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    build_screen,
    hbox,
    html_widget,
    screen,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.letter_status import reply_text
from kjfp_helpers.state.secretary.publication_gates import open_findings

TITLE = "收件与核对"
_KEPT_TOGETHER = str.maketrans(" -", "\u00a0\u2011")
"""A day and a time are not broken over two lines."""
ALL = ""
STATES = (
    RECEIVED,
    IN_TIME,
    LATE,
    UNDATED,
    NOT_SENT,
    NOT_DUE,
    NOT_NOMINATED,
    IN_ORDER,
    FAULTY,
)
"""States of what a unit sends, in the order shown: whether it arrived, whether it is in order."""
_TITLES = {
    "stocktake": "盘点表",
    "summary": "工作总结",
    "team": "先进团队",
    "individual": "先进个人",
    "exhibit": "展览素材",
}

RECEIPT_COLUMNS = (
    Column("receipt", "收件号", "count"),
    Column("unit_name", "单位"),
    Column("subject", "主题"),
    Column("time", "收到时间", "nowrap"),
    Column("files", "文件数", "count"),
    Column("kinds", "材料"),
    Column("state", "状态", "chip"),
    Column("reply", "答复", blank="—"),
    Column("note", "备注"),
)
COMPLETENESS_COLUMNS = (
    Column("unit_name", "单位"),
    *(
        column
        for kind, title in _TITLES.items()
        for column in (
            Column(kind, title, blank="—"),
            Column(f"{kind}_order", "是否合格", blank="—"),
        )
    ),
)


@screen(TITLE, "intake")
def show_intake(session: RoundSession) -> widgets.Widget:
    """Return what needs a person, receipts, completeness of every unit, findings with filters."""
    state = session.current_state()
    tabs, pages = widgets.Tab(), [vbox() for _ in "123"]

    def refresh() -> None:
        """Bring titles and tables up to date; the tab that is looked at stays in front."""
        for page, shown in zip(pages, _tables(session.current_state()), strict=True):
            page.children = (shown,)
        found = len(session.current_state().screening.findings)
        tabs.titles = (
            f"待处理（{queue.open_count}）",
            "报送情况",
            f"核对发现（{found}）",
            "收件登记",
            f"函件（{letters.ready_count}）",
        )

    def answered() -> None:
        letters.draw()
        refresh()

    def wrote() -> None:
        queue.reload()
        refresh()

    queue, letters = QueuePage(session, answered), LettersPage(session, wrote)
    tabs.children = [queue.widget, *pages, letters.widget]
    refresh()
    return build_screen(session, TITLE, tabs, note=f"{len(state.submissions.receipts)} 件来件")


def _tables(state: RoundState) -> list[widgets.Widget]:
    return [
        html_widget(
            render_template("completeness", page=_completeness(state), counts=_counts(state))
        ),
        _Findings(state).widget,
        html_widget(_receipts(state)),
    ]


def _receipts(state: RoundState) -> str:
    frame = state.submissions.receipts.copy()
    frame["time"] = [
        f"{at:%Y-%m-%d %H:%M}" if at == at and at else None for at in frame["received"]
    ]
    frame["state"] = [
        LATE if late else IN_TIME if time else UNDATED
        for late, time in zip(frame["late"], frame["time"], strict=True)
    ]
    frame["reply"] = [reply_text(state, receipt) for receipt in frame["receipt"]]
    frame["note"] = frame["note"].replace("", "—")
    return render_table(frame, RECEIPT_COLUMNS, empty="还没有登记来件")


def _completeness(state: RoundState) -> str:
    return render_table(
        map(_cells, state.screening.completeness.to_dict("records")), COMPLETENESS_COLUMNS
    )


def _cells(row: dict[Hashable, Any]) -> dict[str, Any]:
    """Return a unit's row with each state in its colour, and below it when, how late, what for."""
    cells: dict[str, Any] = {"unit_name": row["unit_name"]}
    for kind in _TITLES:
        state, order = row[kind], row[f"{kind}_order"]
        when = row[f"{kind}_arrived"][len("2020-") :].replace("收到", "")
        when = (
            when.translate(_KEPT_TOGETHER).removesuffix(f"，{state}").replace(f"，{LATE}", "，迟")
        )
        cells[kind] = render_two_lines(state, when if order else "")
        cells[f"{kind}_order"] = render_two_lines(order, row[f"{kind}_faults"]) if order else ""
    return cells


def _counts(round_state: RoundState) -> list[tuple[str, dict[str, int]]]:
    frame = round_state.screening.completeness
    tallies = [
        (title, Counter(frame[kind]) + Counter(frame[f"{kind}_order"]))
        for kind, title in _TITLES.items()
    ]
    return [
        (title, {state: tally[state] for state in STATES if tally[state]})
        for title, tally in tallies
    ]


class _Findings:
    """A list of findings narrowed by unit, severity and code, and the one picked in full."""

    def __init__(self, state: RoundState) -> None:
        self._state, self._open = state, set(open_findings(state))
        units = {f.unit for f in state.screening.findings}
        known = [(u.short_name, u.code) for u in state.round.units if u.code in units]
        codes = sorted({f.code for f in state.screening.findings}, key=list(FINDING_TYPES).index)
        self._unit = _filter("单位", [("全部单位", ALL), *known])
        self._severity = _filter(
            "级别", [("全部级别", ALL), *((s.label, s.value) for s in Severity)]
        )
        self._code = _filter(
            "问题", [("全部问题", ALL), *((FINDING_TYPES[code].title, code) for code in codes)]
        )
        self._count = html_widget()
        self._list = add_classes(
            widgets.Select(layout={"width": "auto", "height": "430px"}), "kj-left", "kj-findings"
        )
        self._detail = html_widget("", "kj-pane", "kj-left")
        tools = hbox(self._unit, self._severity, self._code, self._count)
        self.widget = vbox(tools, hbox(self._list, self._detail, classes=("kj-split",)))
        for control in (self._unit, self._severity, self._code):
            control.observe(lambda _: self._narrow(), "value")
        self._list.observe(lambda _: self._show(), "value")
        self._narrow()

    def _narrow(self) -> None:
        wanted = [
            finding
            for finding in self._state.screening.findings
            if self._unit.value in (ALL, finding.unit)
            and self._severity.value in (ALL, finding.severity.value)
            and self._code.value in (ALL, finding.code)
        ]
        tally = {s: sum(f.severity is s and f in self._open for f in wanted) for s in Severity}
        self._count.value = render_template("tally", total=len(wanted), tally=tally)
        self._list.options = [(self._line(finding), finding) for finding in wanted]
        self._list.value = wanted[0] if wanted else None
        set_visible(self._list, bool(wanted))
        self._show()

    def _line(self, finding: Finding) -> str:
        about = f"{self._name(finding)}{self._nominee(finding)}"
        label = finding.severity.label if finding in self._open else "已了结"
        return f"{label}　{about}　{finding.finding_type.title}：{finding.found}"

    def _nominee(self, finding: Finding) -> str:
        case = self._state.screening.case_by_id.get(finding.case)
        return f"“{case.name}”" if case else ""

    def _name(self, finding: Finding) -> str:
        unit = self._state.round.unit_by_code.get(finding.unit)
        if unit:
            return unit.short_name
        return "各单位" if finding.finding_type.audience == "office" else "未知单位"

    def _show(self) -> None:
        finding = self._list.value
        name = self._name(finding) if finding else ""
        case = self._state.screening.case_by_id.get(finding.case) if finding else None
        kind = KIND_TITLES[case.kind] if case else ""
        self._detail.value = render_template(
            "finding_detail", finding=finding, unit=name, case=case, kind=kind
        )


def _filter(title: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=ALL, layout={"width": "200px"}, tooltip=title)
