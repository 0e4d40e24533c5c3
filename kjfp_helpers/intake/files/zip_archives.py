"""Read untrusted zip files under limits.

One budget of bytes and files holds for a whole message, nested archives included. Members with
escaping paths, links, bombs and encrypted members become findings.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.charset_detection import decode_undeclared
from kjfp_helpers.intake.common.resource_limits import (
    MAX_DIRECTORY_BYTES,
    MAX_EXPANSION_RATIO,
    MAX_MEMBER_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_MESSAGE_FILES,
    MIN_ARCHIVE_BOMB_BYTES,
    MIN_BOMB_BYTES,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.common.unsafe_text_checks import (
    check_filename,
    escapes_folder,
    is_partial_file,
    is_system_file,
)

_END_RECORD = b"PK\5\6"
_LOCAL_HEADER_BYTES = 30
_LOCAL_HEADER = struct.Struct("<4s2xH18xHH")
"""Magic bytes, flags, size of the name, size of the extra field."""
_USUAL_FLAGS = 0x80E
"""How hard it was packed, sizes behind the data, a name in UTF-8: what does not change reading."""
_UNICODE_PATH = 0x7075
"""Extra field with the name in UTF-8 and the checksum of the plain name that it replaces."""
_SHARED_SIZES = range(64_000, 1_000_000)
"""Bytes of a member that is kept for the next file that holds the same."""
_READ_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
    zipfile.ZIP_BZIP2,
    zipfile.ZIP_LZMA,
)
_METHOD_NAMES: Mapping[int, str] = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    93: "Zstandard",
    95: "XZ",
    96: "JPEG",
    97: "WavPack",
    98: "PPMd",
}
"""Methods that packers use and Python does not read."""
CORRUPT_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    UnicodeError,
    struct.error,
)
"""Exceptions that reading a broken or manipulated zip file may raise."""


@dataclass
class UnpackBudget:
    """Remaining unpack budget of one message."""

    bytes_left: int = MAX_MESSAGE_BYTES
    files_left: int = MAX_MESSAGE_FILES


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One file of an archive; ``path`` joins the path of the archive and the member's name."""

    path: str
    data: bytes


def unpack_zip(data: bytes, path: str, budget: UnpackBudget) -> Iterator[ArchiveMember | Problem]:
    """Yield the files of a zip archive in order, a finding for each that is refused."""
    try:
        archive = open_zip(data)
    except TooManyEntries:
        yield make_file_problem(
            "too_many_files", path, f"一件不超过{MAX_MESSAGE_FILES}个文件", "超出"
        )
        return
    except CORRUPT_ZIP_ERRORS:
        code, reason = (
            ("corrupt", "无法打开") if _END_RECORD in data[-66_000:] else ("truncated", "不完整")
        )
        yield make_file_problem(code, path, "可打开的压缩文件", reason)
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.orig_filename.endswith("/")]
        total_bytes = sum(info.file_size for info in infos)
        if have_overlapping_members(infos) or total_bytes > max(
            MIN_ARCHIVE_BOMB_BYTES, MAX_EXPANSION_RATIO * len(data)
        ):
            yield make_file_problem("bomb", path, "正常的压缩文件", "文件互相重叠或异常膨胀")
            return
        if not infos:
            yield make_file_problem("empty", path, "有内容的压缩文件", "没有文件")
        yield from _iter_members(archive, infos, path, budget)


def _iter_members(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], path: str, budget: UnpackBudget
) -> Iterator[ArchiveMember | Problem]:
    """Yield the admitted members of a zip archive; stop at a bomb."""
    policy = MemberPolicy(path, budget)
    yield from _unread_methods(infos, path)
    for info in infos:
        name = member_name(info)
        yield from policy.check(name, link=stat.S_ISLNK(info.external_attr >> 16))
        if policy.is_exhausted:
            return
        if not policy.admits_member or _is_unread_method(info):
            continue
        member = _extract_member(archive, info, f"{path}/{name}", budget)
        yield member
        if isinstance(member, Problem) and member.code == "bomb":
            return


def _is_unread_method(info: zipfile.ZipInfo) -> bool:
    """Whether a member without a password is packed by a method that Python does not read."""
    return not info.flag_bits & 1 and info.compress_type not in _READ_METHODS


def _unread_methods(infos: list[zipfile.ZipInfo], path: str) -> Iterator[Problem]:
    """Yield one finding on the members that are packed by methods that are not read here."""
    unread = list(filter(_is_unread_method, infos))
    methods = dict.fromkeys(
        _METHOD_NAMES.get(info.compress_type, f"第{info.compress_type}号方法") for info in unread
    )
    if unread:
        names = "、".join(methods)
        found = f"包内{len(unread)}个文件用{names}压缩，未能解开，请用通常的zip方法重新打包"
        yield make_file_problem("needs_manual", path, "通常的压缩方法（Deflate）", found)


@dataclass
class MemberPolicy:
    """Validates archive member names before extraction, for all archive formats.

    ``admits_member`` is whether the member checked last may be read, ``is_exhausted`` whether the
    budget of files is used up.
    """

    path: str
    budget: UnpackBudget
    admits_member: bool = False
    is_exhausted: bool = False
    _seen_names: set[str] = field(default_factory=set)

    def check(self, name: str, *, link: bool) -> Iterator[Problem]:
        """Yield the findings on a member's name."""
        self.admits_member = False
        if is_system_file(name) and not is_partial_file(name):
            return
        if self.budget.files_left <= 0:
            self.is_exhausted = True
            limit = f"一件不超过{MAX_MESSAGE_FILES}个文件"
            yield make_file_problem("too_many_files", self.path, limit, "超出")
            return
        self.budget.files_left -= 1
        for problem in check_filename(name):
            yield problem.in_file(f"{self.path}/{name}")
        if link or escapes_folder(name):
            code, expected = "path_escape", "包内的相对路径"
            if link:
                code, expected = "symlink", "普通文件"
            yield make_file_problem(code, self.path, expected, quote_for_finding(name, 40))
            return
        normalized_name = unicodedata.normalize("NFKC", name).casefold()
        if normalized_name in self._seen_names:
            yield make_file_problem(
                "duplicate_entry", self.path, "包内文件各不同名", quote_for_finding(name, 40)
            )
        self.admits_member = normalized_name not in self._seen_names
        self._seen_names.add(normalized_name)


def member_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member: UTF-8 if declared or added, else with a guessed encoding."""
    # zipfile cuts a name at its first NUL; the text after it must be checked too.
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
            name = _added_name(info.extra, raw) or decode_undeclared(raw) or name
        except UnicodeEncodeError:
            pass
    return name.replace("\\", "/")


def _added_name(extra: bytes, raw_name: bytes) -> str:
    """Return the name in the Unicode Path field of a member, ``""`` where it fits no raw name."""
    checksum = struct.pack("<I", zlib.crc32(raw_name))
    position = 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, position)
        start, position = position + 4, position + 4 + size
        if kind == _UNICODE_PATH and extra[start + 1 : start + 5] == checksum:
            return extra[start + 5 : position].decode("utf-8", errors="replace")
    return ""


def _extract_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, budget: UnpackBudget
) -> ArchiveMember | Problem:
    """Extract a member if its sizes are acceptable, else return a finding."""
    if info.flag_bits & 1:
        return make_file_problem("encrypted", path, "无密码的文件", "有密码")
    finding = check_declared_size(path, info.file_size, info.compress_size, budget)
    if finding:
        return finding
    try:
        data = read_member(archive, info)
    except CORRUPT_ZIP_ERRORS:
        if _exceeds_declared_size(archive, info):
            return make_file_problem("bomb", path, "大小与声明相符", "解开后超过声明的大小")
        return make_file_problem("corrupt", path, "完整的文件", "校验不符或不完整")
    budget.bytes_left -= len(data)
    return ArchiveMember(path, data)


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a member as :meth:`zipfile.ZipFile.read` does, which reads piece by piece in Python.

    Raises
    ------
    zipfile.BadZipFile
        When it is broken; ``CORRUPT_ZIP_ERRORS`` lists other exceptions.
    """
    found = _read_whole(archive, info)
    return archive.read(info) if found is None else found


def _read_whole(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """Return a member of the usual kind that is without fault, ``None`` for any other."""
    is_stored = info.compress_type == zipfile.ZIP_STORED
    is_usual = is_stored or info.compress_type == zipfile.ZIP_DEFLATED
    if not is_usual or info.flag_bits & ~_USUAL_FLAGS or not isinstance(archive.fp, io.BytesIO):
        return None
    data = archive.fp.getvalue()  # shared with what it was opened from, not a copy
    try:
        packed = _packed_bytes(data, info)
        if is_stored:
            return _checked(bytes(packed), info.file_size, info.CRC)
        is_shared = info.file_size in _SHARED_SIZES
        inflate = _inflate_shared if is_shared else _inflate
        return inflate(bytes(packed) if is_shared else packed, info.file_size, info.CRC)
    except CORRUPT_ZIP_ERRORS:
        return None


def _inflate(packed: bytes | memoryview, size: int, crc: int) -> bytes | None:
    """Return what deflated bytes hold, ``None`` where size or checksum are others."""
    return _checked(zlib.decompressobj(-15).decompress(packed, max(size, 1)), size, crc)


_inflate_shared = lru_cache(maxsize=8)(_inflate)
"""The same for parts that many files have in common, such as the styles of one template."""


def _checked(content: bytes, size: int, crc: int) -> bytes | None:
    return content if len(content) == size and zlib.crc32(content) == crc else None


def _packed_bytes(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    """Return the bytes of a member as packed; raise ``ValueError`` if its two headers differ."""
    start = info.header_offset
    magic, flags, name_size, extra_size = _LOCAL_HEADER.unpack_from(data, start)
    name_start = start + _LOCAL_HEADER.size
    name = data[name_start : name_start + name_size].decode("utf-8" if flags & 0x800 else "cp437")
    if start < 0 or magic != b"PK\3\4" or name != info.orig_filename:
        raise ValueError("header")
    body = name_start + name_size + extra_size
    return memoryview(data)[body : body + info.compress_size]


def check_declared_size(
    path: str, size: int, compressed: int, budget: UnpackBudget
) -> Problem | None:
    """Return a finding if a member exceeds the budget by its declared sizes."""
    is_bomb = size > MIN_BOMB_BYTES and size > MAX_EXPANSION_RATIO * max(compressed, 1)
    if is_bomb or size > budget.bytes_left:
        limit = f"解开后不超过{MAX_MESSAGE_BYTES // 10**6}MB且倍数正常"
        return make_file_problem("bomb", path, limit, "异常膨胀")
    if size > MAX_MEMBER_BYTES:
        return make_file_problem(
            "too_large", path, f"不超过{MAX_MEMBER_BYTES // 10**6}MB", f"{size:,}字节"
        )
    return None


def have_overlapping_members(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether members share bytes of the archive, as in a non-recursive zip bomb."""
    spans = sorted((info.header_offset, info.compress_size) for info in infos)
    ends = (start + _LOCAL_HEADER_BYTES + size for start, size in spans)
    return any(end > next_start for end, (next_start, _) in zip(ends, spans[1:], strict=False))


def _exceeds_declared_size(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether a member inflates to more than its declared size; stops one byte after it."""
    stream = archive.fp
    if stream is None or info.compress_type != zipfile.ZIP_DEFLATED:
        return False
    try:
        stream.seek(info.header_offset)
        header = struct.unpack("<4s22xHH", stream.read(_LOCAL_HEADER_BYTES))
        stream.seek(header[1] + header[2], io.SEEK_CUR)
        compressed = stream.read(info.compress_size)
        return (
            len(zlib.decompressobj(-15).decompress(compressed, info.file_size + 1)) > info.file_size
        )
    except CORRUPT_ZIP_ERRORS:
        return False


def make_file_problem(code: str, path: str, expected: str, found: str) -> Problem:
    """Return a problem in a file of the message."""
    return Problem(code=code, expected=expected, found=found, path=path)


class TooManyEntries(Exception):
    """An archive whose central directory alone would exhaust the memory; caught inside intake."""


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open a zip file after checking the size of its central directory.

    Raises
    ------
    TooManyEntries
        When the central directory is too large.
    zipfile.BadZipFile
        When it is no zip file; ``CORRUPT_ZIP_ERRORS`` lists other exceptions of broken files.
    """
    if _directory_bytes(data) > MAX_DIRECTORY_BYTES:
        raise TooManyEntries
    return zipfile.ZipFile(io.BytesIO(data))


def _directory_bytes(data: bytes) -> int:
    """Return the declared size of the central directory, read where zipfile reads it."""
    end = data.rfind(_END_RECORD)
    has_zip64 = data[max(end - 20, 0) : max(end, 0)].startswith(b"PK\6\7")
    zip64_end = data.rfind(b"PK\6\6", 0, end) if has_zip64 else -1
    for position, layout, offset in ((zip64_end, "<Q", 40), (end, "<I", 12)):
        if position >= 0 and len(data) >= position + offset + 8:
            size = int(struct.unpack_from(layout, data, position + offset)[0])
            return size if size <= len(data) else 0
    return 0
