"""The form of a ruling on a conflict (回避): disputed, ruled away, ruled in; by two persons."""

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

RULING_LABELS = {None: "提出异议，待裁定", False: "裁定无须回避", True: "裁定应当回避"}
_BARS = {title: bars for bars, title in RULING_LABELS.items()}
HINT = "对查出或申报的回避提出异议、裁定，以最后一次为准；须补派评阅的，再运行 kjfp assign。"


def build_conflict_ruling_form(
    session: RoundSession, on_recorded: Callable[[], None]
) -> widgets.VBox:
    """Return the form; once a member is chosen, the cases they may not read come first."""
    people = [
        (f"{one.member} {one.name}", one.member) for one in session.current_state().active_members
    ]
    member = widgets.Dropdown(options=[("请选择", ""), *people], layout={"width": "180px"})
    case = widgets.Dropdown(layout={"width": "430px"})
    titles = [("请选择", ""), *((title, title) for title in _BARS)]
    said = widgets.Dropdown(options=titles, layout={"width": "180px"})

    def refresh(_: object = None) -> None:
        rows = _cases(session.current_state(), member.value) if member.value else []
        case.options, case.value = [("请选择", ""), *rows], ""

    def make(words: Texts) -> EventBody | str:
        if words["first"] == words["second"]:
            return SAME_PERSON
        return ConflictRuled(
            member=words["member"],
            case=words["case"],
            bars=_BARS[words["said"]],
            reason=words["reason"],
            by=(words["first"], words["second"]),
        )

    def done() -> None:
        said.value = ""
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
            "said": ("决定", said),
            "reason": ("理由", text_entry()),
            **two_person_entries(),
        },
        make,
        done,
    )


def describe_ruling(state: RoundState, body: ConflictRuled) -> tuple[str, str, str]:
    """Return what was ruled, on whom, and in which words."""
    whom = f"{body.member} 对 {_named(state, body.case) if body.case else '全部参评对象'}"
    tie = "，".join(filter(None, (body.kind, body.about and f"与{body.about}")))
    declared = f"台账第{body.declared}号声明" if body.declared else ""
    words = "；".join(filter(None, (declared, tie, body.reason)))
    return RULING_LABELS[body.bars], whom, f"{words}；经办 {'、'.join(body.by)}"


def _cases(state: RoundState, member: str) -> list[tuple[str, str]]:
    held = state.conflicts[state.conflicts["member"] == member]
    barred = held.groupby("case")["reason"].agg("；".join).to_dict()
    first = sorted(state.eligible_cases, key=lambda case: (case.id not in barred, case.id))
    return [
        (" — ".join([_named(state, case.id), *filter(None, [barred.get(case.id)])]), case.id)
        for case in first
    ]


def _named(state: RoundState, case: str) -> str:
    nominee = state.case_by_id.get(case)
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{case}）" if nominee else case
