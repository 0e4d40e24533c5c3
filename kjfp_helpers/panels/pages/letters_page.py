"""Letters to the units: those ready to be issued, those issued, and longer time for a unit."""

from collections.abc import Callable
from datetime import date

import ipywidgets as widgets
from markupsafe import Markup

from kjfp_helpers.core.events import CorrectionDeadlineExtended, EventBody, LetterIssued
from kjfp_helpers.eligibility.history.correspondence import (
    RECEIPT,
    REMINDER,
    RETURN,
    VISIT_FEEDBACK,
    VISIT_NOTICE,
)
from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.tables.data_table import DataTable
from kjfp_helpers.panels.widgets.decision_form import Texts, build_decision_form, text_entry
from kjfp_helpers.panels.widgets.html_templates import (
    Column,
    describe_row,
    render_template,
)
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.letter_status import LetterStatus, letter_status
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft, draft_letters

ALL = ""
TITLES = (RECEIPT, RETURN, REMINDER, VISIT_NOTICE, VISIT_FEEDBACK)
MAXIMUM_SHOWN = 60
"""Ticks on screen at once."""
ISSUED_COLUMNS = (
    Column("number", "函号", "nowrap", order="serial"),
    Column("unit", "单位", "nowrap", heading=True),
    Column("title", "信函", "nowrap"),
    Column("day", "发出", "nowrap"),
    Column("until", "补正至", "nowrap", blank="—"),
    Column("asked", "所列项", "count", blank="—"),
    Column("came", "已收到", "count", blank="—"),
    Column("settled", "已办结", "count", blank="—"),
    Column("state", "状态", "chip"),
)
EXTENSION_COLUMNS = (
    Column("unit", "单位", "nowrap", heading=True),
    Column("until", "延至", "nowrap"),
    Column("first", "首次报送", "nowrap"),
    Column("reason", "理由"),
)
HINT = "含当日；已到的补正件和此后的来件都按新的期限判断。再记一次以最后一次为准。"
COVERS = {"只限补正": False, "首次报送也照此延期": True}


class LettersPage:
    """The letters; ``on_change`` is called after each act that the ledger has."""

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session, self._changed = session, on_change
        self._ready: list[LetterDraft] = []
        self._head, self._more, self._command = html_widget(), html_widget(), ShortCommand(session)
        self._count = html_widget()
        self._issued = DataTable(
            session,
            "已发出的函件",
            ISSUED_COLUMNS,
            filters={"信函": "title", "状态": "state"},
            on_open=lambda row: (row["number"], describe_row(row, ISSUED_COLUMNS)),
            empty="还没有发出函件",
        )
        self._longer = DataTable(
            session, "延长的补正期限", EXTENSION_COLUMNS, empty="没有延期的单位"
        )
        kinds = [("全部信函", ALL), *((one, one) for one in TITLES)]
        self._title = name_control(
            widgets.Dropdown(options=kinds, layout={"width": "150px"}), "信函"
        )
        self._ticks = add_classes(widgets.VBox(), "kj-ticks")
        every, none, self._issue = (
            widgets.Button(description=words, button_style=style)
            for words, style in (("全选", ""), ("全不选", ""), ("发出函件", "danger"))
        )
        every.on_click(lambda _: self._tick(on=True))
        none.on_click(lambda _: self._tick(on=False))
        self._issue.on_click(lambda _: self._send())
        self._title.observe(lambda _: self._list(), "value")
        tools = hbox(self._title, every, none, self._issue)
        acts = vbox(tools, self._ticks, self._more, self._command.widget)
        set_visible(acts, session.access().may_record(LetterIssued))
        forms = self._forms()
        set_visible(forms, session.access().may_record(CorrectionDeadlineExtended))
        longer = html_widget(Markup("<h3>延长的补正期限</h3>"))
        self.widget = vbox(self._head, acts, self._count, self._issued, longer, self._longer, forms)
        self.draw()

    @property
    def ready_count(self) -> int:
        """How many letters are ready to be issued."""
        return len(self._ready)

    def draw(self) -> None:
        """Bring all up to date."""
        state = self._session.current_state()
        self._ready = [one for one in draft_letters(state) if one.ready]
        states = [letter_status(state, one) for one in reversed(state.submissions.letters.letters)]
        self._head.value = render_template(
            "letters", day=state.submissions.letters.day, ready=len(self._ready)
        )
        names = {unit.code: unit.short_name for unit in state.round.units}
        self._count.value = Markup("<h3>已发出的函件（{}）</h3>").format(len(states))
        self._issued.show(_row(names, one) for one in states)
        self._draw_extensions(state, names)
        self._list()

    def _draw_extensions(self, state: RoundState, names: dict[str, str]) -> None:
        rows = [
            {
                "unit": names[unit],
                "until": body.until,
                "reason": body.reason,
                "first": "照此延期" if body.first else "不延",
            }
            for unit, body in state.submissions.letters.extended.items()
        ]
        self._longer.show(rows)
        held = [("请选择", "")]
        self._whom.options = [*held, *((name, code) for code, name in names.items())]
        self._whose.options = [
            *held,
            *((names[one], one) for one in state.submissions.letters.extended),
        ]
        self._whom.value = self._whose.value = ""
        set_visible(self._back, bool(rows))

    def _list(self) -> None:
        """Show a tick for each letter of the kind chosen, as many as a screen takes."""
        wanted = self._wanted()
        self._ticks.children = [
            widgets.Checkbox(
                description=_line(one), value=True, indent=False, layout={"width": "auto"}
            )
            for one in wanted[:MAXIMUM_SHOWN]
        ]
        set_visible(self._ticks, bool(wanted))
        more = len(wanted) - MAXIMUM_SHOWN
        self._more.value = f"另有{more}份，发出这些后再列出。" if more > 0 else ""
        self._issue.disabled = not wanted

    def _wanted(self) -> list[LetterDraft]:
        return [one for one in self._ready if self._title.value in (ALL, one.title)]

    def _tick(self, *, on: bool) -> None:
        for box in self._ticks.children:
            box.value = on

    def _send(self) -> None:
        """Issue what is ticked, as the command does it: with its lock, copies and numbers."""
        boxes = zip(self._wanted(), self._ticks.children, strict=False)
        names = [f"{one.dossier.unit.code}-{one.title}" for one, box in boxes if box.value]
        if not names:
            self._command.say("没有勾选函件。", failed=True)
            return
        self._command.run(["letters", "issue"], "--only", *names, button=self._issue)
        self.draw()
        self._changed()

    def _forms(self) -> widgets.Widget:
        self._whom, self._whose = (widgets.Dropdown(layout={"width": "150px"}) for _ in "12")
        covers = widgets.Dropdown(options=list(COVERS), layout={"width": "170px"})
        extend = build_decision_form(
            self._session,
            "延长补正期限",
            HINT,
            {
                "unit": ("单位", self._whom),
                "until": ("延至", text_entry(130, "如 2020-08-31")),
                "covers": ("范围", covers),
                "reason": ("理由", text_entry(260, "依据或文号，必填")),
            },
            self._extend,
            self._recorded,
        )
        self._back = build_decision_form(
            self._session,
            "撤销延期",
            "恢复原来的期限。",
            {"unit": ("单位", self._whose), "reason": ("理由", text_entry(260))},
            lambda words: CorrectionDeadlineExtended(
                unit=words["unit"], until="", reason=words["reason"]
            ),
            self._recorded,
        )
        return vbox(extend, self._back)

    def _recorded(self) -> None:
        self.draw()
        self._changed()

    @staticmethod
    def _extend(words: Texts) -> EventBody | str:
        try:
            until = date.fromisoformat(words["until"])
        except ValueError:
            return "“延至”请写成“2020-08-31”的样子。"
        return CorrectionDeadlineExtended(
            unit=words["unit"],
            until=str(until),
            reason=words["reason"],
            first=COVERS[words["covers"]],
        )


def _line(draft: LetterDraft) -> str:
    count = {
        RECEIPT: f"来件{len(draft.receipts)}封",
        RETURN: f"{len(draft.findings)}项",
        REMINDER: f"{len(draft.owed)}项未收到",
        VISIT_NOTICE: "实地检查",
        VISIT_FEEDBACK: "检查发现的问题",
    }[draft.title]
    until = f"　补正至{draft.until.month}月{draft.until.day}日" if draft.until else ""
    before = f"　前函第{draft.last.body.number}号" if draft.last else ""
    return f"{draft.dossier.unit.short_name}　{draft.title}　{count}{until}{before}"


def _row(names: dict[str, str], state: LetterStatus) -> dict[str, object]:
    body = state.letter.body
    counts = {"asked": state.asked, "came": state.came, "settled": state.settled}
    return {
        "number": f"第{body.number}号",
        "serial": body.number,
        "unit": names.get(body.unit, body.unit),
        "title": body.title,
        "day": body.day,
        "until": str(state.until) if state.until else "",
        "state": state.word,
        **(counts if state.asked else dict.fromkeys(counts)),
    }
