"""Every part of every message: what it was taken for, and what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.eligibility.history import versions
from kjfp_helpers.intake.volumes.split_volumes import volume_of_file
from kjfp_helpers.reports import formatting
from kjfp_helpers.state.secretary.publication_gates import open_findings

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

CONTAINER_KINDS = ("archive", "mail")
EXHIBIT_PARTS = ("exhibit", "picture", "caption")
"""Kinds of files that are no record by themselves but pieces of an exhibit."""


@dataclass(frozen=True)
class MailPart:
    """One file, or a form written into the letter itself; texts are Chinese and masked.

    ``name`` is indented below its archive, ``size`` is in bytes (``None`` for a letter's text).
    """

    name: str
    kind: str
    size: int | None
    sha256: str
    state: str


class MailContents:
    """What became of the parts of a round's messages."""

    def __init__(self, state: "RoundState") -> None:
        self._standing = {record.id for record in state.submissions.records}
        self._replaced = _replacing_receipts(state)
        self._beside = _outcomes_beside(state)
        self._records: dict[str, list[Record]] = defaultdict(list)
        self._brought: dict[int, list[Record]] = defaultdict(list)
        for record in state.submissions.intake.records:
            self._records[record.source].append(record)
            self._brought[record.receipt].append(record)
        self._faults: dict[str, list[Finding]] = defaultdict(list)
        for finding in state.screening.findings:
            if finding.severity is Severity.ERROR:
                self._faults[finding.source].append(finding)
        self._open = set(open_findings(state))
        self._first: dict[tuple[str, str], tuple[int, str]] = {}
        for mail in state.submissions.intake.mails:
            for file in mail.files:
                self._first.setdefault((mail.unit, file.sha256), (mail.receipt, file.path))

    def list_parts(self, mail: Mail) -> list[MailPart]:
        """Return the parts of a message in the order in which they hang on it."""
        names = _display_names(mail)
        sources = {f"{mail.path}/{file.path}" for file in mail.files}
        written = {
            record.source: record
            for record in self._brought[mail.receipt]
            if record.source not in sources and record.source.endswith("/正文")
        }
        return [self._file_part(mail, file, names[file.path]) for file in mail.files] + [
            MailPart(
                "邮件正文",
                self._titles(source, ""),
                None,
                record.sha256,
                self._record_outcome(self._records[source], self._faults.get(source, ())),
            )
            for source, record in written.items()
            if source.startswith(f"{mail.path}/")
        ]

    def _file_part(self, mail: Mail, file: File, name: str) -> MailPart:
        source = f"{mail.path}/{file.path}"
        again = next(
            (finding.found for finding in mail.findings if finding.code == "duplicate_mail"), ""
        )
        states = (
            [again]
            if again
            else [self._outcome(mail, file, source), self._duplicate_note(mail, file)]
        )
        return MailPart(
            name,
            self._titles(source, file.kind),
            file.size,
            file.sha256,
            "；".join(filter(None, states)),
        )

    def _titles(self, source: str, kind: str) -> str:
        """Return what a file was taken for, with the name of each nominee in it."""
        records = self._records.get(source, ())
        titles = [
            formatting.record_title(
                record.kind, mask_personal_numbers(versions.nominee_name(record))
            )
            for record in records
        ]
        own = [] if titles and kind not in CONTAINER_KINDS else [formatting.record_title(kind)]
        return "、".join(dict.fromkeys([*own, *titles]))

    def _outcome(self, mail: Mail, file: File, source: str) -> str:
        faults = self._faults.get(source, ())
        if source in self._records:
            return self._record_outcome(self._records[source], faults)
        if faults:
            titles = dict.fromkeys(fault.finding_type.title for fault in faults)
            return f"未能采用：{'、'.join(titles)}"
        if file.kind in CONTAINER_KINDS:
            is_opened = any(other.path.startswith(f"{file.path}/") for other in mail.files)
            if is_opened:
                return "已解开，内件列后"
            is_volume = volume_of_file(file.path, b"") is not None
            return "分卷，与其余各卷合并读取" if is_volume else "没有解出文件"
        if file.kind == "people_list":
            return "供核对，不计为推荐"
        shows = [record for record in self._brought[mail.receipt] if record.kind == "exhibit"]
        if file.kind in EXHIBIT_PARTS and shows:
            name = file.path.rpartition("/")[2]
            gallery_faults = [
                fault for show in shows for fault in self._faults.get(show.source, ())
            ]
            return self._record_outcome(
                shows, [fault for fault in gallery_faults if fault.place == name]
            )
        return "待人工辨认" if file.kind == "unknown" else "已收存"

    def _record_outcome(self, records: Sequence[Record], faults: Sequence[Finding]) -> str:
        """Say whether what was read stands, or which message replaced it."""
        if any(record.id in self._standing for record in records):
            return "采用，须补正" if self._open.intersection(faults) else "采用"
        beside = [self._beside[record.id] for record in records if record.id in self._beside]
        if beside:
            return beside[0]
        later = sorted(
            {self._replaced[record.id] for record in records if record.id in self._replaced}
        )
        return (
            f"已由{'、'.join(map(formatting.format_receipt_number, later))}来件替换"
            if later
            else "待确认单位"
        )

    def _duplicate_note(self, mail: Mail, file: File) -> str:
        """Tell a file that the same unit had sent before, byte for byte."""
        receipt, path = self._first[mail.unit, file.sha256]
        if (receipt, path) == (mail.receipt, file.path) or not file.size:
            return ""
        name = mask_personal_numbers(formatting.remove_control_chars(path.rpartition("/")[2]))
        where = (
            "本件内"
            if receipt == mail.receipt
            else f"{formatting.format_receipt_number(receipt)}来件"
        )
        return f"与{where}“{name}”内容相同"


def _replacing_receipts(state: "RoundState") -> dict[str, int]:
    """Return for each record that no longer stands the receipt of the one that does."""
    current = {versions.version_key(record): record for record in state.submissions.records}
    standing = {record.id for record in state.submissions.records}
    arrived = versions.apply_corrections(
        state.submissions.intake.records, state.events, state.round.notice
    )
    return {
        record.id: current[key].receipt
        for record in arrived
        if record.id not in standing and (key := versions.version_key(record)) in current
    }


def _outcomes_beside(state: "RoundState") -> dict[str, str]:
    """Return what became of each version that came together with the one that counts."""
    outcomes: dict[str, str] = {}
    for pair in state.submissions.replaced:
        name = mask_personal_numbers(
            formatting.remove_control_chars(pair.new.source.rpartition("/")[2])
        )
        outcomes |= {
            "copy": {pair.old.id: f"与“{name}”为同一份"},
            "open": {pair.old.id: f"与“{name}”内容不同，请说明以何为准"},
            "chosen": {pair.old.id: f"经核实，以“{name}”为准"},
        }.get(pair.why, {})
    return outcomes


def _display_names(mail: Mail) -> dict[str, str]:
    """Return each file's name by path, below an archive without the archive's own and indented."""
    paths, names = {file.path for file in mail.files}, {}
    for path in paths:
        holders = [path[:end] for end, char in enumerate(path) if char == "/"]
        parents = [holder for holder in holders if holder in paths]
        name = path[len(parents[-1]) + 1 :] if parents else path
        names[path] = "　" * len(parents) + mask_personal_numbers(
            formatting.remove_control_chars(name)
        )
    return names
