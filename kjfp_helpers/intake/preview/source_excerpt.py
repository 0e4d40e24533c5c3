"""Excerpt of a source file around the location that a value was read from.

Plain text only: nothing is interpreted as markup, fetched, executed or written.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.doc_tables import read_doc_tables
from kjfp_helpers.intake.documents.document_model import (
    Cell,
    Document,
    Paragraph,
    Table,
    Unreadable,
)
from kjfp_helpers.intake.documents.grid_model import table_from_grid
from kjfp_helpers.intake.documents.html import read_html
from kjfp_helpers.intake.documents.pdf.reader import ScannedPdf
from kjfp_helpers.intake.files.file_types import (
    CONVERTIBLE_FORMATS,
    Format,
    decode_text,
    detect_format,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS
from kjfp_helpers.intake.format_reading import (
    BODY_LOCATION,
    read_document,
    read_grids,
    read_typed_text,
)
from kjfp_helpers.intake.mail.message import iter_text_bodies, read_message
from kjfp_helpers.intake.preview.excerpt_model import (
    CONTEXT_CHARS,
    TARGET_CHARS,
    Excerpt,
    ExcerptCell,
    make_excerpt_cell,
)

CONTEXT_ROWS = 1
"""Rows of a table shown before and after the location; of a text three times as many lines."""
CONTEXT_LINES = 3 * CONTEXT_ROWS
HEAD_LINES = 12
"""Lines shown of a text without a known location."""


def build_excerpt(data: bytes, name: str, location: str) -> Excerpt:
    """Return the text at a location of a file, and around it.

    Parameters
    ----------
    data : bytes
        The stored copy; old word-processor files as converted by LibreOffice.
    name : str
        Its name, used where the content is ambiguous.
    location : str
        As in provenance and findings: ``表1 第3行第2列``, ``盘点!C4``, ``正文第3段``,
        ``第5行``, ``全文`` or ``""``.
    """
    kind, package = detect_format(data, name)
    if kind == "image":
        return Excerpt(is_image=True)
    try:
        if kind == "text":
            return _excerpt_of_lines(decode_text(data[:MAX_TEXT_BYTES]) or "", location)
        if kind == "mail":
            return build_message_excerpt(data, location)
        document = _read_as_document(data, kind, package)
    except ScannedPdf:
        return Excerpt(note="扫描件，没有可读的文字，请打开原件核对")
    except (Unreadable, SandboxLimitExceeded, SandboxedCallFailed, *CORRUPT_ZIP_ERRORS):
        return Excerpt(note="原件不能打开，请人工核对")
    if document is None:
        return Excerpt(note="这种文件不能在此显示，请打开原件核对")
    return _excerpt_of_document(document, location)


def build_message_excerpt(data: bytes, location: str = "") -> Excerpt:
    """Return the headers and the body of a message, or a location in the body."""
    message = read_message(data)
    texts = [(body.kind, body.text) for body in iter_text_bodies(message)]
    if location.startswith(BODY_LOCATION):
        for kind, text in texts:
            document = read_typed_text(text, html=kind == "html")
            excerpt = _excerpt_of_document(document, location)
            if excerpt.has_target:
                return excerpt
    headers = (
        ("发件人", message.sender),
        ("主题", message.subject),
        ("发出", _format_time(message.sent)),
        ("收到", _format_time(message.received)),
    )
    rows = [
        (make_excerpt_cell(label), make_excerpt_cell(body or "（没有）")) for label, body in headers
    ]
    body = next((text for kind, text in texts if kind == "plain"), "") or next(
        (read_html(text).text for kind, text in texts if kind == "html"), ""
    )
    lines = [line for line in body.splitlines() if line.strip()]
    rows += [
        (make_excerpt_cell("正文" if index == 0 else ""), make_excerpt_cell(line, limit=400))
        for index, line in enumerate(lines[: 2 * HEAD_LINES])
    ]
    return Excerpt(tuple(rows))


def converted_name(name: str) -> str:
    """Return the name of a file after conversion by LibreOffice.

    Examples
    --------
    >>> converted_name("推荐表.doc")
    '推荐表.docx'
    """
    return f"{name.rpartition('.')[0] or name}.docx"


def needs_conversion(data: bytes, name: str) -> bool:
    """Whether a file must be converted by LibreOffice before it can be shown."""
    return detect_format(data, name)[0] in CONVERTIBLE_FORMATS


def _format_time(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _read_as_document(data: bytes, kind: Format, package: OfficePackage | None) -> Document | None:
    """Read a file as a document, ``None`` for formats that cannot be shown."""
    grids = read_grids(kind, package, data)
    if grids is not None:
        return Document(
            tuple(table_from_grid(grid, number) for number, grid in enumerate(grids, start=1))
        )
    if kind == "doc":
        return run_sandboxed(read_doc_tables, data)
    return read_document(kind, package, data)


def _excerpt_of_document(document: Document, location: str) -> Excerpt:
    """Return the excerpt around a location, else the beginning of the document."""
    for table in document.tables:
        matches = [cell for cell in table.cells if cell.location == location]
        if matches:  # in a line of a message body, label and value have the same location
            return Excerpt(tuple(_iter_rows_around(table, matches[-1])))
    blocks = list(document.blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.location == location:
            return Excerpt(tuple(_iter_lines_around(blocks, index)))
    note = f"没有找到“{location}”，以下是文件开头" if location and location != "全文" else ""
    rows = [row for block in blocks for row in _iter_block_rows(block)]
    return Excerpt(tuple(rows[:HEAD_LINES]), note=note)


def _iter_rows_around(table: Table, target: Cell) -> Iterator[tuple[ExcerptCell, ...]]:
    """Yield the row of a cell and the rows around it, with labels that span these rows."""
    rows = sorted(table.by_row)
    index = rows.index(target.row)
    for row in rows[max(index - CONTEXT_ROWS, 0) : index + CONTEXT_ROWS + 1]:
        spanning = [cell for cell in table.cells if row in cell.row_span and cell.row < row]
        cells = sorted(
            (*spanning, *table.by_row[row]), key=lambda cell: (cell.column, cell.position)
        )
        yield tuple(
            make_excerpt_cell(
                cell.marked_text,
                is_target=cell is target,
                limit=TARGET_CHARS if cell is target else CONTEXT_CHARS,
            )
            for cell in cells
            if cell.text or cell is target
        )


def _iter_lines_around(
    blocks: Sequence[Paragraph | Table], target: int
) -> Iterator[tuple[ExcerptCell, ...]]:
    """Yield the target paragraph and the paragraphs around it."""
    for index in range(
        max(target - CONTEXT_LINES, 0), min(target + CONTEXT_LINES + 1, len(blocks))
    ):
        block, is_target = blocks[index], index == target
        if isinstance(block, Paragraph) and (block.text or is_target):
            yield (
                make_excerpt_cell(
                    block.marked_text,
                    is_target=is_target,
                    limit=TARGET_CHARS if is_target else 4 * CONTEXT_CHARS,
                ),
            )


def _iter_block_rows(block: Paragraph | Table) -> Iterator[tuple[ExcerptCell, ...]]:
    """Yield the rows of a block without target."""
    if isinstance(block, Paragraph):
        if block.text:
            yield (make_excerpt_cell(block.marked_text, limit=4 * CONTEXT_CHARS),)
        return
    for cells in block.by_row.values():
        row = tuple(
            make_excerpt_cell(cell.marked_text, limit=CONTEXT_CHARS) for cell in cells if cell.text
        )
        if row:
            yield row


def _excerpt_of_lines(text: str, location: str) -> Excerpt:
    """Return lines of a plain text; the location has the form ``第5行``."""
    lines = text.splitlines()
    number = re.fullmatch(r"第(\d+)行", location)
    index = int(number[1]) - 1 if number else -1
    if 0 <= index < len(lines):
        line_range = range(
            max(index - CONTEXT_LINES, 0), min(index + CONTEXT_LINES + 1, len(lines))
        )
        return Excerpt(
            tuple(
                (
                    make_excerpt_cell(
                        lines[line_index], is_target=line_index == index, limit=TARGET_CHARS
                    ),
                )
                for line_index in line_range
            )
        )
    return Excerpt(
        tuple((make_excerpt_cell(line, limit=4 * CONTEXT_CHARS),) for line in lines[:HEAD_LINES])
    )
