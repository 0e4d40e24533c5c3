"""A short command of ``kjfp`` that a page runs to its end, under the command's own lock."""

import os
import subprocess
import sys
from collections.abc import Sequence

from kjfp_helpers.state import RoundSession


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
