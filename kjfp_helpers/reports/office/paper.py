"""Official papers in .docx: page, fonts, paragraphs and tables, the same bytes every time."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from kjfp_helpers.files import replace_file
from kjfp_helpers.reports import words
from kjfp_helpers.reports.office.packing import repack

BODY, TITLE, HEAD = "仿宋", "宋体", "黑体"
CENTER, RIGHT, LEFT = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT,
)  # fmt: skip


class Paper:
    """A page of official paper (A4, margins of GB/T 9704), filled from top to bottom."""

    def __init__(self, *, rehearsal: bool, landscape: bool = False) -> None:
        self.document = Document()
        section = self.document.sections[0]
        size = (Cm(29.7), Cm(21.0)) if landscape else (Cm(21.0), Cm(29.7))
        section.page_width, section.page_height = size
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.left_margin, section.right_margin = Cm(2.6), Cm(2.4)
        section.top_margin, section.bottom_margin = Cm(3.2), Cm(3.0)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Times New Roman", Pt(16)
        _east_asia(style.element.get_or_add_rPr(), BODY)
        if rehearsal:
            mark = section.header.paragraphs[0]
            mark.alignment = RIGHT
            _run(
                mark,
                f"【{words.REHEARSAL}】数据均为虚构",
                HEAD,
                10.5,
                colour=RGBColor(0xA3, 0x20, 0x20),
            )
        _page_number(section.footer.paragraphs[0])

    def title(self, text: str) -> None:
        """Add the centred title."""
        paragraph = self._paragraph(CENTER, after=18)
        _run(paragraph, text, TITLE, 22, bold=True)

    def head(self, text: str) -> None:
        """Add a heading of the first level."""
        _run(self._paragraph(LEFT, indent=2, keep=True), text, HEAD, 16)

    def text(self, text: str, *, indent: float = 2, align: Any = LEFT) -> None:
        """Add a paragraph, by default indented by two characters."""
        _run(self._paragraph(align, indent=indent), text, BODY, 16)

    def table(self, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> None:
        """Add a ruled table; columns are heading and width in centimetres."""
        table = self.document.add_table(rows=1, cols=len(columns))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        _repeat(table.rows[0])
        headings, widths = [heading for heading, _ in columns], [Cm(width) for _, width in columns]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        _row(table.rows[0].cells, headings, widths, HEAD, CENTER)
        for row in rows:
            _row(table.add_row().cells, row, widths, BODY, LEFT)
        self._paragraph(LEFT, after=0)

    def save(self, path: Path) -> None:
        """Write the paper; the file is replaced whole or not at all.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.title = properties.keywords = ""
        buffer = io.BytesIO()
        self.document.save(buffer)
        replace_file(path, repack(buffer.getvalue()))

    def _paragraph(
        self, align: Any, *, indent: float = 0, after: float = 0, keep: bool = False
    ) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.first_line_indent = Pt(16 * indent)
        form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(after), Pt(28)
        form.keep_with_next = keep
        return paragraph


def _run(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False,
         colour: Any = None) -> None:  # fmt: skip
    run = paragraph.add_run(words.clean(text))
    run.font.size, run.font.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour
    _east_asia(run._element.get_or_add_rPr(), font)


def _east_asia(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _row(cells: Any, texts: Sequence[str], widths: Sequence[Any], font: str, align: Any) -> None:
    for cell, text, width in zip(cells, texts, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(2)
        _run(paragraph, text, font, 10.5)


def _repeat(row: Any) -> None:
    """Repeat the heading row on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = CENTER
    for text, field in (("第 ", "PAGE"), (" 页 / 共 ", "NUMPAGES")):
        _run(paragraph, text, TITLE, 9)
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), field)
        paragraph._p.append(element)
        _run(paragraph, "1", TITLE, 9)
        element.append(paragraph.runs[-1]._element)
    _run(paragraph, " 页", TITLE, 9)
