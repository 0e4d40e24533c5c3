"""Tables of a binary .doc file, for files whose tables LibreOffice loses.

LibreOffice 7.4 drops every table of a .doc that ends with a table; its own export writes such
files. Layout after [MS-DOC]: the piece table gives the text, paragraph properties mark row ends.
"""

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Document, Unreadable
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid
from kjfp_helpers.intake.documents.symbol_fonts import private_char_glyph

_FLAGS_OFFSET, _TEXT_LENGTH_OFFSET, _CHPX_OFFSET, _PAPX_OFFSET, _CLX_OFFSET = (
    0x0A,
    0x4C,
    0xFA,
    0x102,
    0x1A2,
)
_ROW_END, _HUGE_PAPX = b"\x17\x24\x01", b"\x46\x66"
"""The property that ends a row; rows of many cells store their properties in another stream."""
_DELETION_MARKERS = {0x083C: text_markers.HIDDEN_TEXT, 0x0800: text_markers.TRACKED_CHANGE}
"""Properties of characters that are hidden, or deleted by a tracked change."""
_INSERTED = 0x0801
_RAISED, _POSITION = 0x2A48, 0x4845
"""Properties of characters above (1) or below (2) their line, and so many half points off it."""
_MIN_POSITION = 4
_STRUCK = (0x0837, 0x2A53)
"""Properties of characters struck out once or twice."""
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Operand size of a property by the three highest bits of its number; 6 means variable."""
_CELL_MARK, _PICTURE_CHAR = "\x07", "\x01"
_PAGE_BYTES = 512


def read_doc_tables(data: bytes) -> Document:
    """Return the tables of a .doc as one table, no block where it has none; runs in the sandbox.

    Raises
    ------
    Unreadable
        When places in the file point outside it.
    """
    try:
        return _read_tables(data)
    except (IndexError, struct.error) as error:
        raise Unreadable("offset") from error


def _read_tables(data: bytes) -> Document:
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        main = ole.openstream("WordDocument").read()
        uses_table_1 = struct.unpack_from("<H", main, _FLAGS_OFFSET)[0] & 0x0200
        table = ole.openstream("1Table" if uses_table_1 else "0Table").read()
    row_ends = _find_row_ends(main, table)
    cells: list[GridCell] = []
    row, column = 1, 0
    for raw_text, offset in _iter_cells(main, table):
        if row_ends.contains(offset):
            row, column = row + (column > 0), 0
            continue
        column += 1
        text = raw_text.replace(_PICTURE_CHAR, "").replace("\r", "\n").replace("\x0b", "\n").strip()
        location = f"表1 第{row}行第{column}列"
        cells.append(
            GridCell(location, row, column, text, picture_count=raw_text.count(_PICTURE_CHAR))
        )
    return Document((table_from_grid(Grid("表1", tuple(cells)), 1),) if cells else ())


def _iter_cells(main: bytes, table: bytes) -> Iterator[tuple[str, int]]:
    """Yield the text of each cell with the offset of its cell mark; a row end is an empty cell."""
    chars: list[str] = []
    in_table = False
    for char, offset in _iter_chars(main, table):
        if char == _CELL_MARK:
            yield "".join(chars), offset
            chars, in_table = [], True
        elif char == "\r" and not in_table:
            chars = []  # a paragraph before the first table
        else:
            chars.append(char)


def _iter_chars(main: bytes, table: bytes) -> Iterator[tuple[str, int]]:
    """Yield the characters of the main text with their stream offsets, field codes excluded."""
    text_length = struct.unpack_from("<i", main, _TEXT_LENGTH_OFFSET)[0]
    field_depth = 0
    properties = _CharProperties(main, table)
    for start, end, piece_offset, char_bytes in _iter_text_pieces(main, table):
        count = min(end, text_length) - start
        raw = main[piece_offset : piece_offset + count * char_bytes]
        for index, char in enumerate(
            raw.decode("utf-16-le" if char_bytes == 2 else "cp1252", "replace")
        ):
            field_depth += (char == "\x13") - (char == "\x14") * (field_depth > 0)
            if not field_depth and char not in "\x13\x14\x15\x08\x05":
                offset = piece_offset + index * char_bytes
                yield properties.mark_char(private_char_glyph(ord(char)) or char, offset), offset


def _iter_text_pieces(main: bytes, table: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield first and last character, stream offset and bytes per character of each text piece."""
    position, size = struct.unpack_from("<II", main, _CLX_OFFSET)
    end = position + size
    while position < end and table[position] == 1:
        position += 3 + struct.unpack_from("<H", table, position + 1)[0]
    length = struct.unpack_from("<I", table, position + 1)[0]
    count = (length - 4) // 12
    char_positions = struct.unpack_from(f"<{count + 1}I", table, position + 5)
    for number in range(count):
        offset = struct.unpack_from("<I", table, position + 5 + 4 * (count + 1) + 8 * number + 2)[0]
        is_narrow = offset & 0x40000000
        offset &= 0x3FFFFFFF
        yield (
            char_positions[number],
            char_positions[number + 1],
            offset // 2 if is_narrow else offset,
            1 if is_narrow else 2,
        )


class _OffsetRanges:
    """Sorted ranges of stream offsets."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._ranges_by_marker = sorted(ranges)
        self._range_starts = [start for start, _ in self._ranges_by_marker]

    def contains(self, offset: int) -> bool:
        """Whether an offset lies in one of the ranges."""
        index = bisect_right(self._range_starts, offset) - 1
        return index >= 0 and offset < self._ranges_by_marker[index][1]


class _CharProperties:
    """Character properties of the stream: hidden, deleted and inserted ranges."""

    def __init__(self, main: bytes, table: bytes) -> None:
        runs = [
            run
            for page in _iter_property_pages(main, table, _CHPX_OFFSET)
            for run in _iter_runs(main, page)
        ]
        self._ranges_by_marker = {
            marker: _OffsetRanges([(start, end) for start, end, enabled in runs if code in enabled])
            for code, marker in _DELETION_MARKERS.items()
        }
        self._inserted = _OffsetRanges(
            [(start, end) for start, end, enabled in runs if _INSERTED in enabled]
        )
        self._raised, self._struck = (
            _OffsetRanges([(start, end) for start, end, enabled in runs if enabled & codes])
            for codes in ({_RAISED, _POSITION}, {*_STRUCK})
        )

    def mark_char(self, char: str, offset: int) -> str:
        """Return a character, with the marker of its formatting; hidden ones become a marker."""
        if char in (_CELL_MARK, "\r"):
            return char
        marker_of_hidden = next(
            (
                marker
                for marker, ranges in self._ranges_by_marker.items()
                if ranges.contains(offset)
            ),
            "",
        )
        if not marker_of_hidden and self._struck.contains(offset):
            char = f"{text_markers.STRUCK}{char}{text_markers.STRUCK_END}"
        elif not marker_of_hidden and self._raised.contains(offset):
            char = f"{text_markers.RAISED}{char}{text_markers.RAISED_END}"
        return marker_of_hidden or char + text_markers.TRACKED_CHANGE * self._inserted.contains(
            offset
        )


def _iter_property_pages(main: bytes, table: bytes, table_offset: int) -> Iterator[int]:
    """Yield the numbers of the pages that store the properties of one kind."""
    position, size = struct.unpack_from("<II", main, table_offset)
    count = max(size - 4, 0) // 8
    pages = struct.unpack_from(f"<{count}I", table, position + 4 * (count + 1)) if count else ()
    yield from (page & 0x3FFFFF for page in pages)


def _iter_runs(main: bytes, page: int) -> Iterator[tuple[int, int, set[int]]]:
    """Yield the character runs of a page with the properties that are on."""
    block = main[page * _PAGE_BYTES : (page + 1) * _PAGE_BYTES]
    runs = block[511] if len(block) == _PAGE_BYTES else 0
    if 5 * runs + 4 > 511:
        return
    offsets = struct.unpack_from(f"<{runs + 1}I", block, 0)
    for number in range(runs):
        position = block[4 * (runs + 1) + number] * 2
        if position:
            yield (
                offsets[number],
                offsets[number + 1],
                _enabled_properties(block[position + 1 : position + 1 + block[position]]),
            )


def _enabled_properties(properties: bytes) -> set[int]:
    """Return the numbers of the properties that are on."""
    enabled, position = set(), 0
    while position + 3 <= len(properties):
        number = struct.unpack_from("<H", properties, position)[0]
        value = properties[position + 2]
        is_moved = number == _POSITION and _MIN_POSITION <= value <= 256 - _MIN_POSITION
        if value == 1 or (number == _RAISED and value == 2) or is_moved:
            enabled.add(number)
        position += 2 + _OPERAND_BYTES.get(number >> 13, properties[position + 2] + 1)
    return enabled


def _find_row_ends(main: bytes, table: bytes) -> _OffsetRanges:
    """Return the ranges of the paragraphs that only end a row."""
    pages = _iter_property_pages(main, table, _PAPX_OFFSET)
    return _OffsetRanges([span for page in pages for span in _iter_row_ends(main, page)])


def _iter_row_ends(main: bytes, page: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the paragraphs on a page that only end a row."""
    block = main[page * _PAGE_BYTES : (page + 1) * _PAGE_BYTES]
    runs = block[511] if len(block) == _PAGE_BYTES else 0
    if 4 * (runs + 1) + 13 * runs > 511:
        return
    offsets = struct.unpack_from(f"<{runs + 1}I", block, 0)
    for number in range(runs):
        position = block[4 * (runs + 1) + 13 * number] * 2
        size = (
            block[position] * 2
            if position and block[position]
            else 2 * block[position + 1]
            if position and position < 510
            else 0
        )
        properties = block[position : position + size + 2]
        if _ROW_END in properties or properties[4:6] == _HUGE_PAPX:
            yield offsets[number], offsets[number + 1]
