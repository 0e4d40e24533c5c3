"""Form to enter a record that came on paper, by telephone or by hand."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import ipywidgets as widgets

from kjfp_helpers.intake.field_editing import EDITABLE_RECORD_TYPES, editable_fields
from kjfp_helpers.panels.queue.resolution_inputs import kind_buttons
from kjfp_helpers.panels.queue.unit_picker import UnitPicker
from kjfp_helpers.panels.widgets.field_editors import FieldEditors
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import hbox, html_widget, set_visible, vbox
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary import resolutions as say

CHANNELS = ("纸质", "电话", "传真", "当面")
"""How a record came without a message."""
_TIME = "%Y-%m-%d %H:%M"
_HINT = (
    "没有邮件、只有纸质件或电话报送的材料在这里录入：取得收讫号，按收到时间判断是否逾期，"
    "可在“全部材料”里更正或撤回。"
)


class PaperEntryForm:
    """Unit, kind, time, way, source and values of one record; ``is_open`` when on screen.

    ``on_entered`` is called with words and the event's number once the ledger has it, ``on_toggle``
    whenever the form opens or closes.
    """

    def __init__(
        self,
        session: RoundSession,
        on_entered: Callable[[str, int], None],
        on_toggle: Callable[[], None],
    ) -> None:
        self._session, self._entered, self._turned = session, on_entered, on_toggle
        self.saving = SaveStatus(session, "", before="")
        self.is_open = False
        self.opener = widgets.Button(description="录入纸质、电话报送…", layout={"width": "170px"})
        self._unit = UnitPicker(session.round.units)
        self._kind = kind_buttons(tuple(EDITABLE_RECORD_TYPES))
        self._at = widgets.Text(
            placeholder="收到时间，如 2020-08-14 16:30", layout={"width": "230px"}
        )
        self._channel = widgets.ToggleButtons(options=CHANNELS, style={"button_width": "56px"})
        self._reason = widgets.Text(
            placeholder="依据（必填），如 纸质件第3号、某日电话记录", layout={"width": "100%"}
        )
        self._editors = FieldEditors(self.saving.mark_edited)
        save = widgets.Button(description="保存", button_style="primary")
        drop = widgets.Button(description="不录入了", layout={"width": "84px"})
        about = vbox(
            html_widget(render_template("queue_hint", words=_HINT)),
            self._unit,
            self._kind,
            hbox(self._at, self._channel),
            self._reason,
            hbox(save, drop, classes=("kj-line",)),
            self.saving.widget,
            classes=("kj-pane", "kj-right"),
        )
        values = vbox(self._editors.widget, classes=("kj-pane", "kj-left"))
        self.widget = hbox(values, about, classes=("kj-split", "kj-tall", "kj-paper"))
        self.opener.on_click(lambda _: self.toggle(open=True))
        self._kind.observe(lambda _: self._fill(), "value")
        for control in (self._unit, self._at, self._reason):
            control.observe(lambda _: self.saving.mark_edited(), "value")
        save.on_click(lambda _: self.save())
        drop.on_click(lambda _: self.toggle(open=False))
        self._clear()

    def toggle(self, *, open: bool) -> None:
        """Show the form blank, or put it away and forget what was typed."""
        self.is_open = open
        self._clear()
        self._turned()

    def save(self) -> bool:
        """Record what was entered; return whether the ledger has it."""
        typed = self._editors.read()
        problem = self._problem([one.problem for one in typed if one.problem], bool(typed))
        if problem:
            self.saving.show_failure(problem)
            return False
        state = self._session.current_state()
        values = {one.entry.name: one.value for one in typed}
        at = self._moment()
        assert at is not None
        bodies = say.enter_paper(
            state,
            self._unit.code,
            at,
            self._channel.value,
            self._kind.value,
            values,
            self._reason.value.strip(),
        )
        seq = self.saving.record(*bodies)
        if seq is None:
            return False
        unit = state.round.unit_by_code[self._unit.code]
        self.toggle(open=False)
        self._entered(f"录入{unit.short_name}{self._channel.value}报送的材料", seq)
        return True

    def _moment(self) -> datetime | None:
        zone = ZoneInfo(self._session.round.notice.round.timezone)
        try:
            return datetime.strptime(self._at.value.strip(), _TIME).replace(tzinfo=zone)
        except ValueError:
            return None

    def _problem(self, unread: list[str], some: bool) -> str:
        """Return the first thing that is missing or cannot be read, ``""`` for nothing."""
        problems = (
            (not self._unit.code, "请先从列表中选定单位。"),
            (self._moment() is None, "收到时间请写成“2020-08-14 16:30”的样子。"),
            (not self._reason.value.strip(), "请写明依据。"),
            (bool(unread), "".join(unread)),
            (not some, "请至少录入一栏。"),
        )
        return next((words for wrong, words in problems if wrong), "")

    def _clear(self) -> None:
        set_visible(self.widget, self.is_open)
        self._unit.value = self._at.value = self._reason.value = ""
        self._editors.clear()
        self._fill()
        self.saving.show_saved(None)

    def _fill(self) -> None:
        """Show the fields of the kind chosen; none while the form is away."""
        kind = self._kind.value
        names = tuple(one.name for one in editable_fields(kind)) if self.is_open else ()
        self._editors.fill(kind, names, EDITABLE_RECORD_TYPES[kind]())
