"""Reading of one entry of the column: intake's own unpacking and readers, texts and pictures apart.

An entry is a message, a folder or a single file. Archives in it, messages forwarded in it and old
Word files are read as those of the inbox are.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kjfp_helpers.core.records import Picture
from kjfp_helpers.infra.atomic_files import atomic_write, make_private_folder, output_errors
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.html import read_html
from kjfp_helpers.intake.file_reader import read_plain_text
from kjfp_helpers.intake.files.file_types import CONVERTIBLE_FORMATS, STORED_EXTENSION
from kjfp_helpers.intake.files.images import ImageInfo, read_image
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.files.unpacking import ContainedFile, MessageUnpacker
from kjfp_helpers.intake.inbox_listing import printable_name
from kjfp_helpers.intake.mail.attachments import iter_attachments
from kjfp_helpers.intake.mail.message import (
    Message,
    is_message_name,
    iter_text_bodies,
    read_message,
)
from kjfp_helpers.intake.online_column.column_folder import (
    MAX_BYTES,
    entry_name,
    list_entry_files,
)
from kjfp_helpers.intake.received_folder import COLUMN_COPIES, ReceivedFolder

MAX_FILES = 60
_OWN_TEXT = 100
"""Characters from which on a second text beside the main one is told of, and no caption."""
_USUAL = frozenset(("no_material", "odd_header"))
"""Codes of findings that say nothing about what could be read."""

NamedText = tuple[str, str]
"""Name of a file, ``""`` for the body of a message, and its text."""


@dataclass(kw_only=True)
class EntryContent:
    """What an entry holds: heads of its message, texts in order, pictures, what was not read.

    ``addresses`` are those of the senders and ``unit_hints`` texts that may name the unit, of the
    message and of those forwarded in it.
    """

    sha256: str = ""
    subject: str = ""
    day: str = ""
    addresses: list[str] = field(default_factory=list)
    unit_hints: list[str] = field(default_factory=list)
    texts: list[NamedText] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def notes_beside(self, main: str) -> tuple[str, ...]:
        """Return what was not read, and texts of files that are not the main one."""
        others = (
            f"另有文字没有采用：{name}"
            for name, text in self.texts
            if name and text != main and len(text) >= _OWN_TEXT
        )
        return tuple(dict.fromkeys((*self.notes, *others)))


def read_entry(entry: Path, received: ReceivedFolder) -> EntryContent:
    """Return what a message, a folder or a file holds; copies of its pictures are kept.

    Raises
    ------
    OutputError
        When a copy cannot be kept.
    """
    content, unpacker = EntryContent(), MessageUnpacker(entry_name(entry))
    if entry.is_dir() or not is_message_name(entry.name):
        files = list(_read_files(entry, content))
        content.sha256 = _digest(files)
        named = ((name, PurePosixPath(name).name, data) for name, data in files)
        _take_files(unpacker.unpack_files(named, "", 0), content, received)
    else:
        message = read_message(entry.read_bytes())
        content.subject = message.subject
        content.day = message.sent.date().isoformat() if message.sent else ""
        content.sha256 = _digest(_message_files(message))
        _take_files(unpacker.unpack_message(message, ""), content, received)
    content.addresses, content.unit_hints = unpacker.addresses, unpacker.unit_hints
    bodies = [
        run_sandboxed(_read_html_text, body.text) if body.kind == "html" else body.text
        for body in unpacker.bodies
    ]
    content.texts = [*(("", text.strip()) for text in bodies if text.strip()), *content.texts]
    content.notes += [
        f"{problem.finding_type.title}（{problem.path or entry_name(entry)}）"
        for problem in unpacker.problems
        if problem.code not in _USUAL
    ]
    return content


def _read_files(entry: Path, content: EntryContent) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder by their path in it, within the limits of an entry."""
    root, left = entry if entry.is_dir() else entry.parent, MAX_BYTES
    for number, path in enumerate(list_entry_files(entry)):
        name, size = printable_name(path.relative_to(root)), path.stat().st_size
        if number >= MAX_FILES or size > left:
            content.notes.append(
                f"超过{MAX_FILES}个文件或{MAX_BYTES // 1_000_000} MB，没有读：{name}"
            )
            continue
        left -= size
        yield name, path.read_bytes()


def _message_files(message: Message) -> Iterator[tuple[str, bytes]]:
    """Yield what tells a message from another one: its first body and its attachments."""
    bodies = list(iter_text_bodies(message))
    first = bodies[0] if bodies else None
    if first and first.kind == "html":
        yield "", run_sandboxed(_read_html_text, first.text).encode()
    else:
        yield "", (first.text if first else "").encode()
    attached = [one for one in iter_attachments(message) if one.data]
    yield from ((one.name, one.data) for one in attached[:MAX_FILES])


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(f"{name}\0{len(data)}\0".encode(errors="replace") + data)
    return digest.hexdigest()


def _take_files(
    files: Iterable[ContainedFile], content: EntryContent, received: ReceivedFolder
) -> None:
    """Add texts and pictures to the content, one file in memory at a time."""
    for file in files:
        if file.format == "image":
            content.pictures.append(_keep_picture(file, received))
        elif text := _read_text(file, received):
            content.texts.append((file.name, text))
            if file.package and any(
                part.startswith("word/media/") for part in file.package.part_names
            ):
                content.notes.append(f"文档里的图片没有取出，请单位另附原图：{file.name}")
        else:
            content.notes.append(f"没有读出文字：{file.name}")


def _read_text(file: ContainedFile, received: ReceivedFolder) -> str:
    """Return the text of a file, blank where a parser gives up or meets its limits."""
    data, name = file.data, file.name
    if file.format in CONVERTIBLE_FORMATS:
        data, name = _convert(file, received), f"{name}.docx"
    try:
        return run_sandboxed(read_plain_text, data, name).strip() if data else ""
    except (SandboxLimitExceeded, SandboxedCallFailed):
        return ""  # one file that cannot be read leaves the others


def _convert(file: ContainedFile, received: ReceivedFolder) -> bytes:
    """Return an old Word file as .docx, empty where it cannot be converted."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as scratch:
            source, folder = (
                Path(scratch) / f"a{STORED_EXTENSION[file.format]}",
                Path(scratch) / "b",
            )
            source.write_bytes(file.data)
            folder.mkdir()
            made = convert_to_docx({"a": source}, folder).get("a")
            return made.read_bytes() if made else b""

    return _keep_copy(f"{file.sha256}.docx", make, received).read_bytes()


def _keep_copy(name: str, make: Callable[[], bytes], received: ReceivedFolder) -> Path:
    """Return where a copy lies with the received material; it is made where there is none."""
    path = received.folder / COLUMN_COPIES / name
    if not path.is_file():
        with output_errors(path):
            make_private_folder(path.parent)
            atomic_write(path, make(), private=True)
    return path


def _keep_picture(file: ContainedFile, received: ReceivedFolder) -> Picture:
    """Keep a copy of a picture; return what is known of it."""
    sha256 = file.sha256
    path = _keep_copy(sha256, lambda: file.data, received)
    try:
        image = run_sandboxed(read_image, file.data)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        image = ImageInfo()
    return Picture(
        name=file.name,
        sha256=sha256,
        size=len(file.data),
        format=image.format,
        width=image.width,
        height=image.height,
        stored=path.relative_to(received.folder).as_posix(),
        look=image.phash,
        thumb=image.thumb,
        signs=image.signs,
    )


def _read_html_text(text: str) -> str:
    return read_html(text).text
