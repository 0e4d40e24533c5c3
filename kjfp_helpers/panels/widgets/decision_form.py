"""Form that records one decision: its entries, what it would change, a confirmation, the status."""

from collections.abc import Callable, Collection, Mapping, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.revocations import TAKEN_BACK_BY

Texts = Mapping[str, str]
Entries = Mapping[str, tuple[str, widgets.Widget]]
"""Name of an entry to its label and its control."""
MakeEvent = Callable[[Texts], EventBody | str]
"""Returns the event for the entered values, or in Chinese why they are not valid."""
Preview = Callable[[EventBody], Sequence[str]]
"""Returns in Chinese what an event would change."""
SAME_PERSON = "两名经办人应为不同的人。"


def build_decision_form(
    session: RoundSession,
    title: str,
    hint: str,
    entries: Entries,
    make_event: MakeEvent,
    on_recorded: Callable[[], None],
    note: str = "",
    optional: Collection[str] = (),
    preview: Preview | None = None,
) -> widgets.VBox:
    """Return a form whose button records one event.

    Parameters
    ----------
    session : RoundSession
        Where the event is recorded, by the hub's or the system's user.
    title, hint : str
        What is recorded, and advice shown above the entries.
    entries : mapping
        The controls to be filled in, by name.
    make_event : callable
        Gets the entered values, by name; what it refuses by a ``KjfpError`` is told in the form.
    on_recorded : callable
        Called after the event was recorded.
    note : str
        Message shown after the event was recorded.
    optional : collection of str
        Entries that may stay blank.
    preview : callable
        Says what the event would change; then the event is recorded only after a second button.
    """
    return _DecisionForm(
        session, title, hint, entries, make_event, on_recorded, note, optional, preview
    ).widget


class _DecisionForm:
    """The entries; what is typed after the preview was shown takes it back."""

    def __init__(
        self,
        session: RoundSession,
        title: str,
        hint: str,
        entries: Entries,
        make_event: MakeEvent,
        on_recorded: Callable[[], None],
        note: str,
        optional: Collection[str],
        preview: Preview | None,
    ) -> None:
        self._entries, self._optional, self._note = entries, optional, note
        self._make_event, self._on_recorded, self._preview = make_event, on_recorded, preview
        self._planned: tuple[EventBody, tuple[str, ...]] | None = None
        self._saving = SaveStatus(session, "", before="")
        self._consequence = html_widget()
        self._ask = widgets.Button(
            description=f"确认{title}", button_style="danger", layout={"width": "auto"}
        )
        confirm = widgets.Button(description="确认办理", button_style="danger")
        back = widgets.Button(description="返回修改")
        self._confirming = add_classes(
            vbox(self._consequence, hbox(confirm, back)), "kj-consequence"
        )
        self._ask.on_click(lambda _: self._submit())
        confirm.on_click(lambda _: self._confirm())
        back.on_click(lambda _: self._plan(None))
        for _title, entry in entries.values():
            entry.observe(lambda _: self._plan(None), "value")
        controls = [labelled(title, name_control(one, title)) for title, one in entries.values()]
        head = html_widget(render_template("form_title", title=title, hint=hint))
        parts = (head, hbox(*controls), hbox(self._ask, self._saving.widget), self._confirming)
        self.widget = add_classes(vbox(*parts, classes=("kj-pane",)), "kj-decision")
        self._plan(None)

    def _submit(self) -> None:
        """Record what was entered, or first show what it would change."""
        event = self._read()
        if isinstance(event, str):
            self._saving.show_failure(event)
        elif self._preview is None:
            self._record(event)
        else:
            self._saving.show_saved(None)
            self._plan((event, tuple(self._preview(event))))

    def _confirm(self) -> None:
        """Record what was shown; where it would be another event or another change, show that."""
        event = self._read()
        if isinstance(event, str) or self._preview is None:
            self._plan(None)
            self._saving.show_failure(str(event))
            return
        planned = (event, tuple(self._preview(event)))
        if planned == self._planned:
            self._record(event)
        else:
            self._plan(planned)
            self._saving.show_failure("情况刚有变动，请看清下面的内容后再确认。")

    def _read(self) -> EventBody | str:
        """Return the event of what was entered, or in Chinese why there is none."""
        values = {name: _read_value(entry) for name, (_, entry) in self._entries.items()}
        missing = [
            self._entries[name][0]
            for name, text in values.items()
            if not text and name not in self._optional
        ]
        if missing:
            return f"请先填写：{'、'.join(missing)}。"
        try:
            return self._make_event(values)
        except KjfpError as error:
            return str(error)

    def _plan(self, planned: tuple[EventBody, tuple[str, ...]] | None) -> None:
        self._planned = planned
        if planned is not None:
            event, lines = planned
            self._consequence.value = render_template(
                "consequence", lines=lines, revocable=type(event) in TAKEN_BACK_BY
            )
        set_visible(self._confirming, planned is not None)
        set_visible(self._ask, planned is None)

    def _record(self, event: EventBody) -> None:
        if self._saving.record(event, note=self._note) is None:
            return
        for _, entry in self._entries.values():
            if isinstance(entry, (widgets.Text, widgets.Textarea)):
                entry.value = ""
        self._plan(None)
        self._on_recorded()


def _read_value(entry: widgets.Widget) -> str:
    """Return what was entered; of several that are ticked, with commas between."""
    value = entry.value
    return "、".join(value) if isinstance(value, tuple) else str(value or "").strip()


def build_command_card(
    title: str, hint: str, label: str, run: Callable[[], None]
) -> widgets.Widget:
    """Return a card like a form's whose only control is a button that runs a command."""
    button = widgets.Button(description=label, button_style="danger")
    button.on_click(lambda _: run())
    head = html_widget(render_template("form_title", title=title, hint=hint))
    return add_classes(vbox(head, hbox(button), classes=("kj-pane",)), "kj-decision")


def offer_forms(
    box: widgets.HBox,
    forms: Mapping[str, widgets.Widget],
    *below: widgets.Widget,
    opens: str = "",
) -> None:
    """Fill a box with the titles of forms at the left, and the one chosen beside them.

    ``below`` stands under whichever form is shown; ``opens`` is the one shown at first, blank for
    the topmost.
    """
    titles = widgets.ToggleButtons(options=list(forms), value=opens or next(iter(forms)))

    def choose() -> None:
        for title, form in forms.items():
            set_visible(form, title == titles.value)

    titles.observe(lambda _: choose(), "value")
    shown = add_classes(widgets.VBox([*forms.values(), *below]), "kj-left")
    box.children = [add_classes(widgets.VBox([titles]), "kj-kinds"), shown]
    choose()


def labelled(title: str, control: widgets.Widget) -> widgets.VBox:
    """Return a control under its title."""
    return vbox(html_widget(render_template("entry_title", title=title)), control)


def text_entry(width: int = 210, hint: str = "必填") -> widgets.Text:
    """Return a text field."""
    return widgets.Text(placeholder=hint, layout={"width": f"{width}px"})


def two_person_entries() -> Entries:
    """Return the text fields for the two persons who decide together."""
    return {"first": ("经办人一", text_entry()), "second": ("经办人二", text_entry())}
