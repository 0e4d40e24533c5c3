"""Form that says who inquires into a question on a unit's figures, and until when."""

from collections.abc import Callable

import ipywidgets as widgets

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.panels.widgets.decision_form import (
    Texts,
    build_decision_form,
    text_entry,
)
from kjfp_helpers.panels.widgets.screen_frame import offer_choices
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.figure_questions import (
    SETTLED,
    FigureQuestion,
    list_figure_questions,
    make_figure_assignment,
)

TITLE = "指定核实人"
_SHOWN = 60
"""Characters of a question that the list shows."""


class FigureAssignmentForm:
    """The open questions, who inquires and until when; ``on_recorded`` is called after each."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session = session
        self._what = widgets.Dropdown(layout={"width": "560px"})
        entries = {
            "what": ("疑点或不一致之处", self._what),
            "person": ("核实人", text_entry(130, "留空即撤销指定")),
            "until": ("核实期限", text_entry(130, "如 2020-08-31")),
            "reason": ("说明", text_entry(260, "可不填")),
        }
        hint = (
            "写明由谁核实、何时以前；显示在“疑点”“数字互核”和 stocktake.xlsx，办结在“收件与核对”。"
        )
        self.widget = build_decision_form(
            session,
            TITLE,
            hint,
            entries,
            self._make,
            on_recorded,
            optional=("person", "until", "reason"),
        )
        self.refresh(session.current_state(check_members=False))

    def refresh(self, state: RoundState) -> None:
        """Offer the open questions, those of nobody first."""
        units = state.round.unit_by_code
        open_ones = [one for one in list_figure_questions(state) if one.state != SETTLED]
        open_ones.sort(key=lambda one: bool(one.person))
        offer_choices(
            self._what,
            {_key(one): _label(one, units[one.finding.unit].short_name) for one in open_ones},
        )

    def _make(self, values: Texts) -> EventBody:
        state = self._session.current_state(check_members=False)
        known = {_key(one): one for one in list_figure_questions(state)}
        question = known.get(values["what"])
        if question is None:
            raise ParameterError(TITLE, expected="未办结的疑点", found="已不在", advice="刷新页面")
        return make_figure_assignment(
            question, person=values["person"], until=values["until"], reason=values["reason"]
        )


def _key(one: FigureQuestion) -> str:
    return " ".join(one.key)


def _label(one: FigureQuestion, unit: str) -> str:
    finding = one.finding
    words = mask_personal_numbers(f"{finding.finding_type.title}：{finding.found}")[:_SHOWN]
    return f"{unit}　{words}" + (f"（{one.person} {one.until}）" if one.person else "")
