"""Decompress the object streams of a PDF under a size limit and detect decompression bombs."""

import re
import zlib
from collections.abc import Iterator

from kjfp_helpers.intake.common.resource_limits import (
    MAX_PDF_DECOMPRESSED_BYTES,
    MAX_PDF_STREAM_BYTES,
)

_STREAM_START = re.compile(rb"<<(?P<head>[^\0]{0,2000}?)>>\s*stream\r?\n", re.DOTALL)
_FLATE = re.compile(rb"/Fl(?:ate(?:Decode)?)?\b")
_IMAGE_TYPE = re.compile(rb"/Subtype\s*/Image")


def decompress_streams(data: bytes) -> Iterator[bytes | None]:
    """Yield each decompressed object stream, then ``None`` if a stream exceeds the limit."""
    bytes_left = MAX_PDF_DECOMPRESSED_BYTES
    for match in _STREAM_START.finditer(data):
        dictionary = match["head"].rpartition(b"obj")[2]
        filter_count = len(_FLATE.findall(dictionary))
        if not filter_count or _IMAGE_TYPE.search(dictionary):
            continue
        part = data[match.end() : data.find(b"endstream", match.end())]
        for _ in range(filter_count):
            part = _inflate(part, min(MAX_PDF_STREAM_BYTES, bytes_left))
        bytes_left -= len(part)
        if len(part) >= MAX_PDF_STREAM_BYTES or bytes_left <= 0:
            yield None
            return
        if b"/ObjStm" in dictionary:
            yield part


def _inflate(part: bytes, limit: int) -> bytes:
    """Inflate a stream up to a limit; malformed streams give no bytes."""
    try:
        return zlib.decompressobj().decompress(part, limit)
    except zlib.error:
        return b""
