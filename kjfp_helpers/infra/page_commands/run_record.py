"""Record of a command that a page runs: who started it, when, and how it ended.

It stands in the output folder, so that every page knows of the run, and its result is there when
the page is loaded again. What the command prints stands beside it while it runs.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kjfp_helpers.infra.atomic_files import atomic_write, output_errors

RUNS_FOLDER = ".kjfp-runs"
_STARTING = timedelta(seconds=10)
"""Time in which a command that was started takes its lock."""


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One run; of each command the last is kept. ``code`` is ``None`` until it ended."""

    command: str
    title: str
    person: str
    started: str
    code: int | None = None
    ended: str = ""
    lines: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """How it ended, in Chinese; 3 is the code of a verification that could not check all."""
        words = {None: "进行中", 0: "已办完", 3: "没有出入，有未能核验的"}
        return words.get(self.code, "没有办完")

    @property
    def time(self) -> str:
        """When it ended, or was started, in Chinese."""
        at = datetime.fromisoformat(self.ended or self.started)
        return f"{at.month}月{at.day}日 {at:%H:%M}"


def start_record(outputs: Path, command: str, title: str, person: str) -> Path:
    """Write the record of a command that is about to start; return its file.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    path = outputs / RUNS_FOLDER / f"{command}.json"
    started = datetime.now().isoformat(timespec="seconds")
    record = RunRecord(command=command, title=title, person=person, started=started)
    with output_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, record)
    return path


def printed_file(record: Path) -> Path:
    """Return where a running command prints."""
    return record.with_suffix(".txt")


@contextmanager
def running(record: Path) -> Iterator[bool]:
    """Mark a command as running; the system takes the mark away if it dies.

    Yields whether no other process has marked it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(record.with_suffix(".lock"))
    try:
        lock.acquire(timeout=1)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def read_lines(record: Path) -> list[str]:
    """Return the lines that a command printed; one that was printed over is a line, too."""
    try:
        text = printed_file(record).read_text("utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


def end_record(record: Path, code: int, lines: Sequence[str]) -> None:
    """Write how a command ended."""
    started = _read(record)
    if started is not None:
        values = {**asdict(started), "code": code, "lines": tuple(lines)}
        _write(record, RunRecord(**{**values, "ended": datetime.now().isoformat("T", "seconds")}))


def list_runs(outputs: Path) -> list[RunRecord]:
    """Return the last run of each command, the latest first."""
    read = map(_read, (outputs / RUNS_FOLDER).glob("*.json"))
    found = [record for record in read if record is not None]
    return sorted(found, key=lambda record: record.ended or record.started, reverse=True)


def find_running(outputs: Path) -> RunRecord | None:
    """Return a run that has not ended, of this page or another; ``None`` for none."""
    return next(
        (run for run in list_runs(outputs) if run.code is None and _is_alive(outputs, run)), None
    )


def _is_alive(outputs: Path, run: RunRecord) -> bool:
    from filelock import FileLock, Timeout

    if datetime.now() - datetime.fromisoformat(run.started) < _STARTING:
        return True
    lock = FileLock(outputs / RUNS_FOLDER / f"{run.command}.lock")
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _write(path: Path, record: RunRecord) -> None:
    atomic_write(path, json.dumps(asdict(record), ensure_ascii=False).encode())


def _read(path: Path) -> RunRecord | None:
    """Return a record; ``None`` for one that is torn or of another version."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        values = json.loads(path.read_text("utf-8"))
        record = RunRecord(**{**values, "lines": tuple(values["lines"])})
        datetime.fromisoformat(record.ended or record.started)
        return record
    return None
