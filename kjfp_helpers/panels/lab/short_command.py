"""A short command of ``kjfp`` that a page runs to its end, under the command's own lock."""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets as widgets

from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import html_widget
from kjfp_helpers.state import RoundSession

_WRONG = "✗"
"""First sign of a line that says what failed."""


class CommandResult(NamedTuple):
    """What a command printed.

    ``lines`` say what became of it: where it failed, what is wrong. ``notes`` is what it printed
    besides; a command that failed may have done a part.
    """

    failed: bool
    lines: Sequence[str]
    notes: Sequence[str] = ()


class ShortCommand:
    """Runs commands for a screen; its ``widget`` shows what the last one printed."""

    def __init__(self, session: RoundSession) -> None:
        self._session, self.widget = session, html_widget()

    def run(
        self, words: Sequence[str], *options: str, button: widgets.Button | None = None
    ) -> bool:
        """Run a command, and show what it printed; return whether it succeeded.

        The button that started it cannot be pressed meanwhile.
        """
        self.say("正在办理……")
        if button:
            button.disabled = True
        try:
            result = run_short_command(self._session, words, *options)
        finally:
            if button:
                button.disabled = False
        self._show(result)
        return not result.failed

    def say(self, *lines: str, failed: bool = False) -> None:
        """Show lines in place of what a command printed."""
        self._show(CommandResult(failed, lines))

    def _show(self, result: CommandResult) -> None:
        self.widget.value = render_template("command_lines", result=result)


def run_short_command(session: RoundSession, words: Sequence[str], *options: str) -> CommandResult:
    """Run a command on the round; return what it printed.

    Parameters
    ----------
    session : RoundSession
        The round; the command opens it anew.
    words : sequence of str
        The command, and options before the round.
    options : str
        What follows the round.
    """
    round, outputs = str(session.round.folder), str(session.outputs)
    program = (sys.executable, "-m", "kjfp_helpers.cli")
    done = subprocess.run(
        [*program, *words, round, "--outputs", outputs, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "KJFP_PROGRESS_SECONDS": "3600", "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        check=False,
    )
    printed, wrong = (
        [line.strip() for line in text.splitlines() if line.strip()]
        for text in (done.stdout, done.stderr)
    )
    if not done.returncode:
        return CommandResult(False, printed)
    wrong += [line for line in printed if line.startswith(_WRONG)]
    return CommandResult(True, wrong, [line for line in printed if line not in wrong])
