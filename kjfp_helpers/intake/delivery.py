"""One message from its bytes to its facts, its files and the records in them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.archives import MOST_DEPTH, Budget, Member, Package, unzip
from kjfp_helpers.intake.faults import tell_own_fault
from kjfp_helpers.intake.mail import Message, attachments, cloud_link, read_message
from kjfp_helpers.intake.material import Material, read_material
from kjfp_helpers.intake.senders import Senders
from kjfp_helpers.intake.shows import Show
from kjfp_helpers.intake.sorting import EXTENSIONS, Format, format_of
from kjfp_helpers.intake.store import Store, safe_name
from kjfp_helpers.intake.stories import join_stories
from kjfp_helpers.intake.values import note
from kjfp_helpers.intake.words import quote
from kjfp_helpers.records import File, Mail, Record
from kjfp_helpers.rules import Round


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a message before it is opened; ``path`` is relative to the round."""

    receipt: int
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file to read; ``archive`` is the path of the archive around it, ``""`` for none."""

    path: str
    name: str
    data: bytes
    format: Format
    package: Package | None
    archive: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Delivery:
    """Gathers what one message holds while its files pass by, one in memory at a time."""

    round: Round
    senders: Senders
    store: Store
    envelope: Envelope
    message: Message | None = None
    addresses: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    files: list[File] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    drafts: list[Record] = field(default_factory=list)
    show: Show = field(default_factory=Show)

    def open(self, data: bytes) -> None:
        """Read a message and everything in it."""
        self.message = read_message(data)
        self.addresses.append(self.message.sender)
        self.words.append(self.message.subject)
        for leaf in self._message_files(self.message, ""):
            self._take(leaf)
        if not self.files and not self.findings:
            found = "正文只有网盘链接，未附文件" if cloud_link(self.message) else "没有附件"
            self._find("no_material", "附有材料的邮件", found)

    def open_file(self, name: str, data: bytes) -> None:
        """Read a file that lies in the inbox by itself."""
        self.words.append(self.envelope.path)
        for leaf in self._unfold(name, name, data, "", 0):
            self._take(leaf)

    def close(self) -> tuple[Mail, tuple[Record, ...]]:
        """Name the unit, shelve the copies and return the message with its records."""
        unit = self.senders.find(self.addresses, self.words)
        stored = self.store.file_under(unit, list(self.kept.values()))
        places = {path: stored[name] for path, name in self.kept.items()}
        subject = self.message.subject if self.message else self.envelope.path
        forms = any(draft.kind in ("team", "individual") for draft in self.drafts)
        exhibit = self.show.record(subject, places, forms=forms)
        drafts = (
            [*self.drafts, replace(exhibit, source=self._source(exhibit.source))]
            if exhibit
            else self.drafts
        )
        self.findings += [
            replace(one, source=self._source(one.source)) for one in self.show.left_over
        ]
        if not unit:
            domain = self.addresses[0].rpartition("@")[2] if self.addresses else ""
            found = f"发件域名{quote(domain)}" if domain else "来源不明"
            self._find("unknown_sender", "名册内单位的邮箱、主题或材料署名", found)
        receipt = self.envelope.receipt
        records = tuple(
            replace(
                draft, id=f"{receipt}-{number}", unit=unit, receipt=receipt,
                sha256=draft.sha256 or self.envelope.sha256,
                findings=tuple(one.at(unit=unit) for one in draft.findings),
            )
            for number, draft in enumerate(drafts, start=1)
        )  # fmt: skip
        files = tuple(replace(file, stored=places.get(file.path, "")) for file in self.files)
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
            receipt=self.envelope.receipt, path=self.envelope.path, sha256=self.envelope.sha256,
            unit=unit, files=files, findings=tuple(one.at(unit=unit) for one in self.findings),
            **facts,
        )  # fmt: skip

    def _find(self, code: str, expected: str, found: str, path: str = "") -> None:
        self.findings.append(
            Finding(code=code, expected=expected, found=found, source=self._source(path))
        )

    def _source(self, path: str) -> str:
        return f"{self.envelope.path}/{path}" if path else self.envelope.path

    def _message_files(self, message: Message, above: str) -> Iterator[Leaf]:
        for item in attachments(message):
            path = f"{above}/{item.path}" if above else item.path
            if item.inner is not None:
                self.addresses.append(item.inner.sender)
                self.words.append(item.inner.subject)
                continue
            if self.budget.files <= 0:
                self._find("too_many_files", "不超过规定的附件数", "超出")
                return
            self.budget.files -= 1
            if item.path.count("/") > MOST_DEPTH:
                self._find("nesting", f"不超过{MOST_DEPTH}层转发", "层数过多", path)
                continue
            yield from self._unfold(path, item.name, item.data, "", above.count("/"))

    def _unfold(
        self, path: str, name: str, data: bytes, archive: str, depth: int
    ) -> Iterator[Leaf]:
        """Yield a file, or the files of the archive or the message that it is."""
        kind, package = format_of(data, name)
        if kind not in ("zip", "mail"):
            yield Leaf(path, name, data, kind, package, archive)
            return
        digest = hashlib.sha256(data).hexdigest()
        file_kind = "archive" if kind == "zip" else "mail"
        self.files.append(File(path=path, sha256=digest, size=len(data), kind=file_kind))
        if depth >= MOST_DEPTH:
            self._find("nesting", f"不超过{MOST_DEPTH}层", "层数过多", path)
        elif kind == "mail":
            inner = read_message(data)
            self.addresses.append(inner.sender)
            self.words.append(inner.subject)
            yield from self._message_files(inner, path)
        else:
            self.words.append(name)
            for item in unzip(data, path, self.budget):
                if isinstance(item, Finding):
                    self.findings.append(replace(item, source=self._source(item.source)))
                elif isinstance(item, Member):
                    inner_name = item.path.rpartition("/")[2]
                    yield from self._unfold(item.path, inner_name, item.data, path, depth + 1)

    def _own_path(self, path: str) -> str:
        """Return a path no other file of the message has: two may bear the same name."""
        taken = {file.path for file in self.files}
        head, dot, ending = path.rpartition(".")
        numbers = (f"{head}（{n}）{dot}{ending}" if dot else f"{path}（{n}）" for n in count(2))
        return path if path not in taken else next(one for one in numbers if one not in taken)

    def _read(self, leaf: Leaf) -> Material:
        archived, notice = bool(leaf.archive), self.round.notice
        try:
            return read_material(
                leaf.format, leaf.package, leaf.data, leaf.name, archived=archived, notice=notice
            )
        except Exception as error:
            # One bad file must not keep the others out, whatever its parser raised.
            tell_own_fault(error)
            return Material("unknown", findings=note("unreadable", "可打开的文件", "无法读取"))

    def _take(self, leaf: Leaf) -> None:
        """Keep a copy of a file, read it and file what it holds."""
        leaf = replace(leaf, path=self._own_path(leaf.path))
        if leaf.data:
            ending = EXTENSIONS.get(leaf.format, "")
            safe = safe_name(leaf.name, ending)
            name = f"{self.envelope.receipt:04d}-{len(self.kept) + 1:02d}-{safe}"
            self.store.keep(name, leaf.data)
            self.kept[leaf.path] = name
        digest = leaf.sha256
        material = self._read(leaf)
        self.files.append(
            File(path=leaf.path, sha256=digest, size=len(leaf.data), kind=material.kind)
        )
        self.words += material.words
        self.findings += [replace(one, source=self._source(leaf.path)) for one in material.findings]
        source = self._source(leaf.path)
        self.drafts += [
            Record(
                id="", kind=draft.kind, unit="", receipt=0, source=source, sha256=digest,
                body=draft.body, provenance=dict(draft.provenance),
                findings=tuple(replace(one, source=source) for one in draft.findings),
            )
            for draft in material.drafts
        ]  # fmt: skip
        self.show.add(material, leaf.path, leaf.name, digest, len(leaf.data), leaf.archive)
