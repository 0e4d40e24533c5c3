"""The list of the steps: each with its state, what is open, its links and its command."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets
from markupsafe import Markup

from kjfp_helpers.infra.page_commands.run_record import RunRecord
from kjfp_helpers.panels.lab.file_links import file_link
from kjfp_helpers.panels.start.command_run import result_lines
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.open_windows import close_tree
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.progress.progress_step import (
    NOT_STARTED,
    ProgressStep,
    StepCommand,
)
from kjfp_helpers.state.secretary.progress.round_progress import list_steps, next_step

STEP_BY_COMMAND: Mapping[str, str] = {
    "intake": "收件",
    "stocktake": "盘点",
    "assess": "考核",
    "check": "资格",
    "assign": "分派",
    "shortlist": "会议",
    "exhibit": "展览",
    "regenerate": "归档",
    "verify": "归档",
    "archive": "归档",
}
"""Where the last run of a command is told; of two in one step, the later one."""


class StepList:
    """The next act above, and the steps of the year below.

    Parameters
    ----------
    session : RoundSession
        The round.
    on_command : callable
        Gets the command whose button was pressed.
    """

    def __init__(self, session: RoundSession, on_command: Callable[[StepCommand], None]) -> None:
        self._session, self._on_command = session, on_command
        self._buttons: list[widgets.Button] = []
        self._enabled = True
        self._drawn: object = None
        self._runs: dict[str, RunRecord] = {}
        self._next, self._rows = vbox(classes=("kj-next",)), vbox(classes=("kj-steps",))
        self.widget = vbox(self._next, self._rows)

    def set_enabled(self, enabled: bool) -> None:
        """Let the buttons be pressed, or not while a command runs."""
        if enabled != self._enabled:
            self._enabled = enabled
            for button in self._buttons:
                button.disabled = not enabled

    def draw(self, state: RoundState | None, runs: Sequence[RunRecord] = ()) -> None:
        """Show the steps as the round stands, and the last run of each; the replaced is closed."""
        steps = list_steps(self._session, state)
        if (steps, runs) == self._drawn:
            return
        self._buttons, self._drawn = [], (steps, runs)
        self._runs = {STEP_BY_COMMAND.get(run.command, ""): run for run in reversed(runs)}
        now = next_step(steps)
        replaced = (*self._next.children, *self._rows.children)
        self._next.children = (self._next_act(now),)
        self._rows.children = [
            self._row(number, step, step is now) for number, step in enumerate(steps, start=1)
        ]
        for widget in replaced:
            close_tree(widget)

    def _next_act(self, step: ProgressStep | None) -> widgets.Widget:
        access = self._session.access()
        own = f"../packets/{access.member}.ipynb" if access.member else ""
        by = ""
        if step is not None and step.due == "command" and step.command is not None:
            by = access.explain_command(step.command.words[0])
        page = html_widget(
            render_template("start_next", step=step, own=own, by=by, link=self._link)
        )
        if own or step is None or step.due != "command" or step.command is None:
            return page
        return hbox(page, self._button(step.command, primary=True))

    def _row(self, number: int, step: ProgressStep, is_next: bool) -> widgets.Widget:
        run = self._runs.get(step.title)
        page = html_widget(
            render_template(
                "start_step",
                number=number,
                step=step,
                link=self._link,
                run=run,
                lines=result_lines(run) if run else (),
            ),
            "kj-step",
        )
        above = is_next and step.due == "command"  # then its button stands with the next act
        own = (step.command,) if step.command is not None and not above else ()
        buttons = tuple(map(self._button, (*step.further, *own)))
        look = "now" if is_next else "later" if step.state == NOT_STARTED else "begun"
        return vbox(page, *([hbox(*buttons)] if buttons else []), classes=("kj-step-row", look))

    def _button(self, command: StepCommand, *, primary: bool = False) -> widgets.Widget:
        """Return the button of a command; blank for who may not run it."""
        if not self._session.access().may_run(command.words[0]):
            return html_widget()
        button = widgets.Button(
            description=command.label,
            button_style="primary" if primary else "",
            disabled=not self._enabled,
        )
        button.on_click(lambda _: self._on_command(command))
        self._buttons.append(button)
        return add_classes(button, "kj-step-button")

    def _link(self, page: str, text: str) -> Markup:
        """Return a link to a notebook of the workbook, or to a file of the outputs."""
        if page.endswith(".ipynb"):
            return Markup('<a href="{}">{}</a>').format(page, text)
        return file_link(self._session, self._session.outputs / page, text)
