"""Forms for decisions that override the computed list; each records one event with two names."""

from collections.abc import Callable, Collection, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.events import (
    CaseVetoed,
    EventBody,
    LateScoresRuled,
    LevelConfirmed,
    ScoringClosed,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.core.records import KIND_TITLES, LISTED, NOMINEE_KINDS, kind_of_case
from kjfp_helpers.panels.meeting.conflict_ruling_form import build_conflict_ruling_form
from kjfp_helpers.panels.meeting.decision_list import RECORDED_NOTE, case_name
from kjfp_helpers.panels.meeting.office_conflict_waiver_form import build_waiver_forms
from kjfp_helpers.panels.meeting.search_picker import CasePicker
from kjfp_helpers.panels.widgets.decision_form import (
    SAME_PERSON,
    Entries,
    MakeEvent,
    Texts,
    build_decision_form,
    offer_forms,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.screen_frame import add_classes
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.decision_preview import describe_changes
from kjfp_helpers.state.secretary.publication_gates import list_gates, make_waiver

LATE_RULINGS = {"全部计入": True, "全部不计": False}
_NOT_LISTED = ("reserve", "out", "unranked")
_VETOABLE = (*LISTED, *_NOT_LISTED)

_Options = Sequence[tuple[str, str]]
_Persons = tuple[str, str]
_MakeDecision = Callable[[Texts, _Persons], EventBody | str]
"""Like ``MakeEvent``, with the two persons who decide."""


class DecisionForms:
    """The kinds of decision at the left, one form at a time; none for who decides nothing.

    After each recorded decision the options of all forms are read again and ``on_recorded`` is
    called.
    """

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._on_recorded = session, on_recorded
        self._refreshers: list[Callable[[RoundState], None]] = []
        self._nominees: str = NOMINEE_KINDS[0]
        self._seen: RoundState | None = None
        self.widget = add_classes(widgets.HBox([]), "kj-decisions")
        if not session.access().may_record(CaseVetoed):
            return
        offer_forms(self.widget, self._build_forms())
        self._refresh()

    def show(self, nominees: str) -> None:
        """Offer the cases of a kind of nominee, ``team`` or ``individual``."""
        if (nominees, self._session.current_state()) != (self._nominees, self._seen):
            self._nominees = nominees
            self._refresh()

    def _build_forms(self) -> dict[str, widgets.VBox]:
        forms = {
            "一票否决": self._build_veto(),
            "增列": self._build_added_seat(),
            "按决议空缺": self._build_vacant_seats(),
        }
        if any(limit.attribute == "level" for limit in self._session.round.notice.limit):
            forms["认定级别"] = self._build_level()
        forms["回避裁定"] = build_conflict_ruling_form(self._session, self._on_recorded)
        if waivers := build_waiver_forms(self._session, self._on_recorded):
            forms["豁免回避"] = widgets.VBox(waivers)
        return {
            **forms,
            "截止评分": self._build_scoring_close(),
            "截止后评分": self._build_late_ruling(),
            "放行": self._build_gate_waiver(),
        }

    def _build_veto(self) -> widgets.VBox:
        def make_event(values: Texts, by: _Persons) -> EventBody:
            return CaseVetoed(
                case=values["case"], clause=values["clause"], document=values["document"], by=by
            )

        entries = {
            "case": ("推荐对象", self._add_case_picker(_VETOABLE)),
            "clause": ("依据条款", text_entry()),
            "document": ("文件名称或文号", text_entry()),
        }
        hint = "须有条款、文件和两人姓名；名单随即递补。"
        return self._build_form("一票否决", hint, entries, make_event)

    def _build_added_seat(self) -> widgets.VBox:
        def make_event(values: Texts, by: _Persons) -> EventBody:
            return SeatAdded(
                case=values["case"], resolution=values["resolution"], reason=values["reason"], by=by
            )

        entries = {
            "case": ("推荐对象", self._add_case_picker(_NOT_LISTED)),
            "resolution": ("决议文号", text_entry()),
            "reason": ("理由", text_entry()),
        }
        hint = "计划外增加名额，须有会议决议文号和理由。"
        return self._build_form("增列", hint, entries, make_event)

    def _build_vacant_seats(self) -> widgets.VBox:
        def make_event(values: Texts, by: _Persons) -> EventBody | str:
            if not values["seats"].isdecimal():
                return "空缺名额数须为整数。"
            return SeatsLeftVacant(
                nominees=values["kind"],
                places=int(values["seats"]),
                by=by,
                resolution=values["resolution"],
                reason=values["reason"],
            )

        kinds = [(KIND_TITLES[kind], kind) for kind in NOMINEE_KINDS]
        entries = {
            "kind": ("类别", self._add_toggle(kinds)),
            "seats": ("空缺名额数", text_entry()),
            "resolution": ("决议文号", text_entry()),
            "reason": ("理由", text_entry()),
        }
        hint = "计划内名额留空若干，须有会议决议文号和理由；填 0 即收回。"
        return self._build_form("按决议空缺", hint, entries, make_event)

    def _build_level(self) -> widgets.VBox:
        def make_event(values: Texts, by: _Persons) -> EventBody:
            return LevelConfirmed(
                case=values["case"], level=values["level"], document=values["document"], by=by
            )

        entries = {
            "case": ("推荐对象", self._add_case_picker(_VETOABLE, "individual")),
            "level": ("级别（如 处级）", text_entry()),
            "document": ("依据文件", text_entry()),
        }
        hint = "名单按级别有限制时，以此处认定为准，不从职务文字推断。"
        return self._build_form("认定级别", hint, entries, make_event)

    def _build_scoring_close(self) -> widgets.VBox:
        def make_event(values: Texts, by: _Persons) -> EventBody:
            return ScoringClosed(reason=values["reason"], by=by)

        entries = {"reason": ("说明", text_entry())}
        hint = "截止以后保存的评分另行存放，由两人裁定全部计入或全部不计；弄错了可以撤销。"
        return self._build_form("截止评分", hint, entries, make_event)

    def _build_late_ruling(self) -> widgets.VBox:
        """Return the form on scores saved after the close."""

        def make_event(values: Texts, by: _Persons) -> EventBody:
            return LateScoresRuled(
                admitted=LATE_RULINGS[values["ruling"]],
                reason=values["reason"],
                document=values["document"],
                by=by,
            )

        entries = {
            "ruling": ("裁定", self._add_toggle(list(LATE_RULINGS))),
            "reason": ("理由", text_entry()),
            "document": ("文件或会议记录", text_entry()),
        }
        hint = "截止以后保存的评分，一律计入或一律不计，不得只计其中几份；以最后一次裁定为准。"
        return self._build_form("截止后评分裁定", hint, entries, make_event)

    def _build_gate_waiver(self) -> widgets.VBox:
        """Return the form that waives a check which would block the list's publication."""

        def make_event(values: Texts, by: _Persons) -> EventBody:
            return make_waiver(
                self._session.current_state(),
                values["gate"],
                reason=values["reason"],
                document=values["document"],
                by=by,
            )

        entries = {
            "gate": ("放行哪一项", self._add_dropdown(_blocking_gates, width=300)),
            "reason": ("理由", text_entry()),
            "document": ("文件或会议记录", text_entry()),
        }
        hint = (
            "名单公示前应办的事确不能办的，写明理由、文件和两人姓名后放行；"
            "各种文件都注明放行了什么。"
        )
        return self._build_form("放行", hint, entries, make_event)

    def _build_form(
        self, title: str, hint: str, entries: Entries, make_event: _MakeDecision
    ) -> widgets.VBox:
        return build_decision_form(
            self._session,
            title,
            hint,
            {**entries, **two_person_entries()},
            _require_two_persons(make_event),
            self._on_decision,
            note=RECORDED_NOTE,
            preview=lambda body: describe_changes(self._session.current_state(), body),
        )

    def _add_case_picker(self, statuses: Collection[str], kind: str = "") -> CasePicker:
        picker = CasePicker()
        self._refreshers.append(
            lambda state: picker.offer(_case_options(state, statuses, kind or self._nominees))
        )
        return picker

    def _add_dropdown(
        self, options_of: Callable[[RoundState], _Options], width: int
    ) -> widgets.Dropdown:
        dropdown = widgets.Dropdown(layout={"width": f"{width}px"})

        def refresh(state: RoundState) -> None:
            dropdown.options = [("请选择", ""), *options_of(state)]
            dropdown.value = ""

        self._refreshers.append(refresh)
        return dropdown

    def _add_toggle(self, options: _Options | Sequence[str]) -> widgets.ToggleButtons:
        toggle = widgets.ToggleButtons(options=options, value=None, style={"button_width": "90px"})

        def refresh(_: RoundState) -> None:
            toggle.value = None

        self._refreshers.append(refresh)
        return toggle

    def _refresh(self) -> None:
        state = self._seen = self._session.current_state()
        for refresh in self._refreshers:
            refresh(state)

    def _on_decision(self) -> None:
        self._refresh()
        self._on_recorded()


def _case_options(state: RoundState, statuses: Collection[str], kind: str) -> _Options:
    """Return the cases of a kind whose status in the list is one of ``statuses``."""
    status_by_case = dict(
        zip(state.decision.shortlist["case"], state.decision.shortlist["status"], strict=True)
    )
    return [
        (case_name(state, case.id), case.id)
        for case in state.screening.eligible_cases
        if status_by_case.get(case.id, "unranked") in statuses and kind_of_case(case.id) == kind
    ]


def _blocking_gates(state: RoundState) -> _Options:
    return [(gate.lacking, gate.key) for gate in list_gates(state) if gate.blocks]


def _require_two_persons(make_event: _MakeDecision) -> MakeEvent:
    """Return ``make_event`` for a form: refused for one person twice."""

    def make_checked(values: Texts) -> EventBody | str:
        if values["first"] == values["second"]:
            return SAME_PERSON
        return make_event(values, (values["first"], values["second"]))

    return make_checked
