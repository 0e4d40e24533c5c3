"""A command of ``kjfp`` that a page runs, in a process of its own and under its own lock.

What it prints goes into a file of the output folder, so that it goes on when the page is closed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers.infra.output_lock import read_holder
from kjfp_helpers.state import RoundSession

PRINTED_FILE = f".kjfp-printed-{os.getpid()}"
"""One for each process that runs commands; it goes once their result was taken."""
_PROGRESS = re.compile(r"^\s*(\S+) \S*\s+(\d+)/(\d+) 剩余(\S+)\s*$")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a command is: the title of its present step, counts, the time that is left."""

    title: str
    done: int = 0
    total: int = 0
    left: str = ""


class CommandRun:
    """Runs one command after the other on a round; is asked how far it is.

    Parameters
    ----------
    session : RoundSession
        The round; the command opens it anew.
    """

    def __init__(self, session: RoundSession) -> None:
        self._session = session
        self._printed = session.outputs / PRINTED_FILE
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the command that was started last has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, words: Sequence[str]) -> None:
        """Start a command, ``words`` without the round."""
        round, outputs = self._session.round.folder, self._session.outputs
        line = [sys.executable, "-m", "kjfp_helpers.cli", *words, str(round)]
        with self._printed.open("wb") as printed:
            self._process = subprocess.Popen(
                [*line, "--outputs", str(outputs)],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                env={**os.environ, "KJFP_PROGRESS_SECONDS": "0.3", "PYTHONIOENCODING": "utf-8"},
                start_new_session=True,
            )

    def progress(self) -> Progress:
        """Return how far the command is; without counts before it has counted anything."""
        lines = read_lines(self._printed)
        return read_progress(lines[-1] if lines else "")

    def take_result(self) -> tuple[int, list[str]] | None:
        """Return exit code and last lines of a command that ended, once; ``None`` before."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._process = None
        lines = read_lines(self._printed)
        self._printed.unlink(missing_ok=True)
        return code, [line for line in lines if not _PROGRESS.match(line)]

    def other_holder(self) -> str:
        """Return who else runs a command on the round, in Chinese; blank for nobody."""
        return "" if self.is_running else read_holder(self._session.outputs)


def read_lines(printed: Path) -> list[str]:
    """Return the lines that a command printed; one that was printed over is a line, too."""
    try:
        text = printed.read_text("utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


def read_progress(line: str) -> Progress:
    """Return what a line of a progress bar says; of any other line nothing but a wait.

    Examples
    --------
    >>> read_progress("  报告 ██████▉     15/65 剩余00:34")
    Progress(title='报告', done=15, total=65, left='00:34')
    >>> read_progress("").title
    '正在准备'
    """
    match = _PROGRESS.match(line)
    if match is None:
        return Progress(title="正在准备")
    return Progress(title=match[1], done=int(match[2]), total=int(match[3]), left=match[4])
