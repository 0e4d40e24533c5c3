"""Read the whole inbox: each message is numbered and read once; failures become findings."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Intake, Mail, Record
from kjfp_helpers.intake.common import sandbox
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.inbox_listing import InboxEntry, assign_receipts, scan_inbox
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport, MessageRef
from kjfp_helpers.rules import Round

ProgressCallback = Callable[[int, int], None]


def _ignore_progress(done: int, total: int) -> None:
    """Do nothing."""


def read_inbox(
    round: Round,
    receipts: Mapping[str, int],
    store: Path,
    on_progress: ProgressCallback = _ignore_progress,
) -> Intake:
    """Read all received messages (clause 四) and put copies of the attachments into ``store``.

    Parameters
    ----------
    round : Round
        The round; its ``inbox`` contains .eml files, and loose files delivered by hand.
    receipts : Mapping
        SHA-256 of a message to the number it already has; new ones get the next numbers in
        order of received (else sent) time, then of path. A second copy of the same bytes keeps
        the number of the first.
    store : Path
        Folder of copies, replaced as a whole: ``<unit or unknown>/<receipt>-<nn>-<name>``.
        ``File.stored`` and ``Picture.stored`` begin with ``materials``. Archives are not copied,
        their members are.
    on_progress : callable
        Called with the number of messages done and the total.

    Raises
    ------
    InboxError
        When the inbox is missing, empty, or contains a file that cannot be opened.
    OutputError
        When ``store`` cannot be written.
    """
    entries = scan_inbox(round.inbox)
    numbers = assign_receipts(entries, receipts)
    material_store = MaterialStore(store)
    reader = _InboxReader(round, SenderMatcher(round.units), material_store)
    # Of two names for the same bytes the shorter is the original: a.eml, then a-copy.eml.
    ordered = sorted(
        entries, key=lambda entry: (numbers[entry.sha256], len(entry.name), entry.name)
    )
    try:
        for done, entry in enumerate(ordered, start=1):
            reader.read_entry(entry, numbers[entry.sha256])
            on_progress(done, len(ordered))
        reader.finish()
    except BaseException:
        material_store.rollback()
        raise
    finally:
        sandbox.close_sandbox()
    material_store.commit()
    return Intake(
        mails=tuple(reader.mails), records=tuple(reader.records), loose=tuple(reader.unclassified)
    )


class _InboxReader:
    """Reads messages in order of receipt and recognizes duplicates."""

    def __init__(self, round: Round, senders: SenderMatcher, store: MaterialStore) -> None:
        self._round = round
        self._senders = senders
        self._store = store
        self._read_hashes: set[str] = set()
        self._imports: list[MessageImport | MessageRef] = []
        self._mail_by_sha256: dict[str, Mail] = {}
        self._mail_by_content: dict[tuple[str, tuple[str, ...]], Mail] = {}
        self.mails: list[Mail] = []
        self.records: list[Record] = []
        self.unclassified: list[Record] = []

    def read_entry(self, entry: InboxEntry, receipt: int) -> None:
        """Read one entry; a second copy of the same bytes is only noted."""
        ref = MessageRef(receipt, entry.name, entry.sha256)
        if entry.sha256 in self._read_hashes:
            self._imports.append(ref)
            return
        message_import = MessageImport(self._round, self._senders, self._store, ref)
        _import_entry(message_import, entry)
        self._read_hashes.add(entry.sha256)
        self._imports.append(message_import)

    def finish(self) -> None:
        """Convert the old files in one batch, then identify units and duplicates."""
        imports = [item for item in self._imports if isinstance(item, MessageImport)]
        names = [name for item in imports for name in item.pending_conversions]
        with self._store.scratch_dir() as folder:
            sources = {name: self._store.pending_path(name) for name in names}
            converted = convert_to_docx(sources, folder)
            for item in imports:
                item.apply_conversions(converted)
        for message in self._imports:
            self.mails.append(self._finish_import(message))

    def _finish_import(self, item: MessageImport | MessageRef) -> Mail:
        """Finish a message: as duplicate of an earlier one, or with its records."""
        if isinstance(item, MessageRef):
            first = self._mail_by_sha256[item.sha256]
            return _duplicate_of(first, first, item)
        earlier = self._find_same_content(item)
        if earlier is not None:
            self._store.discard(list(item.stored_names.values()))
            mail = item.build_mail(earlier.unit, tuple(item.files))
            mail = _duplicate_of(mail, earlier, item.ref)
        else:
            mail, records = item.finish()
            self.records += records
            self.unclassified += item.loose
            self._mail_by_content.setdefault(_content_key(mail.message_id, mail.files), mail)
        self._mail_by_sha256[item.ref.sha256] = mail
        return mail

    def _find_same_content(self, item: MessageImport) -> Mail | None:
        """Return the earlier message with the same id and the same files, if there is one."""
        message = item.message
        if message is None or not message.message_id:
            return None
        return self._mail_by_content.get(_content_key(message.message_id, item.files))


def _content_key(message_id: str, files: Sequence[File]) -> tuple[str, tuple[str, ...]]:
    return message_id, tuple(file.sha256 for file in files)


def _import_entry(message_import: MessageImport, entry: InboxEntry) -> None:
    """Import an entry; any failure becomes a finding on it."""
    try:
        data = entry.read()
        if not data:
            message_import.unpacker.add_problem("empty", "有内容的邮件", "0字节")
        elif entry.is_message:
            message_import.import_message(data)
        else:
            message_import.import_file(entry.name.rpartition("/")[2], data)
    except KjfpError:
        raise
    except Exception as error:
        warn_internal_error(error)
        # One bad message must not stop the others, whatever its parser raised.
        message_import.unpacker.add_problem("unreadable", "可读取的邮件", "无法读取")


def _duplicate_of(mail: Mail, first: Mail, ref: MessageRef) -> Mail:
    """Return a message that was received before, with a finding that says so."""
    finding = Finding(
        code="duplicate_mail",
        expected="一件一报",
        found=f"与第{first.receipt}号来件相同",
        source=ref.path,
        unit=first.unit,
    )
    return Mail(
        receipt=ref.receipt,
        path=ref.path,
        sha256=ref.sha256,
        message_id=mail.message_id,
        sender=mail.sender,
        unit=first.unit,
        subject=mail.subject,
        sent=mail.sent,
        received=mail.received,
        files=mail.files,
        findings=(finding,),
    )
