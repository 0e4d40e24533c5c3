"""The forms of a member who leaves the panel, and of one who comes back."""

from collections.abc import Callable

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import EventBody, MemberWithdrawn
from kjfp_helpers.panels.widgets.decision_form import (
    Entries,
    Texts,
    build_decision_form,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.html_templates import Column, render_table, render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    html_widget,
    offer_choices,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.member_withdrawals import (
    SUBSTITUTE_COLUMNS,
    ReassignmentResult,
    make_reinstatement,
    make_withdrawal,
    reassign_released,
)

SCORE_TREATMENTS = {"照计": False, "不计入": True}
SUBSTITUTE_LABELS = {
    "member": "替补编号",
    "name": "姓名",
    "employer": "工作单位",
    "region": "地区",
    "field": "专业",
    "user": "账号",
    "ties": "关联单位代码（;分开）",
}
HINT = (
    "一次记入台账：未评的件随即改派他人或替补（回避、件数和法定份数照旧），已给的评分照计或全部不计；"
    "没有替补的，替补各栏留空。panel.csv 不用改。"
)
DEPARTURE_COLUMNS = (
    Column("who", "评委", "nowrap"),
    Column("seq", "台账", "nowrap"),
    Column("reason", "理由"),
    Column("document", "文件或批准", blank="—"),
    Column("marks", "已给评分", "nowrap"),
    Column("substitute", "替补", blank="—"),
    Column("by", "经办人", blank="—"),
)


class WithdrawalForms:
    """Who left, and the forms; ``on_recorded`` is called after each act that the ledger has."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._recorded = session, on_recorded
        self._left, self._told = html_widget(), html_widget()
        self._leaving, self._coming = (widgets.Dropdown(layout={"width": "200px"}) for _ in "12")
        self._marks = widgets.Dropdown(
            options=[("请选择", ""), *((one, one) for one in SCORE_TREATMENTS)],
            layout={"width": "110px"},
        )
        place = {
            name: (title, text_entry(130, "选填")) for name, title in SUBSTITUTE_LABELS.items()
        }
        leave = build_decision_form(
            session,
            "评委退出",
            HINT,
            {
                "who": ("评委", self._leaving),
                **_why(),
                "marks": ("已给的评分", self._marks),
                **two_person_entries(),
                **place,
                "approval": ("批准替补的文件", text_entry(180, "选填")),
            },
            self._leave,
            self._done,
            optional=("document", *SUBSTITUTE_COLUMNS, "approval"),
            preview=_describe_withdrawal,
        )
        back = build_decision_form(
            session,
            "撤销退出",
            "评委恢复在任，替补随之退出；已改派他人的件不再移回。",
            {"who": ("评委", self._coming), **_why(), **two_person_entries()},
            self._back,
            self._done,
            optional=("document",),
        )
        self._back_form = back
        self.widget = vbox(self._left, self._told, leave, back)
        self.draw(session.current_state())

    def draw(self, state: RoundState) -> None:
        """Show who left, and who may."""
        self._left.value = render_departures(state)
        named = {one.member: one.label for one in state.round.panel}
        offer_choices(self._leaving, named)
        offer_choices(self._coming, {one: named[one] for one in state.scores.departed})
        set_visible(self._back_form, bool(state.scores.departed))

    def _leave(self, words: Texts) -> EventBody | str:
        cells = {name: words[name] for name in SUBSTITUTE_COLUMNS}
        return make_withdrawal(
            self._session.current_state(),
            words["who"],
            reason=words["reason"],
            document=words["document"],
            by=(words["first"], words["second"]),
            set_aside=SCORE_TREATMENTS[words["marks"]],
            substitute=cells,
            approval=words["approval"],
        )

    def _back(self, words: Texts) -> EventBody | str:
        return make_reinstatement(
            self._session.current_state(),
            words["who"],
            reason=words["reason"],
            document=words["document"],
            by=(words["first"], words["second"]),
        )

    def _done(self) -> None:
        """Give what is released to others at once, and say what became of it."""
        try:
            leave = reassign_released(self._session)
        except KjfpError as error:
            leave = ReassignmentResult(given={}, short={}, problem=str(error))
        for control in (self._leaving, self._coming, self._marks):
            control.value = ""
        self._told.value = render_template(
            "released",
            notes=list(leave.notes()),
            problem=leave.problem,
            packets=bool(leave.given),
        )
        self._recorded()


def render_departures(state: RoundState) -> str:
    """Return who left, why, and who took the place."""
    names = {one.member: one.label for one in state.round.panel}
    rows = [
        {
            "who": names[member],
            "seq": f"第{left.seq}条",
            "reason": left.reason,
            "document": left.document,
            "marks": "不计入" if left.set_aside else "照计",
            "substitute": names.get(left.substitute, ""),
            "by": "、".join(left.by),
        }
        for member, left in state.scores.departed.items()
    ]
    return render_table(rows, DEPARTURE_COLUMNS, title="退出的评委", empty="没有评委退出")


def _describe_withdrawal(body: EventBody) -> list[str]:
    """Say what a withdrawal does at once."""
    assert isinstance(body, MemberWithdrawn)
    marks = "已给的评分不计入" if body.set_aside else "已给的评分照计"
    lines = [f"{body.member} 退出评审，未评的各件改派他人；{marks}。"]
    if body.substitute:
        lines.append(f"由 {body.substitute['member']} {body.substitute['name']} 替补。")
    return lines


def _why() -> Entries:
    return {"reason": ("理由", text_entry()), "document": ("文件或批准", text_entry(hint="选填"))}
