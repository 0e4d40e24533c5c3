"""Inputs of each kind of resolution, and the events it records."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES, editable_fields
from kjfp_helpers.panels.meeting.relationship_ruling_form import (
    RELATIONSHIP_RESOLUTIONS,
    RelationshipForm,
)
from kjfp_helpers.panels.queue.unit_picker import UnitPicker
from kjfp_helpers.panels.queue.unit_ruling_form import RULINGS, Resolution, RulingForm
from kjfp_helpers.panels.widgets.field_editors import (
    FieldEditors,
    TypedValue,
    fields_edited_together,
)
from kjfp_helpers.panels.widgets.screen_frame import set_visible, vbox
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.work_item import WorkItem

CORRECT, CONFIRM, ASSIGN, CLASSIFY, ENTER, HANDLE = (
    "更正",
    "确认无误",
    "指定单位",
    "归类",
    "录入",
    "线下已办结",
)
ADMIT, UPHOLD, UNDO_ENTRY = "准予", "维持暂缓", "撤回录入"
CHANNELS = ("原件", "电话", "纸质", "来信")
"""How a value became known that the secretary enters."""
CLASSIFIABLE_KINDS = ("summary", "story_attachment")
"""Kinds of record that a text can be."""


class ResolutionForm:
    """The controls below the choice of an answer.

    ``on_edit`` is called at every change by hand, ``on_look`` when another field is looked at.
    """

    def __init__(
        self, session: RoundSession, on_edit: Callable[[], None], on_look: Callable[[], None]
    ) -> None:
        self._session, self._on_edit, self._on_look = session, on_edit, on_look
        self._item: WorkItem | None = None
        self._what, self._open, self._filling = "", False, False
        self._editors = FieldEditors(self._edited)
        self._field = widgets.Dropdown(layout={"width": "100%"})
        self._unit = UnitPicker(session.round.units)
        self._alone = widgets.Checkbox(
            description="只改这份材料，同一来件的其他材料不动", indent=False
        )
        self._remember = widgets.Checkbox(
            description="今后这个地址的来件，别无依据时都归该单位", indent=False
        )
        self._kind, self._sort = (
            kind_buttons(tuple(EDITABLE_RECORD_TYPES)),
            kind_buttons(CLASSIFIABLE_KINDS),
        )
        self._sure = widgets.Checkbox(description="原件确是如此，仍按此保存", indent=False)
        self._channel = widgets.ToggleButtons(
            options=CHANNELS, description="依据", style={"button_width": "56px"}
        )
        self._rulings, self._ties = (
            RulingForm(session, self._edited),
            RelationshipForm(session, self._edited),
        )
        self.widget = vbox(
            self._field,
            self._unit,
            self._alone,
            self._remember,
            self._kind,
            self._sort,
            self._editors.widget,
            self._channel,
            self._rulings.widget,
            self._ties.widget,
            self._sure,
            classes=("kj-grow", "kj-answer"),
        )
        self._field.observe(lambda _: self._look(), "value")
        self._kind.observe(lambda _: self._fill(), "value")
        for control in (self._unit, self._alone, self._remember, self._sort):
            control.observe(lambda _: self._edited(), "value")

    @property
    def field(self) -> str:
        """The field that is looked at: the one to correct, else the one that was found."""
        chosen = self._field.value if self._what == CORRECT else ""
        return str(chosen or (self._item.finding.field if self._item else ""))

    def load(self, item: WorkItem, state: RoundState) -> None:
        """Begin anew with an item of a state, numbers masked."""
        self._item, self._open, self._filling = item, False, True
        self._editors.clear()
        self._rulings.load(item, state)
        self._ties.load(item, state)
        self._channel.value = CHANNELS[0]
        inferred = self._session.round.unit_by_code.get(item.unit) if item.kind == "unit" else None
        self._unit.choose(inferred)
        self._alone.value = False
        forms = state.submissions.unread_forms
        kinds = [form.kind for form in forms if form.source == item.finding.source]
        self._kind.value = next(iter(kinds), self._kind.options[0][1])
        self._remember.value = item.kind == "unit" and item.mail is not None
        fields = editable_fields(item.record.kind) if item.record else ()
        self._field.options = [(entry.label, entry.name) for entry in fields]
        if item.finding.field in [entry.name for entry in fields]:
            self._field.value = item.finding.field
        self._filling = False

    def show(self, what: str) -> None:
        """Show the controls of an answer."""
        self._what = what
        alone = self._item is not None and self._item.record is not None
        for control, visible in (
            (self._field, what == CORRECT),
            (self._kind, what == ENTER),
            (self._sort, what == CLASSIFY),
            (self._unit, what == ASSIGN),
            (self._alone, what == ASSIGN and alone),
            (self._remember, what == ASSIGN and self._has_sender()),
            (self._editors.widget, what in (CORRECT, ENTER)),
            (self._channel, what == CORRECT),
            (self.widget, what not in (CONFIRM, HANDLE, ADMIT, UPHOLD, UNDO_ENTRY)),
        ):
            set_visible(control, visible)
        self._rulings.show(what)
        self._ties.show(what, self._item)
        self._fill()

    def reopen(self, *, open: bool) -> None:
        """Show or mask numbers in what is edited."""
        self._open = open
        self._fill()

    def build_resolution(self, reason: str) -> Resolution:
        """Return what is wrong with what was entered, and the events it makes."""
        item, state = self._item, self._session.current_state()
        assert item is not None
        if self._what in (CONFIRM, ADMIT):
            return "", say.confirm_finding(state, item, reason)
        if self._what in (HANDLE, UPHOLD):
            return "", say.mark_handled(item, reason)
        if self._what == UNDO_ENTRY:
            return "", say.withdraw_entry(item, reason)
        if self._what in RULINGS:
            return self._rulings.build_resolution(item, reason)
        if self._what in RELATIONSHIP_RESOLUTIONS:
            return self._ties.build_resolution(item, reason)
        if self._what == ASSIGN:
            return self._assigned(state, item, reason)
        if self._what == CLASSIFY:
            text = say.find_unclassified_text(state, item)
            assert text is not None
            return "", say.classify_material(text, item, self._sort.value, reason)
        return self._typed(state, item, reason)

    def _has_sender(self) -> bool:
        mail = self._item.mail if self._item else None
        return mail is not None and bool(mail.sender)

    def _assigned(self, state: RoundState, item: WorkItem, reason: str) -> Resolution:
        unit = self._unit.code
        remember = self._remember.value and self._has_sender()
        bodies = say.assign_unit(item, unit, reason, alone=self._alone.value, remember=remember)
        return "" if unit else "请先从列表中选定单位。", bodies

    def _typed(self, state: RoundState, item: WorkItem, reason: str) -> Resolution:
        typed = self._editors.read()
        problem = self._problem(typed)
        if problem:
            return problem, ()
        if self._what == ENTER:
            values = {one.entry.name: one.value for one in typed}
            return "", say.enter_form(state, item, self._kind.value, values, reason)
        assert item.record is not None
        body = item.record.body
        changes = [(one.entry.name, getattr(body, one.entry.name), one.value) for one in typed]
        return "", say.correct_fields(item, changes, reason, self._channel.value)

    def _problem(self, typed: Sequence[TypedValue]) -> str:
        """Return why what was typed is not saved; doubts are, once the person is sure."""
        wrong = [one.problem for one in typed if one.problem]
        doubts = [
            f"“{one.entry.label}”{doubt.finding_type.title}，要求{doubt.expected}，填的是{doubt.found}"
            for one in typed
            for doubt in one.doubts
        ]
        set_visible(self._sure, bool(doubts))
        if wrong:
            return "".join(wrong)
        if not typed:
            return "内容没有改动。" if self._what == CORRECT else "请至少录入一栏。"
        if doubts and not self._sure.value:
            return f"{'；'.join(doubts)}。请改正；原件确是如此的，勾选后再保存。"
        return ""

    def _fill(self) -> None:
        """Fill the editors with the values as they stand."""
        item = self._item
        if self._filling or item is None:
            return
        set_visible(self._sure, False)
        self._sure.value = False
        if self._what == ENTER:
            kind = self._kind.value
            self._editors.fill(
                kind,
                tuple(one.name for one in editable_fields(kind)),
                EDITABLE_RECORD_TYPES[kind](),
            )
        elif self._what == CORRECT and item.record and self._field.value:
            names = fields_edited_together(item.record.kind, self._field.value)
            self._editors.fill(item.record.kind, names, item.record.body, open=self._open)

    def _look(self) -> None:
        if not self._filling:
            self._fill()
            self._on_look()

    def _edited(self) -> None:
        if not self._filling:
            self._on_edit()


def kind_buttons(kinds: Sequence[str]) -> widgets.ToggleButtons:
    """Return the choice of a kind of record."""
    return widgets.ToggleButtons(
        options=[(KIND_TITLES[kind], kind) for kind in kinds], style={"button_width": "84px"}
    )
