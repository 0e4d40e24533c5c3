"""A message as its bytes say: who, when, about what, and what hangs on it.

The stdlib parser with its compat32 policy; ``headers`` decodes what it leaves as it stands.
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
from typing import Any

from kjfp_helpers.intake.common.resource_limits import (
    MAX_BODY_BYTES,
    MAX_HEADER_CHARS,
    MAX_HEADERS,
    MAX_MIME_DEPTH,
    MAX_SUBJECT_CHARS,
)
from kjfp_helpers.intake.mail.filename_checks import has_invisible_chars
from kjfp_helpers.intake.mail.headers import (
    decode_bytes,
    decode_header,
    has_valid_encoded_words,
    is_valid_in_charset,
    parse_date,
)

_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200}\r?\n(?=[\w-]+:)")

MBOX_PREFIX = b"From "
"""How a mail collection begins."""


class _Raw(Compat32):
    """Headers exactly as they stand, 8-bit bytes as surrogates."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_POLICY = _Raw()


@dataclass(frozen=True, slots=True)
class Message:
    """Facts of a message; ``sent`` and ``received`` are aware times or ``None``."""

    message_id: str
    sender: str
    subject: str
    sent: datetime | None
    received: datetime | None
    part: Part

    @property
    def arrival_time(self) -> datetime | None:
        """When it came, else when it was sent."""
        return self.received or self.sent


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message; ``path`` joins the names of messages forwarded around it."""

    path: str
    name: str
    data: bytes
    declared_name: str = ""
    """The name as it was written, steps included."""
    forwarded_message: Message | None = None
    """The forwarded message itself, whose own attachments follow."""


def read_headers(data: bytes) -> Message:
    """Read the facts of a message without its body."""
    end = re.search(rb"\r?\n\r?\n", data[:1_000_000])
    return _facts(email.message_from_bytes(data[: end.start() if end else 0], policy=_POLICY))


def read_message(data: bytes) -> Message:
    """Read a whole message."""
    return _facts(email.message_from_bytes(data, policy=_POLICY))


def split_mbox(data: bytes) -> list[tuple[int, int]]:
    """Return where each message of a mail collection begins and ends."""
    starts = [match.start() for match in _FROM_LINE.finditer(data)]
    return list(pairwise([*starts, len(data)]))


def collection_spans(data: bytes, name: str) -> dict[str, tuple[int, int]]:
    """Return name to place of each message of a mail collection, ``{}`` for any other file."""
    spans = split_mbox(data) if data.startswith(MBOX_PREFIX) else []
    if len(spans) < 2 and not name.lower().endswith((".mbox", ".mbx")):
        return {}
    return {
        f"{name}/{collection_member_name(number)}": span
        for number, span in enumerate(spans, start=1)
    }


def collection_member_name(number: int) -> str:
    """Return the name of a message of a mail collection."""
    return f"第{number:04d}封.eml"


def iter_attachments(message: Message) -> Iterator[Attachment]:
    """Yield the files of a message in order, those of forwarded messages after each of them."""
    yield from _walk(message.part, "", 0, iter(range(1, 10**6)))


def iter_text_bodies(message: Message) -> Iterator[tuple[str, str, bool]]:
    """Yield a letter's own words, those of forwarded letters aside: kind, text, decoded well."""
    waiting: list[Part] = [message.part]
    for _ in range(1000):
        if not waiting:
            return
        part = waiting.pop()
        kind = part.get_content_type()
        if part.is_multipart():
            inside: Any = part.get_payload()
            waiting += [] if kind == "message/rfc822" else reversed(inside)
        elif part.get_content_maintype() == "text" and not _is_file(part):
            charset = str(part.get_content_charset() or "utf-8")
            raw = _bytes(part)[:MAX_BODY_BYTES]
            yield (
                kind.rpartition("/")[2],
                decode_bytes(raw, charset),
                is_valid_in_charset(raw, charset),
            )


def find_anomalies(part: Part) -> frozenset[str]:
    """Return what is wrong with a letter: ``odd_header``, ``charset``, ``external_ref``."""
    found: set[str] = set()
    for name in ("from", "to", "subject", "date", "message-id"):
        values = part.get_all(name, [])
        raw = str(values[0]) if values else ""
        if len(values) > 1 or len(raw) > MAX_HEADER_CHARS:
            found.add("odd_header")
        raw = raw[:MAX_HEADER_CHARS]
        if has_invisible_chars("".join(decode_header(raw).split(" "))):
            found.add("odd_header")
        if not has_valid_encoded_words(raw):
            found.add("charset")
    if len(part.keys()) > MAX_HEADERS:
        found.add("odd_header")
    if any(one.get_content_type() == "message/external-body" for one in _parts(part)):
        found.add("external_ref")
    return frozenset(found)


def _parts(part: Part) -> Iterator[Part]:
    """Yield a letter's parts of the first two levels."""
    inside: Any = part.get_payload() if part.is_multipart() else []
    for child in (part, *inside):
        yield child
        yield from child.get_payload() if child is not part and child.is_multipart() else ()


def _facts(part: Part) -> Message:
    _, address = email.utils.parseaddr(_header(part, "from"))
    received = [str(value) for value in part.get_all("received", [])]
    return Message(
        message_id=_header(part, "message-id").strip("<> "),
        sender=address.lower(),
        subject=_visible(_header(part, "subject"))[:MAX_SUBJECT_CHARS],
        sent=parse_date(_header(part, "date")),
        received=parse_date(received[0].rpartition(";")[2]) if received else None,
        part=part,
    )


def _visible(text: str) -> str:
    """Return words on one line, without signs that are not seen."""
    seen = "".join(
        sign if sign.isspace() or not has_invisible_chars(sign) else " " for sign in text
    )
    return " ".join(seen.split())


def _walk(part: Part, above: str, depth: int, unnamed: Iterator[int]) -> Iterator[Attachment]:
    if depth > MAX_MIME_DEPTH:
        raise RecursionError(f"{MAX_MIME_DEPTH} parts deep")
    inside: Any = part.get_payload() if part.is_multipart() else None
    if part.get_content_type() == "message/rfc822" and inside:
        name = attachment_name(part) or f"转发邮件{next(unnamed)}.eml"
        path = f"{above}/{name}" if above else name
        yield Attachment(path, name, b"", forwarded_message=_facts(inside[0]))
        yield from _walk(inside[0], path, depth + 1, unnamed)
    elif inside is not None:
        for child in inside:
            yield from _walk(child, above, depth + 1, unnamed)
    elif _is_file(part):
        name = attachment_name(part) or f"未命名附件{next(unnamed)}"
        path = f"{above}/{name}" if above else name
        yield Attachment(path, name, _bytes(part), declared_name=_typed_name(part))


def _is_file(part: Part) -> bool:
    """Tell a file from a body and from a picture inside the letter's own page."""
    if part.get_content_disposition() == "attachment":
        return True
    if part.get("content-id") and part.get_content_maintype() == "image":
        return False
    named = bool(attachment_name(part))
    return named or part.get_content_maintype() not in ("text", "multipart", "message")


def attachment_name(part: Part) -> str:
    """Return the last step of a part's file name."""
    return _tidy(_typed_name(part))


def _typed_name(part: Part) -> str:
    """Return a part's file name, whichever of the three encodings it came in."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, header=header)
        if isinstance(value, tuple):
            charset, _, text = value
            raw = str(text).encode("latin-1", errors="surrogateescape")
            return decode_bytes(raw, charset or "utf-8")
        if value:
            return decode_header(str(value)[:MAX_HEADER_CHARS])
    return ""


def _tidy(name: str) -> str:
    """Return the last step of a name that may hold a whole path."""
    return " ".join(name.replace("\\", "/").rpartition("/")[2].split())


def _header(part: Part, name: str) -> str:
    return decode_header(str(part.get(name) or "")[:MAX_HEADER_CHARS]).strip()


def _bytes(part: Part) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
