"""Guess the encoding of undeclared text: UTF-8 or GB 18030.

Short texts can be valid in both: the two bytes of 图 in GBK are a Greek letter in UTF-8.
"""

import unicodedata
from collections.abc import Sequence
from email.message import Message

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks, with which a text in UTF-16 begins."""
_CHARSETS = ("utf-8", "gb18030")
_MAX_SAMPLED_CHARS = 2000
"""Characters that are examined to choose between the candidate encodings."""
_MAX_UNUSUAL_SHARE = 0.02


def decode_undeclared(raw: bytes, charsets: Sequence[str] = _CHARSETS) -> str | None:
    """Decode text whose encoding is not declared.

    Parameters
    ----------
    raw : bytes
        The encoded text.
    charsets : Sequence of str
        Candidate encodings; of equally plausible ones the first wins.

    Returns
    -------
    str or None
        The decoding with the fewest characters that are unusual in Chinese offices, ``None``
        where no candidate can decode the bytes.

    Examples
    --------
    >>> decode_undeclared("推荐表".encode("gbk"))
    '推荐表'
    """
    candidates = []
    for charset in charsets:
        try:
            text = raw.decode(charset)
            text.encode()  # some codecs return lone surrogates, which cannot be written to a file
        except ValueError:
            continue
        candidates.append(text)
    return min(candidates, key=_count_unusual_chars, default=None)


def declared_charset(part: Message) -> str:
    r"""Return the charset that a MIME part declares, ``""`` for none or one that is no name.

    Examples
    --------
    >>> import email
    >>> declared_charset(email.message_from_string("Content-Type: text/plain; charset*=a\0'zh'x\n"))
    ''
    """
    try:
        return str(part.get_content_charset() or "")
    except ValueError:  # the parser's own decoding refuses the charset of the charset
        return ""


def decode_unmarked_utf16(raw: bytes) -> str | None:
    """Decode UTF-16 without its byte order mark, ``None`` for what makes no Chinese text.

    Examples
    --------
    >>> decode_unmarked_utf16("盘点表 1".encode("utf-16-le"))
    '盘点表 1'
    """
    for charset in ("utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(charset)
        except ValueError:
            continue
        size = min(len(text), _MAX_SAMPLED_CHARS)
        if "\0" not in text and _count_unusual_chars(text) <= _MAX_UNUSUAL_SHARE * size:
            return text
    return None


def _count_unusual_chars(text: str) -> int:
    """Count the characters of a text that Chinese offices do not type."""
    return sum(not _is_usual_char(char) for char in text[:_MAX_SAMPLED_CHARS])


def _is_usual_char(char: str) -> bool:
    if char.isascii() or "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f":
        return True
    if "\uff00" <= char <= "\uffef" or "\u2010" <= char <= "\u27bf" or char in "·×÷°±\ufeff":
        return True
    return unicodedata.category(char) in ("Nl", "No")
