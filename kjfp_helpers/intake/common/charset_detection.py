"""Bytes whose encoding nobody names: UTF-8 or GB 18030, whichever makes Chinese words.

A few short words are sound in both: the two bytes of 图 in GBK are a Greek letter in UTF-8.
"""

import unicodedata
from collections.abc import Sequence

_CHARSETS = ("utf-8", "gb18030")
_ENOUGH = 2000
"""Signs after which it is clear what a text is."""


def decode_undeclared(raw: bytes, charsets: Sequence[str] = _CHARSETS) -> str | None:
    """Return the words that bytes most likely are, ``None`` when they are in no charset."""
    readings = []
    for charset in charsets:
        try:
            text = raw.decode(charset)
            text.encode()  # some codecs make halves of surrogate pairs, which no file can hold
        except ValueError:
            continue
        readings.append(text)
    return min(readings, key=_strange, default=None)


def _strange(text: str) -> int:
    """Return how many signs of a text no Chinese office types."""
    return sum(not _usual(sign) for sign in text[:_ENOUGH])


def _usual(sign: str) -> bool:
    if sign.isascii() or "\u4e00" <= sign <= "\u9fff" or "\u3000" <= sign <= "\u303f":
        return True
    if "\uff00" <= sign <= "\uffef" or "\u2010" <= sign <= "\u27bf" or sign in "·×÷°±\ufeff":
        return True
    return unicodedata.category(sign) in ("Nl", "No")
