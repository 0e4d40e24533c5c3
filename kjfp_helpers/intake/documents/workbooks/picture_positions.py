"""Cell positions of the pictures of a workbook, from openpyxl anchors or BIFF drawings."""

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CellPosition = tuple[int, int]
"""Row and column, from 1."""
MergedSpans = Mapping[CellPosition, tuple[int, int]]
"""First cell of each merged range to its height and width."""

_BOF_RECORD, _DRAWING_RECORD = 0x0809, 0x00EC
_WORKSHEET_TYPE = 0x0010
_SHAPE_RECORD, _ANCHOR_RECORD = 0xF00A, 0xF010
_PICTURE_SHAPE = 75
"""Shape type of a picture frame."""


def xlsx_picture_positions(sheet: Any) -> Iterator[CellPosition]:
    """Yield for each picture of an openpyxl sheet the cell at its centre."""
    for picture in sheet._images:
        start: Any = getattr(picture.anchor, "_from", None)
        if start is not None:
            end: Any = getattr(picture.anchor, "to", None) or start
            yield (start.row + end.row) // 2 + 1, (start.col + end.col) // 2 + 1


def xls_picture_positions(stream: bytes) -> list[list[CellPosition]]:
    """Return the picture positions of each worksheet of a BIFF stream ([MS-XLS])."""
    drawings: list[bytearray] = []
    offset = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        body = stream[offset + 4 : offset + 4 + size]
        if (
            kind == _BOF_RECORD
            and len(body) >= 4
            and body[2:4] == struct.pack("<H", _WORKSHEET_TYPE)
        ):
            drawings.append(bytearray())
        elif kind == _DRAWING_RECORD and drawings:
            drawings[-1] += body
        offset += 4 + size
    return [list(_drawing_positions(bytes(drawing))) for drawing in drawings]


def _drawing_positions(drawing: bytes) -> Iterator[CellPosition]:
    """Yield the picture positions of a drawing ([MS-ODRAW]), also inside containers."""
    offset, is_picture = 0, False
    while offset + 8 <= len(drawing):
        header, kind, size = struct.unpack_from("<HHI", drawing, offset)
        offset += 8
        if header & 0xF == 0xF:
            continue
        if kind == _SHAPE_RECORD:
            is_picture = header >> 4 == _PICTURE_SHAPE
        elif kind == _ANCHOR_RECORD and is_picture and size >= 18 and offset + 18 <= len(drawing):
            _, left, _, top, _, right, _, bottom, _ = struct.unpack_from("<9H", drawing, offset)
            yield (top + bottom) // 2 + 1, (left + right) // 2 + 1
        offset += size


def count_pictures_by_cell(
    positions: Iterable[CellPosition], merged: MergedSpans, cells: Iterable[CellPosition]
) -> dict[CellPosition, int]:
    """Count pictures by cell: the merged range they lie in, or else the nearest cell before."""
    known_cells = set(cells)
    counts: dict[CellPosition, int] = {}
    for position in positions:
        cell = _merged_range_start(position, merged)
        if cell not in known_cells:
            cell = max(
                (known_cell for known_cell in known_cells if known_cell <= cell), default=cell
            )
        counts[cell] = counts.get(cell, 0) + 1
    return counts


def _merged_range_start(position: CellPosition, merged: MergedSpans) -> CellPosition:
    """Return the first cell of the merged range that contains a position, else the position."""
    return next(
        (
            first
            for first, (height, width) in merged.items()
            if first[0] <= position[0] < first[0] + height
            and first[1] <= position[1] < first[1] + width
        ),
        position,
    )
