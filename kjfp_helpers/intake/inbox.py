"""The whole inbox: every file in it gets a number, is read once, and never stops the rest."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kjfp_helpers.errors import InboxError, KjfpError, reason
from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.delivery import Delivery, Envelope
from kjfp_helpers.intake.faults import tell_own_fault
from kjfp_helpers.intake.mail import read_headers
from kjfp_helpers.intake.senders import Senders
from kjfp_helpers.intake.store import Store
from kjfp_helpers.records import File, Intake, Mail, Record
from kjfp_helpers.rules import Round

Tick = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the inbox; ``clock`` is when it was received, else sent, if it says so."""

    path: Path
    name: str
    sha256: str
    clock: datetime | None

    @property
    def order(self) -> tuple[bool, float, str]:
        return self.clock is None, self.clock.timestamp() if self.clock else 0.0, self.name


def read_inbox(
    round: Round, receipts: Mapping[str, int], store: Path, tick: Tick = _silent
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
    found = [_glance(path, name) for name, path in inbox_files(round.inbox).items()]
    numbers = _number(found, receipts)
    shelves = Store(store)
    reader = _Reader(round, Senders(round.units), shelves)
    try:
        # Of two names for the same bytes the shorter is the original: a.eml, then a-copy.eml.
        ordered = sorted(found, key=lambda one: (numbers[one.sha256], len(one.name), one.name))
        for done, one in enumerate(ordered, start=1):
            reader.read(one, numbers[one.sha256])
            tick(done, len(ordered))
    except BaseException:
        shelves.abandon()
        raise
    shelves.finish()
    return Intake(mails=tuple(reader.mails), records=tuple(reader.records))


def inbox_files(inbox: Path) -> dict[str, Path]:
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
            where, expected="收件文件夹", found=found,
            advice="建立此文件夹并放入邮件（.eml），或先运行 kjfp rehearse 生成演练轮次",
        )  # fmt: skip
    entries = {_printable(path.relative_to(inbox.parent)): path for path in inbox.rglob("*")}
    shown = {name: path for name, path in sorted(entries.items()) if "/." not in name}
    strange = [name for name, path in shown.items() if not _plain(path)]
    if strange:
        raise InboxError(
            "、".join(strange[:5]), expected="邮件原件", found="链接或特殊文件",
            advice="把原件复制到收件文件夹，并移走该链接",
        )  # fmt: skip
    files = {name: path for name, path in shown.items() if path.is_file()}
    if not files:
        raise InboxError(
            where, expected="至少一封邮件（.eml）", found="文件夹为空",
            advice="把收到的邮件另存为 .eml 放入此文件夹",
        )  # fmt: skip
    return files


def _plain(path: Path) -> bool:
    return not path.is_symlink() and (path.is_file() or path.is_dir())


def _printable(path: Path) -> str:
    """Return a path as text that any file can hold; bytes that are no text are spelt out."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in path.as_posix()
    )


def _glance(path: Path, name: str) -> _Found:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InboxError(
            name, expected="可读取的文件", found=reason(error), advice="检查文件权限"
        ) from error
    clock = None
    if name.lower().endswith(".eml"):
        try:
            clock = read_headers(data).clock
        except Exception as error:
            # A header that no parser survives has no time; the message itself is reported later.
            tell_own_fault(error)
    return _Found(path, name, hashlib.sha256(data).hexdigest(), clock)


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

    def __init__(self, round: Round, senders: Senders, store: Store) -> None:
        self._round, self._senders, self._store = round, senders, store
        self._bytes: dict[str, Mail] = {}
        self._letters: dict[tuple[str, tuple[str, ...]], Mail] = {}
        self.mails: list[Mail] = []
        self.records: list[Record] = []

    def read(self, found: _Found, receipt: int) -> None:
        """Read one file of the inbox."""
        envelope = Envelope(receipt, found.name, found.sha256)
        first = self._bytes.get(found.sha256)
        if first is not None:
            self.mails.append(_copy_of(first, first, envelope))
            return
        delivery = Delivery(self._round, self._senders, self._store, envelope)
        _fill(delivery, found)
        before = self._same_letter(delivery)
        if before is not None:
            self._store.drop(list(delivery.kept.values()))
            mail = _copy_of(delivery.mail(before.unit, tuple(delivery.files)), before, envelope)
        else:
            mail, records = delivery.close()
            self.records += records
            self._letters.setdefault(_letter(mail.message_id, mail.files), mail)
        self._bytes[found.sha256] = mail
        self.mails.append(mail)

    def _same_letter(self, delivery: Delivery) -> Mail | None:
        """Return the earlier message with the same id and the same files, if there is one."""
        message = delivery.message
        if message is None or not message.message_id:
            return None
        return self._letters.get(_letter(message.message_id, delivery.files))


def _letter(message_id: str, files: "tuple[File, ...] | list[File]") -> tuple[str, tuple[str, ...]]:
    return message_id, tuple(file.sha256 for file in files)


def _fill(delivery: Delivery, found: _Found) -> None:
    """Open a message; whatever stops its reading becomes a finding on it."""
    try:
        data = found.path.read_bytes()
        if not data:
            delivery.findings.append(_finding("empty", "有内容的邮件", "0字节", found.name))
        elif found.name.lower().endswith(".eml"):
            delivery.open(data)
        else:
            delivery.open_file(found.name.rpartition("/")[2], data)
    except KjfpError:
        raise
    except Exception as error:
        tell_own_fault(error)
        # One bad message must not keep the others out, whatever its parser raised.
        delivery.findings.append(_finding("unreadable", "可读取的邮件", "无法读取", found.name))


def _copy_of(mail: Mail, first: Mail, envelope: Envelope) -> Mail:
    """Return the facts of a message that came before, with the finding that says so."""
    found = _finding("duplicate_mail", "一件一报", f"与第{first.receipt}号来件相同", envelope.path)
    return Mail(
        receipt=envelope.receipt, path=envelope.path, sha256=envelope.sha256,
        message_id=mail.message_id, sender=mail.sender, unit=first.unit, subject=mail.subject,
        sent=mail.sent, received=mail.received, files=mail.files,
        findings=(found.at(unit=first.unit),),
    )  # fmt: skip


def _finding(code: str, expected: str, found: str, source: str) -> Finding:
    return Finding(code=code, expected=expected, found=found, source=source)
