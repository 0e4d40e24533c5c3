"""Where the pictures of a workbook lie: openpyxl's anchors, and the drawings of BIFF files."""

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CellPosition = tuple[int, int]
"""Row and column, from 1."""
MergedSpans = Mapping[CellPosition, tuple[int, int]]
"""The first cell of each merged block, its height and width."""

_BEGIN, _DRAWING = 0x0809, 0x00EC
_WORKSHEET = 0x0010
_SHAPE, _ANCHOR = 0xF00A, 0xF010
_PICTURE = 75
"""The shape type of a picture's frame."""


def xlsx_picture_positions(sheet: Any) -> Iterator[CellPosition]:
    """Yield the cell that the middle of each picture of an openpyxl sheet lies in."""
    for picture in sheet._images:
        start: Any = getattr(picture.anchor, "_from", None)
        if start is not None:
            end: Any = getattr(picture.anchor, "to", None) or start
            yield (start.row + end.row) // 2 + 1, (start.col + end.col) // 2 + 1


def xls_picture_positions(stream: bytes) -> list[list[CellPosition]]:
    """Return for each worksheet of a BIFF stream the cells its pictures lie in ([MS-XLS])."""
    drawn: list[bytearray] = []
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if kind == _BEGIN and len(body) >= 4 and body[2:4] == struct.pack("<H", _WORKSHEET):
            drawn.append(bytearray())
        elif kind == _DRAWING and drawn:
            drawn[-1] += body
        at += 4 + size
    return [list(_drawn(bytes(one))) for one in drawn]


def _drawn(drawing: bytes) -> Iterator[CellPosition]:
    """Walk the records of a drawing ([MS-ODRAW]); containers are stepped into."""
    at, picture = 0, False
    while at + 8 <= len(drawing):
        about, kind, size = struct.unpack_from("<HHI", drawing, at)
        at += 8
        if about & 0xF == 0xF:
            continue
        if kind == _SHAPE:
            picture = about >> 4 == _PICTURE
        elif kind == _ANCHOR and picture and size >= 18 and at + 18 <= len(drawing):
            _, left, _, top, _, right, _, bottom, _ = struct.unpack_from("<9H", drawing, at)
            yield (top + bottom) // 2 + 1, (left + right) // 2 + 1
        at += size


def count_pictures_by_cell(
    spots: Iterable[CellPosition], spans: MergedSpans, cells: Iterable[CellPosition]
) -> dict[CellPosition, int]:
    """Count pictures by the cell that shows them: its block, or else the nearest before it."""
    known = set(cells)
    found: dict[CellPosition, int] = {}
    for spot in spots:
        home = _block(spot, spans)
        if home not in known:
            home = max((one for one in known if one <= home), default=home)
        found[home] = found.get(home, 0) + 1
    return found


def _block(spot: CellPosition, spans: MergedSpans) -> CellPosition:
    return next(
        (
            first
            for first, (height, width) in spans.items()
            if first[0] <= spot[0] < first[0] + height and first[1] <= spot[1] < first[1] + width
        ),
        spot,
    )
