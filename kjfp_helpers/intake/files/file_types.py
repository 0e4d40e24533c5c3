"""What a file is: its format by its first bytes, what it is for by its words, then its name."""

import re
import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Literal

from kjfp_helpers.intake.common.charset_detection import decode_undeclared
from kjfp_helpers.intake.common.internal_errors import warn_internal_error
from kjfp_helpers.intake.files.images import is_heif
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS, OfficePackage, TooManyEntries

Format = Literal[
    "docx",
    "xlsx",
    "zip",
    "7z",
    "rar",
    "mbox",
    "image",
    "text",
    "html",
    "mail",
    "doc",
    "rtf",
    "odt",
    "xls",
    "ods",
    "ole",
    "pdf",
    "tnef",
    "program",
    "other",
    "encrypted",
    "corrupt",
    "truncated",
    "bomb",
    "too_many_files",
    "empty",
]
"""What the bytes are; ``doc`` and ``xls`` stand for the WPS formats too, ``ole`` for whatever
else an OLE container holds."""

STORED_EXTENSION: Mapping[str, str] = {
    "docx": ".docx",
    "xlsx": ".xlsx",
    "zip": ".zip",
    "text": ".txt",
    "mail": ".eml",
    "pdf": ".pdf",
    "doc": ".doc",
    "rtf": ".rtf",
    "odt": ".odt",
    "xls": ".xls",
    "7z": ".7z",
    "rar": ".rar",
}
"""Ending that a stored copy gets by its content."""

EXTENSIONS_BY_FORMAT: Mapping[str, tuple[str, ...]] = {
    "docx": ("docx",),
    "xlsx": ("xlsx",),
    "zip": ("zip",),
    "7z": ("7z",),
    "rar": ("rar",),
    "image": (
        "jpg",
        "jpeg",
        "jfif",
        "jpe",
        "png",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "webp",
        "heic",
        "heif",
        "avif",
    ),
    "text": ("txt", "md", "text", "csv", "log"),
    "html": ("htm", "html", "mht", "mhtml"),
    "doc": ("doc", "wps", "dot", "wpt"),
    "rtf": ("rtf",),
    "odt": ("odt",),
    "xls": ("xls", "et", "xlt", "ett"),
    "ods": ("ods",),
    "pdf": ("pdf",),
    "mail": ("eml", "email"),
    "mbox": ("mbox", "mbx"),
    "program": ("exe", "dll", "scr", "com"),
}
"""Endings that tell the truth about a format."""

CONTAINER_FORMATS = ("zip", "7z", "rar", "mail", "mbox")
"""Formats whose files are read one by one."""
CONVERTIBLE_FORMATS = ("doc", "rtf", "odt")
"""Formats that LibreOffice turns into .docx."""

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"#!", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "program"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURE_NAMES = re.compile(r"\.(?:jpe?g|jfif|png|gif|bmp|tiff?|webp|heic)$", re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|table|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD_XML = re.compile(rb'progid="Word\.Document"|<(?:w:wordDocument|pkg:package)\b')
_MARKED: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (_WORD_XML, "doc"),
    (re.compile(rb"\A\s*<[^\0]*<svg\b|\A\s*<svg\b"), "other"),
)
_MBOX = re.compile(rb"From \S+.*\r?\n[\w-]+:")
_FILEPASS = 0x2F
_ODF = {"text": "odt", "spreadsheet": "ods"}
_CHARSETS = ("utf-8-sig", "gb18030")


def detect_format(data: bytes, name: str) -> tuple[Format, OfficePackage | None]:
    """Return what the bytes are, whatever the name says, and the opened package of a zip."""
    if not data:
        return "empty", None
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zip_format(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind, None
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or is_heif(data):
        return "image", None
    if data.startswith(_OLE):
        return _ole_format(data, name), None
    if b"%PDF-" in data[:1024]:
        return "pdf", None
    return _by_words(data, name.lower()), None


def extension_matches(kind: Format, name: str) -> bool:
    """Whether a file's ending fits its content; a name without a known ending says nothing."""
    ending = name.lower().rpartition(".")[2] if "." in name else ""
    known = {word for words in EXTENSIONS_BY_FORMAT.values() for word in words}
    return (
        kind not in EXTENSIONS_BY_FORMAT
        or ending not in known
        or ending in EXTENSIONS_BY_FORMAT[kind]
    )


def _by_words(data: bytes, name: str) -> Format:
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    ending = name.rpartition(".")[2]
    if _MBOX.match(head):
        return "mbox"
    if ending in EXTENSIONS_BY_FORMAT["mail"]:
        return "mail"
    marked = next((kind for mark, kind in _MARKED if mark.search(head)), None)
    if marked:
        return marked
    if _HTML.match(head) or (head[:20].lower().startswith(b"mime-version:") and b"<html" in data):
        return "html"
    if ending in EXTENSIONS_BY_FORMAT["text"]:
        return "text"
    if _PICTURE_NAMES.search(name):
        return "image"
    if head and _is_plain(head):
        return "text"
    office = ("docx", "xlsx", "zip", "doc", "xls", "wps", "et", "pdf", "rar", "7z")
    return "corrupt" if ending in office else "other"


def _is_plain(head: bytes) -> bool:
    """Whether bytes are typed words, whatever the ending says."""
    words = decode_text(head.rpartition(b"\n")[0] or head)
    return words is not None and all(sign.isprintable() or sign in "\r\n\t" for sign in words)


def _zip_format(data: bytes) -> tuple[Format, OfficePackage | None]:
    try:
        package = OfficePackage(data)
    except TooManyEntries:
        return "too_many_files", None
    except CORRUPT_ZIP_ERRORS:
        return ("corrupt" if b"PK\5\6" in data[-66_000:] else "truncated"), None
    if package.has_part("word/document.xml"):
        return "docx", package
    if package.has_part("xl/workbook.xml"):
        return "xlsx", package
    mime = (package.read_part("mimetype", 200) or b"").decode("ascii", errors="replace")
    odf: Format | None = _ODF.get(mime.rpartition(".")[2])  # type: ignore[assignment]
    if odf and package.has_part("content.xml"):
        return odf, package
    # An Office file whose main part is lost is no archive of files to be read.
    return ("corrupt", None) if package.has_part("[Content_Types].xml") else ("zip", package)


def _ole_format(data: bytes, name: str) -> Format:
    """Tell the programs apart that keep their files in an OLE container."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            streams = {"/".join(path).lower() for path in ole.listdir()}
            head = ole.openstream("WordDocument").read(12) if "worddocument" in streams else b""
            book = next((one for one in ("Workbook", "Book") if one.lower() in streams), "")
            locked = bool(book) and _is_locked(ole.openstream(book).read(8192))
    except Exception as error:
        warn_internal_error(error)
        # olefile lets struct, index and its own errors through.
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "encrypted"
        return "truncated" if len(data) % 512 else "corrupt"
    if locked or "encryptedpackage" in streams or (len(head) == 12 and head[11] & 1):
        return "encrypted"
    if head:
        return "doc"
    if streams & {"workbook", "book"}:
        return "xls"
    return "doc" if name.lower().endswith(".wps") else "ole"


def _is_locked(book: bytes) -> bool:
    """Whether an old workbook's first records say that the rest is encrypted."""
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def decode_text(data: bytes) -> str | None:
    """Return a text file's words, ``None`` when it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        return None
    return decode_undeclared(data, _CHARSETS)
