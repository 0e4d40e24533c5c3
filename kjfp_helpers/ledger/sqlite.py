"""A ledger in a file of SQLite: the file alone holds every event that was confirmed.

It is written with a rollback journal: each commit is in the file itself before it is confirmed.
A commit voids the journal's head and leaves the file as long as it is, so that none makes, removes
or lengthens a file, which waits for whatever else the disk writes; the void file goes when the
ledger is closed. A journal whose head stands is left only by a process that was killed while it
wrote; the next that opens the file takes back what was not confirmed. Ledgers of earlier versions
had a write-ahead log, in which confirmed events may still lie; it is folded in at opening. Where
the file cannot be written, and it has such a log or journal, a copy of all of them is read instead.
"""

import os
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import QueuePool, create_engine, event
from sqlalchemy.engine import Engine

from kjfp_helpers.core.errors import LedgerError, os_error_reason
from kjfp_helpers.infra.atomic_files import is_void

WAIT = 30.0
"""Seconds to wait for another process that writes."""
BESIDE = ("-wal", "-journal")
"""Endings of the files beside a ledger that may belong to its content."""


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Connect to a file of any name; ``mode`` is ``ro``, ``rw`` or ``rwc`` (creating it)."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT,
        isolation_level=None,  # transactions are begun by the ledger, not by the driver
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous=EXTRA")  # a commit outlives a loss of power
    return connection


def make_engine(path: Path, mode: str) -> Engine:
    """Return an engine for a file."""
    engine = create_engine("sqlite://", creator=lambda: connect(path, mode), poolclass=QueuePool)
    if mode != "ro":
        event.listen(engine, "connect", _keep_journal)
        event.listen(engine, "close", _drop_journal)
    return engine


def _keep_journal(connection: sqlite3.Connection, _record: object) -> None:
    """Let commits void the journal; a write-ahead log that could not be folded in stays."""
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode=PERSIST")


def _drop_journal(connection: sqlite3.Connection, _record: object) -> None:
    """Remove the void journal, unless another process writes and removes it in its turn."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout=0")
        if connection.execute("PRAGMA journal_mode").fetchone() == ("persist",):
            connection.execute("PRAGMA journal_mode=DELETE")


def is_writable(path: Path) -> bool:
    """Whether the file and its folder, which takes the journal, can be written."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def has_log(path: Path) -> bool:
    """Whether a file is written with a write-ahead log, as its header says."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"
    return False


def create_file(path: Path, fill: Callable[[Engine], None], place: str) -> None:
    """Make a ledger's file, whole or not at all; one that appeared meanwhile is left alone.

    Raises
    ------
    LedgerError
        When the file cannot be made.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        engine = make_engine(part, "rwc")
        fill(engine)
        engine.dispose()
        publish(part, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise _unreadable(place, error) from error
    finally:
        for left in (part, *beside(part)):
            left.unlink(missing_ok=True)


def publish(part: Path, path: Path) -> None:
    """Give a finished file its name, unless there is a file of that name.

    Raises
    ------
    FileExistsError
        When there is one.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(path) from None
        part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(folder)
    os.close(folder)


def beside(path: Path) -> list[Path]:
    """Return the files beside a ledger that may hold a part of it."""
    files = [path.with_name(path.name + ending) for ending in BESIDE]
    return [file for file in files if file.exists() and not is_void(file)]


def fold_log(path: Path) -> None:
    """Take a write-ahead log into the file and do without one from now on.

    While a page of an earlier version has the ledger open, it stays as it is.
    """
    with closing(connect(path, "rw")) as connection:
        for _ in range(20):
            with suppress(sqlite3.OperationalError):
                if connection.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",):
                    return
            time.sleep(0.1)


def readable_copy(path: Path, place: str) -> Path | None:
    """Return a copy of a ledger to be read, ``None`` when the file itself can be read.

    The copy lies in a temporary folder of its own.

    Raises
    ------
    LedgerError
        When the files cannot be read, or change all the time.
    """
    if not has_log(path) and _can_be_read(path):
        return None
    folder = Path(tempfile.mkdtemp(prefix="kjfp-"))
    try:
        return _copy_whole(path, folder, place)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _unreadable(place, error) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _copy_whole(path: Path, folder: Path, place: str) -> Path:
    """Copy a ledger and what lies beside it while none of them changes, and fold them together."""
    for _ in range(50):
        before = _state(path)
        for file in (*beside(path), path):
            shutil.copyfile(file, folder / file.name)
        if _state(path) == before:
            fold_log(folder / path.name)
            return folder / path.name
        for file in folder.iterdir():
            file.unlink()
        time.sleep(0.1)
    raise LedgerError(place, expected="可以读取", found="一直有程序在写", advice="等写入结束后重试")


def _state(path: Path) -> list[tuple[str, int, int]]:
    files = [(file, file.stat()) for file in (*beside(path), path)]
    return [(file.name, stat.st_size, stat.st_mtime_ns) for file, stat in files]


def _can_be_read(path: Path) -> bool:
    """Whether SQLite reads a file without writing: no journal of a killed process must be used."""
    try:
        with closing(connect(path, "ro")) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF not in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
        )
    except sqlite3.DatabaseError:
        pass  # no database at all: told when it is opened
    return True


def _unreadable(place: str, error: OSError) -> LedgerError:
    return LedgerError(
        place,
        expected="可以打开",
        found=f"不能打开（{os_error_reason(error)}）",
        advice="检查文件夹是否存在、文件权限和磁盘空间后重试",
    )
