"""Zip files opened as what they are until read: hostile.

One budget of bytes and files holds for a whole message however deep its archives nest;
members that would leave their folder, links, bombs and passwords become findings.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.words import quote

MEMBER_BYTES = 200_000_000
MESSAGE_BYTES = 1_500_000_000
MESSAGE_FILES = 1000
MOST_DEPTH = 3
BOMB_RATIO = 150
"""Members above a megabyte that grow more than this many times are refused."""

_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LITTER = re.compile(
    r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
           RuntimeError, OverflowError, UnicodeError)  # fmt: skip


@dataclass
class Budget:
    """What one message may still unfold to."""

    size: int = MESSAGE_BYTES
    files: int = MESSAGE_FILES


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; ``path`` joins the archive's path and the name inside it."""

    path: str
    data: bytes


def unzip(data: bytes, path: str, budget: Budget) -> Iterator[Member | Finding]:
    """Yield an archive's files in its own order, a finding for each that is refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        yield _finding("corrupt", path, "可打开的压缩文件", "无法打开")
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        for info in infos:
            name = member_name(info)
            if _LITTER.search(name):
                continue
            if budget.files <= 0:
                yield _finding("too_many_files", path, f"一件不超过{MESSAGE_FILES}个文件", "超出")
                return
            budget.files -= 1
            item = _member(archive, info, f"{path}/{name}", name, budget)
            yield item
            if isinstance(item, Finding) and item.code == "bomb":
                return


def member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name: by its UTF-8 flag, else as UTF-8, else as GB 18030."""
    if info.flag_bits & 0x800:
        return info.filename.replace("\\", "/")
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename.replace("\\", "/")
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename.replace("\\", "/")


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, name: str, budget: Budget
) -> Member | Finding:
    if escapes(name) or stat.S_ISLNK(info.external_attr >> 16):
        return _finding(
            "path_escape", path.partition("/")[0], "压缩文件内的相对路径", quote(name, 40)
        )
    if info.flag_bits & 1:
        return _finding("encrypted", path, "无密码的文件", "有密码")
    limit = min(MEMBER_BYTES, budget.size)
    grown = info.file_size > 1_000_000 and info.file_size > BOMB_RATIO * max(info.compress_size, 1)
    if info.file_size > limit or grown:
        return _finding("bomb", path, f"解开后不超过{limit // 10**6}MB且倍数正常", "异常膨胀")
    try:
        with archive.open(info) as stream:
            data = stream.read(limit + 1)
    except _BROKEN as error:
        overlapped = "verlap" in str(error)
        code, found = ("bomb", "文件互相重叠") if overlapped else ("corrupt", "校验不符或不完整")
        return _finding(code, path, "完整的文件", found)
    budget.size -= len(data)
    return Member(path, data)


def escapes(name: str) -> bool:
    """Whether a name inside an archive points outside of it or cannot be a file's name."""
    steps = name.split("/")
    return (
        name.startswith("/")
        or re.match(r"[A-Za-z]:", name) is not None
        or ".." in steps
        or any(ord(sign) < 32 or ord(sign) == 127 for sign in name)
        or any(_DEVICE.fullmatch(step) for step in steps)
    )


def _finding(code: str, path: str, expected: str, found: str) -> Finding:
    return Finding(code=code, expected=expected, found=found, source=path)


class Package:
    """An Office file (.docx, .xlsx), whose parts are read one by one under a limit.

    Raises
    ------
    zipfile.BadZipFile
        When it is no zip file.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._parts = {info.filename.lstrip("/"): info for info in self._archive.infolist()}

    def has(self, part: str) -> bool:
        """Whether a part is there."""
        return part in self._parts

    @property
    def declared(self) -> int:
        """Bytes of all parts together, as declared; zipfile never yields more than that."""
        return sum(info.file_size for info in self._parts.values())

    def read(self, part: str, limit: int) -> bytes | None:
        """Return a part's bytes, ``None`` when it is missing, broken or above the limit."""
        info = self._parts.get(part)
        if info is None or info.file_size > limit or info.flag_bits & 1:
            return None
        try:
            return self._archive.read(info)
        except _BROKEN:
            return None
