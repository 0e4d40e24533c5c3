"""The very spot a value was read from, with what stands around it, from the kept copy's bytes.

Text only, as typed: nothing here is markup, and nothing is fetched, run or written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.resource_limits import TEXT_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.doc_binary import read_old_tables
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.documents.docx.reader import Unreadable, read_document
from kjfp_helpers.intake.documents.grid_model import to_table
from kjfp_helpers.intake.documents.html import read_lines, read_page, saved_page
from kjfp_helpers.intake.documents.pdf import Scanned, read_pdf
from kjfp_helpers.intake.documents.workbooks import read_old_book, read_xlsx
from kjfp_helpers.intake.files.file_types import OFFICE, decode_text, detect_format
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS
from kjfp_helpers.intake.mail.message import bodies, read_message

AROUND = 1
"""Rows of a table, and three times as many lines of a text, shown before and after the spot."""
LINES = 3 * AROUND
HEAD = 12
"""Lines shown of a text in which no spot is known."""
SHORT, LONG = 60, 6000
"""Most signs shown of a neighbour, and of the spot itself."""
_MERGED = re.compile(rf"({inline_markers.STRUCK}.*?(?:{inline_markers.STRUCK_END}|$))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a cell or a line; ``struck`` ones were crossed out and do not count."""

    text: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """One cell or line; ``here`` is the one that the value came from."""

    pieces: tuple[Piece, ...]
    here: bool = False

    @property
    def text(self) -> str:
        """The words, those struck out too."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows of spots; ``note`` says in Chinese why there is no spot, or how it was made readable.

    ``picture`` tells that the bytes are one, to be shown as it is.
    """

    rows: tuple[tuple[ExcerptCell, ...], ...] = ()
    note: str = ""
    picture: bool = False

    @property
    def found(self) -> bool:
        """Whether the very spot is shown."""
        return any(spot.here for row in self.rows for spot in row)


def build_excerpt(data: bytes, name: str, place: str) -> Excerpt:
    """Return what stands at a place of a file, and around it.

    Parameters
    ----------
    data : bytes
        The file as kept; old word-processor files as LibreOffice made them readable.
    name : str
        Its name, which tells formats apart where the bytes do not.
    place : str
        As provenance and findings say it: ``表1 第3行第2列``, ``盘点!C4``, ``正文第3段``,
        ``第5行``, ``全文`` or ``""``.
    """
    kind, package = detect_format(data, name)
    if kind == "image":
        return Excerpt(picture=True)
    try:
        if kind == "text":
            return _of_lines(decode_text(data[:TEXT_BYTES]) or "", place)
        if kind == "mail":
            return build_message_excerpt(data, place)
        document = _document(data, kind, package)
    except Scanned:
        return Excerpt(note="扫描件，没有可读的文字，请打开原件核对")
    except (Unreadable, SandboxLimitExceeded, SandboxedCallFailed, *CORRUPT_ZIP_ERRORS):
        return Excerpt(note="原件不能打开，请人工核对")
    if document is None:
        return Excerpt(note="这种文件不能在此显示，请打开原件核对")
    return _of_document(document, place)


def build_message_excerpt(data: bytes, place: str = "") -> Excerpt:
    """Return a message's header lines and the words of the letter, or a spot in these."""
    message = read_message(data)
    texts = [(kind, text) for kind, text, _ in bodies(message)]
    if place.startswith("正文"):
        for kind, text in texts:
            page = read_page(text, "正文") if kind == "html" else read_lines(text, "正文")
            shown = _of_document(page, place)
            if shown.found:
                return shown
    heads = (
        ("发件人", message.sender),
        ("主题", message.subject),
        ("发出", _time(message.sent)),
        ("收到", _time(message.received)),
    )
    rows = [(_spot(label), _spot(words or "（没有）")) for label, words in heads]
    words = next((text for kind, text in texts if kind == "plain"), "") or next(
        (read_page(text).text for kind, text in texts if kind == "html"), ""
    )
    lines = [line for line in words.splitlines() if line.strip()]
    rows += [
        (_spot("正文" if at == 0 else ""), _spot(line, limit=400))
        for at, line in enumerate(lines[: 2 * HEAD])
    ]
    return Excerpt(tuple(rows))


def converted_name(name: str) -> str:
    """Return the name of what LibreOffice makes of a file."""
    return f"{name.rpartition('.')[0] or name}.docx"


def needs_conversion(data: bytes, name: str) -> bool:
    """Whether a file must go through LibreOffice before it can be shown."""
    return detect_format(data, name)[0] in OFFICE


def _time(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _document(data: bytes, kind: str, package: object) -> Document | None:
    if kind == "docx":
        return read_document(package)  # type: ignore[arg-type]
    if kind in ("xlsx", "xls", "ods"):
        grids = read_xlsx(package, data) if kind == "xlsx" else read_old_book(data)  # type: ignore[arg-type]
        return Document(tuple(to_table(grid, at) for at, grid in enumerate(grids, start=1)))
    if kind == "pdf":
        return read_pdf(data)
    if kind == "html":
        return read_page(decode_text(saved_page(data)) or "")
    return run_sandboxed(read_old_tables, data) if kind == "doc" else None


def _of_document(document: Document, place: str) -> Excerpt:
    for table in document.tables:
        at = [cell for cell in table.cells if cell.place == place]
        if at:  # a line of a letter is one place for label and value
            return Excerpt(tuple(_rows(table, at[-1])))
    blocks = list(document.blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.place == place:
            return Excerpt(tuple(_lines(blocks, index)))
    note = f"没有找到“{place}”，以下是文件开头" if place and place != "全文" else ""
    rows = [row for block in blocks for row in _block(block)]
    return Excerpt(tuple(rows[:HEAD]), note=note)


def _rows(table: Table, here: Cell) -> Iterator[tuple[ExcerptCell, ...]]:
    """Yield the row of a cell and its neighbours; labels that reach down come along."""
    rows = sorted(table.by_row)
    at = rows.index(here.row)
    for row in rows[max(at - AROUND, 0) : at + AROUND + 1]:
        spanning = [cell for cell in table.cells if row in cell.rows and cell.row < row]
        cells = sorted((*spanning, *table.by_row[row]), key=lambda cell: (cell.column, cell.nth))
        yield tuple(
            _spot(cell.marked, here=cell is here, limit=LONG if cell is here else SHORT)
            for cell in cells
            if cell.text or cell is here
        )


def _lines(blocks: Sequence[Paragraph | Table], at: int) -> Iterator[tuple[ExcerptCell, ...]]:
    for index in range(max(at - LINES, 0), min(at + LINES + 1, len(blocks))):
        block, here = blocks[index], index == at
        if isinstance(block, Paragraph) and (block.text or here):
            yield (_spot(block.marked, here=here, limit=LONG if here else 4 * SHORT),)


def _block(block: Paragraph | Table) -> Iterator[tuple[ExcerptCell, ...]]:
    if isinstance(block, Paragraph):
        if block.text:
            yield (_spot(block.marked, limit=4 * SHORT),)
        return
    for cells in block.by_row.values():
        row = tuple(_spot(cell.marked, limit=SHORT) for cell in cells if cell.text)
        if row:
            yield row


def _of_lines(text: str, place: str) -> Excerpt:
    """Return lines of a plain text; the spot is counted as ``第5行``."""
    lines = text.splitlines()
    number = re.fullmatch(r"第(\d+)行", place)
    at = int(number[1]) - 1 if number else -1
    if 0 <= at < len(lines):
        around = range(max(at - LINES, 0), min(at + LINES + 1, len(lines)))
        return Excerpt(tuple((_spot(lines[one], here=one == at, limit=LONG),) for one in around))
    return Excerpt(tuple((_spot(line, limit=4 * SHORT),) for line in lines[:HEAD]))


def _spot(marked: str, *, here: bool = False, limit: int = SHORT) -> ExcerptCell:
    """Return words with those struck out kept apart and every other sign left out."""
    pieces: list[Piece] = []
    room = limit
    for part in _MERGED.split(marked.replace("\t", " ")):
        words = inline_markers.UNSEEN.sub("", part)
        if not words:
            continue
        cut = words if len(words) <= room else f"{words[: max(room, 0)]}…"
        pieces.append(Piece(cut, struck=part.startswith(inline_markers.STRUCK)))
        room -= len(words)
        if room <= 0:
            break
    return ExcerptCell(tuple(pieces), here)
