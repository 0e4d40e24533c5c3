"""Unpack messages, archives and mail collections recursively into the files they contain."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import File
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.resource_limits import (
    MAX_BODY_CHARS,
    MAX_JOINED_BYTES,
    MAX_MESSAGE_FILES,
    MAX_MIME_DEPTH,
    MAX_NESTING_DEPTH,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.common.unsafe_text_checks import (
    check_filename,
    check_text,
    complete_name,
    escapes_folder,
    is_partial_file,
    is_system_file,
)
from kjfp_helpers.intake.files.archive_readers import unpack_archive
from kjfp_helpers.intake.files.file_types import (
    CONTAINER_FORMATS,
    Format,
    decode_text,
    detect_format,
    extension_matches,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.rar_volumes import join_rar_volumes
from kjfp_helpers.intake.files.security.security_scan import scan_file
from kjfp_helpers.intake.files.zip_archives import ArchiveMember, UnpackBudget
from kjfp_helpers.intake.mail.attachments import Attachment, iter_attachments
from kjfp_helpers.intake.mail.cloud_links import find_cloud_links
from kjfp_helpers.intake.mail.mail_collection import collection_member_name, split_mbox
from kjfp_helpers.intake.mail.message import Message, find_anomalies, iter_text_bodies, read_message
from kjfp_helpers.intake.volumes.split_volumes import (
    ALL_VOLUMES,
    NamedFile,
    VolumeCollector,
    VolumeSet,
)


@dataclass(frozen=True, slots=True)
class ContainedFile:
    """A file to read; ``archive_path`` is the path of the archive that contains it, or ``""``."""

    path: str
    name: str
    data: bytes
    format: Format
    package: OfficePackage | None
    archive_path: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class MessageBody:
    """A message body that may contain a form; ``path`` is ``""`` for the outermost message."""

    path: str
    kind: str
    text: str


@dataclass
class MessageUnpacker:
    """Unpacks one message file by file and collects what is known of it, one file in memory.

    ``message_path`` is the path of the message in the inbox, the root of all sources of findings;
    ``unit_hints`` are texts that may name the sending unit, ``formats`` those of all files,
    ``volume_advice`` is what the finding on missing volumes adds, ``other_volumes`` are volumes of
    sets in this message that came with others of the unit.
    """

    message_path: str
    volume_advice: str = ""
    other_volumes: tuple[NamedFile, ...] = ()
    budget: UnpackBudget = field(default_factory=UnpackBudget)
    addresses: list[str] = field(default_factory=list)
    unit_hints: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bodies: list[MessageBody] = field(default_factory=list)
    formats: set[Format] = field(default_factory=set)
    _paths: set[str] = field(default_factory=set)

    def source_of(self, path: str) -> str:
        """Return the source of a file of the message, as findings state it."""
        return f"{self.message_path}/{path}" if path else self.message_path

    def add_problem(self, code: str, expected: str, found: str, path: str = "") -> None:
        """Add a problem in a file of the message, or in the message itself."""
        self.add_problems(make_problems(code, expected, found), path)

    def add_problems(self, problems: Iterable[Problem], path: str = "") -> None:
        """Add problems in a file of the message."""
        self.problems += [problem.in_file(path) for problem in problems]

    def drop_problems(self, code: str, paths: Collection[str]) -> None:
        """Drop the problems of a code in files that have a more exact one."""
        self.problems = [
            problem
            for problem in self.problems
            if problem.code != code or problem.path not in paths
        ]

    def take_problems(self, locations: Mapping[str, str]) -> list[Problem]:
        """Remove and return the problems in the files of an exhibit.

        ``locations`` maps the path of a file to the location that its problems get.
        """
        taken = [
            problem.at(problem.field, locations[problem.path])
            for problem in self.problems
            if problem.path in locations
        ]
        self.problems = [problem for problem in self.problems if problem.path not in locations]
        return taken

    def unpack_message(
        self, message: Message, parent_path: str, depth: int = 0
    ) -> Iterator[ContainedFile]:
        """Yield the files of a message and of the messages forwarded in it."""
        self._register_message(message, parent_path)
        attached = self._admitted_attachments(message, parent_path)
        yield from self.unpack_files(attached, "", depth)

    def _admitted_attachments(self, message: Message, parent_path: str) -> Iterator[NamedFile]:
        """Yield the attachments that may be read; inner messages are registered."""
        for attachment in self._iter_attachments(message, parent_path):
            path = self._unique_path(
                f"{parent_path}/{attachment.path}" if parent_path else attachment.path
            )
            if attachment.forwarded_message is not None:
                self._register_message(attachment.forwarded_message, path)
                continue
            if self.budget.files_left <= 0:
                self.add_problem("too_many_files", f"一件不超过{MAX_MESSAGE_FILES}个附件", "超出")
                return
            self.budget.files_left -= 1
            if attachment.path.count("/") > MAX_NESTING_DEPTH:
                self.add_problem("nesting", f"不超过{MAX_NESTING_DEPTH}层转发", "层数过多", path)
                continue
            self._check_attachment(attachment.name, attachment.declared_name, path)
            yield path, attachment.name, attachment.data

    def unpack_files(
        self, files: Iterable[NamedFile], archive: str, depth: int
    ) -> Iterator[ContainedFile]:
        """Yield the files in a series of files; archives cut into volumes are joined first.

        What systems and office programs leave beside a file, as ``~$推荐表.docx``, is not read;
        outside archives it is listed, and so is what is left of a download without its file.
        """
        collector = VolumeCollector()
        for other in () if archive else self.other_volumes:
            collector.take(*other, is_listed=False)
        paths: set[str] = set()
        left_out: list[File] = []
        for path, name, data in files:
            paths.add(path)
            if is_system_file(path):
                sha256 = hashlib.sha256(data).hexdigest()
                left_out.append(File(path=path, sha256=sha256, size=len(data), kind="unknown"))
            elif not collector.take(path, name, data):
                yield from self.unpack_file(path, name, data, archive, depth)
        self._list_left_out(left_out, paths, is_archive=bool(archive))
        if not archive:
            collector.match_by_name()
        for volumes, path in collector.take_out_sets():
            if volumes.rows:
                yield from self._unpack_volumes(volumes, path, archive, depth)

    def _unpack_volumes(
        self, volumes: VolumeSet, whole_path: str, archive: str, depth: int
    ) -> Iterator[ContainedFile]:
        """Yield the files in a joined archive, or the single files of a set that is none."""
        if not volumes.is_certain:
            for path, name, data in volumes.separate_files():
                yield from self.unpack_file(path, name, data, archive, depth)
            return
        self.files += volumes.rows
        if volumes.is_too_large:
            limit = f"分卷合计不超过{MAX_JOINED_BYTES // 10**6}MB"
            self.add_problem("too_large", limit, "超出，未予合并", volumes.rows[0].path)
            return
        if volumes.is_rar:
            self.formats.add("rar")
        whole, reason = volumes.join(join_rar_volumes)
        if reason:
            found = reason if archive else f"{reason}{self.volume_advice}"
            self.add_problem("truncated", ALL_VOLUMES, found, volumes.rows[0].path)
        else:
            yield from self.unpack_file(whole_path, volumes.joined_name, whole, archive, depth)

    def unpack_file(
        self, path: str, name: str, data: bytes, archive: str, depth: int
    ) -> Iterator[ContainedFile]:
        """Yield a file, or the files in it if it is an archive or a mail collection."""
        kind, package = detect_format(data, name)
        self.formats.add(kind)
        if kind == "text":
            text = (decode_text(data) or "")[:MAX_BODY_CHARS]
            self._report_links([text], None, path, by_host_only=True)
        if kind not in CONTAINER_FORMATS:
            yield ContainedFile(path, name, data, kind, package, archive)
            return
        sha256 = hashlib.sha256(data).hexdigest()
        file_kind = "mail" if kind in ("mail", "mbox") else "archive"
        self.files.append(File(path=path, sha256=sha256, size=len(data), kind=file_kind))
        if not extension_matches(kind, name):
            self.add_problem("ext_mismatch", "扩展名与内容一致", f"内容为{kind}", path)
        if depth >= MAX_NESTING_DEPTH:
            self.add_problem("nesting", f"不超过{MAX_NESTING_DEPTH}层", "层数过多", path)
        elif file_kind == "mail":
            spans = split_mbox(data) if kind == "mbox" else [(0, len(data))]
            for number, (start, end) in enumerate(spans, start=1):
                inner_path = f"{path}/{collection_member_name(number)}" if kind == "mbox" else path
                yield from self.unpack_message(read_message(data[start:end]), inner_path, depth + 1)
        else:
            yield from self._unpack_archive(kind, path, name, data, depth)

    def _list_left_out(
        self, left_out: Iterable[File], paths: Collection[str], *, is_archive: bool
    ) -> None:
        """List files that are not read; what is left of a download should have been a document."""
        for file in left_out:
            is_partial = is_partial_file(file.path)
            if is_archive and (not is_partial or complete_name(file.path) in paths):
                continue
            self.files.append(file)
            if is_partial:
                self.add_problem(
                    "truncated", "下载、保存完的文件", "没有下载或保存完的临时文件", file.path
                )

    def _unpack_archive(
        self, kind: str, path: str, name: str, data: bytes, depth: int
    ) -> Iterator[ContainedFile]:
        """Yield the files of an archive; findings are added with their source."""
        self.unit_hints.append(name)
        self.add_problems(scan_file("zip" if kind == "zip" else "other", None, data), path)
        yield from self.unpack_files(self._admitted_members(kind, path, data), path, depth + 1)

    def _admitted_members(self, kind: str, path: str, data: bytes) -> Iterator[NamedFile]:
        """Yield the members of an archive that may be read."""
        for member in unpack_archive(kind, data, path, self.budget):
            if isinstance(member, Problem):
                self.problems.append(member)
            elif isinstance(member, ArchiveMember):
                yield member.path, member.path.rpartition("/")[2], member.data

    def _iter_attachments(self, message: Message, path: str) -> Iterator[Attachment]:
        """Yield the attachments of a message up to the nesting limit."""
        try:
            yield from iter_attachments(message)
        except RecursionError:
            self.add_problem("nesting", f"不超过{MAX_MIME_DEPTH}层", "邮件层数过多", path)

    def _register_message(self, message: Message, path: str) -> None:
        """Register sender, subject, bodies and anomalies of a message."""
        self.addresses.append(message.sender)
        self.unit_hints.append(message.subject)
        anomalies = set(find_anomalies(message.part))
        texts = []
        for body in iter_text_bodies(message):
            texts.append(body.text)
            if not body.is_valid:
                anomalies.add("charset")
            if body.is_cut:
                limit = f"正文不超过{MAX_BODY_CHARS // 10**4}万字"
                self.add_problem("too_large", limit, "超出部分未读，请改用附件报送", path)
            self.bodies.append(MessageBody(path, body.kind, body.text))
        if "odd_header" in anomalies:
            self.add_problem("odd_header", "正常的邮件头", "邮件头重复、过长或含有控制字符", path)
        if "external_ref" in anomalies:
            self.add_problem("external_ref", "以附件报送", "附件存放在邮件之外，未予读取", path)
        if "charset" in anomalies:
            self.add_problem("charset", "与声明一致的文字编码", "编码与声明不符", path)
        self.add_problems(check_text(message.subject, "主题"), path)
        self._report_links(texts, message.arrival_time, path)

    def _report_links(
        self,
        texts: Iterable[str],
        arrival: datetime | None,
        path: str,
        *,
        by_host_only: bool = False,
    ) -> None:
        """Add a finding on each link to stored files."""
        for link in find_cloud_links(texts, arrival, by_host_only=by_host_only):
            self.add_problem(
                "cloud_link", "以附件报送", f"网盘链接 {link.url}，请于{link.deadline_text}", path
            )

    def _check_attachment(self, name: str, declared_name: str, path: str) -> None:
        """Add the findings on the name of an attachment."""
        self.add_problems(check_filename(name), path)
        if escapes_folder(declared_name.replace("\\", "/").removeprefix("C:")):
            self.add_problem(
                "path_escape", "不带路径的文件名", quote_for_finding(declared_name, 40), path
            )

    def _unique_path(self, path: str) -> str:
        """Return the path, with a number where the message has several files of that name."""
        stem, dot, extension = path.rpartition(".")
        number, unique = 1, path
        while unique in self._paths:
            number += 1
            unique = f"{stem}（{number}）{dot}{extension}" if dot else f"{path}（{number}）"
        self._paths.add(unique)
        return unique
