"""A short command of ``kjfp`` that a page runs to its end, under the command's own lock."""

import os
import subprocess
import sys
from collections.abc import Sequence

import ipywidgets as widgets

from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import html_widget
from kjfp_helpers.state import RoundSession


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
            failed, lines = run_short_command(self._session, words, *options)
        finally:
            if button:
                button.disabled = False
        self.say(*lines, failed=failed)
        return not failed

    def say(self, *lines: str, failed: bool = False) -> None:
        """Show lines in place of what a command printed."""
        self.widget.value = render_template("command_lines", lines=lines, failed=failed)


def run_short_command(
    session: RoundSession, words: Sequence[str], *options: str
) -> tuple[bool, list[str]]:
    """Run a command on the round; return whether it failed, and the lines it printed.

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
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        check=False,
    )
    failed = done.returncode != 0
    lines = (line.strip() for line in (done.stderr if failed else done.stdout).splitlines())
    return failed, [line for line in lines if line]
