"""Parse e-mail messages: sender, dates, subject and text bodies.

The parser of the standard library with its compat32 policy; ``headers`` decodes raw headers.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Part
from email.policy import Compat32
from typing import Any, NamedTuple

from kjfp_helpers.intake.common.charset_detection import declared_charset
from kjfp_helpers.intake.common.resource_limits import (
    MAX_BODY_CHARS,
    MAX_HEADER_CHARS,
    MAX_HEADERS,
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
from kjfp_helpers.intake.mail.message_parts import FORWARDED_TYPES, is_attachment
from kjfp_helpers.intake.mail.message_repair import (
    decode_inner_message,
    decode_part,
    find_address,
    repair_boundary,
    repair_first_lines,
    repair_named_body,
    repair_transfer_encoding,
)

_DATA_URI = re.compile(rb"data:[\w./+-]{0,80}(?:;[\w=-]{1,40}){0,3};base64,[A-Za-z0-9+/=\s]{200,}")
"""A file written into a page, of which nothing is text."""
MAX_HEADER_BYTES = 1_000_000
"""Bytes of a message among which its headers are looked for."""


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


def is_message_name(name: str) -> bool:
    """Whether a file is a message by its name.

    Examples
    --------
    >>> is_message_name("inbox/0001.EML"), is_message_name("附件1.docx")
    (True, False)
    """
    return name.lower().endswith((".eml", ".email"))


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
            if content_type not in FORWARDED_TYPES:
                stack += reversed(children)
        elif part.get_content_maintype() == "text" and not is_attachment(part):
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


def inner_message(part: Part, payload: Part) -> Message:
    """Return a forwarded message, decoded where its part is coded against the standard."""
    repair_transfer_encoding(part)
    encoding = str(part.get("content-transfer-encoding") or "")
    if encoding in ("base64", "quoted-printable"):
        inner = read_message(decode_inner_message(payload, encoding))
        if inner.part.keys():
            return inner
    return _message_of_part(payload)


def _visible_line(text: str) -> str:
    """Return text on one line, without invisible characters."""
    visible = "".join(
        char if char.isspace() or not has_invisible_chars(char) else " " for char in text
    )
    return " ".join(visible.split())


def _decoded_header(part: Part, name: str) -> str:
    return decode_header(str(part.get(name) or "")[:MAX_HEADER_CHARS]).strip()
