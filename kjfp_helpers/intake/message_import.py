"""Import one message: parse it, read its files, and collect records, files and findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message as Part
from pathlib import Path
from typing import Any

from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.resource_limits import MAX_MIME_DEPTH
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.common.unsafe_text_checks import check_filename, is_system_file
from kjfp_helpers.intake.contents.content_model import FileContent
from kjfp_helpers.intake.contents.document_content import count_filled_cells, read_doc_forms
from kjfp_helpers.intake.exhibits.exhibit_builder import UNEXPECTED, ExhibitBuilder
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import (
    CONVERTIBLE_FORMATS,
    STORED_EXTENSION,
    detect_format,
)
from kjfp_helpers.intake.files.libreoffice import INSTALL_ADVICE, find_libreoffice
from kjfp_helpers.intake.files.material_store import MaterialStore, safe_name
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.tool_versions import tool_versions_of, tools_of_formats
from kjfp_helpers.intake.files.unpacking import ContainedFile, MessageBody, MessageUnpacker
from kjfp_helpers.intake.forms.story_attachments import join_stories
from kjfp_helpers.intake.mail.message import Message, read_headers, read_message
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher, UnitEvidence
from kjfp_helpers.intake.message_bodies import MessageBodies
from kjfp_helpers.intake.message_reading import MessageReading, MessageRef
from kjfp_helpers.intake.record_numbering import (
    UnnumberedRecord,
    complete_files,
    number_records,
    record_of_draft,
)
from kjfp_helpers.rules import Round

_UNREAD = frozenset(
    "truncated corrupt encrypted unsupported needs_manual unreadable scanned cloud_link".split()
)
"""Findings on material that may hold a form which was not read."""
_NO_HEADERS = Message("", "", "", None, None, Part())
"""Headers of a file that is no message."""


@dataclass(frozen=True, slots=True)
class _PendingFile:
    """A file to be converted by LibreOffice; ``index`` is its position in the message's files."""

    file: ContainedFile
    index: int
    sha256: str
    size: int


@dataclass
class MessageImport:
    """Reads the files of one message one by one, with one file in memory at a time.

    First :meth:`import_message` or :meth:`import_file`, then :meth:`apply_conversions`, at last
    :meth:`finish`. ``stored_names`` maps the path of a file to the name of its copy; ``loose`` are
    the texts of no known kind, numbered when it is finished.
    """

    round: Round
    senders: SenderMatcher
    store: MaterialStore
    ref: MessageRef
    message: Message | None = None
    stored_names: dict[str, str] = field(default_factory=dict)
    records: list[UnnumberedRecord] = field(default_factory=list)
    unclassified: list[UnnumberedRecord] = field(default_factory=list)
    loose: tuple[Record, ...] = ()
    exhibit: ExhibitBuilder = field(default_factory=ExhibitBuilder)
    unpacker: MessageUnpacker = field(init=False)
    bodies: MessageBodies = field(init=False)
    _pending: list[_PendingFile] = field(default_factory=list)
    _copies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.unpacker = MessageUnpacker(self.ref.path)
        self.bodies = MessageBodies(self.round.notice)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what all messages of a round share; see :meth:`attach`."""
        return vars(self) | {"round": None, "senders": None, "store": None}

    def attach(self, round: Round, senders: SenderMatcher, store: MaterialStore) -> None:
        """Give an import that came from another process what all messages of a round share."""
        self.round, self.senders, self.store = round, senders, store
        self.bodies.notice = round.notice

    @property
    def files(self) -> list[File]:
        """Files of the message so far."""
        return self.unpacker.files

    @property
    def pending_conversions(self) -> tuple[str, ...]:
        """Names of the stored copies to be converted by LibreOffice."""
        return tuple(self.stored_names[pending.file.path] for pending in self._pending)

    def import_message(self, data: bytes) -> None:
        """Read a message with all its files and bodies."""
        try:
            self.message = read_message(data)
        except RecursionError:
            self.unpacker.add_problem("nesting", f"不超过{MAX_MIME_DEPTH}层", "邮件层数过多")
            self.message = read_headers(data)
        for file in self.unpacker.unpack_message(self.message, ""):
            self._import_contained(file)
        for body in self.unpacker.bodies:
            self._import_body(body)
        self.message = replace(self.message, part=Part())
        codes = {problem.code for problem in self.unpacker.problems}
        has_reason = bool(codes & {"cloud_link", "too_many_files", "nesting", "truncated"})
        has_files = any(not is_system_file(file.path) for file in self.files)
        if not has_files and not self.bodies.has_forms and not has_reason:
            self.unpacker.add_problem("no_material", "附有材料的邮件", "没有附件")

    def import_file(self, name: str, data: bytes) -> None:
        """Read a file that was put into the inbox without a message."""
        self.unpacker.unit_hints.append(self.ref.path)
        self.unpacker.volume_advice = (
            self.unpacker.volume_advice
            or "；请把缺少的分卷放入收件夹的同一文件夹，或打包在一个压缩文件里，再收件"
        )
        self.unpacker.add_problems(check_filename(name), name)
        for file in self.unpacker.unpack_files([(name, name, data)], "", 0):
            self._import_contained(file)

    def apply_conversions(self, converted: Mapping[str, Path]) -> None:
        """Read the converted files; those that could not be converted get a finding.

        Parameters
        ----------
        converted : Mapping
            Name of a stored copy to the .docx file made from it.
        """
        for pending in self._pending:
            stored_name = self.stored_names[pending.file.path]
            content = self._read_converted(pending, converted.get(stored_name))
            self.files[pending.index] = replace(self.files[pending.index], kind=content.kind)
            self._collect(content, pending.file, pending.sha256, pending.size)
        self._pending.clear()

    def finish(self) -> tuple[Mail, tuple[Record, ...]]:
        """Identify the unit, assign the copies to it, and return the message with its records."""
        self._resolve_bodies()
        unit = self.senders.find_unit(self.unpacker.addresses, self.unpacker.unit_hints)
        unit = unit or self._infer_unit()
        stored = self.store.assign_to_unit(unit, list(self.stored_names.values()))
        self._copies = {stored[name]: self._copies[name] for name in stored}
        stored_paths = {path: stored[name] for path, name in self.stored_names.items()}
        records = list(self.records)
        exhibit = self._build_exhibit(stored_paths)
        if exhibit:
            records.append(exhibit)
        if not unit:
            self._report_unknown_sender()
        receipt = self.ref.receipt
        numbered = number_records(records, receipt, unit, self.ref.sha256)
        self.loose = number_records(self.unclassified, receipt, unit, prefix="u")
        files = complete_files(self.files, stored_paths, self.exhibit.kind_by_path)
        return self.build_mail(unit, files), join_stories(numbered)

    def finish_reading(self) -> MessageReading:
        """Return all that was read, as :meth:`finish`."""
        mail, records = self.finish()
        return MessageReading(
            mail=mail,
            records=records,
            loose=self.loose,
            files=tuple(self.files),
            copies=self._copies,
            tools=tool_versions_of(tools_of_formats(self.unpacker.formats)),
        )

    def build_mail(self, unit: str, files: tuple[File, ...]) -> Mail:
        """Return the message with its files and findings, filed under a unit."""
        message = self.message or _NO_HEADERS
        return Mail(
            receipt=self.ref.receipt,
            path=self.ref.path,
            sha256=self.ref.sha256,
            message_id=message.message_id,
            sender=message.sender,
            unit=unit,
            subject=message.subject,
            sent=message.sent,
            received=message.received,
            files=files,
            findings=tuple(
                problem.in_document(self.unpacker.source_of(problem.path), unit=unit)
                for problem in self.unpacker.problems
            ),
        )

    def _import_contained(self, file: ContainedFile) -> None:
        """Store a copy of a file, read it and collect its content."""
        sha256, size = file.sha256, len(file.data)
        if file.data:
            self._copies[self._store_copy(file)] = sha256
        content = self._read(file)
        if _is_convertible(file, content):
            without_data = replace(file, data=b"", package=None)
            self._pending.append(_PendingFile(without_data, len(self.files), sha256, size))
            remaining = [finding for finding in content.findings if finding.code != "needs_manual"]
            content = FileContent("waiting", findings=tuple(remaining))
        self.files.append(File(path=file.path, sha256=sha256, size=size, kind=content.kind))
        self._collect(content, file, sha256, size)

    def _store_copy(self, file: ContainedFile) -> str:
        """Store a copy under ``<receipt>-<nn>-<safe name>`` and return its name."""
        base_name = safe_name(file.name, STORED_EXTENSION.get(file.format, ""))
        name = f"{self.ref.receipt:04d}-{len(self.stored_names) + 1:02d}-{base_name}"
        self.store.add(name, file.data)
        self.stored_names[file.path] = name
        return name

    def _read(self, file: ContainedFile) -> FileContent:
        """Read a file; a failing parser gives the finding ``unreadable``."""
        try:
            return read_file_content(
                file.format,
                file.package,
                file.data,
                file.name,
                archived=bool(file.archive_path),
                notice=self.round.notice,
            )
        except Exception as error:
            # One bad file must not stop the others, whatever its parser raised.
            warn_internal_error(error)
            findings = make_problems("unreadable", "可打开的文件", "无法读取")
            return FileContent("unknown", findings=findings)

    def _read_converted(self, pending: _PendingFile, docx: Path | None) -> FileContent:
        """Read a converted file; its findings omit those that the original already has."""
        data = docx.read_bytes() if docx else b""
        kind, package = detect_format(data, "a.docx")
        if kind != "docx":
            found = "转换失败，请人工另存为 .docx" if find_libreoffice() else INSTALL_ADVICE
            return FileContent("unknown", findings=make_problems("needs_manual", "docx文件", found))
        original = pending.file
        name = f"{original.name.rpartition('.')[0]}.docx"
        content = self._read(replace(original, data=data, format=kind, package=package, name=name))
        if original.format == "doc" and (_lacks_fields(content) or content.kind == "stocktake"):
            content = self._fuller_content(content, original, package)
        problems = self.unpacker.problems
        known = {problem.code for problem in problems if problem.path == original.path}
        added = tuple(finding for finding in content.findings if finding.code not in known)
        return replace(content, findings=added)

    def _fuller_content(
        self, content: FileContent, original: ContainedFile, package: OfficePackage | None
    ) -> FileContent:
        """Return what the .doc itself says where its conversion lost tables, else the content."""
        path = self.store.pending_path(self.stored_names[original.path])
        is_stocktake = content.kind == "stocktake"
        try:
            cell_count = count_filled_cells(package) if is_stocktake else None
            recovered = read_doc_forms(path.read_bytes(), self.round.notice, cell_count)
        except Exception as error:
            # The conversion was read: a failure of the second reader must not lose it.
            warn_internal_error(error)
            return content
        if recovered is None:
            return content
        if is_stocktake:
            is_fuller = recovered.kind == "stocktake" and _count_figures(
                recovered
            ) >= _count_figures(content)
        else:
            is_fuller = _count_fields(recovered) > _count_fields(content)
        return recovered if is_fuller else content

    def _import_body(self, body: MessageBody) -> None:
        """Read a form that was typed into the body of the message."""
        self.bodies.read(body, self.unpacker.source_of(body.path))

    def _resolve_bodies(self) -> None:
        """Add the records of bodies and the questions on them, once all files are read."""
        codes = {problem.code for problem in self.unpacker.problems}
        records, problems = self.bodies.resolve(self.records, bool(codes & _UNREAD))
        self.unclassified += [record for record in records if record.kind == "people_list"]
        self.records += [record for record in records if record.kind != "people_list"]
        self.unpacker.problems += problems

    def _collect(self, content: FileContent, file: ContainedFile, sha256: str, size: int) -> None:
        """Collect the records, unit hints, findings and exhibition material of a file."""
        self.unpacker.unit_hints += content.unit_hints
        self.unpacker.add_problems(content.findings, file.path)
        source = self.unpacker.source_of(file.path)
        self.records += [record_of_draft(draft, source, sha256) for draft in content.drafts]
        if content.unclassified:
            self.unclassified.append(record_of_draft(content.unclassified, source, sha256))
        self.exhibit.add(content, file.path, file.name, sha256, size, file.archive_path)

    def _build_exhibit(self, stored_paths: Mapping[str, str]) -> UnnumberedRecord | None:
        """Build the exhibit; problems that its own replace are dropped."""
        unpacker = self.unpacker
        subject = self.message.subject if self.message else self.ref.path
        has_forms = any(record.kind in ("team", "individual") for record in self.records)
        sections = self.round.notice.exhibition.parts
        exhibit = self.exhibit.build_record(subject, stored_paths, sections, forms=has_forms)
        unexpected: set[str] = set()
        if exhibit:
            unexpected = {path for path, found in exhibit.problems if found.code == UNEXPECTED}
            taken = unpacker.take_problems(self.exhibit.picture_names)
            in_pictures = ((unpacker.source_of(problem.path), problem) for problem in taken)
            captions = {unpacker.source_of(path) for path in self.exhibit.kind_by_path}
            self.unclassified = [one for one in self.unclassified if one.source not in captions]
            exhibit = replace(
                exhibit,
                source=unpacker.source_of(exhibit.source),
                problems=(*exhibit.problems, *in_pictures),
            )
        unpacker.drop_problems("unsupported", unexpected)
        unpacker.drop_problems("unsorted", [*self.exhibit.kind_by_path, *unexpected])
        unpacker.problems += self.exhibit.leftover_problems
        return exhibit

    def _infer_unit(self) -> str:
        """Return the unit that file names, opinions and signature name, with the question on it."""
        names = [file.path.rpartition("/")[2] for file in self.files]
        opinions = [getattr(record.body, "recommendation", None) for record in self.records]
        evidence = [
            *(UnitEvidence("主题", hint) for hint in self.unpacker.unit_hints),
            *(UnitEvidence("文件名", name) for name in names),
            *(UnitEvidence("推荐意见", opinion) for opinion in opinions if opinion),
            *(UnitEvidence("正文", line) for line in self.bodies.signature_lines),
        ]
        unit, found = self.senders.infer_unit(evidence)
        if found is not None:
            text = f"{found.place}写有{quote_for_finding(found.text, 40)}"
            self.unpacker.add_problem("unit_inferred", "名册内单位的邮箱或主题", text)
        return unit

    def _report_unknown_sender(self) -> None:
        addresses = self.unpacker.addresses
        domain = addresses[0].rpartition("@")[2] if addresses else ""
        found = f"发件域名{quote_for_finding(domain)}" if domain else "来源不明"
        self.unpacker.add_problem("unknown_sender", "名册内单位的邮箱、主题或材料署名", found)


def _is_convertible(file: ContainedFile, content: FileContent) -> bool:
    """Whether a file must and may be converted by LibreOffice."""
    codes = {finding.code for finding in content.findings}
    is_blocked = bool(codes & {"encrypted", "nesting", "bomb"})
    return file.format in CONVERTIBLE_FORMATS and not is_blocked and find_libreoffice() is not None


def _lacks_fields(content: FileContent) -> bool:
    """Whether a file contains no form, or one without some of its fields."""
    codes = {finding.code for draft in content.drafts for finding in draft.findings}
    return not content.drafts or "layout_changed" in codes


def _count_fields(content: FileContent) -> int:
    return sum(len(draft.provenance) for draft in content.drafts)


def _count_figures(content: FileContent) -> int:
    """Return how many figures of a stock-take were read, or have a question on them."""
    names = {
        name
        for draft in content.drafts
        for name in (*draft.provenance, *(finding.field for finding in draft.findings))
    }
    return len(names - {"", "unit"})
