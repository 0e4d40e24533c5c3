"""The very spot a value was read from, with what stands around it, from the kept copy's bytes.

Text only, as typed: nothing here is markup, and nothing is fetched, run or written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.doc_binary import read_doc_tables
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.documents.docx.reader import Unreadable, read_docx
from kjfp_helpers.intake.documents.grid_model import table_from_grid
from kjfp_helpers.intake.documents.html import mhtml_body, read_html, read_key_value_text
from kjfp_helpers.intake.documents.pdf import ScannedPdf, read_pdf
from kjfp_helpers.intake.documents.workbooks import read_legacy_workbook, read_xlsx
from kjfp_helpers.intake.files.file_types import CONVERTIBLE_FORMATS, decode_text, detect_format
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS
from kjfp_helpers.intake.mail.message import iter_text_bodies, read_message

CONTEXT_ROWS = 1
"""Rows of a table, and three times as many lines of a text, shown before and after the spot."""
CONTEXT_LINES = 3 * CONTEXT_ROWS
HEAD_LINES = 12
"""Lines shown of a text in which no spot is known."""
CONTEXT_CHARS, TARGET_CHARS = 60, 6000
"""Most signs shown of a neighbour, and of the spot itself."""
_MERGED = re.compile(rf"({inline_markers.STRUCK}.*?(?:{inline_markers.STRUCK_END}|$))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Words of a cell or a line; ``is_struck`` ones were crossed out and do not count."""

    text: str
    is_struck: bool = False


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """One cell or line; ``is_target`` is the one that the value came from."""

    spans: tuple[TextSpan, ...]
    is_target: bool = False

    @property
    def text(self) -> str:
        """The words, those struck out too."""
        return "".join(piece.text for piece in self.spans)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows of spots; ``note`` says in Chinese why there is no spot, or how it was made readable.

    ``is_image`` tells that the bytes are one, to be shown as it is.
    """

    rows: tuple[tuple[ExcerptCell, ...], ...] = ()
    note: str = ""
    is_image: bool = False

    @property
    def has_target(self) -> bool:
        """Whether the very spot is shown."""
        return any(spot.is_target for row in self.rows for spot in row)


def build_excerpt(data: bytes, name: str, location: str) -> Excerpt:
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
        return Excerpt(is_image=True)
    try:
        if kind == "text":
            return _of_lines(decode_text(data[:MAX_TEXT_BYTES]) or "", location)
        if kind == "mail":
            return build_message_excerpt(data, location)
        document = _document(data, kind, package)
    except ScannedPdf:
        return Excerpt(note="扫描件，没有可读的文字，请打开原件核对")
    except (Unreadable, SandboxLimitExceeded, SandboxedCallFailed, *CORRUPT_ZIP_ERRORS):
        return Excerpt(note="原件不能打开，请人工核对")
    if document is None:
        return Excerpt(note="这种文件不能在此显示，请打开原件核对")
    return _of_document(document, location)


def build_message_excerpt(data: bytes, location: str = "") -> Excerpt:
    """Return a message's header lines and the words of the letter, or a spot in these."""
    message = read_message(data)
    texts = [(kind, text) for kind, text, _ in iter_text_bodies(message)]
    if location.startswith("正文"):
        for kind, text in texts:
            page = read_html(text, "正文") if kind == "html" else read_key_value_text(text, "正文")
            shown = _of_document(page, location)
            if shown.has_target:
                return shown
    heads = (
        ("发件人", message.sender),
        ("主题", message.subject),
        ("发出", _time(message.sent)),
        ("收到", _time(message.received)),
    )
    rows = [(_spot(label), _spot(words or "（没有）")) for label, words in heads]
    words = next((text for kind, text in texts if kind == "plain"), "") or next(
        (read_html(text).text for kind, text in texts if kind == "html"), ""
    )
    lines = [line for line in words.splitlines() if line.strip()]
    rows += [
        (_spot("正文" if at == 0 else ""), _spot(line, limit=400))
        for at, line in enumerate(lines[: 2 * HEAD_LINES])
    ]
    return Excerpt(tuple(rows))


def converted_name(name: str) -> str:
    """Return the name of what LibreOffice makes of a file."""
    return f"{name.rpartition('.')[0] or name}.docx"


def needs_conversion(data: bytes, name: str) -> bool:
    """Whether a file must go through LibreOffice before it can be shown."""
    return detect_format(data, name)[0] in CONVERTIBLE_FORMATS


def _time(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _document(data: bytes, kind: str, package: object) -> Document | None:
    if kind == "docx":
        return read_docx(package)  # type: ignore[arg-type]
    if kind in ("xlsx", "xls", "ods"):
        grids = read_xlsx(package, data) if kind == "xlsx" else read_legacy_workbook(data)  # type: ignore[arg-type]
        return Document(tuple(table_from_grid(grid, at) for at, grid in enumerate(grids, start=1)))
    if kind == "pdf":
        return read_pdf(data)
    if kind == "html":
        return read_html(decode_text(mhtml_body(data)) or "")
    return run_sandboxed(read_doc_tables, data) if kind == "doc" else None


def _of_document(document: Document, place: str) -> Excerpt:
    for table in document.tables:
        at = [cell for cell in table.cells if cell.location == place]
        if at:  # a line of a letter is one place for label and value
            return Excerpt(tuple(_rows(table, at[-1])))
    blocks = list(document.blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.location == place:
            return Excerpt(tuple(_lines(blocks, index)))
    note = f"没有找到“{place}”，以下是文件开头" if place and place != "全文" else ""
    rows = [row for block in blocks for row in _block(block)]
    return Excerpt(tuple(rows[:HEAD_LINES]), note=note)


def _rows(table: Table, here: Cell) -> Iterator[tuple[ExcerptCell, ...]]:
    """Yield the row of a cell and its neighbours; labels that reach down come along."""
    rows = sorted(table.by_row)
    at = rows.index(here.row)
    for row in rows[max(at - CONTEXT_ROWS, 0) : at + CONTEXT_ROWS + 1]:
        spanning = [cell for cell in table.cells if row in cell.row_span and cell.row < row]
        cells = sorted(
            (*spanning, *table.by_row[row]), key=lambda cell: (cell.column, cell.position)
        )
        yield tuple(
            _spot(
                cell.marked_text,
                here=cell is here,
                limit=TARGET_CHARS if cell is here else CONTEXT_CHARS,
            )
            for cell in cells
            if cell.text or cell is here
        )


def _lines(blocks: Sequence[Paragraph | Table], at: int) -> Iterator[tuple[ExcerptCell, ...]]:
    for index in range(max(at - CONTEXT_LINES, 0), min(at + CONTEXT_LINES + 1, len(blocks))):
        block, here = blocks[index], index == at
        if isinstance(block, Paragraph) and (block.text or here):
            yield (
                _spot(
                    block.marked_text, here=here, limit=TARGET_CHARS if here else 4 * CONTEXT_CHARS
                ),
            )


def _block(block: Paragraph | Table) -> Iterator[tuple[ExcerptCell, ...]]:
    if isinstance(block, Paragraph):
        if block.text:
            yield (_spot(block.marked_text, limit=4 * CONTEXT_CHARS),)
        return
    for cells in block.by_row.values():
        row = tuple(_spot(cell.marked_text, limit=CONTEXT_CHARS) for cell in cells if cell.text)
        if row:
            yield row


def _of_lines(text: str, place: str) -> Excerpt:
    """Return lines of a plain text; the spot is counted as ``第5行``."""
    lines = text.splitlines()
    number = re.fullmatch(r"第(\d+)行", place)
    at = int(number[1]) - 1 if number else -1
    if 0 <= at < len(lines):
        around = range(max(at - CONTEXT_LINES, 0), min(at + CONTEXT_LINES + 1, len(lines)))
        return Excerpt(
            tuple((_spot(lines[one], here=one == at, limit=TARGET_CHARS),) for one in around)
        )
    return Excerpt(tuple((_spot(line, limit=4 * CONTEXT_CHARS),) for line in lines[:HEAD_LINES]))


def _spot(marked: str, *, here: bool = False, limit: int = CONTEXT_CHARS) -> ExcerptCell:
    """Return words with those struck out kept apart and every other sign left out."""
    pieces: list[TextSpan] = []
    room = limit
    for part in _MERGED.split(marked.replace("\t", " ")):
        words = inline_markers.INVISIBLE_CHARS.sub("", part)
        if not words:
            continue
        cut = words if len(words) <= room else f"{words[: max(room, 0)]}…"
        pieces.append(TextSpan(cut, is_struck=part.startswith(inline_markers.STRUCK)))
        room -= len(words)
        if room <= 0:
            break
    return ExcerptCell(tuple(pieces), here)
