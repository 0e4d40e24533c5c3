"""The whole inbox: every file in it gets a number, is read once, and never stops the rest."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kjfp_helpers.core.errors import InboxError, KjfpError, os_error_reason
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Intake, Mail, Record
from kjfp_helpers.intake.common import sandbox
from kjfp_helpers.intake.common.internal_errors import warn_internal_error
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.mail.message import collection_spans, read_headers
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport, MessageRef
from kjfp_helpers.rules import Round

ProgressCallback = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the inbox; ``clock`` is when it was received, else sent, if it says so."""

    path: Path
    name: str
    sha256: str
    clock: datetime | None
    letter: bool
    span: tuple[int, int] | None = None
    """Where a message of a mail collection begins and ends."""

    def read(self) -> bytes:
        """Return the bytes of the message."""
        if self.span is None:
            return self.path.read_bytes()
        with self.path.open("rb") as stream:
            stream.seek(self.span[0])
            return stream.read(self.span[1] - self.span[0])

    @property
    def order(self) -> tuple[bool, float, str]:
        return self.clock is None, self.clock.timestamp() if self.clock else 0.0, self.name


def read_inbox(
    round: Round, receipts: Mapping[str, int], store: Path, tick: ProgressCallback = _silent
) -> Intake:
    """Read all that arrived (clause 四) and put copies of the attachments in ``store``.

    Parameters
    ----------
    round : Round
        The round; its ``inbox`` holds .eml files, and loose files delivered by hand.
    receipts : Mapping
        SHA-256 of a message to the number it already has; new ones get the next numbers in
        order of received (else sent) time, then of path. A second copy of the same bytes keeps
        the number of the first.
    store : Path
        Folder of copies, replaced as a whole: ``<unit or unknown>/<receipt>-<nn>-<name>``.
        ``File.stored`` and ``Picture.stored`` begin with ``materials``. Archives are not copied,
        their members are.
    tick : callable
        Called with how many messages are done and how many there are.

    Raises
    ------
    InboxError
        When the inbox is missing, empty, or holds a file that the system will not open.
    OutputError
        When ``store`` cannot be written.
    """
    files = list_inbox(round.inbox).items()
    found = [one for name, path in files for one in _glance(path, name)]
    numbers = _number(found, receipts)
    shelves = MaterialStore(store)
    reader = _Reader(round, SenderMatcher(round.units), shelves)
    try:
        # Of two names for the same bytes the shorter is the original: a.eml, then a-copy.eml.
        ordered = sorted(found, key=lambda one: (numbers[one.sha256], len(one.name), one.name))
        for done, one in enumerate(ordered, start=1):
            reader.open(one, numbers[one.sha256])
            tick(done, len(ordered))
        reader.close()
    except BaseException:
        shelves.rollback()
        raise
    finally:
        sandbox.close_sandbox()
    shelves.commit()
    return Intake(
        mails=tuple(reader.mails), records=tuple(reader.records), loose=tuple(reader.loose)
    )


def list_inbox(inbox: Path) -> dict[str, Path]:
    """Return the files of the inbox by name: ``inbox/...`` with every sign printable.

    Hidden files (name begins with a dot) are left alone.

    Raises
    ------
    InboxError
        When the inbox is missing, empty, or holds links or other things that are no files.
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
    entries = {_printable(path.relative_to(inbox.parent)): path for path in inbox.rglob("*")}
    shown = {name: path for name, path in sorted(entries.items()) if "/." not in name}
    strange = [name for name, path in shown.items() if not _plain(path)]
    if strange:
        raise InboxError(
            "、".join(strange[:5]),
            expected="邮件原件",
            found="链接或特殊文件",
            advice="把原件复制到收件文件夹，并移走该链接",
        )
    files = {name: path for name, path in shown.items() if path.is_file()}
    if not files:
        raise InboxError(
            where,
            expected="至少一封邮件（.eml）",
            found="文件夹为空",
            advice="把收到的邮件另存为 .eml 放入此文件夹",
        )
    return files


def _plain(path: Path) -> bool:
    return not path.is_symlink() and (path.is_file() or path.is_dir())


def _printable(path: Path) -> str:
    """Return a path as text that any file can hold; bytes that are no text are spelt out."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in path.as_posix()
    )


def read_original(files: Mapping[str, Path], name: str) -> bytes | None:
    """Return the bytes of a message as it arrived, ``None`` when it is gone.

    ``files`` are those of ``list_inbox``; ``name`` may be that of a message of a collection.
    """
    if name in files:
        return files[name].read_bytes()
    collection = name.rpartition("/")[0]
    if collection not in files:
        return None
    data = files[collection].read_bytes()
    span = collection_spans(data, collection).get(name)
    return data[span[0] : span[1]] if span else None


def _glance(path: Path, name: str) -> list[_Found]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InboxError(
            name, expected="可读取的文件", found=os_error_reason(error), advice="检查文件权限"
        ) from error
    letters = collection_spans(data, name)
    if not letters:
        return [_found(path, name, data, None)]
    return [
        _found(path, one, data[start:end], (start, end)) for one, (start, end) in letters.items()
    ]


def _found(path: Path, name: str, data: bytes, span: tuple[int, int] | None) -> _Found:
    clock, letter = None, name.lower().endswith(".eml")
    if letter:
        try:
            clock = read_headers(data).arrival_time
        except Exception as error:
            # A header that no parser survives has no time; the message itself is reported later.
            warn_internal_error(error)
    return _Found(path, name, hashlib.sha256(data).hexdigest(), clock, letter, span)


def _number(found: list[_Found], receipts: Mapping[str, int]) -> dict[str, int]:
    """Return the receipt number of every hash, new ones after the highest known."""
    numbers = {one.sha256: receipts[one.sha256] for one in found if one.sha256 in receipts}
    last = max(receipts.values(), default=0)
    for one in sorted(found, key=lambda item: item.order):
        if one.sha256 not in numbers:
            last += 1
            numbers[one.sha256] = last
    return numbers


class _Reader:
    """Reads messages in order of receipt and knows those that come twice."""

    def __init__(self, round: Round, senders: SenderMatcher, store: MaterialStore) -> None:
        self._round, self._senders, self._store = round, senders, store
        self._opened: set[str] = set()
        self._waiting: list[MessageImport | MessageRef] = []
        self._bytes: dict[str, Mail] = {}
        self._letters: dict[tuple[str, tuple[str, ...]], Mail] = {}
        self.mails: list[Mail] = []
        self.records: list[Record] = []
        self.loose: list[Record] = []

    def open(self, found: _Found, receipt: int) -> None:
        """Read one file of the inbox."""
        envelope = MessageRef(receipt, found.name, found.sha256)
        if found.sha256 in self._opened:
            self._waiting.append(envelope)
            return
        delivery = MessageImport(self._round, self._senders, self._store, envelope)
        _fill(delivery, found)
        self._opened.add(found.sha256)
        self._waiting.append(delivery)

    def close(self) -> None:
        """Have the old files converted in one batch, then name units and find second copies."""
        names = [
            name
            for one in self._waiting
            if isinstance(one, MessageImport)
            for name in one.pending_conversions
        ]
        with self._store.scratch_dir() as folder:
            made = convert_to_docx({name: self._store.pending_path(name) for name in names}, folder)
            for one in self._waiting:
                if isinstance(one, MessageImport):
                    one.apply_conversions(made)
        for one in self._waiting:
            self.mails.append(self._close(one))

    def _close(self, one: MessageImport | MessageRef) -> Mail:
        if isinstance(one, MessageRef):
            first = self._bytes[one.sha256]
            return _copy_of(first, first, one)
        before = self._same_letter(one)
        if before is not None:
            self._store.discard(list(one.stored_names.values()))
            mail = _copy_of(one.build_mail(before.unit, tuple(one.files)), before, one.ref)
        else:
            mail, records = one.finish()
            self.records += records
            self.loose += one.unclassified
            self._letters.setdefault(_letter(mail.message_id, mail.files), mail)
        self._bytes[one.ref.sha256] = mail
        return mail

    def _same_letter(self, delivery: MessageImport) -> Mail | None:
        """Return the earlier message with the same id and the same files, if there is one."""
        message = delivery.message
        if message is None or not message.message_id:
            return None
        return self._letters.get(_letter(message.message_id, delivery.files))


def _letter(message_id: str, files: "tuple[File, ...] | list[File]") -> tuple[str, tuple[str, ...]]:
    return message_id, tuple(file.sha256 for file in files)


def _fill(delivery: MessageImport, found: _Found) -> None:
    """Open a message; whatever stops its reading becomes a finding on it."""
    try:
        data = found.read()
        if not data:
            delivery.findings.append(_finding("empty", "有内容的邮件", "0字节", found.name))
        elif found.letter:
            delivery.import_message(data)
        else:
            delivery.import_file(found.name.rpartition("/")[2], data)
    except KjfpError:
        raise
    except Exception as error:
        warn_internal_error(error)
        # One bad message must not keep the others out, whatever its parser raised.
        delivery.findings.append(_finding("unreadable", "可读取的邮件", "无法读取", found.name))


def _copy_of(mail: Mail, first: Mail, envelope: MessageRef) -> Mail:
    """Return the facts of a message that came before, with the finding that says so."""
    found = _finding("duplicate_mail", "一件一报", f"与第{first.receipt}号来件相同", envelope.path)
    return Mail(
        receipt=envelope.receipt,
        path=envelope.path,
        sha256=envelope.sha256,
        message_id=mail.message_id,
        sender=mail.sender,
        unit=first.unit,
        subject=mail.subject,
        sent=mail.sent,
        received=mail.received,
        files=mail.files,
        findings=(found.filed_under(unit=first.unit),),
    )


def _finding(code: str, expected: str, found: str, source: str) -> Finding:
    return Finding(code=code, expected=expected, found=found, source=source)
