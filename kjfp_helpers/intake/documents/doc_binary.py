"""Tables of a .doc from its own bytes, for files whose tables LibreOffice does not see.

LibreOffice 7.4 loses every table of a .doc that ends with one; its own export writes such files.
Layout after [MS-DOC]: the piece table gives the text, paragraph properties say where rows end.
"""

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.docx.reader import Document
from kjfp_helpers.intake.documents.docx.symbol_fonts import private_char_glyph
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid

_FLAGS, _TEXT_LENGTH, _CHPX, _PAPX, _CLX = 0x0A, 0x4C, 0xFA, 0x102, 0x1A2
_ROW_END, _ELSEWHERE = b"\x17\x24\x01", b"\x46\x66"
"""The property that ends a row; rows of many cells keep their properties in another stream."""
_UNSEEN = {0x083C: inline_markers.HIDDEN_TEXT, 0x0800: inline_markers.TRACKED_CHANGE}
"""Properties of signs that are hidden, or deleted by a tracked change."""
_INSERTED = 0x0801
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes behind a property, by the three highest bits of its number; 6 stands for any length."""
_MARK, _PICTURE = "\x07", "\x01"
_PAGE = 512


def read_doc_tables(data: bytes) -> Document:
    """Return the tables of a .doc as one, empty where it has none; runs in the guarded process."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        main = ole.openstream("WordDocument").read()
        second = struct.unpack_from("<H", main, _FLAGS)[0] & 0x0200
        table = ole.openstream("1Table" if second else "0Table").read()
    ends = _row_ends(main, table)
    squares: list[GridCell] = []
    row, column = 1, 0
    for words, place in _cells(main, table):
        if ends.hold(place):
            row, column = row + (column > 0), 0
            continue
        column += 1
        text = words.replace(_PICTURE, "").replace("\r", "\n").replace("\x0b", "\n").strip()
        spot = f"表1 第{row}行第{column}列"
        squares.append(GridCell(spot, row, column, text, picture_count=words.count(_PICTURE)))
    return Document((table_from_grid(Grid("表1", tuple(squares)), 1),) if squares else ())


def _cells(main: bytes, table: bytes) -> Iterator[tuple[str, int]]:
    """Yield the words of each cell with the place of its mark; a row's end is an empty one."""
    words: list[str] = []
    inside = False
    for sign, place in _signs(main, table):
        if sign == _MARK:
            yield "".join(words), place
            words, inside = [], True
        elif sign == "\r" and not inside:
            words = []  # a paragraph before the first table
        else:
            words.append(sign)


def _signs(main: bytes, table: bytes) -> Iterator[tuple[str, int]]:
    """Yield the signs of the main text with their places in the stream, fields' codes left out."""
    most = struct.unpack_from("<i", main, _TEXT_LENGTH)[0]
    hidden = 0
    seen = _Looks(main, table)
    for start, end, place, wide in _pieces(main, table):
        count = min(end, most) - start
        raw = main[place : place + count * wide]
        for at, sign in enumerate(raw.decode("utf-16-le" if wide == 2 else "cp1252", "replace")):
            hidden += (sign == "\x13") - (sign == "\x14") * (hidden > 0)
            if not hidden and sign not in "\x13\x14\x15\x08\x05":
                spot = place + at * wide
                yield seen.sign(private_char_glyph(ord(sign)) or sign, spot), spot


def _pieces(main: bytes, table: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield first and last sign, place and bytes a sign of each piece of text."""
    at, size = struct.unpack_from("<II", main, _CLX)
    end = at + size
    while at < end and table[at] == 1:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    length = struct.unpack_from("<I", table, at + 1)[0]
    count = (length - 4) // 12
    marks = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    for number in range(count):
        place = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)[0]
        narrow = place & 0x40000000
        place &= 0x3FFFFFFF
        yield marks[number], marks[number + 1], place // 2 if narrow else place, 1 if narrow else 2


class _Spans:
    """Stretches of the stream."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def hold(self, place: int) -> bool:
        """Whether a place lies in one of them."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._spans[at][1]


class _Looks:
    """What changes or hides the signs of the stream."""

    def __init__(self, main: bytes, table: bytes) -> None:
        runs = [run for page in _pages(main, table, _CHPX) for run in _runs_on(main, page)]
        self._spans = {
            mark: _Spans([(start, end) for start, end, on in runs if code in on])
            for code, mark in _UNSEEN.items()
        }
        self._inserted = _Spans([(start, end) for start, end, on in runs if _INSERTED in on])

    def sign(self, sign: str, place: int) -> str:
        """Return a sign, or what tells that one was left out; the ends of cells stay."""
        if sign in (_MARK, "\r"):
            return sign
        unseen = next((mark for mark, spans in self._spans.items() if spans.hold(place)), "")
        return unseen or sign + inline_markers.TRACKED_CHANGE * self._inserted.hold(place)


def _pages(main: bytes, table: bytes, start: int) -> Iterator[int]:
    """Yield the numbers of the pages that hold properties of one kind."""
    at, size = struct.unpack_from("<II", main, start)
    count = max(size - 4, 0) // 8
    pages = struct.unpack_from(f"<{count}I", table, at + 4 * (count + 1)) if count else ()
    yield from (page & 0x3FFFFF for page in pages)


def _runs_on(main: bytes, page: int) -> Iterator[tuple[int, int, set[int]]]:
    """Yield runs of signs with the properties that are on."""
    block = main[page * _PAGE : (page + 1) * _PAGE]
    runs = block[511] if len(block) == _PAGE else 0
    if 5 * runs + 4 > 511:
        return
    places = struct.unpack_from(f"<{runs + 1}I", block, 0)
    for number in range(runs):
        at = block[4 * (runs + 1) + number] * 2
        if at:
            yield places[number], places[number + 1], _on(block[at + 1 : at + 1 + block[at]])


def _on(properties: bytes) -> set[int]:
    """Return the numbers of properties whose first byte is 1."""
    found, at = set(), 0
    while at + 3 <= len(properties):
        number = struct.unpack_from("<H", properties, at)[0]
        if properties[at + 2] == 1:
            found.add(number)
        at += 2 + _OPERANDS.get(number >> 13, properties[at + 2] + 1)
    return found


def _row_ends(main: bytes, table: bytes) -> _Spans:
    """Return the paragraphs that only end a row."""
    pages = _pages(main, table, _PAPX)
    return _Spans([span for page in pages for span in _ends_on(main, page)])


def _ends_on(main: bytes, page: int) -> Iterator[tuple[int, int]]:
    block = main[page * _PAGE : (page + 1) * _PAGE]
    runs = block[511] if len(block) == _PAGE else 0
    if 4 * (runs + 1) + 13 * runs > 511:
        return
    places = struct.unpack_from(f"<{runs + 1}I", block, 0)
    for number in range(runs):
        at = block[4 * (runs + 1) + 13 * number] * 2
        size = block[at] * 2 if at and block[at] else 2 * block[at + 1] if at and at < 510 else 0
        properties = block[at : at + size + 2]
        if _ROW_END in properties or properties[4:6] == _ELSEWHERE:
            yield places[number], places[number + 1]
