"""Forms of the meeting: its record, what was said of a case, what a change of names costs."""

from collections.abc import Callable
from datetime import date

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import EventBody, MeetingHeld, VoterConflictRuled
from kjfp_helpers.core.records import LISTED
from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.meeting.decision_list import case_name
from kjfp_helpers.panels.meeting.search_picker import CHOOSE, CasePicker, Ticks
from kjfp_helpers.panels.widgets.decision_form import (
    Texts,
    build_decision_form,
    offer_forms,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import add_classes, hbox, html_widget, vbox
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.meeting.discussion import make_meeting, make_note
from kjfp_helpers.state.meeting.swap import describe_swap
from kjfp_helpers.state.meeting.voters import (
    VOTER_RULINGS,
    list_outsiders,
    list_voters,
    make_voter_ruling,
)


class MeetingForms:
    """One form for each act; ``on_recorded`` is called after the ledger has one."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._recorded = session, on_recorded
        self._about, self._leaving, self._entering = CasePicker(), CasePicker(), CasePicker()
        self._barred: CasePicker | None = None
        self._cost = ShortCommand(session)
        self._offered: tuple[object, ...] = ()
        self.widget = add_classes(widgets.HBox([]), "kj-decisions")
        forms = {"换人试算": self._build_swap()}
        if session.access().may_record(MeetingHeld):
            forms |= {"登记会议": self._build_meeting(), "讨论记录": self._build_note()}
        if session.access().may_record(VoterConflictRuled) and self._outsiders():
            forms["表决人回避"] = self._build_ruling()
        offer_forms(self.widget, forms)

    def show(self, state: RoundState, kind: str) -> None:
        """Offer the cases of a kind."""
        table = state.decision.shortlist
        rows = table[table["kind"] == kind] if len(table) else table
        inside = [str(one) for one in rows.loc[rows["status"].isin(LISTED), "case"]]
        outside = [str(one) for one in rows["case"] if one not in inside]
        eligible = [case.id for case in state.screening.eligible_cases if case.kind == kind]
        offered = (kind, tuple(inside), tuple(outside), tuple(eligible))
        if offered == self._offered:
            return
        self._offered = offered
        for picker, cases in (
            (self._leaving, inside),
            (self._entering, outside),
            (self._about, eligible),
            (self._barred, eligible),
        ):
            if picker is not None:
                picker.offer([(case_name(state, case), case) for case in cases])

    def _build_swap(self) -> widgets.VBox:
        """Return the form that says what a change of names costs; nothing is recorded."""
        ask = widgets.Button(description="试算", button_style="primary")
        ask.on_click(lambda _: self._ask_cost())
        title = render_template(
            "form_title", title="换人试算", hint="表决之前先看代价；只试算，不记入台账。"
        )
        pickers = (("换下（名单上的）", self._leaving), ("换上（名单外的）", self._entering))
        entries = [
            vbox(html_widget(render_template("entry_title", title=label)), picker)
            for label, picker in pickers
        ]
        parts = (html_widget(title), *entries, hbox(ask), self._cost.widget)
        return add_classes(vbox(*parts, classes=("kj-pane",)), "kj-decision")

    def _ask_cost(self) -> None:
        state, pair = self._session.current_state(), (self._leaving.value, self._entering.value)
        try:
            lines = describe_swap(state, *pair) if all(pair) else ["请先选定换下、换上的两件。"]
        except KjfpError as error:
            lines = [str(error)]
        self._cost.say(*lines)

    def _build_meeting(self) -> widgets.VBox:
        entries = {
            "day": ("会议日期", text_entry(140, "如 2020-10-21")),
            "place": ("地点", text_entry()),
            "chair": ("主持人", text_entry(130)),
            "recorder": ("记录人", text_entry(130)),
            "guests": ("列席人员", text_entry(260, "没有不填")),
            "conclusion": ("会议结论", text_entry(420, "会后可补")),
        }
        voters = list_voters(self._session.current_state())
        absent = Ticks("名", "表决人", in_rows=True)
        absent.offer([(f"{one.label} {one.id}", one.id) for one in voters], ())
        entries["absent"] = ("缺席的表决人", absent)
        return build_decision_form(
            self._session,
            "登记会议",
            "同一天再登记一次，以最后一次为准，日期登错的在“作出决定”里撤销。",
            entries,
            self._make_meeting,
            self._recorded,
            "文件在“写出会议文件”后更新",
            optional=("absent", "guests", "conclusion"),
        )

    def _make_meeting(self, values: Texts) -> EventBody | str:
        try:
            day = date.fromisoformat(values["day"])
        except ValueError:
            return "“会议日期”请写成“2020-10-21”的样子。"
        state = self._session.current_state()
        absent = values["absent"].split("、")
        voters = [one.id for one in list_voters(state)]
        return make_meeting(
            state,
            day=day,
            place=values["place"],
            chair=values["chair"],
            recorder=values["recorder"],
            present=[one for one in voters if one not in absent],
            guests=values["guests"],
            conclusion=values["conclusion"],
            today=self._session.now().date(),
        )

    def _outsiders(self) -> list[tuple[str, str]]:
        found = list_outsiders(self._session.current_state())
        return [(f"{one.label} {one.id}", one.id) for one in found]

    def _build_ruling(self) -> widgets.VBox:
        self._barred = CasePicker()
        entries = {
            "voter": (
                "表决人",
                widgets.Dropdown(options=[CHOOSE, *self._outsiders()], layout={"width": "230px"}),
            ),
            "case": ("推荐对象", self._barred),
            "ruling": (
                "决定",
                widgets.Dropdown(options=[CHOOSE, *((one, one) for one in VOTER_RULINGS.values())]),
            ),
            "reason": ("理由", text_entry(320)),
            **two_person_entries(),
        }
        return build_decision_form(
            self._session,
            "表决人回避",
            "对不兼任评委的表决人，裁定其在讨论、表决某件时应当或无须退场，以最后一次为准；"
            "评委在“作出决定”的“回避裁定”里办理。已发起的投票不变。",
            entries,
            lambda values: make_voter_ruling(
                self._session.current_state(),
                voter=values["voter"],
                case=values["case"],
                bars=values["ruling"] == VOTER_RULINGS[True],
                reason=values["reason"],
                by=(values["first"], values["second"]),
            ),
            self._recorded,
        )

    def _build_note(self) -> widgets.VBox:
        entries = {
            "case": ("推荐对象", self._about),
            "text": ("讨论的内容", text_entry(520)),
        }
        return build_decision_form(
            self._session,
            "讨论记录",
            "到会而应回避的表决人记为退场；不选推荐对象的，记为会议事项。"
            "有误的在“作出决定”里撤销。",
            entries,
            lambda values: make_note(
                self._session.current_state(), case=values["case"], text=values["text"]
            ),
            self._recorded,
            optional=("case",),
        )
