"""Items of the online column: news (动态) and profiles (典型事迹), one a message or a folder.

They lie in ``column/news`` and ``column/profiles`` of the round's folder, as ``.eml`` files or as
folders of a text with pictures; each is read by itself, whenever it came.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.records import Picture
from kjfp_helpers.infra.atomic_files import atomic_write, make_private_folder
from kjfp_helpers.intake.column.column_folder import list_entries, sign_entry
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.html import read_html
from kjfp_helpers.intake.documents.pdf.reader import ScannedPdf
from kjfp_helpers.intake.files.file_types import decode_text, detect_format
from kjfp_helpers.intake.files.images import ImageInfo, read_image
from kjfp_helpers.intake.files.security.security_scan import blocking_findings
from kjfp_helpers.intake.format_reading import read_document
from kjfp_helpers.intake.mail.message import iter_attachments, iter_text_bodies, read_message
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.received_folder import COLUMN_PICTURES, ReceivedFolder
from kjfp_helpers.rules import Round

_MAX_FILES = 60
_MAX_BYTES = 60_000_000
_DAY = re.compile(r"(20\d\d)[-年./_]?(0?[1-9]|1[0-2])[-月./_]?(3[01]|[12]\d|0?[1-9])(?!\d)")
_GREETING = re.compile(r"^(?:尊敬的|各位|领导小组办公室|您好|你好|此致|敬礼|附件[:：]).{0,20}$")

_KEPT: dict[tuple[object, ...], "ColumnItem"] = {}
"""Items as they were read by this process."""

File = tuple[str, bytes]
"""Name and content of a file of an item."""


@dataclass(frozen=True, kw_only=True)
class ColumnItem:
    """One piece of news or one profile, as it was sent.

    ``source`` is its path below the folder of its kind, ``sha256`` that of all its bytes, ``day``
    an ISO date or ``""``, ``unit`` a code or ``""`` where nobody is named. The first line of its
    text is the title. ``problem`` says why nothing could be read, ``""`` where something was.
    """

    kind: str
    source: str
    sha256: str
    day: str
    unit: str
    title: str
    text: str
    pictures: tuple[Picture, ...] = ()
    problem: str = ""


class _UnitFinder:
    """Finds the unit of an item: by address, name of its folder, words."""

    def __init__(self, round: Round) -> None:
        self._matcher = SenderMatcher(round.units)
        names = {one.name: one.code for one in round.units}
        names |= {one.short_name: one.code for one in round.units}
        self._names = sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0]))

    def find(self, source: str, sender: str, subject: str, text: str) -> str:
        """Return the code of the unit, blank for none."""
        named = next((code for name, code in self._names if name in source), "")
        matcher = self._matcher
        return (
            matcher.unit_of_address(sender)
            or named
            or matcher.unit_of_text(subject)
            or matcher.unit_of_text(text)
        )


def read_column(round: Round, received: ReceivedFolder) -> list[ColumnItem]:
    """Return the items of the column, by kind and name; what cannot be read says so.

    Raises
    ------
    OutputError
        When the pictures of a message cannot be kept.
    """
    finder = _UnitFinder(round)
    items = []
    for kind, entry in list_entries(round.folder):
        key = (str(received.folder), str(entry), *sign_entry(entry))
        if key not in _KEPT:
            _KEPT[key] = _read_safely(kind, entry, finder, received)
        items.append(_KEPT[key])
    return _merge_copies(items)


def _merge_copies(items: Iterable[ColumnItem]) -> list[ColumnItem]:
    """Return items with one of each content; it names the sources of all its copies."""
    merged: dict[tuple[str, str], ColumnItem] = {}
    for item in items:
        first = merged.get((item.kind, item.sha256))
        if first is not None:
            item = replace(first, source=f"{first.source}、{item.source}")
        merged[item.kind, item.sha256] = item
    return list(merged.values())


def _read_safely(
    kind: str, entry: Path, finder: _UnitFinder, received: ReceivedFolder
) -> ColumnItem:
    """Return an entry as an item; what cannot be read is one with a problem and no text."""
    try:
        return _read_entry(kind, entry, finder, received)
    except KjfpError:
        raise
    except Exception as error:
        warn_internal_error(error)
        # What is sent is hostile: whatever its parsers raise stops nothing but the entry.
        return _unread(kind, entry, finder, "打不开，请另存后重放")


def _unread(kind: str, entry: Path, finder: _UnitFinder, problem: str) -> ColumnItem:
    signature = "\0".join(sign_entry(entry))
    return ColumnItem(
        kind=kind,
        source=entry.name,
        sha256=hashlib.sha256(signature.encode()).hexdigest(),
        day=_find_day(entry.name),
        unit=finder.find(entry.name, "", "", ""),
        title=entry.name,
        text="",
        problem=problem,
    )


def _read_entry(
    kind: str, entry: Path, finder: _UnitFinder, received: ReceivedFolder
) -> ColumnItem:
    if entry.is_dir():
        files = tuple(_folder_files(entry))
        item = _make_item(kind, entry.name, "", entry.name, "", files, finder, received)
        return item or _unread(kind, entry, finder, "没有读出文字")
    if entry.suffix.lower() != ".eml":
        return _unread(kind, entry, finder, "格式不支持，请放 .eml 或装有正文的文件夹")
    if entry.stat().st_size > _MAX_BYTES:
        return _unread(kind, entry, finder, f"超过{_MAX_BYTES // 1_000_000} MB")
    data = entry.read_bytes()
    message = read_message(data)
    bodies = [
        run_sandboxed(_read_html_text, body.text) if body.kind == "html" else body.text
        for body in iter_text_bodies(message)
    ]
    attached = [(one.name, one.data) for one in iter_attachments(message) if one.data]
    files = (("", (bodies[0] if bodies else "").encode()), *attached[:_MAX_FILES])
    day = message.sent.date().isoformat() if message.sent else ""
    item = _make_item(
        kind, entry.name, day, message.subject, message.sender, files, finder, received
    )
    return item or _unread(kind, entry, finder, "没有读出文字")


def _read_html_text(text: str) -> str:
    return read_html(text).text


def _folder_files(folder: Path) -> Iterator[File]:
    left = _MAX_BYTES
    for path in sorted(folder.iterdir())[:_MAX_FILES]:
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= left:
            left -= path.stat().st_size
            yield path.name, path.read_bytes()


def _make_item(
    kind: str,
    source: str,
    day: str,
    subject: str,
    sender: str,
    files: Iterable[File],
    finder: _UnitFinder,
    received: ReceivedFolder,
) -> ColumnItem | None:
    digest = hashlib.sha256()
    texts, pictures = [], []
    for name, data in files:
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
        if detect_format(data, name)[0] == "image":
            pictures.append(_keep_picture(name, data, received))
            continue
        try:
            text = run_sandboxed(_read_text, name, data).strip()
        except (SandboxLimitExceeded, SandboxedCallFailed):
            continue  # one file that cannot be read leaves the others
        if text:
            texts.append(text)
    text = _main_text(texts)
    if not text:
        return None
    first, _, rest = text.partition("\n")
    is_titled = bool(rest.strip()) and len(first) <= 60
    title = first.strip() if is_titled else _plain_title(subject)
    unit = finder.find(source, sender, subject, text)
    return ColumnItem(
        kind=kind,
        source=source,
        sha256=digest.hexdigest(),
        day=day or _find_day(source),
        unit=unit,
        title=title,
        text=rest.strip() if is_titled else text,
        pictures=tuple(pictures),
    )


def _main_text(texts: Iterable[str]) -> str:
    """Return the longest text, without the lines of a covering letter around it."""
    longest = max(texts, key=len, default="")
    lines = [line.strip() for line in longest.splitlines()]
    return "\n".join(line for line in lines if line and not _GREETING.match(line))


def _plain_title(subject: str) -> str:
    return re.sub(r"^(?:报送|转发|回复|Re|Fwd|FW)[:：]?\s*", "", subject).strip() or "无题"


def _find_day(name: str) -> str:
    """Return the day that a name of a folder begins with or holds, ``""`` for none.

    Examples
    --------
    >>> _find_day("20200703 吉林动态"), _find_day("2020年7月3日"), _find_day("动态")
    ('2020-07-03', '2020-07-03', '')
    """
    match = _DAY.search(name)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def _read_text(name: str, data: bytes) -> str:
    """Return the text of a file, blank for what holds none or must not be opened."""
    kind, package = detect_format(data, name)
    if not name or kind == "text":
        return decode_text(data[:MAX_TEXT_BYTES]) or ""
    if package is not None and blocking_findings(package, kind):
        return ""
    try:
        document = read_document(kind, package, data)
    except (Unreadable, ScannedPdf):
        return ""
    return document.text if document else ""


def _keep_picture(name: str, data: bytes, received: ReceivedFolder) -> Picture:
    """Keep a copy of a picture with the received material; return what is known of it."""
    sha256 = hashlib.sha256(data).hexdigest()
    stored = f"{COLUMN_PICTURES}/{sha256}"
    path = received.folder / stored
    if not path.is_file() or path.stat().st_size != len(data):
        make_private_folder(path.parent)
        atomic_write(path, data, private=True)
    try:
        image = run_sandboxed(read_image, data)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        image = ImageInfo()
    return Picture(
        name=PurePosixPath(name).name,
        sha256=sha256,
        size=len(data),
        format=image.format,
        width=image.width,
        height=image.height,
        stored=stored,
        look=image.phash,
        thumb=image.thumb,
        signs=image.signs,
    )
