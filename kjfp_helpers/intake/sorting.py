"""What a file is: its format by its first bytes, what it is for by its words, then its name."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Literal

from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.texts import Text
from kjfp_helpers.rules import Head

Format = Literal[
    "docx", "xlsx", "zip", "image", "text", "mail", "ole", "pdf", "other", "encrypted", "corrupt",
    "empty",
]  # fmt: skip
"""What the bytes are; ``ole`` is the container of .doc, .xls and .wps."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_PICTURE_NAMES = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic)$", re.IGNORECASE)
_TEXT_NAMES = re.compile(r"\.(?:txt|md|text)$", re.IGNORECASE)
_LONGEST_CAPTION = 400
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHARSETS = ("utf-8-sig", "gb18030")

EXTENSIONS: Mapping[str, str] = {"docx": ".docx", "xlsx": ".xlsx", "zip": ".zip", "text": ".txt",
                                 "mail": ".eml", "pdf": ".pdf"}  # fmt: skip
"""Ending that a stored copy gets by its content."""


def format_of(data: bytes, name: str) -> tuple[Format, Package | None]:
    """Return what the bytes are, whatever the name says, and the opened package of a zip."""
    if not data:
        return "empty", None
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zip_format(data)
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "image", None
    if data.startswith(_OLE):
        return ("encrypted" if _ENCRYPTED in data else "ole"), None
    if data.startswith(b"%PDF"):
        return "pdf", None
    return _by_name(data, name), None


def _by_name(data: bytes, name: str) -> Format:
    lower = name.lower()
    if lower.endswith((".eml", ".email")):
        return "mail"
    if _TEXT_NAMES.search(lower):
        return "text" if decode_text(data) is not None else "other"
    if _PICTURE_NAMES.search(lower):
        return "image"
    return "corrupt" if lower.endswith((".docx", ".xlsx", ".zip")) else "other"


def _zip_format(data: bytes) -> tuple[Format, Package | None]:
    try:
        package = Package(data)
    except (zipfile.BadZipFile, OSError, ValueError, OverflowError, NotImplementedError):
        return "corrupt", None
    if package.has("word/document.xml"):
        return "docx", package
    if package.has("xl/workbook.xml"):
        return "xlsx", package
    return "zip", None


def decode_text(data: bytes) -> str | None:
    """Return a text file's words, ``None`` when it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        return None
    for charset in _CHARSETS:
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return None


def text_kind(
    text: Text, name: str, *, archived: bool, summary: Sequence[Head], exhibit: Sequence[Head]
) -> Literal["summary", "exhibit", ""]:
    """Tell a work summary from an exhibition text: by title, by name, then by headings."""
    length = sum(len(section.text) for section in text.sections)
    if archived and not text.headings and length < _LONGEST_CAPTION:
        return ""
    for words in (text.title or "", name):
        if re.search("展览|展板|展示|展陈|展$", words):
            return "exhibit"
        if re.search("总结", words):
            return "summary"
    as_summary, as_exhibit = _heads_met(text, summary), _heads_met(text, exhibit)
    if archived and as_exhibit >= 2:
        return "exhibit"
    if max(as_summary, as_exhibit) < 2 or as_summary == as_exhibit:
        return ""
    return "summary" if as_summary > as_exhibit else "exhibit"


def _heads_met(text: Text, heads: Sequence[Head]) -> int:
    """Return how many of the demanded parts the headings name."""
    return sum(any(word in line for word in head.words for line in text.headings) for head in heads)
