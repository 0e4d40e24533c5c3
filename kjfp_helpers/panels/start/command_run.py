"""A command of ``kjfp`` that a page runs, in a process of its own and under its own lock.

It goes on when the page is closed; every page of the round sees it, and how it ended.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kjfp_helpers.infra.output_lock import read_holder
from kjfp_helpers.infra.page_commands.run_record import (
    RUNS_FOLDER,
    RunRecord,
    end_record,
    find_running,
    list_runs,
    printed_file,
    read_lines,
    start_record,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary.progress.progress_step import StepCommand

_BY_COMMAND = re.compile(r"（命令：[^）]*）")
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
        self._record: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the command that was started last has not ended."""
        if self._process is None:
            return False
        code = self._process.poll()
        if code is not None:
            self._note_end(code)
        return code is None

    def start(self, command: StepCommand) -> None:
        """Start a command of a step.

        Raises
        ------
        OutputError, OSError
            When the output folder cannot be written, or no process started.
        """
        round, outputs = self._session.round.folder, self._session.outputs
        person = self._session.access().user
        self._record = start_record(outputs, command.words[0], command.label, person)
        line = [sys.executable, "-m", "kjfp_helpers.cli.recorded_run", str(self._record)]
        with printed_file(self._record).open("wb") as printed:
            self._process = subprocess.Popen(
                [*line, *command.words, str(round), "--outputs", str(outputs)],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                env={**os.environ, "KJFP_PROGRESS_SECONDS": "0.3", "PYTHONIOENCODING": "utf-8"},
                start_new_session=True,
            )

    def _note_end(self, code: int) -> None:
        """Write the end of a command that died before it could."""
        self._process = None
        assert self._record
        if any(
            run.command == self._record.stem and run.code is None
            for run in list_runs(self._session.outputs)
        ):
            end_record(self._record, code, read_lines(self._record))

    def progress(self) -> Progress | None:
        """Return how far a command is that this page or another started; ``None`` for none."""
        run = find_running(self._session.outputs)
        if not (self.is_running or run):
            return None
        record = self._record
        if run and not self.is_running:
            record = self._session.outputs / RUNS_FOLDER / f"{run.command}.json"
        lines = read_lines(record) if record else []
        return read_progress(lines[-1] if lines else "")

    def results(self) -> list[RunRecord]:
        """Return the last run of each command that ended, the latest first."""
        return [run for run in list_runs(self._session.outputs) if run.code is not None]

    def shown(self) -> list[RunRecord]:
        """Return the run that has not ended, of whatever page, and those that have."""
        run = find_running(self._session.outputs)
        return [*([run] if run else []), *self.results()]

    def other_holder(self) -> str:
        """Return who else runs a command on the round, in Chinese; blank for nobody."""
        if self.is_running:
            return ""
        if holder := read_holder(self._session.outputs):
            return holder
        run = find_running(self._session.outputs)
        return f"“{run.title}”，{run.time} 开始，{run.person}" if run else ""


def is_recent(run: RunRecord) -> bool:
    """Whether a run ended within a day."""
    return datetime.now() - datetime.fromisoformat(run.ended) < timedelta(days=1)


def result_lines(run: RunRecord) -> list[str]:
    """Return what a command printed besides its progress, without how it is done by command."""
    return [_BY_COMMAND.sub("", line) for line in run.lines if not _PROGRESS.match(line)]


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
