"""Web archives (.mht): pages saved by a browser or an office program as a message."""

import email
import re

_BOM = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(
    rb"[A-Za-z][A-Za-z-]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n[A-Za-z][A-Za-z-]*:|$)"
)


def is_web_archive(data: bytes) -> bool:
    r"""Whether a file is a web archive (.mht), whatever header of a message comes first.

    Examples
    --------
    >>> is_web_archive(b"From: <Saved by Blink>\nContent-Type: multipart/related;\n\n<html>")
    True
    """
    head = data[:8192].removeprefix(_BOM).lstrip()
    fields, blank, _ = head.replace(b"\r\n", b"\n").partition(b"\n\n")
    if not blank or not _HEADER_LINE.match(fields):
        return False
    lowered = fields.lower()
    if re.search(rb"^content-type:\s*(?:multipart/related|text/html)", lowered, re.MULTILINE):
        return not re.search(rb"^(?:to|received|message-id):", lowered, re.MULTILINE)
    return b"snapshot-content-location:" in lowered


def mhtml_body(data: bytes) -> bytes:
    """Return the HTML page inside a web archive (.mht), or the bytes unchanged."""
    if not is_web_archive(data) and not data[:20].lower().startswith(b"mime-version:"):
        return data
    message = email.message_from_bytes(data.removeprefix(_BOM).lstrip())
    for part in message.walk():
        if part.get_content_type() == "text/html":
            inside = part.get_payload(decode=True)
            page = inside if isinstance(inside, bytes) else b""
            return _as_utf8(page, part.get_content_charset() or "")
    return data


def _as_utf8(page: bytes, charset: str) -> bytes:
    """Return a page in UTF-8 where its part declares its encoding, else unchanged."""
    if not charset:
        return page
    name = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    try:
        return page.decode(name).encode()
    except (LookupError, UnicodeError):
        return page
