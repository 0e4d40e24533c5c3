"""Answering an item: which answer, its reason, saved or taken back; nothing typed is lost."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.events import EventBody
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES
from kjfp_helpers.panels.meeting.relationship_ruling_form import ASK, DENY, GRANT, RETRACT
from kjfp_helpers.panels.queue.resolution_inputs import (
    ADMIT,
    ASSIGN,
    CLASSIFY,
    CONFIRM,
    CORRECT,
    ENTER,
    HANDLE,
    UNDO_ENTRY,
    UPHOLD,
    ResolutionForm,
)
from kjfp_helpers.panels.queue.unit_ruling_form import ARRIVED, CHOOSE, EXTEND, PICK, WITHDRAW
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.open_windows import close_tree
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.reversals import revert
from kjfp_helpers.state.secretary.work_item import WorkItem

REASONS: Mapping[str, tuple[str, ...]] = {
    CORRECT: ("见原件", "原件笔误，已电话核实", "识别有误"),
    CONFIRM: ("与原件一致", "已电话核实", "已见书面说明"),
    ASSIGN: ("见邮件正文", "见材料落款", "已电话核实"),
    CLASSIFY: ("见标题和内容", "已电话核实"),
    ENTER: ("照原件录入", "原件为扫描件"),
    HANDLE: ("已通知单位补报", "已下载存档", "与评审无关"),
    ADMIT: ("经办公室研究，同意接收", "单位已书面说明，予以采纳"),
    UPHOLD: ("经办公室研究，不予接收", "单位未作说明"),
    CHOOSE: ("见单位复函", "已电话核实，复函后补"),
    PICK: ("已电话核实", "见单位来函", "逐栏核对，此份完整"),
    WITHDRAW: ("见单位来函", "已电话核实，来函后补"),
    UNDO_ENTRY: ("录错单位或材料", "单位收回", "已另以邮件报送"),
    ARRIVED: ("见收件登记", "以邮戳为准", "已电话核实"),
    GRANT: ("经核实，属应当回避的情形", "评委本人说明"),
    DENY: ("经核实，不是同一单位", "经核实，不是同一人", "与参评对象无关"),
    ASK: ("请评委书面说明", "向所在单位核实"),
    RETRACT: ("评委书面撤回", "评委电话说明，书面后补"),
    EXTEND: ("单位来函申请，同意延期", "经办公室研究，同意延期"),
}
"""Short reasons offered with each answer."""
HINTS: Mapping[str, str] = {
    CORRECT: "改成原件上的内容；原识别结果和理由都留在记录里。",
    CONFIRM: "识别结果与原件一致，或已核实无问题；因此暂缓评审的，不再暂缓。",
    ASSIGN: "指定后，该来件所附材料归入该单位，推荐表进入评审。",
    CLASSIFY: "归类以后，计入该单位所报材料；推荐表、盘点表请用“录入”。",
    ENTER: "照原件录入，只填看得清的栏；空着的必填栏随后列为待核。",
    HANDLE: "已在别处办妥，本项了结；核对发现仍保留。",
    ADMIT: "裁定接收：不再因此暂缓评审，也不再向单位追问；理由写依据或文号。",
    UPHOLD: "裁定不接收：仍然暂缓评审，本项了结，不再向单位追问。",
    CHOOSE: "勾选单位选定的对象，其余暂缓；指明复函是哪一件，理由写文号。",
    PICK: "几份内容不同的，选定以哪一份为准；其余各份仍予保存，可以改选。",
    WITHDRAW: "单位撤回这件推荐：不再参评，也不占名额；撤回依据写在理由里。",
    UNDO_ENTRY: "撤回这件录入：不再计入该单位所报材料；收讫号不再使用。",
    ARRIVED: "登记实际收到的时间（北京时间），据此判断是否逾期。",
    GRANT: "该评委不再评这件，已给的评分保留而不计入；再到“开始与进度”补充分派。",
    DENY: "该评委可以评这件；先前因此回避的，恢复评阅。",
    ASK: "记下要说明什么；裁定之前一切照旧，本项仍在待处理。",
    RETRACT: "评委本人撤回声明的，写明依据；已准予的回避不因此恢复，须另行裁定。",
    EXTEND: "该单位的补正期限延至这一天；撤销和首次报送的延期在“函件”里办。",
}
_LIKELY: Mapping[str, str] = {
    "unit": ASSIGN,
    "arrival": ARRIVED,
    "link": HANDLE,
    "version": CONFIRM,
    "eligibility": CONFIRM,
    "figure": CONFIRM,
}
"""The answer first offered for a kind of item."""
_OF_PICTURES = ("photo_missing", "seal_missing")
_OF_LISTS = ("roster_differs", "people_list")
"""Questions on lists, which are no forms: there is nothing to enter or to correct."""


class ResolutionEditor:
    """Choice, form, reason and buttons.

    ``on_resolved`` is called with the answer and its event's number once the ledger has it,
    ``on_field_viewed`` when another field of the record is looked at.
    """

    def __init__(
        self,
        session: RoundSession,
        on_resolved: Callable[[str, int], None],
        on_field_viewed: Callable[[], None],
    ) -> None:
        self._session, self._answered, self._looked = session, on_resolved, on_field_viewed
        self._filling = False
        self._item: WorkItem | None = None
        self._state: RoundState | None = None
        self.saving = SaveStatus(session, "", before="")
        self._form = ResolutionForm(session, self._edited, on_field_viewed)
        self._what = widgets.ToggleButtons(style={"button_width": "92px"})
        self._hint = html_widget()
        self._reason = add_classes(
            widgets.Text(placeholder="理由（必填）", layout={"width": "100%"}), "kj-reason"
        )
        self._phrases, self._boxes = vbox(), dict[str, widgets.Box]()
        save = add_classes(
            widgets.Button(description="保存", button_style="primary"), "kj-save", "kj-left"
        )
        drop = widgets.Button(description="放弃改动", layout={"width": "84px"})
        self._undo = widgets.Button(description="撤销此项处理", layout={"width": "112px"})
        self.widget = vbox(
            self._what,
            self._hint,
            self._form.widget,
            vbox(self._reason, self._phrases),
            hbox(save, drop, self._undo, classes=("kj-line",)),
            self.saving.widget,
            classes=("kj-pane", "kj-answering"),
        )
        self._what.observe(self._turn, "value")
        self._reason.observe(lambda _: self._edited(), "value")
        save.on_click(lambda _: self.save())
        drop.on_click(lambda _: self.discard())
        self._undo.on_click(lambda _: self.revert())

    def fill(self, item: WorkItem, state: RoundState) -> None:
        """Show the answers that fit an item of a state, numbers masked."""
        self._item, self._state, self._filling = item, state, True
        self.saving.show_saved(None)
        fit = _fitting(item, loose=say.find_unclassified_text(state, item) is not None)
        self._what.style.button_width = "92px"
        self._what.options = fit
        self._what.value = likely if (likely := _likely(item)) in fit else fit[0]
        self._reason.value = ""
        self._form.load(item, state)
        self._filling = False
        self._turn()

    @property
    def field(self) -> str:
        """The field that is looked at."""
        return self._form.field

    def choose(self, number: int) -> None:
        """Choose the answer at a place, counted from 1; the item may have fewer."""
        if 0 < number <= len(self._what.options) and self._item is not None:
            self._what.index = number - 1

    def set_masked(self, *, open: bool) -> None:
        """Show or mask numbers in what is edited."""
        self._form.reopen(open=open)

    def retire(self) -> None:
        """Answer nothing any more: other controls stand in place of these."""
        self._item = self._state = None
        close_tree(self._phrases)
        self.widget.close()

    def save(self) -> bool:
        """Record the answer on screen; return whether the ledger has it."""
        if self._item is None:
            return False
        reason = self._reason.value.strip()
        problem, bodies = self._form.build_resolution(reason)
        problem = problem or ("" if reason else "请写明理由，可点下面的短语。")
        return self._record(problem, bodies, self._what.value)

    def revert(self) -> bool:
        """Record what undoes the item's answer."""
        item, reason = self._item, self._reason.value.strip()
        if item is None:
            return False
        bodies = revert(self._session.current_state(), item, reason)
        return self._record("" if reason else "撤销也须写明理由。", bodies, "撤销")

    def discard(self) -> None:
        """Put the controls back to what the ledger holds."""
        if self._item is not None and self._state is not None:
            self.fill(self._item, self._state)

    def may_leave(self) -> bool:
        """Return whether the item may be left: nothing typed is lost, nothing saved unasked."""
        if self.saving.is_dirty:
            self.saving.show_failure("这一项有改动。请先保存，或点“放弃改动”。")
        return not self.saving.is_dirty

    def _record(self, problem: str, bodies: tuple[EventBody, ...], words: str) -> bool:
        seq = self.saving.record_if_valid(problem or None, *bodies)
        if seq is None:
            return False
        self._answered(words, seq)
        return True

    def _turn(self, by_hand: object = None) -> None:
        """Show the controls of the answer chosen."""
        if self._filling or self._item is None:
            return
        what, field = self._what.value, self.field
        self._hint.value = render_template("queue_hint", words=HINTS[what])
        self._form.show(what)
        set_visible(self._undo, self._item.done is not None and self._item.tie is None)
        self._offer_phrases(what)
        if by_hand and self.field != field:
            self._looked()

    def _offer_phrases(self, what: str) -> None:
        """Show the reasons of an answer; its buttons stay the same, so that no press is lost."""
        if what not in self._boxes:
            self._boxes[what] = hbox(*map(self._phrase, REASONS[what]), classes=("kj-phrases",))
            self._phrases.children = (*self._phrases.children, self._boxes[what])
        for name, box in self._boxes.items():
            set_visible(box, name == what)

    def _phrase(self, words: str) -> widgets.Button:
        button = add_classes(
            widgets.Button(description=words, layout={"width": "auto"}), "kj-phrase"
        )
        button.on_click(lambda _: setattr(self._reason, "value", words))
        return button

    def _edited(self) -> None:
        if not self._filling:
            self.saving.mark_edited()


def _likely(item: WorkItem) -> str:
    """Return the answer first offered; a missing photo or seal is no text to correct."""
    return HANDLE if item.finding.code in _OF_PICTURES else _LIKELY.get(item.kind, "")


def _fitting(item: WorkItem, *, loose: bool) -> Sequence[str]:
    """Return the answers that an item can have; ``loose`` where a text waits to be sorted."""
    typed = item.record is not None and item.record.kind in EDITABLE_RECORD_TYPES
    if item.tie is not None:
        return (GRANT, DENY, ASK, RETRACT) if item.tie.seq else (GRANT, DENY, ASK)
    if item.kind == "arrival":
        return (ARRIVED,)
    if item.finding.code == "versions_differ":
        return (PICK, WITHDRAW) if item.finding.case else (PICK,)
    if item.finding.code in _OF_LISTS:
        return (CONFIRM, HANDLE, ASSIGN)
    if item.kind == "record":
        fit = {
            CORRECT: True,
            WITHDRAW: bool(item.finding.case),
            UNDO_ENTRY: say.is_manual_entry(item),
        }
        return [what for what, fits in fit.items() if fits]
    if item.kind == "held":
        return _rulings(item, typed=typed)
    unread = item.record is None and item.file is not None and bool(item.file.stored)
    by_hand = item.kind in ("unit", "file", "link")
    fit = {
        CLASSIFY: loose,
        CORRECT: typed,
        ENTER: unread,
        CONFIRM: not by_hand or item.finding.code == "unit_inferred",
        HANDLE: True,
        WITHDRAW: bool(item.finding.case),
        ASSIGN: item.mail is not None,
    }
    return [what for what, fits in fit.items() if fits]


def _rulings(item: WorkItem, *, typed: bool) -> Sequence[str]:
    """Return the rulings that an item about a last day, a quota or a length can have."""
    code, case = item.finding.code, bool(item.finding.case)
    if code == "withdrawn":
        return (WITHDRAW,)
    if code == "over_quota":
        return (CHOOSE,)
    if code == "correction_absent":
        return (EXTEND, HANDLE)
    fit = {
        ADMIT: True,
        UPHOLD: True,
        EXTEND: code == "correction_late",
        CORRECT: typed,
        WITHDRAW: case,
    }
    return [what for what, fits in fit.items() if fits]
