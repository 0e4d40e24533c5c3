"""PDF files with text as plain blocks; read in the guarded process."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile, zip_longest
from typing import Any

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import is_known_label
from kjfp_helpers.intake.common.resource_limits import MAX_PDF_BYTES, MAX_PDF_PAGES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.common.text_cleanup import normalize_label
from kjfp_helpers.intake.documents.docx.reader import Document, Paragraph, Table, Unreadable
from kjfp_helpers.intake.documents.docx.symbol_fonts import decode_symbol_text, private_char_glyph
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell, table_from_grid

_PADDING = 8
"""Points between the words of a cell and its border, both sides."""
_TAB, _EMPTY = 0.35, 1.0
"""Part of a sign's height beyond which two signs stand apart: in a line, in a cell.

Programs leave up to a quarter between Chinese and Latin signs.
"""
_NUMBER = re.compile(
    r"[\s\-—–]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／共]*\s*\d{1,3}\s*页)?[\s\-—–]*$"
)
_FONT = re.compile(r"wingdings[\s-]*(2)?")
_SYMBOLS = ("dings", "symbol")
"""Parts of the names of fonts whose private signs are what they say."""
_LINE = 0.6
"""Part of a sign's height within which signs stand on one line."""


class ScannedPdf(Unreadable):
    """A PDF that holds pictures of pages and no text."""


def read_pdf(data: bytes) -> Document:
    """Read a PDF's tables and, outside of them, its lines.

    Raises
    ------
    Scanned
        When no page holds text.
    Unreadable
        When it cannot be parsed (``pdf``), needs a password (``encrypted``) or takes too much
        (``size``).
    """
    if len(data) > MAX_PDF_BYTES:
        raise Unreadable("size")
    try:
        parts = run_sandboxed(parse_pdf, data)
    except SandboxLimitExceeded as error:
        raise Unreadable("size") from error
    except SandboxedCallFailed as error:
        name = str(error)
        raise Unreadable(
            "encrypted" if "Password" in name or "Encrypt" in name else "pdf"
        ) from error
    if not any(isinstance(one, str) or any(each.text for each in one.cells) for one in parts):
        raise ScannedPdf("scanned")
    return Document(tuple(_blocks(parts)))


def _blocks(parts: Sequence[Grid | str]) -> Iterator[Paragraph | Table]:
    lines = tables = 0
    for part in parts:
        if isinstance(part, str):
            lines += 1
            yield Paragraph(lines, part, None)
        else:
            tables += 1
            yield table_from_grid(part, tables)


def parse_pdf(data: bytes) -> list[Grid | str]:
    """Return the tables and the lines of a PDF in order, tables that run over a page joined."""
    import pdfplumber

    parts: list[Grid | str] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > MAX_PDF_PAGES:
            raise MemoryError
        for number, page in enumerate(pdf.pages, start=1):
            tables = sorted(page.find_tables(), key=lambda table: float(table.bbox[1]))
            grids = [
                _grid(page, table, f"第{number}页表{at}") for at, table in enumerate(tables, 1)
            ]
            around = _around(page, tables)
            if grids and not around[0] and parts and isinstance(parts[-1], Grid):
                parts[-1], grids = _joined(parts[-1], grids[0]), grids[1:]
                parts += around.pop(1)
            parts += around[0]
            for grid, lines in zip(grids, around[1:], strict=True):
                parts += [grid, *lines]
            page.close()
    return parts


def _around(page: Any, tables: Sequence[Any]) -> list[list[str]]:
    """Return the lines above the first table of a page and those below each; no page numbers."""
    groups: list[list[Any]] = [[] for _ in range(len(tables) + 1)]
    for sign in page.chars:
        if not any(_inside(sign, table.bbox) for table in tables):
            groups[sum(sign["top"] >= table.bbox[1] for table in tables)].append(sign)
    words = (_words(group, page.bbox, _TAB).split("\n") for group in groups)
    return [[line for line in lines if line.strip() and not _NUMBER.match(line)] for lines in words]


def _joined(first: Grid, rest: Grid) -> Grid:
    """Return a table with its continuation on the next page; a row cut in two is one again."""
    down = max((one.row + one.height - 1 for one in first.cells), default=0)
    last = [one for one in first.cells if one.row + one.height - 1 == down]
    head = [one for one in rest.cells if one.row == 1]
    cut = [one.column for one in last] == [one.column for one in head] and _is_cut(last, head)
    if cut:
        down -= 1
        whole = {id(one): _one(one, more) for one, more in zip(last, head, strict=True)}
        kept = tuple(whole.get(id(one), one) for one in first.cells)
    else:
        kept = first.cells
    moved = (replace(one, row=one.row + down) for one in rest.cells if not cut or one.row > 1)
    return Grid(first.name, (*kept, *moved))


def _is_cut(last: Sequence[GridCell], head: Sequence[GridCell]) -> bool:
    """Whether a row's label goes on below, or stood whole above."""
    if not head[0].text:
        return True
    labels = {normalize_label(field.label) for form in FORMS for field in form.fields}
    return normalize_label(last[0].text + head[0].text) in labels


def _one(above: GridCell, below: GridCell) -> GridCell:
    pictures = above.picture_count + below.picture_count
    return replace(above, value=f"{above.value}{below.value}", picture_count=pictures)


def _grid(page: Any, table: Any, name: str) -> Grid:
    edges = sorted({round(box[0], 1) for box in table.cells})
    bottoms = [row.bbox[3] for row in table.rows]
    squares = []
    for number, row in enumerate(table.rows, start=1):
        for nth, box in enumerate((box for box in row.cells if box), start=1):
            deep = sum(1 for bottom in bottoms[number - 1 :] if bottom <= box[3] + 2) or 1
            signs = [sign for sign in page.chars if _inside(sign, box)]
            pictures = sum(_inside(picture, box) for picture in page.images)
            squares.append(
                GridCell(
                    f"{name} 第{number}行第{nth}列",
                    number,
                    _column(edges, box[0]),
                    _words(signs, box),
                    deep,
                    pictures,
                )
            )
    return Grid(name, tuple(squares))


def _column(edges: Sequence[float], left: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - left)) + 1


def _inside(item: Any, box: Sequence[float]) -> bool:
    across, down = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _words(signs: Sequence[Any], box: Sequence[float], apart: float = _EMPTY) -> str:
    """Return signs as lines; a line goes on in the next where that did not fit behind it."""
    lines = list(_lines(signs))
    text = ""
    for line, after in zip_longest(lines, lines[1:]):
        words = "".join(_spaced(line, apart))
        text += words
        if is_known_label(words) or not _is_full(line, after, box[2]):
            text = f"{text.rstrip(' ')}\n"
    return text


def _is_full(line: list[Any], after: list[Any] | None, right: float) -> bool:
    """Whether the first word of the next line would not have fitted into this one."""
    last = max((sign["x1"] for sign in line if sign["text"].strip()), default=line[-1]["x1"])
    widths = [sign["x1"] - sign["x0"] for sign in takewhile(_is_latin, after or ())]
    if not widths:
        # A full stop never begins a line: it takes the sign before it along.
        stops = sum(sign["text"] in "。，、；：？！）”》" for sign in (after or ())[1:2])
        widths = [max(line[-1]["size"], 4) * (1 + stops)]
    return bool(right - last < sum(widths) + _PADDING)


def _is_latin(sign: Any) -> bool:
    text = str(sign["text"])
    return text.isascii() and not text.isspace()


def _lines(signs: Sequence[Any]) -> Iterator[list[Any]]:
    line: list[Any] = []
    for sign in sorted(signs, key=lambda one: (one["bottom"], one["x0"])):
        if line and sign["bottom"] - line[0]["bottom"] > _LINE * max(sign["size"], 4):
            yield sorted(line, key=lambda one: one["x0"])
            line = []
        line.append(sign)
    if line:
        yield sorted(line, key=lambda one: one["x0"])


def _spaced(line: Sequence[Any], apart: float) -> Iterator[str]:
    """Yield the signs of a line, with spaces where a tab or an empty place keeps them apart."""
    for sign, before in zip(line, (None, *line), strict=False):
        if before is not None and sign["x0"] - before["x1"] > apart * max(sign["size"], 4):
            yield "  "
        yield _sign(sign)


def _sign(sign: Any) -> str:
    text = str(sign["text"])
    code = ord(text) if len(text) == 1 else 0
    font = _FONT.search(str(sign.get("fontname", "")).lower())
    if font and code < 0x100:
        return decode_symbol_text("wingdings 2" if font[1] else "wingdings", text, text)
    if not 0xF000 <= code <= 0xF0FF:
        return text
    # A font that lacks a sign shows an empty box, under whichever code came first.
    known = any(word in str(sign.get("fontname", "")).lower() for word in _SYMBOLS)
    return (private_char_glyph(code) or text) if known else inline_markers.UNKNOWN_SYMBOL
