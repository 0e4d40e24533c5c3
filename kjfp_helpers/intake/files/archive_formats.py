"""7z and rar files, unpacked in memory in the guarded process; every archive by its format."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.findings import Finding
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
    make_file_finding,
    unpack_zip,
)

MAX_SOLID_BYTES = 150_000_000
"""All files of a 7z or rar file together; both are unpacked as a whole."""
LARGE_ARCHIVE_BYTES = 20_000_000
"""An archive from this size on that cannot be unpacked is called too large, not a bomb."""
_RAR_UNICODE = 0x200
"""Flag of an old rar entry whose name is Unicode already."""
_RAR5 = 50
"""Version from which on every name is UTF-8."""
INSTALL_ADVICE = "安装 unar（apt-get install unar）后重新收件，或请人工解压后放入收件文件夹"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member before it is looked at; ``data`` is ``None`` where it was not unpacked."""

    name: str
    size: int
    packed: int
    link: bool
    locked: bool
    data: bytes | None = None
    broken: bool = False


def unpack_archive(
    kind: str, data: bytes, path: str, budget: UnpackBudget
) -> Iterator[ArchiveMember | Finding]:
    """Yield the files of a zip, 7z or rar file, a finding for each that is refused."""
    if kind == "zip":
        yield from unpack_zip(data, path, budget)
        return
    try:
        read = read_7z if kind == "7z" else read_rar
        entries = run_sandboxed(read, data, min(budget.bytes_left, MAX_SOLID_BYTES))
    except SandboxLimitExceeded:
        # A large archive of photographs may fill the helper process; a small one has no right to.
        code = "too_large" if len(data) > LARGE_ARCHIVE_BYTES else "bomb"
        yield make_file_finding(code, path, "正常大小的压缩文件", "解压超时或超出内存")
        return
    except SandboxedCallFailed as error:
        yield _failure(kind, path, str(error))
        return
    if not entries:
        yield make_file_finding("empty", path, "有内容的压缩文件", "没有文件")
    yield from _enter(entries, path, budget)


def _enter(
    entries: list[_Entry], path: str, budget: UnpackBudget
) -> Iterator[ArchiveMember | Finding]:
    door = MemberPolicy(path, budget)
    for entry in entries:
        yield from door.check(entry.name, link=entry.link)
        if door.is_exhausted:
            return
        if door.admits_member:
            item = _admit(entry, f"{path}/{entry.name}", budget)
            yield item
            if isinstance(item, Finding) and item.code == "bomb":
                return


def _admit(entry: _Entry, path: str, budget: UnpackBudget) -> ArchiveMember | Finding:
    if entry.locked:
        return make_file_finding("encrypted", path, "无密码的文件", "有密码")
    refused = check_declared_size(path, entry.size, entry.packed, budget)
    if refused:
        return refused
    if entry.broken:
        return make_file_finding("corrupt", path, "完整的文件", "校验不符或不完整")
    if entry.data is None:
        return make_file_finding(
            "needs_manual", path, "可自动解压的文件", f"未能解压（{INSTALL_ADVICE}）"
        )
    budget.bytes_left -= len(entry.data)
    return ArchiveMember(path, entry.data)


def _failure(kind: str, path: str, name: str) -> Finding:
    if "Password" in name or "Encrypt" in name:
        return make_file_finding("encrypted", path, "无密码的压缩文件", "有密码")
    if "Exec" in name or "Unsupported" in name:
        return make_file_finding(
            "needs_manual", path, "可自动解压的文件", f"{kind}未能解压（{INSTALL_ADVICE}）"
        )
    return make_file_finding("corrupt", path, "可打开的压缩文件", "无法打开或不完整")


def read_7z(data: bytes, limit: int) -> list[_Entry]:
    """Unpack a 7z file whose declared sizes are sane; runs in the guarded process."""
    import py7zr

    with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
        if archive.needs_password():
            raise py7zr.PasswordRequired
        listed = [one for one in archive.list() if not one.is_directory]
        links = {one.filename for one in archive.files if one.is_symlink}
        sizes = sum(one.uncompressed or 0 for one in listed)
        factory = py7zr.io.BytesIOFactory(MAX_MEMBER_BYTES)
        sane = len(listed) <= 10 * MAX_MESSAGE_FILES and sizes <= min(
            limit, 200 * len(data) + 10**6
        )
        if sane:
            archive.extract(factory=factory)
    if not sane and len(listed) <= MAX_MESSAGE_FILES:
        raise MemoryError
    return [_sevenzip_entry(one, factory, links, sane) for one in listed]


def _sevenzip_entry(one: Any, factory: Any, links: set[str], sane: bool) -> _Entry:
    stream = factory.products.get(one.filename) if sane else None
    if stream is not None:
        stream.seek(0)
    data = stream.read() if stream is not None else None
    name = one.filename.replace("\\", "/")
    return _Entry(name, one.uncompressed or 0, one.uncompressed or 0, name in links, False, data)


def read_rar(data: bytes, limit: int) -> list[_Entry]:
    """Unpack a rar file whose declared sizes are sane; runs in the guarded process."""
    import rarfile

    if len(data) > MAX_DIRECTORY_BYTES * 50:
        raise MemoryError
    entries = []
    with rarfile.RarFile(io.BytesIO(data)) as archive:
        if archive.needs_password() and not archive.infolist():
            raise rarfile.PasswordRequired
        if not archive.infolist():
            raise rarfile.BadRarFile  # even an empty folder is an entry
        for info in archive.infolist():
            if info.is_dir():
                continue
            size, packed = info.file_size or 0, info.compress_size or 0
            locked, link = bool(info.needs_password()), bool(info.is_symlink())
            name = _rar_name(info)
            wanted = not locked and not link and size <= min(limit, MAX_MEMBER_BYTES)
            content, broken = _rar_member(archive, info) if wanted else (None, False)
            limit -= len(content or b"")
            entries.append(_Entry(name, size, packed, link, locked, content, broken))
    return entries


def _rar_name(info: Any) -> str:
    """Return a member's name; old archives hold it in the charset of the one who packed it."""
    raw = getattr(info, "orig_filename", None)
    old = (info.extract_version or 0) < _RAR5
    plain = old and isinstance(raw, bytes) and not info.flags & _RAR_UNICODE
    name = (decode_undeclared(raw) if plain and raw else None) or info.filename
    return str(name).replace("\\", "/")


def _rar_member(archive: Any, info: Any) -> tuple[bytes | None, bool]:
    """Return a member's bytes, none without an unpacking program, and whether it is broken."""
    import rarfile

    try:
        content: bytes = archive.read(info)
    except (rarfile.RarCannotExec, rarfile.NoCrypto):
        return None, False
    except rarfile.Error:
        return None, True  # one broken member does not spoil the others
    return content, False
