"""Files that are whole or absent."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from kjfp_helpers.errors import OutputError, reason


def replace_file(path: Path, content: bytes) -> None:
    """Write a file through a temporary neighbour, so that no reader meets half of it.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    temporary = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OutputError(
            f"输出文件 {path.name}", expected="可以写入", found=f"不能写入（{reason(error)}）",
            advice="关闭正在打开它的程序，检查文件夹权限和磁盘空间后重试",
        ) from error  # fmt: skip


def digest(path: Path) -> str:
    """Return a file's SHA-256; empty when there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
