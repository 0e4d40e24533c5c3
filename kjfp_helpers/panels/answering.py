"""The answers to one item: correct, confirm, name the unit, type, note; each with a reason."""

from collections.abc import Callable, Mapping

import ipywidgets as widgets

from kjfp_helpers.derivation import Desk
from kjfp_helpers.derivation import answers as say
from kjfp_helpers.derivation.queue import Item
from kjfp_helpers.events import Decision
from kjfp_helpers.intake.editing import EMPTY, entries
from kjfp_helpers.panels.editors import Editors, Typed, together
from kjfp_helpers.panels.frame import column, html, row, show, styled
from kjfp_helpers.panels.saving import Saving
from kjfp_helpers.records import KIND_TITLES

CORRECT, CONFIRM, ASSIGN, TYPE, HANDLE = "更正", "确认无误", "指定单位", "录入", "已处理"
REASONS: Mapping[str, tuple[str, ...]] = {
    CORRECT: ("见原件", "原件笔误，已电话核实", "读取有误"),
    CONFIRM: ("与原件一致", "已电话核实", "已见书面说明"),
    ASSIGN: ("见邮件正文", "见材料落款", "已电话核实"),
    TYPE: ("照原件录入", "原件为扫描件"),
    HANDLE: ("已通知单位补报", "已下载存档", "与评审无关"),
}
"""Short reasons offered with each answer."""
HINTS: Mapping[str, str] = {
    CORRECT: "改成原件上的内容；原读数和理由都留在记录里。",
    CONFIRM: "读数与原件一致，或已核实无问题；因此暂缓评审的，不再暂缓。",
    ASSIGN: "指定以后，其中的材料归入该单位，推荐表进入评审。",
    TYPE: "照原件录入，只填看得清的栏；空着的必填栏随后列为待核。",
    HANDLE: "已在别处办妥，本项了结；核对发现仍保留。",
}


class Answering:
    """Controls of the answers; ``answered`` is called with an answer and its number once saved."""

    def __init__(self, desk: Desk, answered: Callable[[str, int], None]) -> None:
        self._desk, self._answered, self._filling = desk, answered, False
        self._item: Item | None = None
        self._open = False
        self.saving = Saving(desk, "", before="")
        self._editors = Editors(self._edited)
        self._what = widgets.ToggleButtons(style={"button_width": "76px"})
        self._field = widgets.Dropdown(layout={"width": "100%"})
        self._unit = widgets.Combobox(
            placeholder="键入单位名称，从列表中选", ensure_option=True, layout={"width": "100%"},
            options=[_unit_words(unit) for unit in desk.round.units],
        )  # fmt: skip
        self._alone = widgets.Checkbox(
            description="只改这份材料，同一来件的其他材料不动", indent=False
        )
        self._kind = widgets.ToggleButtons(
            options=[(KIND_TITLES[kind], kind) for kind in EMPTY], style={"button_width": "84px"}
        )
        self._sure = widgets.Checkbox(description="原件确是如此，仍按此保存", indent=False)
        self._hint = html()
        self._reason = styled(
            widgets.Text(placeholder="理由（必填）", layout={"width": "100%"}), "kj-reason"
        )
        self._phrases = row(classes=("kj-phrases",))
        self._save = styled(
            widgets.Button(description="保存", button_style="primary"), "kj-save", "kj-left"
        )
        self._drop = widgets.Button(description="放弃改动", layout={"width": "84px"})
        self._undo = widgets.Button(description="撤销此项处理", layout={"width": "112px"})
        self._form = column(
            self._field, self._unit, self._alone, self._kind, self._editors.widget, self._sure,
            classes=("kj-grow", "kj-answer"),
        )  # fmt: skip
        self._reasons = column(self._reason, self._phrases)
        self.widget = column(
            self._what, self._hint, self._form, self._reasons,
            row(self._save, self._drop, self._undo, classes=("kj-line",)), self.saving.widget,
            classes=("kj-pane", "kj-answering"),
        )  # fmt: skip
        self._what.observe(self._turn, "value")
        self._field.observe(self._fill, "value")
        self._kind.observe(self._fill, "value")
        for control in (self._reason, self._unit, self._alone):
            control.observe(lambda _: self._edited(), "value")
        self._save.on_click(lambda _: self.keep())
        self._drop.on_click(lambda _: self.drop())
        self._undo.on_click(lambda _: self.take_back())

    def fill(self, item: Item) -> None:
        """Show the answers that fit an item, numbers masked."""
        self._item, self._open, self._filling = item, False, True
        self.saving.rest(None)
        self._what.options = _fitting(item)
        self._what.value = _first(item)
        self._reason.value = self._unit.value = ""
        self._alone.value = False
        fields = [(entry.label, entry.name) for entry in entries(item.record.kind)] if (
            item.record) else []  # fmt: skip
        self._field.options = fields
        if item.finding.field in dict(fields).values():
            self._field.value = item.finding.field
        self._filling = False
        self._turn()

    def reopen(self, *, open: bool) -> None:
        """Show or mask numbers in what is edited."""
        self._open = open
        self._fill()

    def keep(self) -> bool:
        """Record the answer on screen; return whether the ledger has it."""
        reason, what = self._reason.value.strip(), self._what.value
        problem, bodies = self._bodies(what, reason)
        problem = problem or ("" if reason else "请写明理由，可点下面的短语。")
        return self._record(problem, bodies, what)

    def take_back(self) -> bool:
        """Record what undoes the item's answer."""
        item, reason = self._item, self._reason.value.strip()
        if item is None:
            return False
        bodies = say.take_back(self._desk.review(), item, reason)
        problem = "" if reason else "撤销也须写明理由。"
        return self._record(problem, bodies, "撤销")

    def drop(self) -> None:
        """Put the controls back to what the ledger holds."""
        if self._item is not None:
            self.fill(self._item)

    def leave(self) -> bool:
        """Return whether the item may be left: nothing typed is lost, nothing saved unasked."""
        if self.saving.dirty:
            self.saving.fail("这一项有改动。请先保存，或点“放弃改动”。")
            self.saving.dirty = True
        return not self.saving.dirty

    def _record(self, problem: str, bodies: tuple[Decision, ...], words: str) -> bool:
        seq = self.saving.guard(problem or None, *bodies)
        if seq is None:
            return False
        self._answered(words, seq)
        return True

    def _bodies(self, what: str, reason: str) -> tuple[str, tuple[Decision, ...]]:
        """Return what is wrong with what was entered, and the events it makes."""
        item, review = self._item, self._desk.review()
        assert item is not None
        if what == CONFIRM:
            return "", say.confirm(review, item, reason)
        if what == HANDLE:
            return "", say.handle(item, reason)
        if what == ASSIGN:
            unit = next((u.code for u in review.round.units
                         if _unit_words(u) == self._unit.value), "")  # fmt: skip
            bodies = say.assign(item, unit, reason, alone=self._alone.value)
            return ("" if unit else "请先从列表中选定单位。"), bodies
        typed = self._editors.read()
        problem = self._problem(typed)
        if problem:
            return problem, ()
        if what == TYPE:
            values = {one.entry.name: one.value for one in typed}
            return "", say.type_form(review, item, self._kind.value, values, reason)
        assert item.record is not None
        body, code = item.record.body, item.finding.code
        changes = [(one.entry.name, getattr(body, one.entry.name), one.value) for one in typed]
        return "", say.correct(item.record, changes, reason, code)

    def _problem(self, typed: list[Typed]) -> str:
        wrong = [one.problem for one in typed if one.problem]
        doubts = [
            f"“{one.entry.label}”{doubt.about.title}，应为{doubt.expected}，填的是{doubt.found}"
            for one in typed
            for doubt in one.doubts
        ]
        show(self._sure, bool(doubts))
        if wrong:
            return "".join(wrong)
        if not typed:
            return "内容没有改动。" if self._what.value == CORRECT else "请至少录入一栏。"
        if doubts and not self._sure.value:
            return f"{'；'.join(doubts)}。请改正；原件确是如此的，勾选后再保存。"
        return ""

    def _turn(self, _: object = None) -> None:
        """Show the controls of the answer chosen."""
        if self._filling or self._item is None:
            return
        what = self._what.value
        self._hint.value = _small(HINTS[what])
        show(self._field, what == CORRECT)
        show(self._kind, what == TYPE)
        show(self._unit, what == ASSIGN)
        show(self._alone, what == ASSIGN and self._item.record is not None)
        show(self._editors.widget, what in (CORRECT, TYPE))
        show(self._form, what in (CORRECT, TYPE, ASSIGN))
        show(self._undo, self._item.done is not None)
        self._phrases.children = [self._phrase(words) for words in REASONS[what]]
        self._fill()

    def _fill(self, _: object = None) -> None:
        """Fill the editors with the values as they stand."""
        item = self._item
        if self._filling or item is None:
            return
        show(self._sure, False)
        self._sure.value = False
        if self._what.value == TYPE:
            kind = self._kind.value
            names = tuple(entry.name for entry in entries(kind))
            self._editors.fill(kind, names, EMPTY[kind]())
        elif self._what.value == CORRECT and item.record and self._field.value:
            kind, body = item.record.kind, item.record.body
            names = together(kind, self._field.value)
            self._editors.fill(kind, names, body, open=self._open)

    def _phrase(self, words: str) -> widgets.Button:
        button = styled(widgets.Button(description=words, layout={"width": "auto"}), "kj-phrase")
        button.on_click(lambda _: setattr(self._reason, "value", words))
        return button

    def _edited(self) -> None:
        if not self._filling:
            self.saving.touch()


def _fitting(item: Item) -> list[str]:
    """Return the answers that an item can have."""
    typed = item.record is not None and item.record.kind in EMPTY
    unread = item.record is None and item.file is not None and bool(item.file.stored)
    by_hand = item.kind in ("unit", "file", "link")
    fit = {CORRECT: typed, TYPE: unread, CONFIRM: not by_hand, HANDLE: True,
           ASSIGN: item.mail is not None}  # fmt: skip
    return [what for what, fits in fit.items() if fits]


def _first(item: Item) -> str:
    """Return the answer that is most likely."""
    likely = {"unit": ASSIGN, "link": HANDLE, "version": CONFIRM, "eligibility": CONFIRM}
    fit = _fitting(item)
    return likely[item.kind] if likely.get(item.kind) in fit else fit[0]


def _unit_words(unit: object) -> str:
    return f"{unit.name}（{unit.code}）"  # type: ignore[attr-defined]


def _small(words: str) -> str:
    return f'<span class="kj-small kj-muted">{words}</span>'
