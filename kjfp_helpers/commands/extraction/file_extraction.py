"""Extract files to JSON lines in parallel processes.

Files come in their order. Old Office files come last, after LibreOffice has converted them, and so
do messages, because the lines of one depend on later ones that replace it.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, groupby, islice
from pathlib import Path

from kjfp_helpers.commands.extraction import json_lines
from kjfp_helpers.core.errors import NOT_FOUND, InboxError
from kjfp_helpers.core.records import Intake, Mail, Record
from kjfp_helpers.eligibility.history.message_sequence_checks import check_resubmissions
from kjfp_helpers.infra.process_pool import map_in_processes
from kjfp_helpers.intake.files.libreoffice import ConversionQueue
from kjfp_helpers.intake.files.material_store import ConversionStaging
from kjfp_helpers.intake.mail.mail_collection import MBOX_PREFIX, collection_spans
from kjfp_helpers.intake.mail.message import is_message_name
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport
from kjfp_helpers.intake.message_reading import MessageRef
from kjfp_helpers.rules import Round, default_rules_folder, load_round


@dataclass(frozen=True, slots=True)
class _ReadJob:
    """A file, or a message of a collection, to read.

    ``mailbox`` is the index of the path that it was found below, ``made`` maps the old files in it
    to what LibreOffice converted them to.
    """

    path: Path
    source: str
    mailbox: int
    letter: bool = False
    span: tuple[int, int] | None = None
    number: int = 0
    made: Mapping[str, Path] | None = None

    def read(self) -> bytes:
        """Return its bytes."""
        data = self.path.read_bytes()
        return data if self.span is None else data[slice(*self.span)]


@dataclass(frozen=True, slots=True)
class _ReadResult:
    """Result of reading: lines, copies that wait for LibreOffice, or contents of a message."""

    job: _ReadJob
    lines: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    letter: tuple[Mail, tuple[Record, ...]] | None = None


def extract(paths: Iterable[Path], jobs: int = 2) -> Iterator[str]:
    """Read files, and every file below folders, and yield one JSON line per record.

    Raises
    ------
    InboxError
        When a path does not exist.
    """
    with tempfile.TemporaryDirectory(prefix="kjfp-") as passage:
        read = partial(_read, passage=Path(passage))
        letters: list[_ReadResult] = []
        with ConversionQueue(Path(passage), jobs) as conversions:
            waiting: list[_ReadResult] = []
            for result in _read_in_parallel(read, _list_jobs(paths), jobs):
                conversions.add(result.waiting)
                waiting += [result] if result.waiting else []
                letters += [result] if result.letter else []
                yield from result.lines
            made = conversions.finish()
        for result in _read_in_parallel(
            read, (_retry_job(result, made) for result in waiting), jobs
        ):
            letters += [result] if result.letter else []
            yield from result.lines
        yield from _message_lines(sorted(letters, key=lambda result: result.job.number))


def _retry_job(result: _ReadResult, made: Mapping[str, Path]) -> _ReadJob:
    """Return a waiting job with the files that LibreOffice converted for it."""
    own = {name: made[name] for name in result.waiting if name in made}
    return replace(result.job, made=own)


def _list_jobs(paths: Iterable[Path]) -> Iterator[_ReadJob]:
    listed = list(paths)
    for path in listed:
        if not path.exists():
            raise InboxError(str(path), found=NOT_FOUND, advice="核对路径")
    found_jobs = (
        job
        for mailbox, path in enumerate(listed)
        for file in _list_files(path)
        for job in _split_messages(file, mailbox)
    )
    yield from (replace(job, number=number) for number, job in enumerate(found_jobs, start=1))


def _list_files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return (path,)
    return (file for file in sorted(path.rglob("*")) if file.is_file() and file.name[0] != ".")


def _split_messages(path: Path, mailbox: int) -> Iterator[_ReadJob]:
    """Yield a file as it is, or each message of a mail collection."""
    source = path.as_posix()
    try:
        with path.open("rb") as stream:
            head = stream.read(len(MBOX_PREFIX))
        collection = collection_spans(path.read_bytes(), source) if head == MBOX_PREFIX else {}
    except OSError:
        collection = {}  # a file that cannot be opened is reported when it is read
    for name, span in collection.items():
        yield _ReadJob(path, name, mailbox, True, span)
    if not collection:
        yield _ReadJob(path, source, mailbox, is_message_name(path.name))


def _read_in_parallel(
    read: Callable[[_ReadJob], _ReadResult], jobs: Iterator[_ReadJob], workers: int
) -> Iterator[_ReadResult]:
    """Yield results in order, read by several processes where there are several files."""
    first = list(islice(jobs, 2))
    jobs = chain(first, jobs)
    if len(first) < 2 or workers < 2:
        yield from map(read, jobs)
    else:
        yield from map_in_processes(read, jobs, workers, replace_lost=_unreadable_result)


def _unreadable_result(job: _ReadJob) -> _ReadResult:
    return _ReadResult(job, (json_lines.unreadable_line(job.source),))


def _read(job: _ReadJob, *, passage: Path) -> _ReadResult:
    round, senders = _rules()
    try:
        data = job.read()
        delivery = _open_message(round, senders, job, data, passage)
        if delivery.pending_conversions and job.made is None:
            return _ReadResult(job, waiting=delivery.pending_conversions)
        delivery.apply_conversions(job.made or {})
        mail, records = delivery.finish()
        if job.letter and data:
            return _ReadResult(job, letter=(mail, records))
        read = json_lines.detach_file(mail, records, f"{job.source}/{job.path.name}", job.source)
        return _ReadResult(job, tuple(json_lines.to_json_lines(round, *read)))
    except Exception:
        # One bad file must not keep the others out, whatever its parser raised.
        return _unreadable_result(job)


def _open_message(
    round: Round, senders: SenderMatcher, job: _ReadJob, data: bytes, passage: Path
) -> MessageImport:
    envelope = MessageRef(job.number, job.source, hashlib.sha256(data).hexdigest())
    delivery = MessageImport(round, senders, ConversionStaging(passage), envelope)
    if job.letter and data:
        delivery.import_message(data)
    else:
        delivery.import_file(job.path.name, data)
    return delivery


@cache
def _rules() -> tuple[Round, SenderMatcher]:
    round = load_round(default_rules_folder())
    return round, SenderMatcher(round.units)


def _message_lines(results: Iterable[_ReadResult]) -> Iterator[str]:
    """Yield the lines of messages, each with its findings about resubmission and deadlines."""
    round, _ = _rules()
    for _, own in groupby(results, key=lambda result: result.job.mailbox):
        letters = [result.letter for result in own if result.letter]
        mails = tuple(mail for mail, _ in letters)
        records = tuple(record for _, records_read in letters for record in records_read)
        findings = check_resubmissions(round, Intake(mails=mails, records=records))
        for mail, records_read in letters:
            mail = replace(mail, findings=(*mail.findings, *findings.get(mail.path, ())))
            yield from json_lines.to_json_lines(round, mail, records_read, letter=True)
