"""List the files of the inbox and number its messages."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kjfp_helpers.core.errors import InboxError, os_error_reason
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.mail.message import collection_spans, is_message_name, read_headers


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A message or a loose file in the inbox.

    ``arrival_time`` is when it was received, else sent, ``None`` if it does not say; ``span`` are
    the offsets of a message in a mail collection.
    """

    path: Path
    name: str
    sha256: str
    arrival_time: datetime | None
    is_message: bool
    span: tuple[int, int] | None = None

    def read(self) -> bytes:
        """Return the bytes of the message or file."""
        if self.span is None:
            return self.path.read_bytes()
        start, end = self.span
        with self.path.open("rb") as stream:
            stream.seek(start)
            return stream.read(end - start)

    @property
    def sort_key(self) -> tuple[bool, float, str]:
        """Order of receipt numbers: by arrival time, entries without one last, then by name."""
        if self.arrival_time is None:
            return True, 0.0, self.name
        return False, self.arrival_time.timestamp(), self.name


def list_inbox(inbox: Path) -> dict[str, Path]:
    """Return the files of the inbox by name: ``inbox/...`` in printable characters.

    Hidden files (name begins with a dot) are ignored.

    Raises
    ------
    InboxError
        When the inbox is missing, empty, or contains links or special files.
    """
    where = f"{inbox.parent.name}/inbox"
    if not inbox.is_dir():
        found = "是文件而不是文件夹" if inbox.exists() else "没有找到"
        raise InboxError(
            where,
            expected="收件文件夹",
            found=found,
            advice="建立此文件夹并放入邮件（.eml），或先运行 kjfp rehearse 生成演练轮次",
        )
    paths = {_printable_name(path.relative_to(inbox.parent)): path for path in inbox.rglob("*")}
    visible = {name: path for name, path in sorted(paths.items()) if "/." not in name}
    special = [name for name, path in visible.items() if not _is_regular(path)]
    if special:
        raise InboxError(
            "、".join(special[:5]),
            expected="邮件原件",
            found="链接或特殊文件",
            advice="把原件复制到收件文件夹，并移走该链接",
        )
    files = {name: path for name, path in visible.items() if path.is_file()}
    if not files:
        raise InboxError(
            where,
            expected="至少一封邮件（.eml）",
            found="文件夹为空",
            advice="把收到的邮件另存为 .eml 放入此文件夹",
        )
    return files


def read_original(files: Mapping[str, Path], name: str) -> bytes | None:
    """Return the bytes of a message as received, ``None`` if it is missing.

    Parameters
    ----------
    files : Mapping
        The files of :func:`list_inbox`.
    name : str
        Name of a message, possibly of a message in a mail collection.
    """
    if name in files:
        return files[name].read_bytes()
    collection = name.rpartition("/")[0]
    if collection not in files:
        return None
    data = files[collection].read_bytes()
    span = collection_spans(data, collection).get(name)
    return data[span[0] : span[1]] if span else None


def scan_inbox(inbox: Path) -> list[InboxEntry]:
    """Return the entries of the inbox, the messages of mail collections as separate entries.

    Raises
    ------
    InboxError
        As :func:`list_inbox`, and when a file cannot be read.
    """
    files = list_inbox(inbox).items()
    return [entry for name, path in files for entry in _scan_file(path, name)]


def assign_receipts(entries: Sequence[InboxEntry], receipts: Mapping[str, int]) -> dict[str, int]:
    """Return the receipt number of every SHA-256; new ones follow the highest known number."""
    numbers = {
        entry.sha256: receipts[entry.sha256] for entry in entries if entry.sha256 in receipts
    }
    last_number = max(receipts.values(), default=0)
    for entry in sorted(entries, key=lambda entry: entry.sort_key):
        if entry.sha256 not in numbers:
            last_number += 1
            numbers[entry.sha256] = last_number
    return numbers


def _is_regular(path: Path) -> bool:
    return not path.is_symlink() and (path.is_file() or path.is_dir())


def _printable_name(path: Path) -> str:
    """Return a path with unprintable characters and undecodable bytes escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in path.as_posix()
    )


def _scan_file(path: Path, name: str) -> list[InboxEntry]:
    """Return the entries of one file, several for a mail collection."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InboxError(
            name, expected="可读取的文件", found=os_error_reason(error), advice="检查文件权限"
        ) from error
    spans = collection_spans(data, name)
    if not spans:
        return [_make_entry(path, name, data, None)]
    return [
        _make_entry(path, message_name, data[start:end], (start, end))
        for message_name, (start, end) in spans.items()
    ]


def _make_entry(path: Path, name: str, data: bytes, span: tuple[int, int] | None) -> InboxEntry:
    arrival_time = None
    is_message = is_message_name(name)
    if is_message:
        try:
            arrival_time = read_headers(data).arrival_time
        except Exception as error:
            # Unparsable headers have no time; the message itself is reported later.
            warn_internal_error(error)
    return InboxEntry(path, name, hashlib.sha256(data).hexdigest(), arrival_time, is_message, span)
