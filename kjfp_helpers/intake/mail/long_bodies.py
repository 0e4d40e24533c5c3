"""Parse mail with long base64 bodies: they pass by the parser, which reads line by line in Python.

The parser of the standard library sees one line in place of such a body and its last lines: lines
of base64 can neither end a part nor begin a header, so that the tree is the same.
"""

import email
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import Compat32
from hashlib import blake2b
from typing import Any

_MARK = re.compile(r"(KJFP[0-9a-f]{32}X)(\d{6})\n")
"""The line in place of a body: marker of the message, number of the body."""
_MIN_BYTES = 8192
"""Bodies shorter than this are left to the parser."""
_FIRST_LINE = re.compile(rb"(?<=\n)(\r?\n)(?=([A-Za-z0-9+/]{20,1000})\1)")
"""An empty line and the first line of base64 below it, of a width that programs write."""


@dataclass(frozen=True, slots=True)
class _LongBody:
    """Lines ``data[start:end]`` of a message, whole groups of base64, and what they say."""

    start: int
    end: int
    decoded: bytes


class _Part(Message):
    """A part of a message, whose long body may be decoded already."""

    decoded: bytes | None = None

    def get_payload(self, i: Any = None, decode: Any = False) -> Any:
        """Return the payload as the parser's own class does, without line ends in base64."""
        if self.decoded is None or i is not None:
            return super().get_payload(i, decode)
        return self.decoded if decode else b64encode(self.decoded).decode("ascii")


def parse_message(data: bytes, policy: Compat32) -> Message:
    """Return the tree of a message, as :func:`email.message_from_bytes` returns it.

    The payload of a part that declares base64 may lack line ends, which do not count there.
    """
    bodies = list(_find_long_bodies(data))
    if not bodies:
        return email.message_from_bytes(data, policy=policy)
    starts, ends = [body.start for body in bodies], [body.end for body in bodies]
    kept = [data[a:b] for a, b in zip([0, *ends], [*starts, len(data)], strict=True)]
    marker = _unused_marker(kept)
    marks = [f"{marker}{number:06d}\n".encode() for number in range(len(bodies))]
    shortened = b"".join(piece for pair in zip(kept, [*marks, b""], strict=True) for piece in pair)
    root = email.message_from_bytes(shortened, _class=_Part, policy=policy)
    for part in root.walk():
        _restore(part, marker, bodies, data)
    return root


def _long_body_decoder() -> Callable[..., bytes]:
    """Return the decoder of pybase64, many times as fast and no less strict, where it is there."""
    try:
        import pybase64
    except ImportError:
        return b64decode
    return pybase64.b64decode


_decode_long = _long_body_decoder()


def _unused_marker(pieces: list[bytes]) -> str:
    """Return letters that do not occur in parts of a message: no text contains its own digest."""
    digest = blake2b(digest_size=16)
    for piece in pieces:
        digest.update(piece)
    return f"KJFP{digest.hexdigest()}X"


def _find_long_bodies(data: bytes) -> Iterator[_LongBody]:
    """Yield each long run of base64 lines of one width below an empty line, but its last lines."""
    position = 0
    while match := _FIRST_LINE.search(data, position):
        body, position = _read_run(data, match.end(), len(match[2]), match[1])
        if body is not None:
            yield body


def _read_run(data: bytes, start: int, width: int, ending: bytes) -> tuple[_LongBody | None, int]:
    """Return the run of lines of a width that begins here, ``None`` for a short or another one.

    The second value is where the run ends: a refused one is not read again from its middle.
    """
    step = width + len(ending)
    count = _count_lines(data, start, width, ending)
    count -= count % 4  # whole groups of base64, whatever the width
    end = start + count * step
    if count * step < _MIN_BYTES:
        return None, end
    text = _without_ends(data[start:end], width, step)
    if text.endswith(b"="):
        return None, end
    try:  # a line end in the middle of a line is refused as any other sign
        return _LongBody(start, end, _decode_long(text, validate=True)), end
    except ValueError:
        return None, end


def _without_ends(lines: bytes, width: int, step: int) -> bytes:
    """Return lines of a width without what stands behind each: as a grid, a third of the time."""
    import numpy as np

    grid = np.frombuffer(lines, np.uint8).reshape(-1, step)
    return grid[:, :width].tobytes()


def _count_lines(data: bytes, start: int, width: int, ending: bytes) -> int:
    """Return how many lines of a width follow, each with its end; the last one is not counted."""
    step, count, size = width + len(ending), 0, _MIN_BYTES
    while True:
        stop = start + size
        columns = [data[start + width + place : stop : step] for place in range(len(ending))]
        whole = [
            len(column) - len(column.lstrip(ending[place : place + 1]))
            for place, column in enumerate(columns)
        ]
        count = min(whole)
        if count < min(map(len, columns)) or stop >= len(data):
            return max(count - 1, 0)
        size *= 8


def _restore(part: Message, marker: str, bodies: list[_LongBody], data: bytes) -> None:
    """Put the cut bodies back into a part, decoded where the part declares base64."""

    def text(match: re.Match[str]) -> str:
        if match[1] != marker:
            return match[0]
        body = bodies[int(match[2])]
        return data[body.start : body.end].decode("ascii")

    if _restore_decoded(part, marker, bodies):
        return
    for name in ("_payload", "preamble", "epilogue"):
        shortened = getattr(part, name)
        if isinstance(shortened, str):
            setattr(part, name, _MARK.sub(text, shortened))


def _restore_decoded(part: Message, marker: str, bodies: list[_LongBody]) -> bool:
    """Give a part of base64 its decoded body; return whether it has one that is without fault."""
    payload = vars(part)["_payload"]  # as it is, undecoded
    is_base64 = str(part.get("content-transfer-encoding", "")).lower() == "base64"
    match = _MARK.match(payload) if is_base64 and isinstance(payload, str) else None
    if match is None or match[1] != marker or not isinstance(part, _Part):
        return False
    last_lines = payload[match.end() :].encode("ascii", "surrogateescape").splitlines()
    try:
        last = b64decode(b"".join(last_lines), validate=True)
    except ValueError:
        return False
    part.decoded = bodies[int(match[2])].decoded + last
    return True
