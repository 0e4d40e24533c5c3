"""Scoring: a blind case at the left, the member's own marks at the right."""

import ipywidgets as widgets

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.events import MarkGiven, Recused
from kjfp_helpers.panels.casecard import case_card
from kjfp_helpers.panels.frame import column, html, message, panel, row, screen, show, styled
from kjfp_helpers.panels.marksheet import MarkSheet
from kjfp_helpers.panels.packet import Marks, Packet, gather
from kjfp_helpers.panels.saving import Saving
from kjfp_helpers.panels.stepper import Stepper
from kjfp_helpers.rules import nearest

TITLE = "评委评分"
MARKS = {"done": "✓", "owing": "✎", "begun": "◐", "open": "○"}
NOTES = {"owing": "计入已评，待补评语", "begun": "未评完，可稍后接着评"}


@screen(TITLE)
def scoring(desk: Desk, member: str) -> widgets.Widget:
    """Return one member's scoring screen, as the ledger left it, at the next unscored case.

    Raises nothing: an unknown member or an empty packet is said on the screen.
    """
    if member not in desk.round.member_by_id:
        hint = nearest(member, desk.round.member_by_id)
        return panel(desk, TITLE, message(
            f"没有编号为“{member}”的评委。",
            f"点上方灰色条展开参数，改正评委编号后重新运行（{hint}）；不清楚请询问工作人员。",
            setup=True,
        ))  # fmt: skip
    review = desk.review()
    packet = gather(review, member)
    if not packet.cases:
        return panel(desk, TITLE, message(
            "现在没有分给您的推荐材料。", "请询问工作人员是否已经分派；分派后重新运行本页即可。"
        ))  # fmt: skip
    return _Scoring(desk, review, packet).widget


class _Scoring:
    """Controls and callbacks of one member's screen."""

    def __init__(self, desk: Desk, review: Review, packet: Packet) -> None:
        self._review, self._packet, self._recusing = review, packet, False
        self._saving = Saving(desk, packet.member)
        self._sheet = MarkSheet(packet, self._saving.touch)
        self._card = html("", "kj-pane", "kj-left", "kj-card-pane", "kj-fresh")
        self._save = styled(
            widgets.Button(description="保存", button_style="primary"), "kj-save", "kj-left"
        )
        self._step_back = widgets.Button(description="回避…", layout={"width": "84px"})
        self._reason = widgets.Text(placeholder="回避理由（必填）", layout={"width": "auto"})
        self._confirm = widgets.Button(description="确认回避", button_style="danger")
        self._recusal = column(
            html('<span class="kj-small">回避后本件从您的清单中消失，不能撤回。</span>'),
            row(styled(self._reason, "kj-left"), self._confirm, classes=("kj-line",)),
        )
        self._steps = Stepper(
            list(packet.cases), label=self._label, done=packet.done, leave=self._leave,
            show=self._show, noun="件", undone="未评", finished="已评",
            owing=packet.owing, due="待补评语",
        )  # fmt: skip
        self.widget = self._lay_out(desk)
        self._save.on_click(lambda _: self._keep())
        self._step_back.on_click(lambda _: self._toggle_recusal())
        self._confirm.on_click(lambda _: self._recuse())
        self._steps.begin()

    def _lay_out(self, desk: Desk) -> widgets.VBox:
        criteria, total, comment = self._sheet.parts
        buttons = row(self._save, self._step_back, classes=("kj-line",))
        foot = column(
            total, comment, buttons, self._recusal, self._saving.widget,
            classes=("kj-pane", "kj-foot"),
        )  # fmt: skip
        right = column(criteria, foot, classes=("kj-right",))
        self._body = row(self._card, right, classes=("kj-split", "kj-tall"))
        name = desk.round.member_by_id[self._packet.member].name
        note = f"评委 {self._packet.member} {name} · 只显示您自己的评分"
        closed = [message("评分已截止：此后保存的评分另行存放，不计入结果。")]
        parts = [*(closed if self._packet.closed else []), self._steps.widget, self._body]
        return panel(desk, TITLE, *parts, note=note)

    def _label(self, case: str) -> str:
        state, short = self._packet.state(case), {"owing": "（待补评语）", "begun": "（未评完）"}
        return f"{MARKS[state]} {self._packet.label(case)}{short.get(state, '')}"

    def _show(self, case: str) -> None:
        marks = self._packet.marks[case]
        self._card.value = case_card(
            self._review, self._packet.cases[case], self._packet.label(case)
        )
        self._sheet.fill(case, marks)
        self._reason.value = ""
        self._recusing = False
        show(self._recusal, False)
        self._saving.rest(marks.seq, self._note())

    def _note(self) -> str:
        return NOTES.get(self._packet.state(self._steps.current), "")

    def _leave(self) -> bool:
        return not self._saving.dirty or self._keep()

    def _keep(self) -> bool:
        """Record the marks on screen, complete or not; return whether the ledger has them."""
        case, (scores, problem) = self._steps.current, self._sheet.read()
        comment = self._sheet.comment.value.strip()
        body = MarkGiven(member=self._packet.member, case=case, scores=scores, comment=comment)
        seq = self._saving.guard(problem, body)
        if seq is None:
            return False
        self._packet.marks[case] = Marks(scores=dict(scores), comment=comment, seq=seq)
        self._saving.rest(seq, self._note())
        self._steps.refresh()
        return True

    def _toggle_recusal(self) -> None:
        self._recusing = not self._recusing
        show(self._recusal, self._recusing)

    def _recuse(self) -> None:
        case, reason = self._steps.current, self._reason.value.strip()
        problem = None if reason else "回避须写明理由。"
        body = Recused(member=self._packet.member, case=case, reason=reason)
        seq, label = self._saving.guard(problem, body), self._packet.label(case)
        if seq is None:
            return
        del self._packet.cases[case], self._packet.marks[case]
        if self._steps.drop(case):
            marks = self._packet.marks[self._steps.current]
            self._saving.rest(marks.seq, f"{label}已回避（已保存 #{seq}）")
        else:
            done = message(f"{label}已回避（已保存 #{seq}），您的清单已空。")
            self.widget.children = [*self.widget.children[:3], done]
