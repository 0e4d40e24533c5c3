"""Files that are whole or absent, and one sentence for what cannot be written."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kjfp_helpers.errors import OutputError, reason


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn a failed write below a place into words for a clerk.

    Raises
    ------
    OutputError
        When the system refuses.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"输出位置 {Path(*place.parts[-2:])}", expected="可以写入",
            found=f"不能写入（{reason(error)}）",
            advice="关闭正在打开它的程序，检查文件夹权限和磁盘空间后重试，或另指输出文件夹",
        ) from error  # fmt: skip


def replace_file(path: Path, content: bytes) -> None:
    """Write a file through a temporary neighbour, so that no reader meets half of it.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    temporary = path.with_name(path.name + ".tmp")
    try:
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            os.replace(temporary, path)
    except OutputError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def digest(path: Path) -> str:
    """Return a file's SHA-256; empty when there is no such file."""
    if not path.exists():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
