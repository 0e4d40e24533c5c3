"""Repair of messages that mail programs read and the parser does not: first lines, encodings."""

import binascii
import quopri
import re
from collections.abc import Iterator
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message as Part

from kjfp_helpers.intake.common.charset_detection import UTF16_MARKS

_UTF8_MARK = b"\xef\xbb\xbf"
_STRAY_LINE = re.compile(rb"(?:[ \t]*|\+OK[^\r\n]*|>?From [^\r\n]*|-- ?|\.)(?:\r*\n)")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_FIRST_HEADER = re.compile(
    rb"^[ \t\0\f\xef\xbb\xbf]*(?=(?:From|To|Subject|Date|Sender|Received|Return-Path|Delivered-To"
    rb"|Message-ID|MIME-Version|Content-Type|X-[\w-]+):[^\n]*\n(?:[ \t]|[\w-]+:))",
    re.IGNORECASE | re.MULTILINE,
)
"""A header that mail programs write first, with another one below it."""
_HEAD_BYTES = 4096
_MULTIPART = re.compile(
    rb"^Content-Type:[ \t]*(multipart/[\w.-]+)(?P<rest>[^\n]*(?:\n[ \t][^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_BOUNDARY_LINE = re.compile(rb"^--([^\s\-][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_ENCODING = re.compile(r"[\s\"';<]*([\w-]+)")
_COMMENT = re.compile(r"\([^()]*\)")
_KNOWN_ENCODINGS = (
    "base64",
    "quoted-printable",
    "7bit",
    "8bit",
    "binary",
    "x-uuencode",
    "uuencode",
    "uue",
    "x-uue",
)
_ENCODING_BY_LETTERS = {
    re.sub(r"[^a-z0-9]", "", name).removeprefix("x"): name for name in reversed(_KNOWN_ENCODINGS)
}
_CODED_FILE = re.compile(
    rb"\s*(?:UEsDB|0M8R4KGx|JVBERi|/9j/|iVBORw0|UmFyIRoH|N3q8ryc)[A-Za-z0-9+/=\s]*\Z"
)
"""The beginning of a document, picture or archive in base64."""
_PADDING = re.compile("=+")
_MAX_PIECES = 100_000
_CODED_LINE = re.compile(
    r"\s*(?=\w|[+/])(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[A-Za-z0-9+/=]=)?[ \t]*(?=\r?\n|\Z)"
)
_ADDRESS = re.compile(r"<\s*([^<>\s\"]+@[^<>\s\"]+?)\s*>")
_BARE_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+", re.ASCII)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"")
_BEGIN = re.compile(r"begin(?:-base64)? [0-7]{3,4} (\S[^\r\n]{0,199})")
_MAX_UUENCODED_FILES = 50


def repair_first_lines(data: bytes) -> bytes:
    r"""Return a message without what stands before its headers, with the usual line ends.

    Editors leave a byte-order mark or UTF-16, mail programs a blank line, the answer of a server,
    or the first line of a mail collection.

    Examples
    --------
    >>> repair_first_lines(b"+OK 99 octets\r\nFrom: a\r\n\r\nx")
    b'From: a\r\n\r\nx'
    """
    if data.startswith(UTF16_MARKS):
        data = data.decode("utf-16", errors="replace").encode()
    elif data[1:40:2] == bytes(20):
        data = data.decode("utf-16-le", errors="replace").encode()
    data = data.removeprefix(_UTF8_MARK)
    head = data[:_HEAD_BYTES]
    if b"\r\r\n" in head:
        data = data.replace(b"\r\r\n", b"\r\n")
    elif b"\r" in head and b"\n" not in head:
        data = data.replace(b"\r", b"\n")
    start = 0
    while (stray := _STRAY_LINE.match(data, start)) and stray.end() <= _HEAD_BYTES:
        start = stray.end()
    data = data[start:].removeprefix(_UTF8_MARK) if start else data
    if not _HEADER.match(data) and (first := _FIRST_HEADER.search(data[:_HEAD_BYTES])):
        return data[first.end() :]
    return data


def repair_boundary(data: bytes) -> bytes:
    r"""Return a message whose head tells the boundary of its parts, where only the body shows it.

    Examples
    --------
    >>> message = b"Content-Type: multipart/mixed\n\n--B\n\na\n--B--\n"
    >>> repair_boundary(message).split(b"\n")[0]
    b'Content-Type: multipart/mixed; boundary="B"'
    """
    end = re.search(rb"\r?\n\r?\n", data)
    declared = _MULTIPART.search(data, 0, end.start() if end else 0)
    if end is None or declared is None or b"boundary" in declared["rest"].lower():
        return data
    line = _BOUNDARY_LINE.search(data, end.end() - 1)
    if line is None or b'"' in line[1]:
        return data
    return data[: declared.end(1)] + b'; boundary="' + line[1] + b'"' + data[declared.end(1) :]


def repair_named_body(root: Part) -> None:
    """Take the name off a body that a program has named like a file, with files beside it."""
    leaves = [part for part in root.walk() if not part.is_multipart()]
    texts = [part for part in leaves if part.get_content_maintype() == "text"]
    if len(leaves) < 2 or leaves[0] not in texts or any(not part.get_filename() for part in texts):
        return
    if leaves[0].get_content_disposition() == "inline":
        del leaves[0]["content-disposition"]
        leaves[0].del_param("name")


def repair_transfer_encoding(part: Part) -> None:
    """Replace a transfer encoding with comment, quotes or blanks by its bare name."""
    declared = str(part.get("content-transfer-encoding") or "")
    match = _ENCODING.match(_COMMENT.sub(" ", declared))
    letters = re.sub(r"[^a-z0-9]", "", match[1].lower()).removeprefix("x") if match else ""
    name = _ENCODING_BY_LETTERS.get(letters, declared)
    if declared != name:
        part.replace_header("content-transfer-encoding", name)


def decode_part(part: Part) -> bytes:
    """Return the bytes of a part, also where its code is in pieces or not declared."""
    repair_transfer_encoding(part)
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    if getattr(part, "decoded", None) is not None:  # a long body without fault
        return data
    if str(part.get("content-transfer-encoding") or "") == "base64":
        text = str(part.get_payload()).rstrip()
        return decode_padded_pieces(text) if 0 <= text.find("=") < len(text) - 2 else data
    if not _CODED_FILE.match(data):
        return data
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:  # cut short, or no code after all
        return decode_padded_pieces(data.decode("ascii", "replace")) or data


def decode_padded_pieces(text: str) -> bytes:
    r"""Decode base64 whose pieces were coded one by one, each with its own padding.

    What follows the padding and is no code, such as the footer of a mailing list, is left out.

    Examples
    --------
    >>> decode_padded_pieces("YQ==\nYmM=\n--\nlist")
    b'abc'
    """
    pieces, position = list[bytes](), 0
    while position < len(text) and len(pieces) < _MAX_PIECES:
        padding = _PADDING.search(text, position)
        end = padding.end() if padding else len(text)
        code = re.sub(r"[^A-Za-z0-9+/]", "", text[position:end])
        code = code[: len(code) - (len(code) % 4 == 1)]
        pieces.append(binascii.a2b_base64(code + "=" * (-len(code) % 4)))
        position = end
        if not _CODED_LINE.match(text, position):
            break
    return b"".join(pieces)


def find_address(raw: str, decoded: str) -> str:
    """Return the address of a header, whatever characters its display name has.

    Parameters
    ----------
    raw, decoded : str
        The header as it stands, and with its encoded words decoded.

    Examples
    --------
    >>> find_address('"科普部, 测试甲" <zs@gz.example.com>', "")
    'zs@gz.example.com'
    """
    for text in (_QUOTED.sub(" ", raw), raw, decoded):
        if found := _ADDRESS.findall(text):
            return str(found[-1])
    for text in (_QUOTED.sub(" ", raw), decoded):
        if found := _BARE_ADDRESS.findall(text):
            return str(found[-1])
    return ""


def decode_inner_message(part: Part, encoding: str) -> bytes:
    """Return the bytes of a message inside a part that is coded against the standard, or ``b""``.

    ``encoding`` is the transfer encoding of the part; the parser took the code for a message.
    """
    try:
        raw = part.as_bytes(unixfrom=False).lstrip()
        if any(isinstance(one, MissingHeaderBodySeparatorDefect) for one in part.defects):
            raw = raw.replace(b"\n\n", b"\n", 1)  # the parser took a broken line for the body
        if encoding == "base64":
            return binascii.a2b_base64(raw)
        return quopri.decodestring(raw) if encoding == "quoted-printable" else b""
    except (ValueError, LookupError, UnicodeError, KeyError):
        return b""


def uuencoded_files(text: str) -> Iterator[tuple[str, bytes]]:
    r"""Yield name and bytes of each file that is uuencoded in a text.

    Examples
    --------
    >>> list(uuencoded_files("begin 644 a.txt\n#86)C\n`\nend\n"))
    [('a.txt', b'abc')]
    """
    name, pieces, count, is_base64 = "", list[bytes](), 0, False
    for line in [*text.splitlines(), "end"]:  # the last line may be lost
        begin = _BEGIN.fullmatch(line.rstrip())
        if begin and count < _MAX_UUENCODED_FILES:
            name, pieces, count = begin[1].strip(), [], count + 1
            is_base64 = "-base64" in begin[0][:12]
        elif name and line.strip() in ("end", "===="):
            if pieces:  # a sentence may begin as a file does
                yield name, b"".join(pieces)
            name = ""
        elif name and line.strip("` "):
            try:
                pieces.append(binascii.a2b_base64(line) if is_base64 else _uu_line(line))
            except (binascii.Error, ValueError):
                name = ""


def _uu_line(line: str) -> bytes:
    """Return the bytes of a line; programs that pad it with characters too many are known."""
    raw = line.encode("latin-1", errors="replace")
    try:
        return binascii.a2b_uu(raw)
    except binascii.Error:
        length = ((raw[0] - 32) & 63) * 4 // 3 + 3
        return binascii.a2b_uu(raw[: 1 + length // 4 * 4])
