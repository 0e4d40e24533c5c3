"""Forms of the decisions above the computed list: each becomes an event with who and why."""

from collections.abc import Callable, Collection

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import (
    CaseVetoed,
    EventBody,
    LateScoresRuled,
    LevelConfirmed,
    ScoringClosed,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS, kind_of_case
from kjfp_helpers.panels.meeting.conflict_ruling_form import build_conflict_ruling_form
from kjfp_helpers.panels.meeting.decision_labels import case_name
from kjfp_helpers.panels.meeting.waiver_form import build_waiver_forms
from kjfp_helpers.panels.widgets.decision_form import (
    SAME_PERSON,
    Entries,
    MakeEvent,
    Texts,
    build_decision_form,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.layout import add_classes, set_visible
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.readiness import list_gates, make_waiver

RECORDED_NOTE = "已生效。请再运行 kjfp shortlist，更新名单和公示文件"
LATE_RULINGS = {"全部计入": True, "全部不计": False}


def build_decision_forms(session: RoundSession, on_recorded: Callable[[], None]) -> widgets.VBox:
    """Return the forms of what the account may decide.

    ``on_recorded`` is called after each decision the ledger has.
    """
    may = session.access().may_record
    if not may(CaseVetoed):
        return add_classes(widgets.VBox([]), "kj-decisions")
    pickers = {states: widgets.Dropdown(layout={"width": "430px"}) for states in (_OPEN, _OUTSIDE)}
    people = widgets.Dropdown(layout={"width": "430px"})
    kinds = widgets.ToggleButtons(
        options=[(KIND_TITLES[kind], kind) for kind in NOMINEE_KINDS],
        value=None,
        style={"button_width": "90px"},
    )

    said = widgets.ToggleButtons(
        options=list(LATE_RULINGS), value=None, style={"button_width": "90px"}
    )
    opened = widgets.Dropdown(layout={"width": "300px"})

    def refresh() -> None:
        state = session.current_state()
        waiting = [(one.lacking, one.key) for one in list_gates(state) if one.blocks]
        opened.options, opened.value, said.value = [("请选择", ""), *waiting], "", None
        set_visible(late, not state.scores.late.empty)
        for states, picker in pickers.items():
            picker.options = [("请选择", ""), *_choices(state, states)]
            picker.value = ""
        able = [one for one in _choices(state, _OPEN) if kind_of_case(one[1]) == "individual"]
        people.options, people.value, kinds.value = [("请选择", ""), *able], "", None

    def done() -> None:
        refresh()
        on_recorded()

    def form(title: str, hint: str, entries: Entries, make: MakeEvent) -> widgets.VBox:
        return build_decision_form(session, title, hint, entries, make, done, note=RECORDED_NOTE)

    whom = "推荐对象"
    veto = form(
        "一票否决",
        "须有条款、文件和两人姓名；名单随即递补。",
        {
            "case": (whom, pickers[_OPEN]),
            "clause": ("依据条款", text_entry()),
            "document": ("文件名称或文号", text_entry()),
            **two_person_entries(),
        },
        _by_two(_veto),
    )
    add = form(
        "增列",
        "计划外增加名额，须有会议决议文号和理由。",
        {
            "case": (whom, pickers[_OUTSIDE]),
            "resolution": ("决议文号", text_entry()),
            "reason": ("理由", text_entry()),
            **two_person_entries(),
        },
        _by_two(
            lambda words, by: SeatAdded(
                case=words["case"], resolution=words["resolution"], reason=words["reason"], by=by
            )
        ),
    )
    empty = form(
        "按决议空缺",
        "计划内名额留空若干，须有会议决议文号和理由；填 0 即收回。",
        {
            "kind": ("类别", kinds),
            "places": ("空缺名额数", text_entry()),
            "resolution": ("决议文号", text_entry()),
            "reason": ("理由", text_entry()),
            **two_person_entries(),
        },
        _by_two(_empty),
    )
    level = form(
        "认定级别",
        "名单按级别有限制时，以此处认定为准，不从职务文字推断。",
        {
            "case": (whom, people),
            "level": ("级别（如 处级）", text_entry()),
            "document": ("依据文件", text_entry()),
            **two_person_entries(),
        },
        _by_two(
            lambda words, by: LevelConfirmed(
                case=words["case"], level=words["level"], document=words["document"], by=by
            )
        ),
    )
    close = form(
        "截止评分",
        "截止以后保存的评分另行存放，由两人裁定全部计入或全部不计；弄错了可以撤销。",
        {"reason": ("说明", text_entry()), **two_person_entries()},
        _by_two(lambda words, by: ScoringClosed(reason=words["reason"], by=by)),
    )
    late = form(
        "截止后评分裁定",
        "截止以后保存的评分，一律计入或一律不计，不得只计其中几份；以最后一次裁定为准。",
        {
            "said": ("裁定", said),
            "reason": ("理由", text_entry()),
            "document": ("文件或会议记录", text_entry()),
            **two_person_entries(),
        },
        _by_two(_late),
    )
    waive = form(
        "放行",
        "名单公示前应办的事确不能办的，写明理由、文件和两人姓名后放行；各种文件都注明放行了什么。",
        {
            "gate": ("放行哪一项", opened),
            "reason": ("理由", text_entry()),
            "document": ("文件或会议记录", text_entry()),
            **two_person_entries(),
        },
        _by_two(
            lambda words, by: make_waiver(
                session.current_state(),
                words["gate"],
                reason=words["reason"],
                document=words["document"],
                by=by,
            )
        ),
    )
    ruling = build_conflict_ruling_form(session, on_recorded)
    limited = any(limit.attribute == "level" for limit in session.round.notice.limit)
    forms = [
        veto,
        add,
        empty,
        *([level] if limited else []),
        ruling,
        *build_waiver_forms(session, on_recorded),
        close,
        late,
        waive,
    ]
    refresh()
    return add_classes(widgets.VBox(forms), "kj-decisions")


_OUTSIDE = ("reserve", "out", "unranked")
_OPEN = ("listed", "added", *_OUTSIDE)


def _choices(state: RoundState, states: Collection[str]) -> list[tuple[str, str]]:
    """Return the cases that stand in one of these states of the list, with their labels."""
    status = dict(zip(state.shortlist["case"], state.shortlist["status"], strict=True))
    ids = [case.id for case in state.eligible_cases if status.get(case.id, "unranked") in states]
    return [(case_name(state, case), case) for case in ids]


def _by_two(make: Callable[[Texts, tuple[str, str]], EventBody | str]) -> MakeEvent:
    """Return what makes a decision of a form's words, once two different persons are named."""

    def made(words: Texts) -> EventBody | str:
        if words["first"] == words["second"]:
            return SAME_PERSON
        try:
            return make(words, (words["first"], words["second"]))
        except KjfpError as error:
            return str(error)

    return made


def _veto(words: Texts, by: tuple[str, str]) -> EventBody:
    return CaseVetoed(case=words["case"], clause=words["clause"], document=words["document"], by=by)


def _empty(words: Texts, by: tuple[str, str]) -> EventBody | str:
    if not words["places"].isdecimal():
        return "空缺名额数须为整数。"
    return SeatsLeftVacant(
        nominees=words["kind"],
        places=int(words["places"]),
        by=by,
        resolution=words["resolution"],
        reason=words["reason"],
    )


def _late(words: Texts, by: tuple[str, str]) -> EventBody:
    return LateScoresRuled(
        admitted=LATE_RULINGS[words["said"]],
        reason=words["reason"],
        document=words["document"],
        by=by,
    )
