"""Decode message headers: encoded words, raw 8-bit text, dates in all common formats.

Adjacent encoded words of one charset are joined before decoding; gb2312 and gbk are decoded as
GB 18030.
"""

import binascii
import email.utils
import quopri
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import groupby

from kjfp_helpers.intake.common.charset_detection import decode_undeclared

_ENCODED_WORD = re.compile(r"=\?([\w\-]+)(?:\*[\w\-]*)?\?([bBqQ])\?([^?]*)\?=")
_WORD_GAP = re.compile(r"(\?=)\s+(?==\?)")
CHINA_TIME = timezone(timedelta(hours=8))
_ZONE_BEFORE_YEAR = re.compile(r"([+-]\d{4}) (\d{4})$")
_ISO_LIKE_TIME = re.compile(
    r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)(?:[T日\s]+(\d\d?):(\d\d)(?::(\d\d))?)?"
)


def decode_header(raw: str) -> str:
    """Decode a header with encoded words or raw 8-bit text.

    Examples
    --------
    >>> decode_header("=?gb2312?B?zca89rHt?=")
    '推荐表'
    """
    text = _WORD_GAP.sub(r"\1", raw.replace("\r", "").replace("\n", ""))
    pieces: list[str] = []
    position = 0
    matches = [(match.start(), match.end(), match) for match in _ENCODED_WORD.finditer(text)]
    for (charset, gap), run in groupby(_number_runs(matches), key=lambda item: item[0]):
        group = [match for _, match in run]
        pieces.append(_decode_raw(text[position : group[0].start()]))
        encoded = [_word_bytes(match) for match in group]
        # Words split inside a character are joined first; if that fails, each is decoded alone.
        joined = b"".join(encoded)
        is_valid = is_valid_in_charset(joined, charset)
        pieces += [decode_bytes(data, charset) for data in ([joined] if is_valid else encoded)]
        position = group[-1].end()
        del gap
    return "".join([*pieces, _decode_raw(text[position:])])


def _number_runs(
    matches: list[tuple[int, int, re.Match[str]]],
) -> Iterator[tuple[tuple[str, int], re.Match[str]]]:
    """Yield encoded words with charset and run number; a run is adjacent words of one charset."""
    run, last_end, last_charset = 0, -1, ""
    for start, end, match in matches:
        charset = match[1].lower()
        run += start != last_end or charset != last_charset
        yield (charset, run), match
        last_end, last_charset = end, charset


def _word_bytes(match: re.Match[str]) -> bytes:
    """Return the bytes of an encoded word."""
    encoded = match[3].encode("ascii", errors="ignore")
    if match[2] in "qQ":
        return quopri.decodestring(encoded.replace(b"_", b" "), header=True)
    padded = encoded + b"=" * (-len(encoded) % 4)
    try:
        return binascii.a2b_base64(padded)
    except binascii.Error:
        return b""


def _decode_raw(text: str) -> str:
    """Return the text between encoded words; raw bytes in it are UTF-8 or GB 18030."""
    if text.isascii():
        return text
    raw = text.encode("utf-8", errors="surrogateescape")
    return decode_undeclared(raw) or decode_bytes(raw, "utf-8")


def decode_bytes(raw: bytes, charset: str) -> str:
    """Decode bytes with the declared charset, else with UTF-8 or GB 18030."""
    for codec in (_codec_name(charset), "utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
            text.encode()  # some codecs return lone surrogates, which cannot be written to a file
        except (LookupError, ValueError):
            continue
        return text
    return raw.decode("gb18030", errors="replace")


_GB_NAMES = (
    "gb2312",
    "gbk",
    "gb_2312-80",
    "euc-cn",
    "x-gbk",
    "x-gb2312",
    "x-euc-cn",
    "cp936",
    "ms936",
)


def _codec_name(charset: str) -> str:
    """Return the Python codec of a charset; GB 2312 and GBK are subsets of GB 18030."""
    name = charset.lower().strip("\"' ")
    return "gb18030" if name in _GB_NAMES else name


def parse_date(text: str) -> datetime | None:
    """Parse the date of a header as an aware time, ``None`` if it has none.

    A time without a zone is China Standard Time, and so is CST.

    Examples
    --------
    >>> parse_date("Mon, 3 Aug 2020 09:30:00 CST").isoformat()
    '2020-08-03T09:30:00+08:00'
    """
    cleaned = re.sub(r"\bCST\b", "+0800", " ".join(text.split()))
    cleaned = _ZONE_BEFORE_YEAR.sub(r"\2 \1", cleaned)
    for parse in (email.utils.parsedate_to_datetime, _parse_iso_like_time):
        try:
            parsed = parse(cleaned)
            aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=_default_zone(cleaned))
            aware.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return aware
    return None


def _default_zone(text: str) -> tzinfo:
    return UTC if text.endswith("-0000") else CHINA_TIME


def _parse_iso_like_time(text: str) -> datetime:
    """Parse a time that begins with the year, as some programs write it."""
    numbers = _ISO_LIKE_TIME.match(text)
    if numbers is None:
        raise ValueError
    parsed = datetime(*(int(number or 0) for number in numbers.groups()))  # type: ignore[arg-type]
    zone = re.search(r"([+-])(\d\d):?(\d\d)$|Z$", text)
    if zone is None:
        return parsed
    minutes = 60 * int(zone[2] or 0) + int(zone[3] or 0)
    return parsed.replace(
        tzinfo=timezone(timedelta(minutes=-minutes if zone[1] == "-" else minutes))
    )


def has_valid_encoded_words(raw: str) -> bool:
    """Whether encoded words are valid in their declared charset, split ones after joining."""
    return all(
        is_valid_in_charset(_word_bytes(word), word[1]) for word in _ENCODED_WORD.finditer(raw)
    ) or _is_valid_when_joined(raw)


def _is_valid_when_joined(raw: str) -> bool:
    matches = list(_ENCODED_WORD.finditer(_WORD_GAP.sub(r"\1", raw)))
    return all(
        is_valid_in_charset(b"".join(_word_bytes(match) for match in run), charset)
        for charset, run in groupby(matches, key=lambda match: match[1])
    )


def is_valid_in_charset(raw: bytes, charset: str) -> bool:
    """Whether bytes are valid in their declared charset; US-ASCII may be UTF-8 or GBK."""
    declared = _codec_name(charset)
    for codec in dict.fromkeys(
        (declared, "gb18030") if declared in ("us-ascii", "ascii") else (declared,)
    ):
        try:
            return "\ufffd" not in raw.decode(codec)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return declared in ("us-ascii", "ascii") and is_valid_in_charset(raw, "utf-8")
