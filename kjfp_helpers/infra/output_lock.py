"""Inter-process lock on an output folder; released by the system if the process dies."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors

LOCK_FILE, HOLDER_FILE = ".kjfp-lock", ".kjfp-running"
"""What is locked, and who holds it: a locked file cannot be read on Windows."""


@contextmanager
def output_lock(folder: Path, title: str, person: str) -> Iterator[None]:
    """Hold the lock of an output folder while the block runs.

    Parameters
    ----------
    folder : Path
        The outputs of a round.
    title, person : str
        The command and its user, shown to whoever finds the folder locked.

    Raises
    ------
    OutputError
        When another command holds the lock (the message names it), or when the folder cannot
        be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK_FILE)
    with output_errors(folder):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise _taken(folder) from None
    try:
        since = f"{datetime.now():%m月%d日 %H:%M:%S}"
        holder = f"“{title}”，{since} 开始，{person}，机器 {platform.node()}，进程 {os.getpid()}"
        atomic_write(folder / HOLDER_FILE, holder.encode())
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER_FILE).unlink(missing_ok=True)
        lock.release()


def read_holder(folder: Path) -> str:
    """Return who holds the lock of an output folder, in Chinese; blank for nobody.

    What a command left behind that was killed, here or on another machine, counts for nothing and
    is removed.
    """
    from filelock import FileLock, Timeout

    holder = ""
    with suppress(OSError):  # the other command has only just started, or is ending
        holder = (folder / HOLDER_FILE).read_text("utf-8", errors="replace")
    if not holder:
        return ""
    lock = FileLock(folder / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return holder
    with suppress(OSError):
        (folder / HOLDER_FILE).unlink(missing_ok=True)
    lock.release()
    return ""


def _taken(folder: Path) -> OutputError:
    holder = read_holder(folder)
    return OutputError(
        f"输出文件夹 {Path(*folder.parts[-2:])}",
        expected="同一时间只有一个命令在做",
        found=f"另一个命令正在运行（{holder or '刚刚开始'}）",
        advice="等它结束后重新运行；不想等的，到运行它的窗口按 Ctrl+C 中断，已做好的都在",
    )
