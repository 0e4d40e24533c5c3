"""Atomic file writes, and one Chinese error for a file that cannot be written."""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kjfp_helpers.core.errors import OutputError, ResultUnknown, os_error_reason

_READ_WHOLE = 1 << 20
"""Bytes up to which a file is read at once to be hashed."""


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Translate a failed write below a path into a Chinese error.

    Raises
    ------
    OutputError
        When the system refuses.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"输出位置 {Path(*path.parts[-2:])}",
            expected="可以写入",
            found=f"不能写入（{os_error_reason(error)}）",
            advice="关闭正在打开它的程序，检查文件夹权限和磁盘空间后重试，或另指输出文件夹",
        ) from error


def atomic_write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file through a temporary file beside it, so that no reader sees half of it.

    A file that holds the same already is left as it is. A ``private`` file is the owner's alone, or
    keeps the mode of the one it replaces.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    temporary = path.with_name(path.name + ".tmp")
    if _holds(path, content):
        return
    try:
        with output_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if private:
                write_private_file(temporary, content, file_mode(path, 0o600))
            else:
                temporary.write_bytes(content)
            os.replace(temporary, path)
    except OutputError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _holds(path: Path, content: bytes) -> bool:
    try:
        status = path.lstat()
        same_size = stat.S_ISREG(status.st_mode) and status.st_size == len(content)
        return same_size and path.read_bytes() == content
    except OSError:
        return False


def write_private_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file that nobody else can read at any moment; ``mode`` it has at the end."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
    path.chmod(mode)


def make_private_folder(folder: Path) -> None:
    """Make a folder for the owner alone; one that is there keeps its mode.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    with output_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def moved_together(folder: Path, *targets: Path) -> Iterator[None]:
    """Move files or folders of these names out of a folder; where anything fails, none stays.

    What fails inside takes them back too, unless it may have been recorded nevertheless
    (:class:`ResultUnknown`).
    """
    try:
        for target in targets:
            (folder / target.name).rename(target)
        yield
    except ResultUnknown:
        raise
    except BaseException:
        for target in targets:
            shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        raise


def file_mode(path: Path, default: int) -> int:
    """Return the permission bits of a file or folder, ``default`` where there is none."""
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else default


def files_below(folder: Path) -> list[str]:
    """Return the path of every file below a folder, from there, with slashes; not in order.

    No link to a folder is followed.
    """
    listed = []
    for place, _, names in os.walk(folder):
        top = Path(place).relative_to(folder).as_posix()
        listed += names if top == "." else [f"{top}/{name}" for name in names]
    return listed


def is_void(path: Path) -> bool:
    """Whether a file holds nothing, or begins with a nought, as a journal that a commit voided."""
    with path.open("rb") as opened:
        return opened.read(1) in (b"", b"\0")


def sha256_file(path: Path) -> str:
    """Return a file's SHA-256; empty when there is no such file."""
    try:
        stream = open(path, "rb", buffering=0)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    with stream:
        if os.fstat(stream.fileno()).st_size <= _READ_WHOLE:  # a buffer costs more than the hash
            return hashlib.sha256(stream.read()).hexdigest()
        return hashlib.file_digest(stream, "sha256").hexdigest()
