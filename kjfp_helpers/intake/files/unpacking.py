"""Message, archive, mail collection: whatever holds files, opened down to the files in it."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import (
    MAX_MESSAGE_FILES,
    MAX_MIME_DEPTH,
    MAX_NESTING_DEPTH,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.files.archive_formats import unpack_archive
from kjfp_helpers.intake.files.file_types import (
    CONTAINER_FORMATS,
    Format,
    detect_format,
    extension_matches,
)
from kjfp_helpers.intake.files.security_scan import scan_file
from kjfp_helpers.intake.files.zip_archives import ArchiveMember, OfficePackage, UnpackBudget
from kjfp_helpers.intake.mail.cloud_links import find_cloud_link
from kjfp_helpers.intake.mail.filename_checks import check_filename, check_text, escapes_folder
from kjfp_helpers.intake.mail.message import (
    Attachment,
    Message,
    collection_member_name,
    find_anomalies,
    iter_attachments,
    iter_text_bodies,
    read_message,
    split_mbox,
)


@dataclass(frozen=True, slots=True)
class ContainedFile:
    """One file to read; ``archive_path`` is the path of the archive around it, ``""`` for none."""

    path: str
    name: str
    data: bytes
    format: Format
    package: OfficePackage | None
    archive_path: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class MessageBody:
    """A letter's own words that may hold a form; ``path`` is ``""`` for the message itself."""

    path: str
    kind: str
    text: str


@dataclass
class MessageUnpacker:
    """Everything in one message, found while its files pass by, one in memory at a time.

    ``message_path`` is the path of the message; findings are filed below it.
    """

    message_path: str
    budget: UnpackBudget = field(default_factory=UnpackBudget)
    addresses: list[str] = field(default_factory=list)
    unit_hints: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    bodies: list[MessageBody] = field(default_factory=list)
    _paths: set[str] = field(default_factory=set)

    def source_of(self, path: str) -> str:
        """Return where a file of the message is, as findings say it."""
        return f"{self.message_path}/{path}" if path else self.message_path

    def add_finding(self, code: str, expected: str, found: str, path: str = "") -> None:
        """File a finding on a file of the message, or on the message itself."""
        self.add_findings(make_findings(code, expected, found), path)

    def add_findings(self, findings: Iterable[Finding], path: str = "") -> None:
        """File findings on a file of the message."""
        self.findings += [replace(one, source=self.source_of(path)) for one in findings]

    def drop_findings(self, code: str, paths: Collection[str]) -> None:
        """Drop a code's findings on files of which something more exact is said."""
        sources = {self.source_of(path) for path in paths}
        self.findings = [
            one for one in self.findings if one.code != code or one.source not in sources
        ]

    def take_findings(self, places: Mapping[str, str]) -> list[Finding]:
        """Hand over the findings on files that have become pieces of a whole, by path and place."""
        known = {self.source_of(path): place for path, place in places.items()}
        taken = [
            replace(one, place=known[one.source]) for one in self.findings if one.source in known
        ]
        self.findings = [one for one in self.findings if one.source not in known]
        return taken

    def unpack_message(
        self, message: Message, above: str, depth: int = 0
    ) -> Iterator[ContainedFile]:
        """Yield the files of a message; those of forwarded messages too."""
        self._letter(message, above)
        for item in self._attachments(message, above):
            path = self._unique(f"{above}/{item.path}" if above else item.path)
            if item.forwarded_message is not None:
                self._letter(item.forwarded_message, path)
                continue
            if self.budget.files_left <= 0:
                self.add_finding("too_many_files", f"一件不超过{MAX_MESSAGE_FILES}个附件", "超出")
                return
            self.budget.files_left -= 1
            if item.path.count("/") > MAX_NESTING_DEPTH:
                self.add_finding("nesting", f"不超过{MAX_NESTING_DEPTH}层转发", "层数过多", path)
                continue
            self._attached(item.name, item.declared_name, path)
            yield from self.unpack_file(path, item.name, item.data, "", depth)

    def unpack_file(
        self, path: str, name: str, data: bytes, archive: str, depth: int
    ) -> Iterator[ContainedFile]:
        """Yield a file, or the files of the archive or of the messages that it is."""
        kind, package = detect_format(data, name)
        if kind not in CONTAINER_FORMATS:
            yield ContainedFile(path, name, data, kind, package, archive)
            return
        digest = hashlib.sha256(data).hexdigest()
        file_kind = "mail" if kind in ("mail", "mbox") else "archive"
        self.files.append(File(path=path, sha256=digest, size=len(data), kind=file_kind))
        if not extension_matches(kind, name):
            self.add_finding("ext_mismatch", "扩展名与内容一致", f"内容为{kind}", path)
        if depth >= MAX_NESTING_DEPTH:
            self.add_finding("nesting", f"不超过{MAX_NESTING_DEPTH}层", "层数过多", path)
        elif file_kind == "mail":
            spans = split_mbox(data) if kind == "mbox" else [(0, len(data))]
            for number, (start, end) in enumerate(spans, start=1):
                inner = f"{path}/{collection_member_name(number)}" if kind == "mbox" else path
                yield from self.unpack_message(read_message(data[start:end]), inner, depth + 1)
        else:
            yield from self._archive(kind, path, name, data, depth)

    def _archive(
        self, kind: str, path: str, name: str, data: bytes, depth: int
    ) -> Iterator[ContainedFile]:
        self.unit_hints.append(name)
        self.add_findings(scan_file("zip" if kind == "zip" else "other", None, data), path)
        for item in unpack_archive(kind, data, path, self.budget):
            if isinstance(item, Finding):
                self.add_findings([item], item.source)
            elif isinstance(item, ArchiveMember):
                inner = item.path.rpartition("/")[2]
                yield from self.unpack_file(item.path, inner, item.data, path, depth + 1)

    def _attachments(self, message: Message, path: str) -> Iterator[Attachment]:
        """Yield the files of a message as deep as its parts may nest."""
        try:
            yield from iter_attachments(message)
        except RecursionError:
            self.add_finding("nesting", f"不超过{MAX_MIME_DEPTH}层", "邮件层数过多", path)

    def _letter(self, message: Message, path: str) -> None:
        """Take note of who sent a message, about what, and of its own words."""
        self.addresses.append(message.sender)
        self.unit_hints.append(message.subject)
        odd = set(find_anomalies(message.part))
        texts = []
        for kind, text, sound in iter_text_bodies(message):
            texts.append(text)
            odd |= set() if sound else {"charset"}
            self.bodies.append(MessageBody(path, kind, text))
        if "odd_header" in odd:
            self.add_finding("odd_header", "正常的邮件头", "邮件头重复、过长或含有控制字符", path)
        if "external_ref" in odd:
            self.add_finding("external_ref", "以附件报送", "附件存放在邮件之外，未予读取", path)
        if "charset" in odd:
            self.add_finding("charset", "与声明一致的文字编码", "编码与声明不符", path)
        self.add_findings(check_text(message.subject, "主题"), path)
        link = find_cloud_link(texts, message.arrival_time)
        if link is not None:
            self.add_finding(
                "cloud_link", "以附件报送", f"网盘链接 {link.url}，请于{link.deadline_text}", path
            )

    def _attached(self, name: str, typed: str, path: str) -> None:
        self.add_findings(check_filename(name), path)
        if escapes_folder(typed.replace("\\", "/").removeprefix("C:")):
            self.add_finding("path_escape", "不带路径的文件名", quote_for_finding(typed, 40), path)

    def _unique(self, path: str) -> str:
        """Return the path, numbered where a file of the same name hangs on the message."""
        stem, dot, ending = path.rpartition(".")
        number, unique = 1, path
        while unique in self._paths:
            number += 1
            unique = f"{stem}（{number}）{dot}{ending}" if dot else f"{path}（{number}）"
        self._paths.add(unique)
        return unique
