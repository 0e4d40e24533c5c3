"""What a PDF keeps folded up: object streams, unfolded under a limit, and bombs.

Only as many bytes are unfolded as tell whether more would come.
"""

import re
import zlib
from collections.abc import Iterator

from kjfp_helpers.intake.common.resource_limits import (
    MAX_PDF_DECOMPRESSED_BYTES,
    MAX_PDF_STREAM_BYTES,
)

_STREAM = re.compile(rb"<<(?P<head>[^\0]{0,2000}?)>>\s*stream\r?\n", re.DOTALL)
_FLATE = re.compile(rb"/Fl(?:ate(?:Decode)?)?\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image")


def decompress_streams(data: bytes) -> Iterator[bytes | None]:
    """Yield the bytes of each object stream, and ``None`` once where a stream is a bomb."""
    left = MAX_PDF_DECOMPRESSED_BYTES
    for match in _STREAM.finditer(data):
        head = match["head"].rpartition(b"obj")[2]
        folds = len(_FLATE.findall(head))
        if not folds or _PICTURE.search(head):
            continue
        part = data[match.end() : data.find(b"endstream", match.end())]
        for _ in range(folds):
            part = _inflate(part, min(MAX_PDF_STREAM_BYTES, left))
        left -= len(part)
        if len(part) >= MAX_PDF_STREAM_BYTES or left <= 0:
            yield None
            return
        if b"/ObjStm" in head:
            yield part


def _inflate(part: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(part, limit)
    except zlib.error:
        return b""
