"""Controls for an item of the exhibition: hints to tick, text, reason, one key for each act."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import ExhibitionItemsDecided
from kjfp_helpers.core.events.exhibition import CANCEL, HOLD, PUBLISH, RETURN, WITHDRAW
from kjfp_helpers.notice.exhibition_hints import HINT_TITLES, NUMBERS, cut_personal_numbers
from kjfp_helpers.panels.lab.short_command import run_short_command
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    html_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.exhibition.approval_acts import (
    make_batch_approval,
    make_batch_cancellation,
    make_decision,
)
from kjfp_helpers.state.exhibition.approvals import Approval
from kjfp_helpers.state.exhibition.exhibition_items import NUMBERS as FIGURES_KIND

ACTS = {
    "1 批准": PUBLISH,
    "2 缓发": HOLD,
    "3 退回": RETURN,
    "4 撤下": WITHDRAW,
    "5 取消决定": CANCEL,
}
TICK, BATCH, UNBATCH = "6 核对提示", "7 一并批准", "8 取消整批"
"""Acts by the key that does them, as the buttons say."""
_HELP = (
    "按数字键即办理，J、K 换项。退回的写入退回补正通知，动态、事迹待单位重报后取消原稿的退回；"
    "批准以后可以撤下、取消。"
    "“一并批准”只批准本单位没有提示和问题的各项。"
)


class DecisionControls:
    """Buttons, ticks, text and reason for the item on screen.

    ``on_decided`` is called with what was done and the number of its event once the ledger has it.
    """

    def __init__(self, session: RoundSession, on_decided: Callable[[str, int], None]) -> None:
        self._decided, self._session, self._round = on_decided, session, session.round
        self._approval: Approval | None = None
        self._of_unit: Sequence[Approval] = ()
        self._acting = False
        self.saving = SaveStatus(session, "", before="")
        self._acts = name_control(
            widgets.ToggleButtons(
                options=[*ACTS, TICK, BATCH, UNBATCH], value=None, style={"button_width": "96px"}
            ),
            "办理",
        )
        self._ticks = vbox()
        self._reason = name_control(
            widgets.Text(placeholder="理由（缓发、退回、撤下必填）", layout={"width": "100%"}),
            "理由",
        )
        self._edit = widgets.ToggleButton(description="删改文字", layout={"width": "88px"})
        self._text = name_control(
            widgets.Textarea(layout={"width": "100%", "height": "150px"}), "公开的文字"
        )
        self.widget = vbox(
            self._acts,
            html_widget(render_template("queue_hint", words=_HELP)),
            self._ticks,
            self._reason,
            self._edit,
            self._text,
            self.saving.widget,
            classes=("kj-pane", "kj-answering"),
        )
        self._acts.observe(self._act, "value")
        self._edit.observe(lambda _: set_visible(self._text, self._edit.value), "value")

    def fill(self, approval: Approval, of_unit: Sequence[Approval]) -> None:
        """Show what can be decided on an item, with the reason that the checks give."""
        self._approval, self._of_unit, item = approval, of_unit, approval.item
        self.saving.show_saved(None)
        self._ticks.children = [
            widgets.Checkbox(
                description=f"已核对：{HINT_TITLES[code]}", indent=False, layout={"width": "100%"}
            )
            for code in item.hint_codes
            if code != NUMBERS
        ]
        self._reason.value = _likely_reason(approval) if approval.is_open else ""
        has_numbers = NUMBERS in item.hint_codes
        is_cut = has_numbers and not approval.is_edited
        self._text.value = cut_personal_numbers(item.text) if is_cut else approval.text
        self._edit.value = has_numbers or approval.is_edited
        set_visible(self._edit, item.kind != FIGURES_KIND)
        set_visible(self._text, self._edit.value)

    def choose(self, number: int) -> None:
        """Do the act of a key, for who may decide."""
        may = self._session.access().may_record(ExhibitionItemsDecided)
        if may and 0 < number <= len(self._acts.options):
            self._acts.index = number - 1

    def _act(self, change: dict[str, str | None]) -> None:
        act = change["new"]
        if act is None or self._approval is None or self._acting:
            return
        self._acting = True
        try:
            self._do(act, self._approval)
        finally:
            self._acts.value = None
            self._acting = False

    def _do(self, act: str, approval: Approval) -> None:
        if act == TICK:
            for box in self._ticks.children:
                box.value = True
            return
        try:
            body = self._make(act, approval)
        except ParameterError as error:
            self.saving.show_failure(str(error))
            return
        seq = self.saving.record(body)
        if seq is not None:
            count = f"（{len(body.items)}项）" if act in (BATCH, UNBATCH) else ""
            was_public = approval.is_public and body.decision != PUBLISH
            self._decided(f"{act[2:]}{count}{self._renew_site() if was_public else ''}", seq)

    def _renew_site(self) -> str:
        """Write the site without what was taken down; say what became of it."""
        if not (self._session.outputs / "exhibition" / "index.html").is_file():
            return ""
        result = run_short_command(self._session, ["exhibit"])
        said = "；".join(result.lines[:1])
        return f"（展览页没有更新：{said}）" if result.failed else "（展览页已更新）"

    def _make(self, act: str, approval: Approval) -> ExhibitionItemsDecided:
        if act == BATCH:
            return make_batch_approval(self._of_unit)
        if act == UNBATCH:
            return make_batch_cancellation(
                self._of_unit, approval.decision.seq if approval.decision else 0
            )
        codes = [code for code in approval.item.hint_codes if code != NUMBERS]
        ticked = [code for code, box in zip(codes, self._ticks.children, strict=False) if box.value]
        decision, reason = ACTS[act], self._reason.value
        if decision == PUBLISH and reason == _likely_reason(approval):
            reason = ""  # why it should go back is no reason to approve it
        return make_decision(
            self._round,
            approval,
            decision,
            reason=reason,
            text=self._text.value if self._edit.value and decision == PUBLISH else None,
            confirmed=[*ticked, NUMBERS],
        )


def _likely_reason(approval: Approval) -> str:
    """Return what the checks found, as the reason to hold an item or to return it."""
    item = approval.item
    told = [one.finding_type.title for one in item.faults] + [hint.title for hint in item.hints]
    return "；".join(dict.fromkeys(told))
