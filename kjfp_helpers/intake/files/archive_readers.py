"""Unpack archives by format: zip directly, 7z and rar in memory in the sandbox."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.charset_detection import decode_undeclared
from kjfp_helpers.intake.common.resource_limits import (
    MAX_DIRECTORY_BYTES,
    MAX_MEMBER_BYTES,
    MAX_MESSAGE_FILES,
)
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.files.zip_archives import (
    ArchiveMember,
    MemberPolicy,
    UnpackBudget,
    check_declared_size,
    make_file_problem,
    unpack_zip,
)

MAX_SOLID_BYTES = 150_000_000
"""All files of a 7z or rar archive together; these are unpacked as a whole."""
LARGE_ARCHIVE_BYTES = 20_000_000
"""From this size on an archive that cannot be unpacked is called too large instead of a bomb."""
_RAR_UNICODE_FLAG = 0x200
"""Flag of an old rar entry whose name is Unicode already."""
_RAR5_VERSION = 50
"""Format version from which all names are UTF-8."""
INSTALL_ADVICE = "安装 unar（apt-get install unar）后重新收件，或请人工解压后放入收件文件夹"


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """A member as read by the sandbox; ``data`` is ``None`` where it was not unpacked."""

    name: str
    size: int
    compressed: int
    is_link: bool
    is_encrypted: bool
    data: bytes | None = None
    is_broken: bool = False


def unpack_archive(
    kind: str, data: bytes, path: str, budget: UnpackBudget
) -> Iterator[ArchiveMember | Problem]:
    """Yield the files of a zip, 7z or rar file, a finding for each that is refused."""
    if kind == "zip":
        yield from unpack_zip(data, path, budget)
        return
    try:
        read = read_7z if kind == "7z" else read_rar
        entries = run_sandboxed(read, data, min(budget.bytes_left, MAX_SOLID_BYTES))
    except SandboxLimitExceeded:
        # A large archive of photographs may exceed the sandbox's memory; a small one is a bomb.
        code = "too_large" if len(data) > LARGE_ARCHIVE_BYTES else "bomb"
        yield make_file_problem(code, path, "正常大小的压缩文件", "解压超时或超出内存")
        return
    except SandboxedCallFailed as error:
        yield _failure_finding(kind, path, str(error))
        return
    if not entries:
        yield make_file_problem("empty", path, "有内容的压缩文件", "没有文件")
    yield from _admit_entries(entries, path, budget)


def _admit_entries(
    entries: list[ArchiveEntry], path: str, budget: UnpackBudget
) -> Iterator[ArchiveMember | Problem]:
    """Yield the admitted members of an unpacked archive, and findings on the others."""
    policy = MemberPolicy(path, budget)
    for entry in entries:
        yield from policy.check(entry.name, link=entry.is_link)
        if policy.is_exhausted:
            return
        if policy.admits_member:
            member = _admit_entry(entry, f"{path}/{entry.name}", budget)
            yield member
            if isinstance(member, Problem) and member.code == "bomb":
                return


def _admit_entry(entry: ArchiveEntry, path: str, budget: UnpackBudget) -> ArchiveMember | Problem:
    """Return a member if its size and state are acceptable, else a finding."""
    if entry.is_encrypted:
        return make_file_problem("encrypted", path, "无密码的文件", "有密码")
    finding = check_declared_size(path, entry.size, entry.compressed, budget)
    if finding:
        return finding
    if entry.is_broken:
        return make_file_problem("corrupt", path, "完整的文件", "校验不符或不完整")
    if entry.data is None:
        return make_file_problem(
            "needs_manual", path, "可自动解压的文件", f"未能解压（{INSTALL_ADVICE}）"
        )
    budget.bytes_left -= len(entry.data)
    return ArchiveMember(path, entry.data)


def _failure_finding(kind: str, path: str, error_names: str) -> Problem:
    """Return the finding for the error that stopped the unpacking."""
    if "Password" in error_names or "Encrypt" in error_names:
        return make_file_problem("encrypted", path, "无密码的压缩文件", "有密码")
    if "Exec" in error_names or "Unsupported" in error_names:
        return make_file_problem(
            "needs_manual", path, "可自动解压的文件", f"{kind}未能解压（{INSTALL_ADVICE}）"
        )
    return make_file_problem("corrupt", path, "可打开的压缩文件", "无法打开或不完整")


def read_7z(data: bytes, limit: int) -> list[ArchiveEntry]:
    """Unpack a 7z archive whose declared sizes are within limits; runs in the sandbox."""
    import py7zr

    with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
        if archive.needs_password():
            raise py7zr.PasswordRequired
        file_infos = [info for info in archive.list() if not info.is_directory]
        links = {info.filename for info in archive.files if info.is_symlink}
        total_bytes = sum(info.uncompressed or 0 for info in file_infos)
        factory = py7zr.io.BytesIOFactory(MAX_MEMBER_BYTES)
        within_limits = len(file_infos) <= 10 * MAX_MESSAGE_FILES and total_bytes <= min(
            limit, 200 * len(data) + 10**6
        )
        if within_limits:
            archive.extract(factory=factory)
    if not within_limits and len(file_infos) <= MAX_MESSAGE_FILES:
        raise MemoryError
    return [_entry_of_7z(info, factory, links, within_limits) for info in file_infos]


def _entry_of_7z(info: Any, factory: Any, links: set[str], was_extracted: bool) -> ArchiveEntry:
    """Convert a member of a 7z archive to an entry."""
    stream = factory.products.get(info.filename) if was_extracted else None
    if stream is not None:
        stream.seek(0)
    data = stream.read() if stream is not None else None
    name = info.filename.replace("\\", "/")
    return ArchiveEntry(
        name, info.uncompressed or 0, info.uncompressed or 0, name in links, False, data
    )


def read_rar(data: bytes, limit: int) -> list[ArchiveEntry]:
    """Unpack a rar archive whose declared sizes are within limits; runs in the sandbox."""
    if len(data) > MAX_DIRECTORY_BYTES * 50:
        raise MemoryError
    return read_rar_file(io.BytesIO(data), limit)


def read_rar_file(source: io.BytesIO | str, limit: int) -> list[ArchiveEntry]:
    """Unpack an open rar archive, or that of a path with the volumes that lie beside it."""
    import rarfile

    entries = []
    with rarfile.RarFile(source) as archive:
        if archive.needs_password() and not archive.infolist():
            raise rarfile.PasswordRequired
        if not archive.infolist():
            raise rarfile.BadRarFile  # even an empty folder is an entry
        for info in archive.infolist():
            if info.is_dir():
                continue
            size = info.file_size or 0
            compressed = info.compress_size or 0
            is_encrypted, is_link = bool(info.needs_password()), bool(info.is_symlink())
            name = _rar_member_name(info)
            is_readable = not is_encrypted and not is_link and size <= min(limit, MAX_MEMBER_BYTES)
            content, is_broken = None, False
            if is_readable:
                content, is_broken = _read_rar_member(archive, info)
            limit -= len(content or b"")
            entries.append(
                ArchiveEntry(name, size, compressed, is_link, is_encrypted, content, is_broken)
            )
    return entries


def _rar_member_name(info: Any) -> str:
    """Return the name of a member; old archives store it in the packer's local encoding."""
    raw = getattr(info, "orig_filename", None)
    is_old = (info.extract_version or 0) < _RAR5_VERSION
    is_local_encoding = is_old and isinstance(raw, bytes) and not info.flags & _RAR_UNICODE_FLAG
    name = (decode_undeclared(raw) if is_local_encoding and raw else None) or info.filename
    return str(name).replace("\\", "/")


def _read_rar_member(archive: Any, info: Any) -> tuple[bytes | None, bool]:
    """Return the bytes of a member, ``None`` if not unpacked, and whether it is broken."""
    import rarfile

    try:
        content: bytes = archive.read(info)
    except (rarfile.RarCannotExec, rarfile.NoCrypto):
        return None, False
    except rarfile.Error:
        return None, True  # one broken member does not spoil the others
    return content, False
