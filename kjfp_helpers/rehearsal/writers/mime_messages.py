"""Messages as they would lie in the office's mailbox: real MIME with fixed ids and boundaries."""

import hashlib
from binascii import b2a_base64
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.generator import BytesGenerator
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from io import BytesIO

OFFICE_ADDRESS = "jlb@kjfp.example.org"
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "ofd": "application/octet-stream",
}
BASE64_LINE = 76
"""Characters in a line of base64, of RFC 2045."""
Attachments = Iterable[tuple[str, bytes]]


def compose_message(
    *,
    sender: str,
    name: str,
    subject: str,
    text: str,
    files: Attachments,
    sent: datetime,
    old_style: bool,
) -> bytes:
    """Return a message as it leaves the unit.

    Parameters
    ----------
    sender, name : str
        Address and shown name of the unit's contact.
    subject, text : str
        Subject and plain text.
    files : iterable of (str, bytes)
        File name and content of each attachment.
    sent : datetime
        The Date header.
    old_style : bool
        File names as RFC 2047 words in GB 18030, as older Chinese mail programs write them,
        instead of RFC 2231 in UTF-8.
    """
    charset = "gb18030" if old_style else "utf-8"
    digest = hashlib.sha256(f"{sender} {subject} {sent.isoformat()}".encode()).hexdigest()
    message = MIMEMultipart(boundary=f"----=_Part_{digest[:24]}")
    message["Message-ID"] = f"<{digest[:20]}@{sender.partition('@')[2]}>"
    message["Date"] = format_datetime(sent)
    message["From"] = f"{Header(name, charset).encode()} <{sender}>"
    message["To"] = OFFICE_ADDRESS
    message["Subject"] = Header(subject, charset, maxlinelen=70).encode()
    message.attach(MIMEText(text, "plain", charset))
    contents: list[tuple[bytes, bytes]] = []
    for file_name, data in files:
        mark = f"content {len(contents)} of {digest}"
        message.attach(_attachment(file_name, mark, old_style))
        contents.append((mark.encode(), data))
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, maxheaderlen=0).flatten(message)
    return _fill_in_contents(buffer.getvalue(), contents)


def _fill_in_contents(message: bytes, contents: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the message with base64 in place of each mark.

    The generator of the standard library writes content line by line: most of a message's time.
    """
    parts = []
    for mark, data in contents:
        before, _, message = message.partition(mark)
        parts += [before, _encode_base64_lines(data)]
    return b"".join([*parts, message])


def _encode_base64_lines(data: bytes) -> bytes:
    """Return base64 in lines, each with its end, as ``email.encoders`` writes it."""
    text = b2a_base64(data, newline=False)
    starts = range(0, len(text), BASE64_LINE)
    return b"".join(text[start : start + BASE64_LINE] + b"\n" for start in starts)


def add_received_headers(message: bytes, received: datetime, relay: str = "relay") -> bytes:
    """Return the message with the Received headers of a delivery; the topmost counts."""
    identity = hashlib.sha256(message + relay.encode()).hexdigest()
    first = format_datetime(received - timedelta(seconds=1))
    trace = (
        f"Received: from {relay}.kjfp.example.org by mx.kjfp.example.org id {identity[:8]};\n"
        f" {format_datetime(received)}\n"
        f"Received: from mail.example.com (192.0.2.25) by {relay}.kjfp.example.org"
        f" with ESMTP id {identity[8:16]};\n {first}\n"
    )
    return trace.encode() + message


def _attachment(name: str, mark: str, old_style: bool) -> MIMEBase:
    """Return an attachment with a mark where its content goes."""
    main, _, sub = CONTENT_TYPES[name.rpartition(".")[2]].partition("/")
    part = MIMEBase(main, sub)
    part.set_payload(mark)
    part["Content-Transfer-Encoding"] = "base64"
    if old_style:
        word = Header(name, "gb18030", maxlinelen=1000).encode()
        part["Content-Disposition"] = f'attachment; filename="{word}"'
        part.set_param("name", word)
    else:
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part
