"""Form that issues a paper by its command: notice and decision are issued in the same way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import ipywidgets as widgets

from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.widgets.decision_form import labelled
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    name_control,
    vbox,
)
from kjfp_helpers.state import RoundSession

DAY = "--day"
IssuingEntries = Mapping[str, tuple[str, widgets.Text]]
"""Option of the command to the title and the control of what it takes."""


def build_issuing_form(
    session: RoundSession,
    title: str,
    hint: str,
    command: Sequence[str],
    entries: IssuingEntries,
    on_issued: Callable[[], None],
) -> widgets.VBox:
    """Return the form; what was entered stays while the command refuses.

    Parameters
    ----------
    session, title, hint
        The round; what is issued, which the button says too, and advice above the entries.
    command : sequence of str
        Words of the command before its options.
    entries : mapping
        The entries; that of ``--day`` is a day.
    on_issued : callable
        Called after the command has issued.
    """
    running = ShortCommand(session)
    button = widgets.Button(description=title, button_style="danger")

    def issue() -> None:
        given = {option: entry.value.strip() for option, (_, entry) in entries.items()}
        label, control = entries[DAY]
        try:
            given[DAY] = str(date.fromisoformat(given[DAY]))
        except ValueError:
            running.say(f"“{label}”请写成“{control.placeholder[-10:]}”的样子。", failed=True)
            return
        words = [word for option, text in given.items() for word in (option, text)]
        if running.run([*command, *words], button=button):
            for _, entry in entries.values():
                entry.value = ""
            on_issued()

    button.on_click(lambda _: issue())
    head = html_widget(render_template("form_title", title=title, hint=hint))
    controls = [labelled(name, name_control(entry, name)) for name, entry in entries.values()]
    parts = (head, hbox(*controls), hbox(button), running.widget)
    return add_classes(vbox(*parts, classes=("kj-pane",)), "kj-decision")
