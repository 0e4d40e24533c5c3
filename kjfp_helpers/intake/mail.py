"""A message as its bytes say: who, when, about what, and what hangs on it.

The stdlib parser with its compat32 policy, headers decoded here: adjacent encoded words of one
charset are joined before decoding, gb2312 and gbk are read as GB 18030, raw 8-bit is allowed.
"""

import binascii
import email
import email.utils
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Part
from email.policy import Compat32
from itertools import groupby
from typing import Any

MOST_HEADER = 20_000
MOST_PARTS_DEPTH = 60
"""Deepest nesting of parts that is followed; no mail program makes a tenth of it."""

_WORD = re.compile(r"=\?([\w\-]+)(?:\*[\w\-]*)?\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)\s+(?==\?)")
_LINK = re.compile(r"https?://[^\s\"'<>]*(?:pan\.|wenku|weiyun|cowtransfer|wetransfer|dropbox|mail\.qq"
                   r"|mail\.163|netdisk|/ftn/|share)[^\s\"'<>]*", re.IGNORECASE)  # fmt: skip


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
    def clock(self) -> datetime | None:
        """When it came, else when it was sent."""
        return self.received or self.sent


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message; ``path`` joins the names of messages forwarded around it."""

    path: str
    name: str
    data: bytes
    inner: Message | None = None
    """The forwarded message itself, whose own attachments follow."""


def read_headers(data: bytes) -> Message:
    """Read the facts of a message without its body."""
    end = re.search(rb"\r?\n\r?\n", data[:1_000_000])
    return _facts(email.message_from_bytes(data[: end.start() if end else 0], policy=_POLICY))


def read_message(data: bytes) -> Message:
    """Read a whole message."""
    return _facts(email.message_from_bytes(data, policy=_POLICY))


def attachments(message: Message) -> Iterator[Attachment]:
    """Yield the files of a message in order, those of forwarded messages after each of them."""
    yield from _walk(message.part, "", 0, iter(range(1, 10**6)))


def cloud_link(message: Message) -> bool:
    """Whether the body points to a file elsewhere, which intake never fetches."""
    for part in message.part.walk():
        if part.get_content_maintype() == "text" and not file_name(part):
            if _LINK.search(_bytes(part)[:200_000].decode("utf-8", errors="replace")):
                return True
    return False


def _facts(part: Part) -> Message:
    _, address = email.utils.parseaddr(_header(part, "from"))
    received = [str(value) for value in part.get_all("received", [])]
    return Message(
        message_id=_header(part, "message-id").strip("<> "),
        sender=address.lower(),
        subject=" ".join(_header(part, "subject").split()),
        sent=_time(_header(part, "date")),
        received=_time(received[0].rpartition(";")[2]) if received else None,
        part=part,
    )


def _walk(part: Part, above: str, depth: int, unnamed: Iterator[int]) -> Iterator[Attachment]:
    if depth > MOST_PARTS_DEPTH:
        raise RecursionError(f"{MOST_PARTS_DEPTH} parts deep")
    inside: Any = part.get_payload() if part.is_multipart() else None
    if part.get_content_type() == "message/rfc822" and inside:
        name = file_name(part) or f"转发邮件{next(unnamed)}.eml"
        path = f"{above}/{name}" if above else name
        yield Attachment(path, name, b"", _facts(inside[0]))
        yield from _walk(inside[0], path, depth + 1, unnamed)
    elif inside is not None:
        for child in inside:
            yield from _walk(child, above, depth + 1, unnamed)
    elif _is_file(part):
        name = file_name(part) or f"未命名附件{next(unnamed)}"
        yield Attachment(f"{above}/{name}" if above else name, name, _bytes(part))


def _is_file(part: Part) -> bool:
    """Tell a file from a body and from a picture inside the letter's own page."""
    if part.get_content_disposition() == "attachment":
        return True
    if part.get("content-id") and part.get_content_maintype() == "image":
        return False
    named = bool(file_name(part))
    return named or part.get_content_maintype() not in ("text", "multipart", "message")


def file_name(part: Part) -> str:
    """Return a part's file name, whichever of the three encodings it came in."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, header=header)
        if isinstance(value, tuple):
            charset, _, text = value
            raw = str(text).encode("latin-1", errors="surrogateescape")
            return _tidy(_decode(raw, charset or "utf-8"))
        if value:
            return _tidy(decode_header(str(value)))
    return ""


def _tidy(name: str) -> str:
    """Return the last step of a name that may hold a whole path."""
    return " ".join(name.replace("\\", "/").rpartition("/")[2].split())


def _header(part: Part, name: str) -> str:
    return decode_header(str(part.get(name) or "")[:MOST_HEADER]).strip()


def decode_header(raw: str) -> str:
    """Decode a header with encoded words or raw 8-bit text."""
    text = _GAP.sub(r"\1", raw.replace("\r", "").replace("\n", ""))
    pieces: list[str] = []
    at = 0
    words = [(match.start(), match.end(), match) for match in _WORD.finditer(text)]
    for (charset, gap), run in groupby(_runs(words), key=lambda item: item[0]):
        group = [match for _, match in run]
        pieces.append(_plain(text[at : group[0].start()]))
        pieces.append(_decode(b"".join(_word(match) for match in group), charset))
        at = group[-1].end()
        del gap
    return "".join([*pieces, _plain(text[at:])])


def _runs(
    words: list[tuple[int, int, re.Match[str]]],
) -> Iterator[tuple[tuple[str, int], re.Match[str]]]:
    """Yield encoded words with the number of their run: touching, and of one charset."""
    run, last_end, last_charset = 0, -1, ""
    for start, end, match in words:
        charset = match[1].lower()
        run += start != last_end or charset != last_charset
        yield (charset, run), match
        last_end, last_charset = end, charset


def _word(match: re.Match[str]) -> bytes:
    coded = match[3].encode("ascii", errors="ignore")
    if match[2] in "qQ":
        return quopri.decodestring(coded.replace(b"_", b" "), header=True)
    padded = coded + b"=" * (-len(coded) % 4)
    try:
        return binascii.a2b_base64(padded)
    except binascii.Error:
        return b""


def _plain(text: str) -> str:
    """Return text between encoded words; raw bytes in it are UTF-8 or GB 18030."""
    raw = text.encode("utf-8", errors="surrogateescape")
    return _decode(raw, "utf-8")


def _decode(raw: bytes, charset: str) -> str:
    name = charset.lower().strip("\"' ")
    first = "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "hz-gb-2312", "euc-cn") else name
    for codec in (first, "utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
            text.encode()  # some codecs make halves of surrogate pairs, which no file can hold
        except (LookupError, ValueError):
            continue
        return text
    return raw.decode("gb18030", errors="replace")


def _bytes(part: Part) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _time(text: str) -> datetime | None:
    """Return the aware time of a header, ``None`` when it holds none."""
    try:
        moment = email.utils.parsedate_to_datetime(text.strip())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return aware
