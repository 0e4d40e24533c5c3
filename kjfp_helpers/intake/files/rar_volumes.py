"""Volumes of a rar archive: unpacked together and packed anew as one zip, in memory."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.files.archive_readers import MAX_SOLID_BYTES, ArchiveEntry, read_rar_file

_ADVICE = "请在本机解压后打包成一个zip重新报送"
_BY_NUMBER = "材料.part{number}.rar"


def join_rar_volumes(volumes: Sequence[bytes], is_numbered: bool) -> tuple[bytes, str]:
    """Return the files of all volumes as a zip, or ``b""`` and in Chinese why there is none.

    Parameters
    ----------
    volumes : Sequence of bytes
        All volumes of the set in order.
    is_numbered : bool
        Whether they are named .part1.rar, .part2.rar; else .rar, .r00, .r01.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / _name_of(number, is_numbered) for number in range(len(volumes))]
        for path, data in zip(paths, volumes, strict=True):
            path.write_bytes(data)
        try:
            entries = run_sandboxed(read_rar_file, str(paths[0]), MAX_SOLID_BYTES)
        except SandboxLimitExceeded:
            return b"", f"rar分卷解压超时或超出内存，{_ADVICE}"
        except SandboxedCallFailed as error:
            return b"", _reason_of(str(error))
    return _pack(entries)


def _name_of(index: int, is_numbered: bool) -> str:
    """Return the name under which a volume is found from the one before it."""
    if is_numbered:
        return _BY_NUMBER.format(number=index + 1)
    return f"材料.r{index - 1:02d}" if index else "材料.rar"


def _reason_of(error_names: str) -> str:
    """Return in Chinese why the volumes could not be unpacked."""
    if "Password" in error_names or "Encrypt" in error_names:
        return "rar分卷有密码，请去除密码后重新报送"
    if "FileNotFound" in error_names or "NeedFirstVolume" in error_names:
        return "缺后面的分卷"
    return f"rar分卷不能自动合并，{_ADVICE}"


def _pack(entries: Sequence[ArchiveEntry]) -> tuple[bytes, str]:
    """Return the unpacked files as a zip, whose every part is read as that of any other."""
    if any(entry.is_encrypted for entry in entries):
        return b"", _reason_of("Password")
    if any(entry.is_broken for entry in entries):
        return b"", f"分卷不完整或已损坏，{_ADVICE}"
    if not entries or any(entry.data is None for entry in entries):
        return b"", _reason_of("")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for entry in entries:
            target.writestr(zipfile.ZipInfo(entry.name), entry.data or b"")
    return buffer.getvalue(), ""
