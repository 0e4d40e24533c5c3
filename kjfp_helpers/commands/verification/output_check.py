"""Compare the documents in the outputs with their records and with themselves regenerated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kjfp_helpers.commands.document_writing import REPEATABLE, WRITERS
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import Event, EventLog, OutputsRecorded
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.process_pool import begin_in_fork
from kjfp_helpers.infra.progress import ignore_progress
from kjfp_helpers.reports.batch.manifest import FORMATS
from kjfp_helpers.reports.batch.overview.run_record import CHANGES
from kjfp_helpers.reports.exhibition_site.site_builder import MANIFEST
from kjfp_helpers.reports.office.document_comparison import (
    compare_content,
    read_content,
    text_digest,
)
from kjfp_helpers.reports.output_record import program_versions, recorded_outputs
from kjfp_helpers.reports.report_types import REPORT_TYPES
from kjfp_helpers.state import RoundSession

SITE = "exhibition"
COMMANDS = (*WRITERS, "regenerate", "exhibit")
"""Commands whose documents the ledger records."""
_SHOWN = 5
"""Names that a list shows before it only counts."""


@dataclass(frozen=True)
class DocumentCheck:
    """Result of comparing documents with the ledger; all lines are Chinese.

    ``matching`` counts the documents that are as recorded, ``missing`` names those that are not
    here, ``unchecked`` says what could not be compared, ``differences`` what differs.
    """

    matching: int = 0
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()

    def __add__(self, other: "DocumentCheck") -> "DocumentCheck":
        """Return the sum of both results."""
        return DocumentCheck(
            self.matching + other.matching,
            self.missing + other.missing,
            self.notes + other.notes,
            self.unchecked + other.unchecked,
            self.differences + other.differences,
        )


class DocumentArchive:
    """The documents that the ledger recorded, each of which can be regenerated for comparison.

    Without ``states`` none can be regenerated.
    """

    def __init__(
        self,
        session: RoundSession,
        states: PastStates | None,
        events: Sequence[Event],
        scratch: Path,
    ) -> None:
        self.outputs, self.events, self._states = session.outputs, events, states
        self._scratch, self._made = scratch, dict[int, Path]()
        self.records = [(e, e.body) for e in EventLog(events).of(OutputsRecorded)]

    def expected_digests(self, command: str) -> dict[str, str]:
        """Return the current documents of a command with their recorded SHA-256."""
        return recorded_outputs(self.events, command)

    def last_record(self, command: str) -> tuple[Event, OutputsRecorded] | None:
        """Return the last record of a command."""
        own = [record for record in self.records if record[1].command == command]
        return own[-1] if own else None

    def regenerate_document(self, event: Event, body: OutputsRecorded) -> Path:
        """Return a folder with the documents of a record, regenerated from the state of then.

        They are written beside this process, whose memory does not grow with every command.
        """
        folder = self._made.get(event.seq)
        if folder is None:
            folder = self._made[event.seq] = self._scratch / f"{body.command}-{event.seq}"
            folder.mkdir(parents=True)
            if self._states and body.command in REPEATABLE:
                state = self._states.state_before(body.state + 1 if body.state else event.seq)
                write = partial(REPEATABLE[body.command], state, folder, ignore_progress)
                begin_in_fork(write, collect_garbage=True)()
        return folder

    def compare(
        self, path: Path, record: tuple[Event, OutputsRecorded], name: str
    ) -> DocumentCheck:
        """Compare a document with its record and with itself regenerated."""
        event, body = record
        value = self.expected_digests(body.command).get(name) or body.papers.get(name, "")
        intact = value in (sha256_file(path), text_digest(path))
        if self._states is None and body.command in REPEATABLE:
            same = "相同" if intact else "不同"
            why = f"{name}：与台账所记的校验值{same}，须先读出来件才能按内容核对"
            return DocumentCheck(unchecked=(why,))
        again = self.regenerate_document(event, body) / name
        if not again.is_file():
            return _compare_unexpected(body, name, intact=intact)
        if sha256_file(again) in (sha256_file(path), text_digest(path)):
            return DocumentCheck(matching=1)
        try:
            difference = compare_content(read_content(again), read_content(path))
        except OutputError as error:
            return DocumentCheck(differences=(str(error),))
        if difference is None:
            notes = () if intact else (f"{name}：内容与台账一致，文件经另存",)
            return DocumentCheck(matching=1, notes=notes)
        changed = describe_version_change(body)
        if changed and intact:
            return _cannot_regenerate(name, changed)
        more = f"；生成时的程序版本与本机不同（{changed}），请用原版本复核" if changed else ""
        return difference_check(name, f"内容与按台账复算的不符，{difference}{more}")


def _compare_unexpected(body: OutputsRecorded, name: str, *, intact: bool) -> DocumentCheck:
    """Compare a document that is not regenerated from its state by its digest alone."""
    if not intact:
        return difference_check(name, "与台账所记的校验值不符，内容有改动")
    changed = describe_version_change(body)
    if body.command not in WRITERS:
        return DocumentCheck(matching=1)
    if changed:
        why = f"与生成时相同，但程序版本不同（{changed}），按本机版本此时不生成这份文件"
        return DocumentCheck(unchecked=(f"{name}：{why}",))
    return difference_check(name, "与台账所记相同，而按台账复算此时没有这份文件")


def check_outputs(archive: DocumentArchive) -> DocumentCheck:
    """Compare every recorded document in the outputs with the ledger, and name missing ones."""
    total = DocumentCheck()
    for command in COMMANDS:
        record = archive.last_record(command)
        if record is None:
            continue
        for name, value in archive.expected_digests(command).items():
            if (archive.outputs / name).is_file():
                total += archive.compare(archive.outputs / name, record, name)
            else:
                total += DocumentCheck(missing=(name,) if value else ())
    if archive.last_record("exhibit"):
        total += _check_site(archive)
    if archive.records:
        total += DocumentCheck(unchecked=tuple(_describe_unrecorded(archive)))
    return total


def site_digests(archive: DocumentArchive) -> dict[str, str]:
    """Return the SHA-256 of the exhibition files by name, where their manifest is as recorded."""
    path = archive.outputs / SITE / MANIFEST
    recorded = archive.expected_digests("exhibit").get(f"{SITE}/{MANIFEST}")
    if not path.is_file() or recorded not in (sha256_file(path), text_digest(path)):
        return {}
    lines = (line.partition("  ") for line in path.read_text("utf-8-sig").splitlines())
    return {f"{SITE}/{name}": value for value, _, name in lines}


def _check_site(archive: DocumentArchive) -> DocumentCheck:
    total = DocumentCheck()
    for name, value in site_digests(archive).items():
        path = archive.outputs / name
        if not path.is_file():
            total += DocumentCheck(missing=(name,))
        elif value in (sha256_file(path), text_digest(path)):
            total += DocumentCheck(matching=1)
        else:
            total += difference_check(name, "与生成时的校验值不符，内容有改动")
    return total


def _describe_unrecorded(archive: DocumentArchive) -> Iterator[str]:
    """Yield a line for each file among the documents that no command wrote."""
    expected = {name for command in COMMANDS for name in archive.expected_digests(command)}
    expected |= site_digests(archive).keys()
    earlier = {
        value: (event, name)
        for event, body in archive.records
        for name, value in body.papers.items()
    }
    for path in _document_files(archive):
        name = path.relative_to(archive.outputs).as_posix()
        if name in expected:
            continue
        record = earlier.get(sha256_file(path))
        if record:
            event, recorded_name = record
            yield f"{name}：是台账第{event.seq}条所记 {recorded_name} 的副本或旧件，不是现行文件"
        else:
            yield f"{name}：台账没有记载，不是本轮命令生成的文件，不能核对"


def _document_files(archive: DocumentArchive) -> Iterator[Path]:
    """Yield the files where documents are written, in order of name."""
    patterns_by_command = {
        "intake": ("*.xlsx", "*.docx", "*.html"),
        "check": ("letters/*",),
        "regenerate": tuple(
            f"reports/{folder}/*{ending}".replace("//", "/")
            for kind in REPORT_TYPES
            for folder in kind.folders
            for ending in (".html", *FORMATS)
        ),
        "exhibit": (f"{SITE}/**/*",),
    }
    for command, patterns in patterns_by_command.items():
        for pattern in patterns if archive.last_record(command) else ():
            for path in sorted(archive.outputs.glob(pattern)):
                if path.is_file() and not path.name.startswith((".", "~$", CHANGES)):
                    yield path


def _cannot_regenerate(name: str, versions: str) -> DocumentCheck:
    """Return that a document is as recorded and cannot be regenerated by other versions."""
    line = f"{name}：与生成时相同，但程序版本不同（{versions}），本机不能复算核对"
    return DocumentCheck(unchecked=(line,))


def describe_version_change(body: OutputsRecorded) -> str:
    """Return in Chinese which versions of program and libraries changed since a record."""
    then, here = body.made_with, program_versions()
    changed = [
        name for name in sorted(then.keys() | here.keys()) if then.get(name) != here.get(name)
    ]
    return describe_versions(changed, then, here)


def describe_versions(
    names: Sequence[str], then: Mapping[str, str], here: Mapping[str, str]
) -> str:
    """Return in Chinese which versions differ, the first few of them.

    Examples
    --------
    >>> describe_versions(["numpy"], {"numpy": "1.26"}, {"numpy": "2.0"})
    'numpy 当时1.26、本机2.0'
    """
    changes = [
        f"{'本程序' if name == 'code' else name} 当时{then.get(name) or '没有'}、"
        f"本机{here.get(name) or '没有'}"
        for name in names[:3]
    ]
    return "，".join(changes) + (f"等{len(names)}项" if len(names) > 3 else "")


def describe_earlier_version(events: Sequence[Event], kind: type) -> str:
    """Return in Chinese by which other version events of a kind were derived, ``""`` for none.

    Such an event names no version: it is that of the outputs recorded next, or else of the last.
    """
    log = EventLog(events)
    records = log.of(OutputsRecorded)
    derived: tuple[Event, ...] = log.of(kind)
    for event in derived:
        later = [record for record in records if record.seq > event.seq]
        for record in later[:1] or records[-1:]:
            if changed := describe_version_change(record.body):
                return changed
    return ""


def group_lines(lines: Iterable[str]) -> list[str]:
    """Return lines that say why of a file, with the files of one reason in one line.

    Examples
    --------
    >>> group_lines(["a：旧版本", "b：没有记载", "c：旧版本"])
    ['a、c：旧版本', 'b：没有记载']
    """
    names_by_reason: dict[str, list[str]] = {}
    for line in lines:
        name, _, reason = line.partition("：")
        names_by_reason.setdefault(reason, []).append(name)
    return [
        f"{shorten_list(names)}：{reason}" if reason else "、".join(names)
        for reason, names in names_by_reason.items()
    ]


def shorten_list(names: Sequence[str], measure: str = "份") -> str:
    """Return the first few names, and how many there are.

    Examples
    --------
    >>> shorten_list(["a", "b"])
    'a、b'
    """
    more = f"等{len(names)}{measure}" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more


def difference_check(name: str, what: str) -> DocumentCheck:
    """Return that one document differs, in one line with what to do."""
    return DocumentCheck(differences=(f"{name}：{what}。请以原件为准，对照备份查明原因。",))
