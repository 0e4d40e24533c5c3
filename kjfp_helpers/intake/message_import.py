"""One message from its bytes to its facts, its files and the records in them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message as Part
from pathlib import Path
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.intake.common.internal_errors import warn_internal_error
from kjfp_helpers.intake.common.label_matching import is_known_label
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import MAX_MIME_DEPTH
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.contents.document_content import read_doc_forms, read_typed_form
from kjfp_helpers.intake.contents.file_content import FileContent, RecordDraft
from kjfp_helpers.intake.documents.html import read_html, read_key_value_text
from kjfp_helpers.intake.exhibit_builder import ExhibitBuilder
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import (
    CONVERTIBLE_FORMATS,
    STORED_EXTENSION,
    detect_format,
)
from kjfp_helpers.intake.files.libreoffice import INSTALL_ADVICE, find_libreoffice
from kjfp_helpers.intake.files.material_store import MaterialStore, safe_name
from kjfp_helpers.intake.files.unpacking import ContainedFile, MessageBody, MessageUnpacker
from kjfp_helpers.intake.forms.story_attachments import join_stories
from kjfp_helpers.intake.mail.filename_checks import check_filename
from kjfp_helpers.intake.mail.message import Message, read_headers, read_message
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.rules import Round


@dataclass(frozen=True, slots=True)
class MessageRef:
    """What is known of a message before it is opened; ``path`` is relative to the round."""

    receipt: int
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Pending:
    """A file that waits for LibreOffice; ``index`` is its place among the files."""

    leaf: ContainedFile
    index: int
    sha256: str
    size: int


@dataclass
class MessageImport:
    """Gathers what one message holds while its files pass by, one in memory at a time."""

    round: Round
    senders: SenderMatcher
    store: MaterialStore
    ref: MessageRef
    message: Message | None = None
    stored_names: dict[str, str] = field(default_factory=dict)
    drafts: list[Record] = field(default_factory=list)
    unclassified: list[Record] = field(default_factory=list)
    exhibit: ExhibitBuilder = field(default_factory=ExhibitBuilder)
    unpacker: MessageUnpacker = field(init=False)
    _pending: list[_Pending] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.unpacker = MessageUnpacker(self.ref.path)

    @property
    def files(self) -> list[File]:
        """Files of the message so far."""
        return self.unpacker.files

    @property
    def findings(self) -> list[Finding]:
        """Findings on the message and its files so far."""
        return self.unpacker.findings

    @property
    def pending_conversions(self) -> tuple[str, ...]:
        """Names of the stored copies that LibreOffice is to convert."""
        return tuple(self.stored_names[one.leaf.path] for one in self._pending)

    def import_message(self, data: bytes) -> None:
        """Read a message and everything in it."""
        try:
            self.message = read_message(data)
        except RecursionError:
            self.unpacker.add_finding("nesting", f"不超过{MAX_MIME_DEPTH}层", "邮件层数过多")
            self.message = read_headers(data)
        for leaf in self.unpacker.unpack_message(self.message, ""):
            self._take(leaf)
        for body in self.unpacker.bodies:
            self._read_body(body)
        self.message = replace(self.message, part=Part())
        told = {"cloud_link", "too_many_files", "nesting"} & {one.code for one in self.findings}
        if not self.files and not self.drafts and not told:
            self.unpacker.add_finding("no_material", "附有材料的邮件", "没有附件")

    def import_file(self, name: str, data: bytes) -> None:
        """Read a file that lies in the inbox by itself."""
        self.unpacker.unit_hints.append(self.ref.path)
        self.unpacker.add_findings(check_filename(name), name)
        for leaf in self.unpacker.unpack_file(name, name, data, "", 0):
            self._take(leaf)

    def apply_conversions(self, converted: Mapping[str, Path]) -> None:
        """Read what LibreOffice made of the old files; what it could not is for a person."""
        for one in self._pending:
            material = self._converted(one, converted.get(self.stored_names[one.leaf.path]))
            self.files[one.index] = replace(self.files[one.index], kind=material.kind)
            self._file(material, one.leaf, one.sha256, one.size)
        self._pending.clear()

    def _converted(self, one: _Pending, made: Path | None) -> FileContent:
        data = made.read_bytes() if made else b""
        kind, package = detect_format(data, "a.docx")
        if kind != "docx":
            why = "转换失败，请人工另存为 .docx" if find_libreoffice() else INSTALL_ADVICE
            return FileContent("unknown", findings=make_findings("needs_manual", "docx文件", why))
        name = f"{one.leaf.name.rpartition('.')[0]}.docx"
        leaf = replace(one.leaf, data=data, format=kind, package=package, name=name)
        material = self._read(leaf)
        if one.leaf.format == "doc" and _lacks_boxes(material):
            old = self.store.pending_path(self.stored_names[one.leaf.path]).read_bytes()
            lost = read_doc_forms(old, self.round.notice)
            material = lost if lost and _boxes(lost) > _boxes(material) else material
        told = {found.code for found in self.findings if found.source == self._at(one)}
        fresh = tuple(found for found in material.findings if found.code not in told)
        return replace(material, findings=fresh)

    def _at(self, one: _Pending) -> str:
        return self.unpacker.source_of(one.leaf.path)

    def finish(self) -> tuple[Mail, tuple[Record, ...]]:
        """Name the unit, shelve the copies and return the message with its records."""
        opening = self.unpacker
        unit = self.senders.find_unit(opening.addresses, opening.unit_hints)
        stored = self.store.assign_to_unit(unit, list(self.stored_names.values()))
        places = {path: stored[name] for path, name in self.stored_names.items()}
        subject = self.message.subject if self.message else self.ref.path
        forms = any(draft.kind in ("team", "individual") for draft in self.drafts)
        parts = self.round.notice.exhibition.parts
        exhibit = self.exhibit.build_record(subject, places, parts, forms=forms)
        drafts = list(self.drafts)
        if exhibit:
            told = (*exhibit.findings, *opening.take_findings(self.exhibit.picture_names))
            whole = replace(exhibit, source=opening.source_of(exhibit.source), findings=told)
            drafts.append(whole)
        others = {
            one.source
            for one in (exhibit.findings if exhibit else ())
            if one.code == "unexpected_type"
        }
        opening.drop_findings("unsupported", others)
        opening.drop_findings("unsorted", [*self.exhibit.kind_by_path, *others])
        for one in self.exhibit.leftover_findings:
            opening.add_findings([one], one.source)
        if not unit:
            domain = opening.addresses[0].rpartition("@")[2] if opening.addresses else ""
            found = f"发件域名{quote_for_finding(domain)}" if domain else "来源不明"
            opening.add_finding("unknown_sender", "名册内单位的邮箱、主题或材料署名", found)
        receipt = self.ref.receipt
        records = tuple(
            replace(
                draft,
                id=f"{receipt}-{number}",
                unit=unit,
                receipt=receipt,
                sha256=draft.sha256 or self.ref.sha256,
                findings=tuple(one.filed_under(unit=unit) for one in draft.findings),
            )
            for number, draft in enumerate(drafts, start=1)
        )
        self.unclassified = [
            replace(text, id=f"{receipt}-u{number}", unit=unit, receipt=receipt)
            for number, text in enumerate(self.unclassified, start=1)
        ]
        files = tuple(
            replace(
                file,
                stored=places.get(file.path, ""),
                kind=self.exhibit.kind_by_path.get(file.path, file.kind),
            )
            for file in self.files
        )
        return self.build_mail(unit, files), join_stories(records)

    def build_mail(self, unit: str, files: tuple[File, ...]) -> Mail:
        """Return the message's facts."""
        message = self.message
        facts: dict[str, Any] = {
            "message_id": "",
            "sender": "",
            "subject": "",
            "sent": None,
            "received": None,
        }
        if message is not None:
            facts = {name: getattr(message, name) for name in facts}
        return Mail(
            receipt=self.ref.receipt,
            path=self.ref.path,
            sha256=self.ref.sha256,
            unit=unit,
            files=files,
            findings=tuple(one.filed_under(unit=unit) for one in self.findings),
            **facts,
        )

    def _read_body(self, body: MessageBody) -> None:
        """Read a form that was written into the letter itself."""
        source = self.unpacker.source_of(f"{body.path}/正文" if body.path else "正文")
        try:
            if body.kind == "html":
                document = read_html(body.text, "正文")
            else:
                document = read_key_value_text(body.text, "正文", is_known_label)
            material = read_typed_form(document, self.round.notice)
        except Exception as error:
            warn_internal_error(error)
            # A letter's own words are no material; whatever its parser raised.
            return
        told = {(draft.kind, draft.source) for draft in self.drafts}
        for draft in material.drafts if material else ():
            if (draft.kind, source) not in told:
                digest = hashlib.sha256(body.text.encode("utf-8", errors="replace")).hexdigest()
                self.drafts.append(_record(draft, source, digest))

    def _read(self, leaf: ContainedFile) -> FileContent:
        archived, notice = bool(leaf.archive_path), self.round.notice
        try:
            return read_file_content(
                leaf.format, leaf.package, leaf.data, leaf.name, archived=archived, notice=notice
            )
        except Exception as error:
            # One bad file must not keep the others out, whatever its parser raised.
            warn_internal_error(error)
            return FileContent(
                "unknown", findings=make_findings("unreadable", "可打开的文件", "无法读取")
            )

    def _take(self, leaf: ContainedFile) -> None:
        """Keep a copy of a file, read it and file what it holds."""
        if leaf.data:
            ending = STORED_EXTENSION.get(leaf.format, "")
            safe = safe_name(leaf.name, ending)
            name = f"{self.ref.receipt:04d}-{len(self.stored_names) + 1:02d}-{safe}"
            self.store.add(name, leaf.data)
            self.stored_names[leaf.path] = name
        digest, size = leaf.sha256, len(leaf.data)
        material = self._read(leaf)
        refused = {"encrypted", "nesting", "bomb"} & {one.code for one in material.findings}
        if leaf.format in CONVERTIBLE_FORMATS and not refused and find_libreoffice() is not None:
            bare = replace(leaf, data=b"", package=None)
            self._pending.append(_Pending(bare, len(self.files), digest, size))
            kept = tuple(one for one in material.findings if one.code != "needs_manual")
            material = FileContent("waiting", findings=kept)
        self.files.append(File(path=leaf.path, sha256=digest, size=size, kind=material.kind))
        self._file(material, leaf, digest, size)

    def _file(self, material: FileContent, leaf: ContainedFile, digest: str, size: int) -> None:
        """File what a file holds: records, words that may name the unit, a piece of an exhibit."""
        self.unpacker.unit_hints += material.unit_hints
        self.unpacker.add_findings(material.findings, leaf.path)
        source = self.unpacker.source_of(leaf.path)
        self.drafts += [_record(draft, source, digest) for draft in material.drafts]
        self.unclassified += (
            [_record(material.unclassified, source, digest)] if material.unclassified else []
        )
        self.exhibit.add(material, leaf.path, leaf.name, digest, size, leaf.archive_path)


def _record(draft: RecordDraft, source: str, digest: str) -> Record:
    return Record(
        id="",
        kind=draft.kind,
        unit="",
        receipt=0,
        source=source,
        sha256=digest,
        body=draft.body,
        provenance=dict(draft.provenance),
        findings=tuple(replace(one, source=source) for one in draft.findings),
    )


def _lacks_boxes(material: FileContent) -> bool:
    """Whether a document holds no form, or one without some of its boxes."""
    codes = {found.code for draft in material.drafts for found in draft.findings}
    return not material.drafts or "layout_changed" in codes


def _boxes(material: FileContent) -> int:
    return sum(len(draft.provenance) for draft in material.drafts)
