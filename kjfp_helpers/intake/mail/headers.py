"""What a header says: encoded words, raw 8-bit text, times in every way they are written.

Adjacent encoded words of one charset are joined before decoding, gb2312 and gbk are read as
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

_WORD = re.compile(r"=\?([\w\-]+)(?:\*[\w\-]*)?\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)\s+(?==\?)")
CHINA_TIME = timezone(timedelta(hours=8))
_ZONE_BEFORE_YEAR = re.compile(r"([+-]\d{4}) (\d{4})$")
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)(?:[T日\s]+(\d\d?):(\d\d)(?::(\d\d))?)?"
)


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
        sound = is_valid_in_charset(whole, charset)
        pieces += [decode_bytes(one, charset) for one in ([whole] if sound else coded)]
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
    return decode_undeclared(raw) or decode_bytes(raw, "utf-8")


def decode_bytes(raw: bytes, charset: str) -> str:
    """Return words in the charset they claim, else in the one they are in."""
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


def parse_date(text: str) -> datetime | None:
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
    return UTC if text.endswith("-0000") else CHINA_TIME


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


def has_valid_encoded_words(raw: str) -> bool:
    """Whether encoded words are in the charset they claim, cut ones once they are joined."""
    return all(
        is_valid_in_charset(_word(one), one[1]) for one in _WORD.finditer(raw)
    ) or _joins_well(raw)


def _joins_well(raw: str) -> bool:
    words = list(_WORD.finditer(_GAP.sub(r"\1", raw)))
    return all(
        is_valid_in_charset(b"".join(_word(one) for one in run), charset)
        for charset, run in groupby(words, key=lambda one: one[1])
    )


def is_valid_in_charset(raw: bytes, charset: str) -> bool:
    """Whether bytes are what they are said to be; text without a name may be UTF-8 or GBK."""
    said = _codec(charset)
    for codec in dict.fromkeys((said, "gb18030") if said in ("us-ascii", "ascii") else (said,)):
        try:
            return "\ufffd" not in raw.decode(codec)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return said in ("us-ascii", "ascii") and is_valid_in_charset(raw, "utf-8")
