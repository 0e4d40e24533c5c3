"""Form that records one decision: its entries, a button, and the save status."""

from collections.abc import Callable, Collection, Mapping

import ipywidgets as widgets

from kjfp_helpers.core.events import EventBody
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    name_control,
    vbox,
)
from kjfp_helpers.state import RoundSession

Texts = Mapping[str, str]
Entries = Mapping[str, tuple[str, widgets.Widget]]
"""Name of an entry to its label and its control."""
MakeEvent = Callable[[Texts], EventBody | str]
"""Returns the event for the entered values, or in Chinese why they are not valid."""
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
        Gets the entered values, by name.
    on_recorded : callable
        Called after the event was recorded.
    note : str
        Message shown after the event was recorded.
    optional : collection of str
        Entries that may stay blank.
    """
    button = widgets.Button(description=f"确认{title}", button_style="danger")
    saving = SaveStatus(session, "", before="")

    def confirm(_: object) -> None:
        values = {name: str(entry.value or "").strip() for name, (_, entry) in entries.items()}
        missing = [
            entries[name][0] for name, text in values.items() if not text and name not in optional
        ]
        if missing:
            event: EventBody | str = f"请先填写：{'、'.join(missing)}。"
        else:
            event = make_event(values)
        if isinstance(event, str):
            seq = saving.record_if_valid(event, note=note)
        else:
            seq = saving.record_if_valid(None, event, note=note)
        if seq is None:
            return
        for _, entry in entries.values():
            if isinstance(entry, widgets.Text):
                entry.value = ""
        on_recorded()

    button.on_click(confirm)
    controls = [
        vbox(html_widget(render_template("entry_title", title=label)), name_control(entry, label))
        for label, entry in entries.values()
    ]
    head = html_widget(render_template("form_title", title=title, hint=hint))
    form = vbox(head, hbox(*controls), hbox(button, saving.widget), classes=("kj-pane",))
    return add_classes(form, "kj-decision")


def text_entry(width: int = 210, hint: str = "必填") -> widgets.Text:
    """Return a text field."""
    return widgets.Text(placeholder=hint, layout={"width": f"{width}px"})


def two_person_entries() -> Entries:
    """Return the text fields for the two persons who decide together."""
    return {"first": ("经办人一", text_entry()), "second": ("经办人二", text_entry())}
