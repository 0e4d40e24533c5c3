"""Format to reader: a file, or the body of a message, as a document or as grids of cells."""

from kjfp_helpers.intake.common.label_matching import is_known_label, printed_labels
from kjfp_helpers.intake.common.resource_limits import MAX_FORM_LINES
from kjfp_helpers.intake.common.web_archives import mhtml_body
from kjfp_helpers.intake.documents.document_model import Document, Paragraph
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.documents.html import read_html, read_key_value_text
from kjfp_helpers.intake.documents.label_hints import LabelHints
from kjfp_helpers.intake.documents.pdf.reader import read_pdf
from kjfp_helpers.intake.documents.workbooks.reader import read_legacy_workbook, read_xlsx
from kjfp_helpers.intake.files.file_types import Format, decode_text
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

BODY_LOCATION = "正文"
"""How locations in the body of a message, or in a text file, begin."""


def read_document(kind: Format, package: OfficePackage | None, data: bytes) -> Document | None:
    """Read a file as a document, ``None`` for formats that are not read as one.

    Raises
    ------
    Unreadable
        When the reader gives up.
    ScannedPdf
        When a PDF holds no text.
    """
    if kind == "docx" and package is not None:
        return read_docx(package)
    if kind == "pdf":
        return read_pdf(data, LabelHints(is_known_label, printed_labels()))
    if kind == "html":
        return read_html(decode_text(mhtml_body(data)) or "")
    return None


def read_grids(kind: Format, package: OfficePackage | None, data: bytes) -> list[Grid] | None:
    """Read a workbook as grids of cells, ``None`` for other formats.

    Raises
    ------
    Unreadable
        When the reader gives up.
    """
    if kind == "xlsx" and package is not None:
        return read_xlsx(package, data)
    return read_legacy_workbook(data) if kind in ("xlsx", "xls", "ods") else None


def read_typed_text(text: str, *, html: bool = False) -> Document:
    """Read a text with one label and value a line, such as a form typed into a message.

    Of a plain text no more than ``MAX_FORM_LINES`` are looked at.
    """
    if html:
        return read_html(text, BODY_LOCATION)
    lines = text.splitlines(keepends=True)
    return read_key_value_text("".join(lines[:MAX_FORM_LINES]), BODY_LOCATION, is_known_label)


def read_lines(text: str) -> Document:
    r"""Read a text as a document of one paragraph a line.

    >>> [paragraph.text for paragraph in read_lines("甲\n乙").paragraphs]
    ['甲', '乙']
    """
    lines = enumerate(text.splitlines(), start=1)
    return Document(tuple(Paragraph(number, line, None) for number, line in lines))
