"""Detect the format of a file from its bytes, and compare it with its extension."""

import re
import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Literal

from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.charset_detection import (
    UTF16_MARKS,
    decode_undeclared,
    decode_unmarked_utf16,
)
from kjfp_helpers.intake.common.default_password import decrypt_with_default_password
from kjfp_helpers.intake.common.resource_limits import MAX_WORKBOOK_BYTES
from kjfp_helpers.intake.common.web_archives import is_web_archive
from kjfp_helpers.intake.files.images import is_heif
from kjfp_helpers.intake.files.ooxml_package import OfficePackage, pack_flat_xml
from kjfp_helpers.intake.files.unread_formats import format_of_extension, format_of_parts
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS, TooManyEntries

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
    "ofd",
    "presentation",
    "xlsb",
    "xps",
    "iwork",
    "ebook",
    "drawing",
    "mindmap",
    "uof",
    "fixed_layout",
    "note",
    "publisher",
    "packed",
    "other",
    "encrypted",
    "corrupt",
    "truncated",
    "bomb",
    "too_many_files",
    "empty",
]
"""Detected format; ``doc`` and ``xls`` include the WPS formats, ``ole`` any other OLE container."""

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
"""Extension that a stored copy gets by its content."""

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
"""Extensions that fit a format."""

CONTAINER_FORMATS = ("zip", "7z", "rar", "mail", "mbox")
"""Formats that contain other files."""
CONVERTIBLE_FORMATS = ("doc", "rtf", "odt")
"""Formats that LibreOffice converts to .docx."""

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
_ZIP_MAGIC = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|jfif|png|gif|bmp|tiff?|webp|heic)$", re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|table|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD_XML = re.compile(rb'progid="Word\.Document"|<(?:w:wordDocument|pkg:package)\b')
_CONTENT_PATTERNS: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (_WORD_XML, "doc"),
    (re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet"), "xls"),
    (re.compile(rb"<(?:\w+:)?UOF\b"), "uof"),
    (
        re.compile(
            rb"\A\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*"
            rb"|<!DOCTYPE svg(?:\[[^\]]*\]|[^\[>])*>\s*)*<svg\b",
            re.S,
        ),
        "other",
    ),
)
_MBOX = re.compile(rb"From \S+.*\r?\n[\w-]+:")
_FILEPASS_RECORD = 0x2F
_ODF_FORMATS = {"text": "odt", "spreadsheet": "ods"}
_OOXML_MAIN_PARTS: tuple[tuple[str, bytes, Format], ...] = (
    ("word/document.xml", b"/wordprocessingml/", "docx"),
    ("xl/workbook.xml", b"/spreadsheetml/", "xlsx"),
)
"""Usual name of the main part, and the namespace that tells it under another name."""
_CHARSETS = ("utf-8-sig", "gb18030")


def detect_format(data: bytes, name: str) -> tuple[Format, OfficePackage | None]:
    """Detect the format of a file by its content.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name; used only where the content is ambiguous (text, mail, .wps).

    Returns
    -------
    tuple
        The format, and the opened package of a zip file, else ``None``.

    Examples
    --------
    >>> detect_format(b"%PDF-1.7", "推荐表.docx")
    ('pdf', None)
    """
    if not data:
        return "empty", None
    unpadded = data.lstrip(b"\r\n") if data[:1] in b"\r\n" else data
    packed = unpadded if unpadded.startswith(_ZIP_MAGIC) else pack_flat_xml(data)
    if packed:
        return _detect_zip_format(packed, name)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind, None
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or is_heif(data):
        return "image", None
    if data.startswith(_OLE_MAGIC):
        kind = _detect_ole_format(data, name)
        return _detect_decrypted(data, name) if kind == "encrypted" else (kind, None)
    if b"%PDF-" in data[:1024]:
        return "pdf", None
    return _detect_text_format(data, name.lower()), None


def extension_matches(kind: Format, name: str) -> bool:
    """Whether the extension of a file fits its format; unknown extensions fit every format.

    Examples
    --------
    >>> extension_matches("pdf", "a.docx"), extension_matches("pdf", "a.tmp")
    (False, True)
    """
    extension = name.lower().rpartition(".")[2] if "." in name else ""
    known_extensions = {
        known_extension
        for extensions in EXTENSIONS_BY_FORMAT.values()
        for known_extension in extensions
    }
    return (
        kind not in EXTENSIONS_BY_FORMAT
        or extension not in known_extensions
        or extension in EXTENSIONS_BY_FORMAT[kind]
    )


def _detect_text_format(data: bytes, name: str) -> Format:
    """Detect the format of a file without magic bytes: mail, HTML, text or unknown."""
    head = _head_as_utf8(data)
    extension = name.rpartition(".")[2]
    if _MBOX.match(head):
        return "mbox"
    if extension in EXTENSIONS_BY_FORMAT["mail"]:
        return "mail"
    matched = next((kind for pattern, kind in _CONTENT_PATTERNS if pattern.search(head)), None)
    if matched:
        return matched
    if _HTML.match(head) or is_web_archive(data):
        return "html"
    if extension in EXTENSIONS_BY_FORMAT["text"]:
        return "text"
    if _IMAGE_NAME.search(name):
        return "image"
    if head and _is_printable_text(head):
        return "text"
    return _unread_format(name) or _damaged_or_other(extension)


def _head_as_utf8(data: bytes) -> bytes:
    """Return the first bytes without a byte-order mark, of UTF-16 as UTF-8."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _damaged_or_other(extension: str) -> Format:
    """Return the format of unknown bytes by the ending of their name."""
    office_extensions = ("docx", "xlsx", "zip", "doc", "xls", "wps", "et", "pdf", "rar", "7z")
    return "corrupt" if extension in office_extensions else "other"


def _is_printable_text(head: bytes) -> bool:
    """Whether the bytes are printable text."""
    text = decode_text(head.rpartition(b"\n")[0] or head)
    return text is not None and all(char.isprintable() or char in "\r\n\t" for char in text)


def _detect_zip_format(data: bytes, name: str) -> tuple[Format, OfficePackage | None]:
    """Detect the format of a zip container by its parts."""
    try:
        package = OfficePackage(data)
    except TooManyEntries:
        return "too_many_files", None
    except CORRUPT_ZIP_ERRORS:
        return ("corrupt" if b"PK\5\6" in data[-66_000:] else "truncated"), None
    for usual, namespace, office_format in _OOXML_MAIN_PARTS:
        if package.has_part(usual):
            return office_format, package
        main = package.read_part(package.main_part(usual), MAX_WORKBOOK_BYTES) or b""
        if namespace in main[:4000].replace(b"\0", b""):
            return office_format, package
    mime_type = (package.read_part("mimetype", 200) or b"").decode("ascii", errors="replace")
    odf_format: Format | None = _ODF_FORMATS.get(mime_type.rpartition(".")[2])  # type: ignore[assignment]
    if odf_format and package.has_part("content.xml"):
        return odf_format, package
    unread: Format | None = format_of_parts(package.part_names, mime_type, name) or None  # type: ignore[assignment]
    if unread:
        return unread, None
    # An Office file without its main part must not be unpacked like an archive.
    return ("corrupt", None) if package.has_part("[Content_Types].xml") else ("zip", package)


def _detect_decrypted(data: bytes, name: str) -> tuple[Format, OfficePackage | None]:
    """Return the format of a file that its programs open without asking for a password."""
    decrypted = decrypt_with_default_password(data)
    if decrypted is None:
        return "encrypted", None
    if decrypted.startswith(b"PK"):
        return _detect_zip_format(decrypted, name)
    return ("xls" if decrypted.startswith(_OLE_MAGIC) else "encrypted"), None


def _detect_ole_format(data: bytes, name: str) -> Format:
    """Detect the format of an OLE container by its streams."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            streams = {"/".join(path).lower() for path in ole.listdir()}
            head = ole.openstream("WordDocument").read(12) if "worddocument" in streams else b""
            workbook_stream = next(
                (candidate for candidate in ("Workbook", "Book") if candidate.lower() in streams),
                "",
            )
            is_encrypted = bool(workbook_stream) and _is_encrypted_xls(
                ole.openstream(workbook_stream).read(8192)
            )
    except Exception as error:
        warn_internal_error(error)
        # olefile lets struct, index and its own errors through.
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "encrypted"
        return "truncated" if len(data) % 512 else "corrupt"
    if is_encrypted or "encryptedpackage" in streams or (len(head) == 12 and head[11] & 1):
        return "encrypted"
    if head:
        return "doc"
    if streams & {"workbook", "book"}:
        return "xls"
    if name.lower().endswith(".wps"):
        return "doc"
    if "powerpoint document" in streams:
        return "presentation"
    return _unread_format(name) or "ole"


def _unread_format(name: str) -> Format | None:
    """Return the format that nobody reads which the name of a file tells, ``None`` for none."""
    return format_of_extension(name) or None  # type: ignore[return-value]


def _is_encrypted_xls(stream: bytes) -> bool:
    """Whether the first records of a .xls declare that the rest is encrypted."""
    offset = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        if kind == _FILEPASS_RECORD:
            return True
        offset += 4 + size
    return False


def decode_text(data: bytes) -> str | None:
    """Decode a text file (UTF-8, UTF-16 or GB 18030), ``None`` for binary data.

    Examples
    --------
    >>> decode_text("盘点表".encode("gbk"))
    '盘点表'
    """
    if data.startswith(UTF16_MARKS):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        return decode_unmarked_utf16(data)
    return decode_undeclared(data, _CHARSETS)
