"""List the files of the inbox and number its messages."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kjfp_helpers.core.errors import InboxError, os_error_reason
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.code_version import hash_texts
from kjfp_helpers.infra.process_pool import map_in_threads
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.mail.mail_collection import collection_spans, may_be_collection


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
    paths = {printable_name(path.relative_to(inbox.parent)): path for path in inbox.rglob("*")}
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


def list_unregistered(inbox: Path, registered: Iterable[str]) -> list[str]:
    """Return the names of the files of the inbox of which no message is registered.

    ``registered`` are names of messages; those of a mail collection begin with its name.

    Raises
    ------
    InboxError
        As :func:`list_inbox`.
    """
    known = set(registered)
    known |= {name.rpartition("/")[0] for name in known}
    return [name for name in list_inbox(inbox) if name not in known]


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


def scan_inbox(
    inbox: Path, known: Container[str] = (), hashes: Mapping[str, str] | None = None
) -> list[InboxEntry]:
    """Return the entries of the inbox, the messages of mail collections as separate entries.

    Those whose SHA-256 is ``known`` have a number; when they came is not looked up. ``hashes`` are
    those of :func:`hash_inbox`; of a file that has one there only the first bytes are read.

    Raises
    ------
    InboxError
        As :func:`list_inbox`, and when a file cannot be read.
    """
    files = list_inbox(inbox).items()
    hashes = hashes or {}
    return [
        entry
        for name, path in files
        for entry in _scan_file(path, name, known, hashes.get(name, ""))
    ]


def hash_inbox(inbox: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the inbox by its name.

    Raises
    ------
    InboxError
        As :func:`list_inbox`, and when a file cannot be read.
    """
    files = list_inbox(inbox)
    return dict(zip(files, map_in_threads(_hash_file, files, files.values()), strict=True))


def _hash_file(name: str, path: Path) -> str:
    with _readable(name):
        return sha256_file(path)


def digest_inbox(hashes: Mapping[str, str]) -> str:
    """Return one hash over names and contents of the inbox, by :func:`hash_inbox`."""
    return hash_texts([f"{sha256}  {name}" for name, sha256 in hashes.items()])


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


def printable_name(path: Path) -> str:
    """Return a path with unprintable characters and undecodable bytes escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in path.as_posix()
    )


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Translate a failed read of a file of the inbox."""
    try:
        yield
    except OSError as error:
        raise InboxError(
            name, expected="可读取的文件", found=os_error_reason(error), advice="检查文件权限"
        ) from error


def _scan_file(path: Path, name: str, known: Container[str], sha256: str) -> list[InboxEntry]:
    """Return the entries of one file, several for a mail collection."""
    from kjfp_helpers.intake.mail.message import MAX_HEADER_BYTES

    with _readable(name), path.open("rb") as stream:
        data = stream.read(MAX_HEADER_BYTES if sha256 else -1)
        if sha256 and may_be_collection(data, name):
            data += stream.read()
    spans = collection_spans(data, name)
    if not spans:
        return [_make_entry(path, name, data, None, known, sha256)]
    return [
        _make_entry(path, message_name, data[start:end], (start, end), known)
        for message_name, (start, end) in spans.items()
    ]


def _make_entry(
    path: Path,
    name: str,
    data: bytes,
    span: tuple[int, int] | None,
    known: Container[str],
    sha256: str = "",
) -> InboxEntry:
    """Return the entry of a message or file; with its hash, its first bytes will do."""
    from kjfp_helpers.intake.mail.message import is_message_name, read_headers

    arrival_time, sha256 = None, sha256 or hashlib.sha256(data).hexdigest()
    is_message = is_message_name(name)
    if is_message and sha256 not in known:
        try:
            arrival_time = read_headers(data).arrival_time
        except Exception as error:
            # Unparsable headers have no time; the message itself is reported later.
            warn_internal_error(error)
    return InboxEntry(path, name, sha256, arrival_time, is_message, span)
