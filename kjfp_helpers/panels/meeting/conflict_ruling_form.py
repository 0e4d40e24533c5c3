"""Form to reject or establish a conflict of interest (回避), by two persons."""

from collections.abc import Callable

import ipywidgets as widgets

from kjfp_helpers.core.events import ConflictRuled, EventBody
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.panels.widgets.decision_form import (
    SAME_PERSON,
    Texts,
    build_decision_form,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.state import RoundSession, RoundState

_BARS = {"提出异议，待裁定": None, "裁定无须回避": False, "裁定应当回避": True}
HINT = "对查出或申报的回避提出异议、裁定，以最后一次为准；须补派评阅的，再到“开始与进度”补充分派。"


def build_conflict_ruling_form(
    session: RoundSession, on_recorded: Callable[[], None]
) -> widgets.VBox:
    """Return the form; once a member is chosen, the cases they may not read come first."""
    people = [(row.label, row.member) for row in session.current_state().scores.active_members]
    member = widgets.Dropdown(options=[("请选择", ""), *people], layout={"width": "180px"})
    case = widgets.Dropdown(layout={"width": "430px"})
    titles = [("请选择", ""), *((title, title) for title in _BARS)]
    ruling = widgets.Dropdown(options=titles, layout={"width": "180px"})

    def refresh(_: object = None) -> None:
        rows = _case_options(session.current_state(), member.value) if member.value else []
        case.options, case.value = [("请选择", ""), *rows], ""

    def make_event(values: Texts) -> EventBody | str:
        if values["first"] == values["second"]:
            return SAME_PERSON
        return ConflictRuled(
            member=values["member"],
            case=values["case"],
            bars=_BARS[values["ruling"]],
            reason=values["reason"],
            by=(values["first"], values["second"]),
        )

    def on_decision() -> None:
        ruling.value = ""
        refresh()
        on_recorded()

    member.observe(refresh, "value")
    refresh()
    return build_decision_form(
        session,
        "回避裁定",
        HINT,
        {
            "member": ("评委", member),
            "case": ("推荐对象", case),
            "ruling": ("决定", ruling),
            "reason": ("理由", text_entry()),
            **two_person_entries(),
        },
        make_event,
        on_decision,
    )


def _case_options(state: RoundState, member: str) -> list[tuple[str, str]]:
    conflicts = state.scores.conflicts[state.scores.conflicts["member"] == member]
    barred = conflicts.groupby("case")["reason"].agg("；".join).to_dict()
    first = sorted(
        state.screening.eligible_cases, key=lambda case: (case.id not in barred, case.id)
    )
    return [
        (" — ".join([_case_label(state, case.id), *filter(None, [barred.get(case.id)])]), case.id)
        for case in first
    ]


def _case_label(state: RoundState, case: str) -> str:
    nominee = state.screening.case_by_id.get(case)
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{case}）" if nominee else case
