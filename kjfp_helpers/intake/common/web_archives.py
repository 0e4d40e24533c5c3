"""Web archives (.mht): pages saved by a browser or an office program as a message."""

import email
import re

from kjfp_helpers.intake.common.charset_detection import UTF16_MARKS, declared_charset

_BOM = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(
    rb"[A-Za-z][A-Za-z-]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n[A-Za-z][A-Za-z-]*:|$)"
)

_PAGE_TYPE = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|alternative)|text/html)", re.MULTILINE
)


def is_web_archive(data: bytes) -> bool:
    r"""Whether a file is a web archive (.mht), whatever header of a message comes first.

    Examples
    --------
    >>> is_web_archive(b"From: <Saved by Blink>\nContent-Type: multipart/related;\n\n<html>")
    True
    """
    head = _plain_message(data[:8192])
    fields, blank, _ = head.replace(b"\r\n", b"\n").partition(b"\n\n")
    if not blank or not _HEADER_LINE.match(fields):
        return False
    lowered = fields.lower()
    if _PAGE_TYPE.search(lowered):
        return not re.search(rb"^(?:to|received|message-id):", lowered, re.MULTILINE)
    return b"snapshot-content-location:" in lowered


def _plain_message(data: bytes) -> bytes:
    """Return a message in one byte a character, without marks and blank lines ahead of it."""
    if data.startswith(UTF16_MARKS):
        data = data.decode("utf-16", errors="ignore").encode()
    return data.removeprefix(_BOM).lstrip().replace(b"\r\r\n", b"\r\n")


def mhtml_body(data: bytes) -> bytes:
    """Return the longest page inside a web archive (.mht), or the bytes unchanged.

    Frames, as those of a workbook, are short pages beside the one that they show.
    """
    if not is_web_archive(data) and not data[:20].lower().startswith(b"mime-version:"):
        return data
    message = email.message_from_bytes(_plain_message(data))
    pages = [
        (part.get_payload(decode=True), declared_charset(part))
        for part in message.walk()
        if part.get_content_type() == "text/html"
    ]
    read = [_as_utf8(page, charset) for page, charset in pages if isinstance(page, bytes)]
    return max(read, key=len, default=data)


def _as_utf8(page: bytes, charset: str) -> bytes:
    """Return a page in UTF-8 where its part declares its encoding, else unchanged."""
    if not charset:
        return page
    name = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    try:
        return page.decode(name).encode()
    except (LookupError, ValueError):
        return page
