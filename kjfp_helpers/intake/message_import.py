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
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import PARTS_DEPTH
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.documents.html import read_lines, read_page
from kjfp_helpers.intake.exhibit_builder import Show
from kjfp_helpers.intake.file_reader import (
    Draft,
    Material,
    read_body,
    read_lost_tables,
    read_material,
)
from kjfp_helpers.intake.files.file_types import EXTENSIONS, OFFICE, detect_format
from kjfp_helpers.intake.files.libreoffice import INSTALL, find_libreoffice
from kjfp_helpers.intake.files.material_store import MaterialStore, safe_name
from kjfp_helpers.intake.files.unpacking import Body, Leaf, Opening
from kjfp_helpers.intake.forms.story_attachments import join_stories
from kjfp_helpers.intake.mail.filename_checks import check_name
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

    leaf: Leaf
    index: int
    sha256: str
    size: int


@dataclass
class MessageImport:
    """Gathers what one message holds while its files pass by, one in memory at a time."""

    round: Round
    senders: SenderMatcher
    store: MaterialStore
    envelope: MessageRef
    message: Message | None = None
    kept: dict[str, str] = field(default_factory=dict)
    drafts: list[Record] = field(default_factory=list)
    loose: list[Record] = field(default_factory=list)
    show: Show = field(default_factory=Show)
    opening: Opening = field(init=False)
    _pending: list[_Pending] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opening = Opening(self.envelope.path)

    @property
    def files(self) -> list[File]:
        """Files of the message so far."""
        return self.opening.files

    @property
    def findings(self) -> list[Finding]:
        """Findings on the message and its files so far."""
        return self.opening.findings

    @property
    def waiting(self) -> tuple[str, ...]:
        """Names of the stored copies that LibreOffice is to convert."""
        return tuple(self.kept[one.leaf.path] for one in self._pending)

    def open(self, data: bytes) -> None:
        """Read a message and everything in it."""
        try:
            self.message = read_message(data)
        except RecursionError:
            self.opening.find("nesting", f"不超过{PARTS_DEPTH}层", "邮件层数过多")
            self.message = read_headers(data)
        for leaf in self.opening.message(self.message, ""):
            self._take(leaf)
        for body in self.opening.bodies:
            self._read_body(body)
        self.message = replace(self.message, part=Part())
        told = {"cloud_link", "too_many_files", "nesting"} & {one.code for one in self.findings}
        if not self.files and not self.drafts and not told:
            self.opening.find("no_material", "附有材料的邮件", "没有附件")

    def open_file(self, name: str, data: bytes) -> None:
        """Read a file that lies in the inbox by itself."""
        self.opening.words.append(self.envelope.path)
        self.opening.add(check_name(name), name)
        for leaf in self.opening.file(name, name, data, "", 0):
            self._take(leaf)

    def settle(self, converted: Mapping[str, Path]) -> None:
        """Read what LibreOffice made of the old files; what it could not is for a person."""
        for one in self._pending:
            material = self._converted(one, converted.get(self.kept[one.leaf.path]))
            self.files[one.index] = replace(self.files[one.index], kind=material.kind)
            self._file(material, one.leaf, one.sha256, one.size)
        self._pending.clear()

    def _converted(self, one: _Pending, made: Path | None) -> Material:
        data = made.read_bytes() if made else b""
        kind, package = detect_format(data, "a.docx")
        if kind != "docx":
            why = "转换失败，请人工另存为 .docx" if find_libreoffice() else INSTALL
            return Material("unknown", findings=make_findings("needs_manual", "docx文件", why))
        name = f"{one.leaf.name.rpartition('.')[0]}.docx"
        leaf = replace(one.leaf, data=data, format=kind, package=package, name=name)
        material = self._read(leaf)
        if one.leaf.format == "doc" and _lacks_boxes(material):
            old = self.store.waiting(self.kept[one.leaf.path]).read_bytes()
            lost = read_lost_tables(old, self.round.notice)
            material = lost if lost and _boxes(lost) > _boxes(material) else material
        told = {found.code for found in self.findings if found.source == self._at(one)}
        fresh = tuple(found for found in material.findings if found.code not in told)
        return replace(material, findings=fresh)

    def _at(self, one: _Pending) -> str:
        return self.opening.source(one.leaf.path)

    def close(self) -> tuple[Mail, tuple[Record, ...]]:
        """Name the unit, shelve the copies and return the message with its records."""
        opening = self.opening
        unit = self.senders.find(opening.addresses, opening.words)
        stored = self.store.file_under(unit, list(self.kept.values()))
        places = {path: stored[name] for path, name in self.kept.items()}
        subject = self.message.subject if self.message else self.envelope.path
        forms = any(draft.kind in ("team", "individual") for draft in self.drafts)
        parts = self.round.notice.exhibition.parts
        exhibit = self.show.record(subject, places, parts, forms=forms)
        drafts = list(self.drafts)
        if exhibit:
            told = (*exhibit.findings, *opening.take(self.show.names))
            whole = replace(exhibit, source=opening.source(exhibit.source), findings=told)
            drafts.append(whole)
        others = {
            one.source
            for one in (exhibit.findings if exhibit else ())
            if one.code == "unexpected_type"
        }
        opening.forget("unsupported", others)
        opening.forget("unsorted", [*self.show.kinds, *others])
        for one in self.show.left_over:
            opening.add([one], one.source)
        if not unit:
            domain = opening.addresses[0].rpartition("@")[2] if opening.addresses else ""
            found = f"发件域名{quote_for_finding(domain)}" if domain else "来源不明"
            opening.find("unknown_sender", "名册内单位的邮箱、主题或材料署名", found)
        receipt = self.envelope.receipt
        records = tuple(
            replace(
                draft,
                id=f"{receipt}-{number}",
                unit=unit,
                receipt=receipt,
                sha256=draft.sha256 or self.envelope.sha256,
                findings=tuple(one.at(unit=unit) for one in draft.findings),
            )
            for number, draft in enumerate(drafts, start=1)
        )
        self.loose = [
            replace(text, id=f"{receipt}-u{number}", unit=unit, receipt=receipt)
            for number, text in enumerate(self.loose, start=1)
        ]
        files = tuple(
            replace(
                file,
                stored=places.get(file.path, ""),
                kind=self.show.kinds.get(file.path, file.kind),
            )
            for file in self.files
        )
        return self.mail(unit, files), join_stories(records)

    def mail(self, unit: str, files: tuple[File, ...]) -> Mail:
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
            receipt=self.envelope.receipt,
            path=self.envelope.path,
            sha256=self.envelope.sha256,
            unit=unit,
            files=files,
            findings=tuple(one.at(unit=unit) for one in self.findings),
            **facts,
        )

    def _read_body(self, body: Body) -> None:
        """Read a form that was written into the letter itself."""
        source = self.opening.source(f"{body.path}/正文" if body.path else "正文")
        try:
            page = body.kind == "html"
            document = read_page(body.text, "正文") if page else read_lines(body.text, "正文")
            material = read_body(document, self.round.notice)
        except Exception as error:
            warn_internal_error(error)
            # A letter's own words are no material; whatever its parser raised.
            return
        told = {(draft.kind, draft.source) for draft in self.drafts}
        for draft in material.drafts if material else ():
            if (draft.kind, source) not in told:
                digest = hashlib.sha256(body.text.encode("utf-8", errors="replace")).hexdigest()
                self.drafts.append(_record(draft, source, digest))

    def _read(self, leaf: Leaf) -> Material:
        archived, notice = bool(leaf.archive), self.round.notice
        try:
            return read_material(
                leaf.format, leaf.package, leaf.data, leaf.name, archived=archived, notice=notice
            )
        except Exception as error:
            # One bad file must not keep the others out, whatever its parser raised.
            warn_internal_error(error)
            return Material(
                "unknown", findings=make_findings("unreadable", "可打开的文件", "无法读取")
            )

    def _take(self, leaf: Leaf) -> None:
        """Keep a copy of a file, read it and file what it holds."""
        if leaf.data:
            ending = EXTENSIONS.get(leaf.format, "")
            safe = safe_name(leaf.name, ending)
            name = f"{self.envelope.receipt:04d}-{len(self.kept) + 1:02d}-{safe}"
            self.store.keep(name, leaf.data)
            self.kept[leaf.path] = name
        digest, size = leaf.sha256, len(leaf.data)
        material = self._read(leaf)
        refused = {"encrypted", "nesting", "bomb"} & {one.code for one in material.findings}
        if leaf.format in OFFICE and not refused and find_libreoffice() is not None:
            bare = replace(leaf, data=b"", package=None)
            self._pending.append(_Pending(bare, len(self.files), digest, size))
            kept = tuple(one for one in material.findings if one.code != "needs_manual")
            material = Material("waiting", findings=kept)
        self.files.append(File(path=leaf.path, sha256=digest, size=size, kind=material.kind))
        self._file(material, leaf, digest, size)

    def _file(self, material: Material, leaf: Leaf, digest: str, size: int) -> None:
        """File what a file holds: records, words that may name the unit, a piece of an exhibit."""
        self.opening.words += material.words
        self.opening.add(material.findings, leaf.path)
        source = self.opening.source(leaf.path)
        self.drafts += [_record(draft, source, digest) for draft in material.drafts]
        self.loose += [_record(material.loose, source, digest)] if material.loose else []
        self.show.add(material, leaf.path, leaf.name, digest, size, leaf.archive)


def _record(draft: Draft, source: str, digest: str) -> Record:
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


def _lacks_boxes(material: Material) -> bool:
    """Whether a document holds no form, or one without some of its boxes."""
    codes = {found.code for draft in material.drafts for found in draft.findings}
    return not material.drafts or "layout_changed" in codes


def _boxes(material: Material) -> int:
    return sum(len(draft.provenance) for draft in material.drafts)
