"""Form by which the chair waives an office member's conflict of interest, or ends a waiver."""

from collections.abc import Callable

import ipywidgets as widgets

from kjfp_helpers.core.events import EventBody, OfficeConflictWaived
from kjfp_helpers.panels.widgets.decision_form import Texts, build_decision_form, text_entry
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.office_conflicts import office_conflicts, waived_pairs

HINT = "工作人员与某件有利害关系的，应由别人办理；确无别人的，写明理由豁免，记入台账。"
_GAP = "\t"


def build_waiver_forms(
    session: RoundSession, on_recorded: Callable[[], None]
) -> list[widgets.VBox]:
    """Return the form, none where no office member has a conflict of interest."""
    state = session.current_state()
    if not session.access().may_record(OfficeConflictWaived) or not _pair_options(state):
        return []
    pair = widgets.Dropdown(layout={"width": "640px"})

    def refresh() -> None:
        pair.options, pair.value = [("请选择", ""), *_pair_options(session.current_state())], ""

    def make_event(values: Texts) -> EventBody | str:
        user, case, waived = values["pair"].split(_GAP)
        return OfficeConflictWaived(
            user=user,
            case=case,
            reason=values["reason"],
            by=(values["by"],),
            waived=waived == "yes",
        )

    def on_decision() -> None:
        refresh()
        on_recorded()

    refresh()
    entries = {
        "pair": ("账号与推荐对象", pair),
        "reason": ("理由", text_entry(320)),
        "by": ("决定人", text_entry()),
    }
    return [build_decision_form(session, "豁免回避", HINT, entries, make_event, on_decision)]


def _pair_options(state: RoundState) -> list[tuple[str, str]]:
    names = {row.user: row.name for row in state.round.roles}
    barred = [
        (user, case, reason, "yes")
        for user, cases in office_conflicts(state).items()
        for case, reason in cases.items()
        if user in names
    ]
    barred += [(user, case, "已豁免，收回", "no") for user, case in sorted(waived_pairs(state))]
    return [
        (
            f"{user} {names.get(user, '')} — {_case_label(state, case)}：{reason}",
            _GAP.join((user, case, waived)),
        )
        for user, case, reason, waived in barred
    ]


def _case_label(state: RoundState, case: str) -> str:
    nominee = state.screening.case_by_id.get(case)
    return f"{nominee.name}（{case}）" if nominee else case
