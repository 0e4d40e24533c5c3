"""Parse e-mail messages: sender, dates, subject, bodies and attachments.

The parser of the standard library with its compat32 policy; ``headers`` decodes raw headers.
"""

import email
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Part
from email.policy import Compat32
from itertools import pairwise
from typing import Any, NamedTuple

from kjfp_helpers.intake.common.charset_detection import declared_charset
from kjfp_helpers.intake.common.resource_limits import (
    MAX_BODY_CHARS,
    MAX_HEADER_CHARS,
    MAX_HEADERS,
    MAX_MIME_DEPTH,
    MAX_SUBJECT_CHARS,
)
from kjfp_helpers.intake.common.unsafe_text_checks import has_invisible_chars
from kjfp_helpers.intake.mail.headers import (
    decode_bytes,
    decode_header,
    has_valid_encoded_words,
    is_valid_in_charset,
    parse_date,
)
from kjfp_helpers.intake.mail.long_bodies import parse_message
from kjfp_helpers.intake.mail.message_repair import (
    decode_inner_message,
    decode_padded_pieces,
    decode_part,
    find_address,
    repair_boundary,
    repair_first_lines,
    repair_named_body,
    repair_transfer_encoding,
    uuencoded_files,
)

_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200}\r?\n(?=[\w-]+:)")

_FORWARDED_TYPES = tuple(
    f"message/{subtype}" for subtype in ("rfc822", "global", "news", "partial")
)
"""Types of a part that is a whole message."""
_CONTENT_ID = re.compile(r"cid:([^\s\"'<>)]+)", re.IGNORECASE)
_SHOWN_PHOTO_CHARS, _ONLY_PHOTO_CHARS = 400_000, 60_000
"""Coded size from which an image shown inside the body is a photograph and no ornament; the smaller
one where nothing else is attached."""

_MIN_PHOTO_PIXELS = 1_000_000
_DATA_IMAGE = re.compile(
    rb"data:image/(jpe?g|png|gif|bmp|webp|heic)(?:;[\w=-]{1,40}){0,3};base64,([A-Za-z0-9+/=\s]{200,})",
    re.IGNORECASE,
)
_DATA_URI = re.compile(rb"data:[\w./+-]{0,80}(?:;[\w=-]{1,40}){0,3};base64,[A-Za-z0-9+/=\s]{200,}")
"""A file written into a page, of which nothing is text."""
_MAX_PAGE_PHOTOS = 30

MAX_HEADER_BYTES = 1_000_000
"""Bytes of a message among which its headers are looked for."""
MBOX_PREFIX = b"From "
"""First bytes of a mail collection (mbox)."""
_MBOX_EXTENSIONS = (".mbox", ".mbx")


class _RawHeaderPolicy(Compat32):
    """Policy that returns raw headers, with 8-bit bytes as surrogates."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_POLICY = _RawHeaderPolicy()


@dataclass(frozen=True, slots=True)
class Message:
    """Parsed headers of a message; ``sent`` and ``received`` are aware times or ``None``.

    ``part`` is the MIME tree.
    """

    message_id: str
    sender: str
    subject: str
    sent: datetime | None
    received: datetime | None
    part: Part

    @property
    def arrival_time(self) -> datetime | None:
        """Time of receipt, else of sending."""
        return self.received or self.sent


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a message; ``path`` includes the names of forwarded messages."""

    path: str
    name: str
    data: bytes
    declared_name: str = ""
    """The name as declared, folders included."""
    forwarded_message: Message | None = None
    """The forwarded message; its own attachments follow as separate items."""


class TextBody(NamedTuple):
    """A body: its subtype, its text, whether its charset was valid, and whether it was cut."""

    kind: str
    text: str
    is_valid: bool
    is_cut: bool


def read_headers(data: bytes) -> Message:
    """Parse only the headers of a message, which are among its first ``MAX_HEADER_BYTES``."""
    data = repair_first_lines(data[:MAX_HEADER_BYTES])
    end = re.search(rb"\r?\n\r?\n", data)
    return _message_of_part(
        email.message_from_bytes(data[: end.start() if end else 0], policy=_POLICY)
    )


def read_message(data: bytes) -> Message:
    """Parse a whole message."""
    part = parse_message(repair_boundary(repair_first_lines(data)), _POLICY)
    repair_named_body(part)
    return _message_of_part(part)


def split_mbox(data: bytes) -> list[tuple[int, int]]:
    """Return the start and end offsets of each message of a mail collection."""
    starts = [match.start() for match in _FROM_LINE.finditer(data)]
    return list(pairwise([*starts, len(data)]))


def is_message_name(name: str) -> bool:
    """Whether a file is a message by its name.

    Examples
    --------
    >>> is_message_name("inbox/0001.EML"), is_message_name("附件1.docx")
    (True, False)
    """
    return name.lower().endswith((".eml", ".email"))


def may_be_collection(head: bytes, name: str) -> bool:
    """Whether a file may be a mail collection, by its first bytes and its name."""
    return head.startswith(MBOX_PREFIX) or name.lower().endswith(_MBOX_EXTENSIONS)


def collection_spans(data: bytes, name: str) -> dict[str, tuple[int, int]]:
    """Map the name of each message of a mail collection to its offsets, ``{}`` for other files."""
    spans = split_mbox(data) if data.startswith(MBOX_PREFIX) else []
    if len(spans) < 2 and not name.lower().endswith(_MBOX_EXTENSIONS):
        return {}
    return {
        f"{name}/{collection_member_name(number)}": span
        for number, span in enumerate(spans, start=1)
    }


def collection_member_name(number: int) -> str:
    """Return the name of a message of a mail collection.

    Examples
    --------
    >>> collection_member_name(3)
    '第0003封.eml'
    """
    return f"第{number:04d}封.eml"


def iter_attachments(message: Message) -> Iterator[Attachment]:
    """Yield the attachments of a message in order, those of a forwarded message after it.

    Photographs written into the pages of a message come last.
    """
    shown = _ornaments(message)
    has_files = False
    for attachment in _iter_part_attachments(message.part, "", 0, iter(range(1, 10**6)), shown):
        has_files = has_files or attachment.forwarded_message is None
        yield attachment
    yield from _photos_in_pages(message, _SHOWN_PHOTO_CHARS if has_files else _ONLY_PHOTO_CHARS)


def _photos_in_pages(message: Message, least_chars: int) -> Iterator[Attachment]:
    """Yield the photographs that stand coded in the pages of a message, and no ornaments."""
    number = 0
    for part in message.part.walk():
        if part.get_content_subtype() != "html" or _is_attachment(part):
            continue
        for match in _DATA_IMAGE.finditer(decode_part(part)):
            if len(match[2]) >= least_chars and number < _MAX_PAGE_PHOTOS:
                number += 1
                name = f"正文图片{number}.{match[1].decode().lower().replace('jpeg', 'jpg')}"
                yield Attachment(name, name, decode_padded_pieces(match[2].decode()))


def iter_text_bodies(message: Message) -> Iterator[TextBody]:
    """Yield the text bodies of a message, without the pictures coded in pages.

    Bodies of forwarded messages are not included.
    """
    stack: list[Part] = [message.part]
    for _ in range(1000):
        if not stack:
            return
        part = stack.pop()
        content_type = part.get_content_type()
        if part.is_multipart():
            children: Any = part.get_payload()
            if content_type not in _FORWARDED_TYPES:
                stack += reversed(children)
        elif part.get_content_maintype() == "text" and not _is_attachment(part):
            charset = declared_charset(part) or "utf-8"
            raw = _DATA_URI.sub(b"data:,", decode_part(part))
            text = decode_bytes(raw, charset)
            yield TextBody(
                content_type.rpartition("/")[2],
                text[:MAX_BODY_CHARS],
                is_valid_in_charset(raw, charset),
                len(text) > MAX_BODY_CHARS,
            )


def find_anomalies(part: Part) -> frozenset[str]:
    """Return the anomalies of a message: ``odd_header``, ``charset``, ``external_ref``."""
    anomalies: set[str] = set()
    for name in ("from", "to", "subject", "date", "message-id"):
        values = part.get_all(name, [])
        value = str(values[0]) if values else ""
        if len(values) > 1 or len(value) > MAX_HEADER_CHARS:
            anomalies.add("odd_header")
        value = value[:MAX_HEADER_CHARS]
        if has_invisible_chars("".join(decode_header(value).split(" "))):
            anomalies.add("odd_header")
        if not has_valid_encoded_words(value):
            anomalies.add("charset")
    if len(part.keys()) > MAX_HEADERS:
        anomalies.add("odd_header")
    if any(child.get_content_type() == "message/external-body" for child in _iter_top_parts(part)):
        anomalies.add("external_ref")
    return frozenset(anomalies)


def _iter_top_parts(part: Part) -> Iterator[Part]:
    """Yield the MIME parts of the first two levels."""
    children: Any = part.get_payload() if part.is_multipart() else []
    for child in (part, *children):
        yield child
        yield from child.get_payload() if child is not part and child.is_multipart() else ()


def _message_of_part(part: Part) -> Message:
    """Parse the headers of a MIME part as a message."""
    raw_sender = str(part.get("from") or "")[:MAX_HEADER_CHARS]
    address = find_address(raw_sender, _decoded_header(part, "from"))
    received = [str(value) for value in part.get_all("received", [])]
    return Message(
        message_id=_decoded_header(part, "message-id").strip("<> "),
        sender=address.lower(),
        subject=_visible_line(_decoded_header(part, "subject"))[:MAX_SUBJECT_CHARS],
        sent=parse_date(_decoded_header(part, "date")),
        received=parse_date(received[0].rpartition(";")[2]) if received else None,
        part=part,
    )


def _visible_line(text: str) -> str:
    """Return text on one line, without invisible characters."""
    visible = "".join(
        char if char.isspace() or not has_invisible_chars(char) else " " for char in text
    )
    return " ".join(visible.split())


def _iter_part_attachments(
    part: Part, parent_path: str, depth: int, numbers: Iterator[int], shown: frozenset[str]
) -> Iterator[Attachment]:
    """Yield the attachments of a part; raise ``RecursionError`` beyond the nesting limit."""
    if depth > MAX_MIME_DEPTH:
        raise RecursionError(f"{MAX_MIME_DEPTH} parts deep")
    payload: Any = part.get_payload() if part.is_multipart() else None
    if part.get_content_type() in _FORWARDED_TYPES and payload:
        name = attachment_name(part) or f"转发邮件{next(numbers)}.eml"
        path = f"{parent_path}/{name}" if parent_path else name
        inner = _inner_message(part, payload[0])
        yield Attachment(path, name, b"", forwarded_message=inner)
        shown = _ornaments(inner)
        yield from _iter_part_attachments(inner.part, path, depth + 1, numbers, shown)
    elif payload is not None:
        for child in _files_of(part, payload):
            yield from _iter_part_attachments(child, parent_path, depth + 1, numbers, shown)
    elif _is_attachment(part, shown):
        name = attachment_name(part) or f"未命名附件{next(numbers)}"
        path = f"{parent_path}/{name}" if parent_path else name
        yield Attachment(path, name, decode_part(part), declared_name=_declared_name(part))
    elif part.get_content_maintype() == "text":
        text = decode_part(part).decode("latin-1")
        for raw_name, data in uuencoded_files(text) if "begin" in text else ():
            name = decode_header(raw_name.encode("latin-1").decode("utf-8", "surrogateescape"))
            path = f"{parent_path}/{name}" if parent_path else name
            yield Attachment(path, _base_name(name), data, declared_name=name)


def _files_of(part: Part, children: list[Part]) -> list[Part]:
    """Return the children of a part without what a Mac keeps about the file beside it."""
    if part.get_content_type() != "multipart/appledouble":
        return children
    return [child for child in children if child.get_content_type() != "application/applefile"]


def _inner_message(part: Part, payload: Part) -> Message:
    """Return a forwarded message, decoded where its part is coded against the standard."""
    repair_transfer_encoding(part)
    encoding = str(part.get("content-transfer-encoding") or "")
    if encoding in ("base64", "quoted-printable"):
        inner = read_message(decode_inner_message(payload, encoding))
        if inner.part.keys():
            return inner
    return _message_of_part(payload)


def _ornaments(message: Message) -> frozenset[str]:
    """Return the content ids of the images shown inside the body that are no photographs."""
    pages = (body.text for body in iter_text_bodies(message) if body.kind == "html")
    shown = frozenset(name for page in pages for name in _CONTENT_ID.findall(page))
    if not shown:
        return shown
    leaves = [part for part in message.part.walk() if not part.is_multipart()]
    has_files = any(
        _is_attachment(part, shown) for part in leaves if part.get_content_maintype() != "text"
    )
    limit = _SHOWN_PHOTO_CHARS if has_files else _ONLY_PHOTO_CHARS
    photos = {_content_id(part) for part in leaves if _is_photo(part, limit)}
    return shown - photos


def _is_photo(part: Part, least_chars: int) -> bool:
    """Whether an image has the size of a photograph; a small one must be a JPEG or have 1 MP."""
    code = str(part.get_payload())
    if len(code) < least_chars or len(code) >= _SHOWN_PHOTO_CHARS:
        return len(code) >= least_chars
    data = decode_part(part)[:24]
    if data.startswith(b"\xff\xd8") or data[4:8] == b"ftyp":  # a JPEG, or a phone's HEIC
        return True
    width, height = data[16:20], data[20:24]
    return data.startswith(b"\x89PNG") and (
        int.from_bytes(width, "big") * int.from_bytes(height, "big") >= _MIN_PHOTO_PIXELS
    )


def _content_id(part: Part) -> str:
    return str(part.get("content-id") or "").strip().strip("<>")


def _is_attachment(part: Part, shown: frozenset[str] | None = None) -> bool:
    """Whether a part is a file, and not a body or an image displayed inside the body.

    ``shown`` are the content ids that the body displays, ``None`` for any.
    """
    if part.get_content_disposition() == "attachment":
        return True
    content_id = _content_id(part)
    if content_id and part.get_content_maintype() == "image":
        return shown is not None and content_id not in shown
    has_name = bool(attachment_name(part))
    return has_name or part.get_content_maintype() not in ("text", "multipart", "message")


def attachment_name(part: Part) -> str:
    """Return the base name of a part's declared file name."""
    return _base_name(_declared_name(part))


def _declared_name(part: Part) -> str:
    """Return the declared file name of a part in any of the three encodings of parameters."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, header=header)
        if isinstance(value, tuple):
            charset, _, text = value
            raw = str(text).encode("latin-1", errors="surrogateescape")
            return decode_bytes(raw, charset or "utf-8")
        if value:
            return decode_header(str(value)[:MAX_HEADER_CHARS])
    return ""


def _base_name(name: str) -> str:
    """Return the base name of a name that may be a whole path."""
    return " ".join(name.replace("\\", "/").rpartition("/")[2].split())


def _decoded_header(part: Part, name: str) -> str:
    return decode_header(str(part.get(name) or "")[:MAX_HEADER_CHARS]).strip()
