"""Parse mail with long base64 bodies: they pass by the parser, which reads line by line in Python.

The parser of the standard library sees one line in place of such a body and its last line: lines of
base64 can neither end a part nor begin a header, so that the tree is the same.
"""

import email
import re
from collections.abc import Iterator
from email.message import Message as Part
from email.policy import Compat32

_MIN_BYTES = 8192
"""Bodies shorter than this are left to the parser."""
_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_DASHES = b"--"
"""How a line begins that may end a body; there are none in base64."""


def parse_message(data: bytes, policy: Compat32) -> Part:
    """Return the tree of a message, as :func:`email.message_from_bytes` returns it.

    The payload of a part that declares base64 may lack line ends, which do not count there.
    """
    marker = _unused_marker(data)
    pieces, bodies, position = list[bytes](), list[bytes](), 0
    for start, body in _find_long_bodies(data):
        pieces += [data[position:start], f"{marker}{len(bodies):06d}\n".encode()]
        bodies.append(body)
        position = start + len(body)
    if not bodies:
        return email.message_from_bytes(data, policy=policy)
    root = email.message_from_bytes(b"".join([*pieces, data[position:]]), policy=policy)
    pattern = re.compile(f"{marker}(\\d{{6}})\n")
    for part in root.walk():
        _restore(part, pattern, bodies)
    return root


def _unused_marker(data: bytes) -> str:
    """Return letters that do not occur in a message."""
    marker = "KJFPLONGBODY"
    while marker.encode() in data:
        marker += "X"
    return marker


def _find_long_bodies(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield place and text of each long run of base64 lines below a header, but its last line."""
    start = 0
    while start < len(data):
        dashes = data.find(_DASHES, start)
        end = dashes if dashes >= 0 else len(data)
        if end - start >= _MIN_BYTES:
            yield from _find_run(data, start, end)
        start = end + len(_DASHES)


def _find_run(data: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    line_end = data.find(b"\n", start, end)
    ending = b"\r\n" if data[line_end - 1 : line_end] == b"\r" else b"\n"
    blank_line = data.find(b"\n" + ending, start, end)
    first = blank_line + 1 + len(ending)
    end -= len(data[end - 8 : end]) - len(data[end - 8 : end].rstrip(b"\r\n"))
    last = data.rfind(b"\n", first, end) + 1
    run = data[first:last] if blank_line >= 0 else b""
    if len(run) >= _MIN_BYTES and _is_regular(run, ending):
        yield first, run


def _is_regular(run: bytes, ending: bytes) -> bool:
    """Return whether a run is lines of base64 of one length, none of them empty."""
    width = run.find(ending)
    count, rest = divmod(len(run), width + len(ending))
    if width < 1 or rest or run.translate(None, _BASE64_ALPHABET) != ending * count:
        return False
    places = range(width, width + len(ending))
    return bytes(run[place :: width + len(ending)][0] for place in places) == ending and all(
        len(set(run[place :: width + len(ending)])) == 1 for place in places
    )


def _restore(part: Part, pattern: re.Pattern[str], bodies: list[bytes]) -> None:
    """Put the cut bodies back into the texts of a part."""
    is_base64 = str(part.get("content-transfer-encoding", "")).lower() == "base64"

    def whole(match: re.Match[str]) -> str:
        return bodies[int(match[1])].decode("ascii")

    def joined(match: re.Match[str]) -> str:
        return bodies[int(match[1])].translate(None, b"\r\n").decode("ascii")

    for name in ("_payload", "preamble", "epilogue"):
        text = getattr(part, name)
        if isinstance(text, str) and pattern.search(text):
            restore = joined if is_base64 and name == "_payload" else whole
            setattr(part, name, pattern.sub(restore, text))
