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
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.message import Message as Part
from email.policy import Compat32
from itertools import groupby, pairwise
from typing import Any

from kjfp_helpers.intake.charsets import guess
from kjfp_helpers.intake.limits import (
    BODY_BYTES,
    HEADER_SIGNS,
    MOST_HEADERS,
    PARTS_DEPTH,
    SUBJECT_SIGNS,
)
from kjfp_helpers.intake.naming import odd_signs

_WORD = re.compile(r"=\?([\w\-]+)(?:\*[\w\-]*)?\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)\s+(?==\?)")
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200}\r?\n(?=[\w-]+:)")


class _Raw(Compat32):
    """Headers exactly as they stand, 8-bit bytes as surrogates."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


CHINA = timezone(timedelta(hours=8))
_ZONE_BEFORE_YEAR = re.compile(r"([+-]\d{4}) (\d{4})$")
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)(?:[T日\s]+(\d\d?):(\d\d)(?::(\d\d))?)?"
)
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
    typed: str = ""
    """The name as it was written, steps included."""
    inner: Message | None = None
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


def nth_message(number: int) -> str:
    """Return the name of a message of a mail collection."""
    return f"第{number:04d}封.eml"


def attachments(message: Message) -> Iterator[Attachment]:
    """Yield the files of a message in order, those of forwarded messages after each of them."""
    yield from _walk(message.part, "", 0, iter(range(1, 10**6)))


def bodies(message: Message) -> Iterator[tuple[str, str, bool]]:
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
            raw = _bytes(part)[:BODY_BYTES]
            yield kind.rpartition("/")[2], _decode(raw, charset), _is_sound(raw, charset)


def oddities(part: Part) -> frozenset[str]:
    """Return what is wrong with a letter: ``odd_header``, ``charset``, ``external_ref``."""
    found: set[str] = set()
    for name in ("from", "to", "subject", "date", "message-id"):
        values = part.get_all(name, [])
        raw = str(values[0]) if values else ""
        if len(values) > 1 or len(raw) > HEADER_SIGNS:
            found.add("odd_header")
        raw = raw[:HEADER_SIGNS]
        if odd_signs("".join(decode_header(raw).split(" "))):
            found.add("odd_header")
        if any(not _is_sound(_word(one), one[1]) for one in _WORD.finditer(raw)):
            found |= set() if _joins_well(raw) else {"charset"}
    if len(part.keys()) > MOST_HEADERS:
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


def _joins_well(raw: str) -> bool:
    """Whether words cut in the middle of a sign are sound once they are joined."""
    words = list(_WORD.finditer(_GAP.sub(r"\1", raw)))
    return all(
        _is_sound(b"".join(_word(one) for one in run), charset)
        for charset, run in groupby(words, key=lambda one: one[1])
    )


def _is_sound(raw: bytes, charset: str) -> bool:
    """Whether bytes are what they are said to be; text without a name may be UTF-8 or GBK."""
    said = _codec(charset)
    for codec in dict.fromkeys((said, "gb18030") if said in ("us-ascii", "ascii") else (said,)):
        try:
            return "\ufffd" not in raw.decode(codec)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return said in ("us-ascii", "ascii") and _is_sound(raw, "utf-8")


def _facts(part: Part) -> Message:
    _, address = email.utils.parseaddr(_header(part, "from"))
    received = [str(value) for value in part.get_all("received", [])]
    return Message(
        message_id=_header(part, "message-id").strip("<> "),
        sender=address.lower(),
        subject=_visible(_header(part, "subject"))[:SUBJECT_SIGNS],
        sent=_time(_header(part, "date")),
        received=_time(received[0].rpartition(";")[2]) if received else None,
        part=part,
    )


def _visible(text: str) -> str:
    """Return words on one line, without signs that are not seen."""
    seen = "".join(sign if sign.isspace() or not odd_signs(sign) else " " for sign in text)
    return " ".join(seen.split())


def _walk(part: Part, above: str, depth: int, unnamed: Iterator[int]) -> Iterator[Attachment]:
    if depth > PARTS_DEPTH:
        raise RecursionError(f"{PARTS_DEPTH} parts deep")
    inside: Any = part.get_payload() if part.is_multipart() else None
    if part.get_content_type() == "message/rfc822" and inside:
        name = file_name(part) or f"转发邮件{next(unnamed)}.eml"
        path = f"{above}/{name}" if above else name
        yield Attachment(path, name, b"", inner=_facts(inside[0]))
        yield from _walk(inside[0], path, depth + 1, unnamed)
    elif inside is not None:
        for child in inside:
            yield from _walk(child, above, depth + 1, unnamed)
    elif _is_file(part):
        name = file_name(part) or f"未命名附件{next(unnamed)}"
        path = f"{above}/{name}" if above else name
        yield Attachment(path, name, _bytes(part), typed=_typed_name(part))


def _is_file(part: Part) -> bool:
    """Tell a file from a body and from a picture inside the letter's own page."""
    if part.get_content_disposition() == "attachment":
        return True
    if part.get("content-id") and part.get_content_maintype() == "image":
        return False
    named = bool(file_name(part))
    return named or part.get_content_maintype() not in ("text", "multipart", "message")


def file_name(part: Part) -> str:
    """Return the last step of a part's file name."""
    return _tidy(_typed_name(part))


def _typed_name(part: Part) -> str:
    """Return a part's file name, whichever of the three encodings it came in."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, header=header)
        if isinstance(value, tuple):
            charset, _, text = value
            raw = str(text).encode("latin-1", errors="surrogateescape")
            return _decode(raw, charset or "utf-8")
        if value:
            return decode_header(str(value)[:HEADER_SIGNS])
    return ""


def _tidy(name: str) -> str:
    """Return the last step of a name that may hold a whole path."""
    return " ".join(name.replace("\\", "/").rpartition("/")[2].split())


def _header(part: Part, name: str) -> str:
    return decode_header(str(part.get(name) or "")[:HEADER_SIGNS]).strip()


def decode_header(raw: str) -> str:
    """Decode a header with encoded words or raw 8-bit text."""
    text = _GAP.sub(r"\1", raw.replace("\r", "").replace("\n", ""))
    pieces: list[str] = []
    at = 0
    words = [(match.start(), match.end(), match) for match in _WORD.finditer(text)]
    for (charset, gap), run in groupby(_runs(words), key=lambda item: item[0]):
        group = [match for _, match in run]
        pieces.append(_plain(text[at : group[0].start()]))
        coded = [_word(match) for match in group]
        # Words cut in the middle of a sign are joined first; where that is no text, each alone.
        whole = b"".join(coded)
        sound = _is_sound(whole, charset)
        pieces += [_decode(one, charset) for one in ([whole] if sound else coded)]
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
    if text.isascii():
        return text
    raw = text.encode("utf-8", errors="surrogateescape")
    return guess(raw) or _decode(raw, "utf-8")


def _decode(raw: bytes, charset: str) -> str:
    for codec in (_codec(charset), "utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
            text.encode()  # some codecs make halves of surrogate pairs, which no file can hold
        except (LookupError, ValueError):
            continue
        return text
    return raw.decode("gb18030", errors="replace")


def _codec(charset: str) -> str:
    name = charset.lower().strip("\"' ")
    return "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "euc-cn") else name


def _bytes(part: Part) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _time(text: str) -> datetime | None:
    """Return the aware time of a header, ``None`` when it holds none.

    A time without a zone is China's, and so is CST, which elsewhere is six hours behind Greenwich.
    """
    plain = re.sub(r"\bCST\b", "+0800", " ".join(text.split()))
    plain = _ZONE_BEFORE_YEAR.sub(r"\2 \1", plain)
    for read in (email.utils.parsedate_to_datetime, _typed_time):
        try:
            moment = read(plain)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=_zone(plain))
            aware.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return aware
    return None


def _zone(text: str) -> tzinfo:
    return UTC if text.endswith("-0000") else CHINA


def _typed_time(text: str) -> datetime:
    """Return a time that begins with the year, as some programs write it."""
    numbers = _YEAR_FIRST.match(text)
    if numbers is None:
        raise ValueError
    moment = datetime(*(int(one or 0) for one in numbers.groups()))  # type: ignore[arg-type]
    zone = re.search(r"([+-])(\d\d):?(\d\d)$|Z$", text)
    if zone is None:
        return moment
    minutes = 60 * int(zone[2] or 0) + int(zone[3] or 0)
    return moment.replace(
        tzinfo=timezone(timedelta(minutes=-minutes if zone[1] == "-" else minutes))
    )
