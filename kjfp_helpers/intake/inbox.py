"""Read the whole inbox: each message is numbered and read once; failures become findings."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import Intake, Mail
from kjfp_helpers.core.searchable_text import simplify_text
from kjfp_helpers.infra.process_pool import map_in_processes, usable_cpus
from kjfp_helpers.infra.progress import ProgressCallback, ignore_progress
from kjfp_helpers.intake.common import sandbox
from kjfp_helpers.intake.common.bug_detection import (
    collect_warnings,
    show_warning,
    warn_internal_error,
)
from kjfp_helpers.intake.common.label_matching import split_at_labels
from kjfp_helpers.intake.fields.gazetteer import is_known_place
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.files.material_store import MaterialStore, PathStore
from kjfp_helpers.intake.forms.answers.text_kinds import TEXT_KINDS
from kjfp_helpers.intake.forms.plausibility.strange_texts import OWN_WORDS
from kjfp_helpers.intake.inbox_listing import InboxEntry, assign_receipts, scan_inbox
from kjfp_helpers.intake.kept_readings import KeptReadings
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport
from kjfp_helpers.intake.message_reading import (
    ContentKey,
    MessageReading,
    MessageRef,
    duplicate_mail,
)
from kjfp_helpers.intake.volumes.scattered_volumes import (
    find_scattered_sets,
    without_volume_findings,
)
from kjfp_helpers.rules import Round, load_round

_PENDING_MESSAGES = 8
"""Messages that each process has before it: one with pictures takes as long as ten without."""
Task = tuple[InboxEntry, MessageRef]
"""A message to be read."""


def read_inbox(
    round: Round,
    receipts: Mapping[str, int],
    store: Path,
    on_progress: ProgressCallback = ignore_progress,
    *,
    kept: KeptReadings | None = None,
    hashes: Mapping[str, str] | None = None,
    keep_copies: bool = True,
    meanwhile: Iterable[None] = (),
) -> Intake:
    """Read all received messages (clause 四) and put copies of the attachments into ``store``.

    Messages are read by several processes; one that no reader survives gets a finding, as one that
    cannot be read does.

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
    kept : KeptReadings
        Readings of earlier runs; without it all messages are read. The result is the same.
    hashes : Mapping
        What :func:`~kjfp_helpers.intake.inbox_listing.hash_inbox` returned; files that are not
        there are hashed here.
    keep_copies : bool
        Whether ``store`` is written; without it nothing stays there. The result is the same.
    meanwhile : iterable
        Steps of other work, of which one is taken after each message, while processes read on.

    Raises
    ------
    InboxError
        When the inbox is missing, empty, or contains a file that cannot be opened.
    OutputError
        When ``store`` cannot be written.
    """
    entries = scan_inbox(round.inbox, receipts, hashes)
    numbers = assign_receipts(entries, receipts)
    # Of two names for the same bytes the shorter is the original: a.eml, then a-copy.eml.
    ordered = sorted(
        entries, key=lambda entry: (numbers[entry.sha256], len(entry.name), entry.name)
    )
    tasks = [
        (entry, MessageRef(numbers[entry.sha256], entry.name, entry.sha256)) for entry in ordered
    ]
    material_store = MaterialStore(store) if keep_copies else PathStore(store)
    try:
        reader = _InboxReader(round, material_store, kept, on_progress, meanwhile)
        intake = reader.read(tasks)
    except BaseException:
        material_store.rollback()
        raise
    finally:
        sandbox.close_sandbox()
    material_store.commit()
    if kept:
        kept.remove_unused()
    return intake


class _InboxReader:
    """Reads messages, new ones in several processes, and recognizes duplicates."""

    def __init__(
        self,
        round: Round,
        store: MaterialStore,
        kept: KeptReadings | None,
        on_progress: ProgressCallback,
        meanwhile: Iterable[None],
    ) -> None:
        self._context = _Context(round, SenderMatcher(round.units), store, kept)
        self._store, self._kept, self._on_progress = store, kept, on_progress
        self._meanwhile = iter(meanwhile)
        self._readings: dict[str, MessageReading] = {}
        self._total = 0

    def read(self, tasks: Sequence[Task]) -> Intake:
        """Read messages in order of receipt; return what they hold."""
        first_of = {ref.sha256: (entry, ref) for entry, ref in reversed(tasks)}
        unique = [task for task in tasks if first_of[task[1].sha256] == task]
        self._total = len(tasks)
        without_copies = self._find_kept(unique)
        anew = self._read_new(task for task in unique if task[1].sha256 not in self._readings)
        # the copies of a message that was received before are not stored
        duplicates = self._find_duplicates(unique)
        if lost := without_copies - duplicates.keys():
            anew += self._read_new(task for task in unique if task[1].sha256 in lost)
        self._join_volumes([task for task in unique if task[1].sha256 not in duplicates])
        if self._kept:
            self._kept.read_anew += anew
            self._kept.tools = frozenset().union(*(item.tools for item in self._readings.values()))
        return self._assemble([ref for _, ref in tasks], duplicates)

    def _find_kept(self, tasks: Sequence[Task]) -> set[str]:
        """Take what was read earlier; return the SHA-256 of messages whose copies are not there."""
        without_copies = set()
        for _, ref in tasks if self._kept else ():
            reading = self._kept.find(ref) if self._kept else None
            if reading is not None:
                self._readings[ref.sha256] = reading
                if not self._store.adopt(reading.copies):
                    without_copies.add(ref.sha256)
        return without_copies

    def _read_new(self, tasks: Iterable[Task]) -> int:
        """Read messages, then convert the old files of all in one batch; return how many."""
        new, waiting = list[MessageReading](), list[MessageImport]()
        listed = list(tasks)
        done = self._total - len(listed)
        if done:
            self._on_progress(done, self._total)
        if listed:
            _load_for_forms()
        results = map_in_processes(
            _read_task,
            listed,
            usable_cpus(),
            prepare=partial(_set_context, self._context),
            replace_lost=self._context.unreadable,
            pending=_PENDING_MESSAGES,
        )
        for number, (result, warned) in enumerate(results, start=1):
            for text in warned:
                show_warning(text)
            if isinstance(result, MessageReading):
                new.append(result)
            else:
                waiting.append(result)
            self._on_progress(done + number, self._total)
            next(self._meanwhile, None)
        converted = self._convert(waiting)
        for reading in converted:
            self._context.keep(reading)
        self._readings |= {reading.ref.sha256: reading for reading in (*new, *converted)}
        return len(listed)

    def _join_volumes(self, tasks: Sequence[Task]) -> None:
        """Join the volumes of one set that came with several messages of a unit.

        The last of these messages is read again with the volumes of the others, which lose their
        finding. It is not kept so: its reading depends on the others.
        """
        sets = find_scattered_sets(tasks, self._readings)
        waiting = []
        for volume_set in sets:
            *earlier, last = volume_set.parts
            item = self._context.start(last.ref)
            item.unpacker.other_volumes = tuple(file for part in earlier for file in part.files)
            item.unpacker.volume_advice = volume_set.places_of_others
            _import_entry(item, last.entry)
            waiting.append(item)
        done = [item for item in waiting if not item.pending_conversions]
        readings = [item.finish_reading() for item in done]
        readings += self._convert([item for item in waiting if item.pending_conversions])
        self._readings |= {reading.ref.sha256: reading for reading in readings}
        for *earlier, last in (volume_set.parts for volume_set in sets):
            if any(one.code == "corrupt" for one in self._readings[last.ref.sha256].mail.findings):
                continue  # the volumes make no archive: each message is asked for its own
            for part in earlier:
                reading = self._readings[part.ref.sha256]
                self._readings[part.ref.sha256] = without_volume_findings(reading, part.paths)

    def _convert(self, waiting: Sequence[MessageImport]) -> list[MessageReading]:
        names = [name for item in waiting for name in item.pending_conversions]
        if not names:
            return []
        with self._store.scratch_dir() as folder:
            sources = {name: self._store.pending_path(name) for name in names}
            converted = convert_to_docx(sources, folder)
            for item in waiting:
                self._context.attach(item)
                item.apply_conversions(converted)
        return [item.finish_reading() for item in waiting]

    def _find_duplicates(self, tasks: Sequence[Task]) -> dict[str, str]:
        """Return the messages with the content of an earlier one: SHA-256 to that of the other."""
        first_by_content: dict[ContentKey, str] = {}
        duplicates = {}
        for _, ref in tasks:
            key = self._readings[ref.sha256].content_key
            if key is not None:
                first = first_by_content.setdefault(key, ref.sha256)
                if first != ref.sha256:
                    duplicates[ref.sha256] = first
        return duplicates

    def _assemble(self, refs: Sequence[MessageRef], duplicates: Mapping[str, str]) -> Intake:
        """Return messages and records in order, without copies of what was received before."""
        mails: dict[str, Mail] = {}
        listed, originals = [], []
        for ref in refs:
            reading = self._readings[ref.sha256]
            if ref.sha256 in mails:
                listed.append(duplicate_mail(mails[ref.sha256], mails[ref.sha256], ref))
                continue
            if ref.sha256 in duplicates:
                mail = reading.as_duplicate_of(mails[duplicates[ref.sha256]])
            else:
                mail = reading.mail
                originals.append(reading)
            mails[ref.sha256] = mail
            listed.append(mail)
        copies = {path: digest for item in originals for path, digest in item.copies.items()}
        self._store.keep_only(copies)
        if self._kept:
            self._kept.copies = copies
        return Intake(
            mails=tuple(listed),
            records=tuple(record for reading in originals for record in reading.records),
            loose=tuple(text for reading in originals for text in reading.loose),
        )


class _Context:
    """What all messages of a round share."""

    def __init__(
        self,
        round: Round,
        senders: SenderMatcher,
        store: MaterialStore,
        kept: KeptReadings | None,
    ) -> None:
        self._round, self._senders, self._store, self._kept = round, senders, store, kept

    def __reduce__(self) -> tuple[Any, ...]:
        """Support pickling, where processes cannot be forked: the rules are read again."""
        return _load_context, (self._round.folder, self._store, self._kept)

    def start(self, ref: MessageRef) -> MessageImport:
        """Return the import of a message, not yet begun."""
        return MessageImport(self._round, self._senders, self._store, ref)

    def attach(self, item: MessageImport) -> None:
        """Give an import that came from another process what messages share."""
        item.attach(self._round, self._senders, self._store)

    def unreadable(self, task: Task) -> tuple[MessageReading, list[str]]:
        """Return the reading of a message that ended the process of its reader."""
        item = self.start(task[1])
        item.unpacker.add_problem(*_UNREADABLE)
        return self.finish(item), []

    def finish(self, item: MessageImport) -> MessageReading:
        """Return the reading of a message that waits for no conversion, and keep it."""
        reading = item.finish_reading()
        self.keep(reading)
        return reading

    def keep(self, reading: MessageReading) -> None:
        """Keep a reading for later runs, where any are kept."""
        if self._kept:
            self._kept.keep(reading)


def _load_context(folder: Path, store: MaterialStore, kept: KeptReadings | None) -> _Context:
    round = load_round(folder)
    return _Context(round, SenderMatcher(round.units), store, kept)


_UNREADABLE = ("unreadable", "可读取的邮件", "无法读取")
_context: list[_Context] = []
"""The context of this process."""


def _load_for_forms() -> None:
    """Load what forms and pictures need here and once, not in each of the processes that read."""
    import email_validator  # noqa: F401
    from PIL import Image as pillow

    import kjfp_helpers.intake.files.picture_analysis.pixel_history  # noqa: F401

    pillow.preinit()
    simplify_text("")  # reads the table of traditional signs
    is_known_place("北京市", "朝阳区")  # reads the table of places
    for form in FORMS:
        split_at_labels(form, "")  # compiles the pattern of its labels
    for known in (*TEXT_KINDS.values(), *OWN_WORDS.values()):
        known.find("")  # compiles its own


def _set_context(context: _Context) -> None:
    _context[:] = [context]


def _read_task(task: Task) -> tuple[MessageReading | MessageImport, list[str]]:
    """Read a message and return warnings beside it; one with files to convert is not finished."""
    entry, ref = task
    item = _context[0].start(ref)
    with collect_warnings() as warned:
        _import_entry(item, entry)
        return item if item.pending_conversions else _context[0].finish(item), warned


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
        message_import.unpacker.add_problem(*_UNREADABLE)
