"""Deterministic writer of official .docx documents: page, fonts, paragraphs, tables.

The page itself (styles, margins, header, footer) is made once by python-docx. What stands on it is
written as the markup that Word reads, because a few hundred letters of a few hundred cells each
take python-docx minutes.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.deterministic_zip import read_normalized_entries, write_zip

BODY_FONT, TITLE_FONT, HEADING_FONT = "仿宋", "宋体", "黑体"
LATIN_FONT = "Times New Roman"
CENTER, RIGHT, LEFT = "center", "right", "left"
BODY_SIZE, CELL_SIZE = 16.0, 10.5
"""Points of body text and of text in tables; an indent counts in body characters."""
TEXT_WIDTH_CM = 16.0
"""Width of the text on the page, in centimetres."""
_MAIN_PART = "word/document.xml"
_USED_STYLES = (
    "Normal",
    "Header",
    "Footer",
    "DefaultParagraphFont",
    "TableNormal",
    "TableGrid",
    "NoList",
)
_UNUSED_PARTS = ("stylesWithEffects", "numbering", "customXml", "thumbnail")
_TWIPS_PER_CM = 567
"""Twentieths of a point in a centimetre."""


@dataclass(frozen=True)
class Font:
    """How a run of text looks."""

    name: str
    size: float
    bold: bool = False


class OfficialDocument:
    """An official document (A4, margins of GB/T 9704), filled from top to bottom."""

    def __init__(self, *, rehearsal: bool, amendments: Sequence[str] = ()) -> None:
        self._rehearsal, self._amendments = rehearsal, tuple(amendments)
        self._parts: list[str] = []

    def add_title(self, text: str) -> None:
        """Add the centred title."""
        self._add(text, Font(TITLE_FONT, 22, bold=True), align=CENTER, after=18)

    def add_number(self, text: str) -> None:
        """Add the number of the document, centred below its title."""
        self._add(text, Font(BODY_FONT, BODY_SIZE), align=CENTER, after=8)

    def add_heading(self, text: str) -> None:
        """Add a heading of the first level."""
        self._add(text, Font(HEADING_FONT, BODY_SIZE), indent=2, keep=True)

    def add_paragraph(
        self, text: str, *, indent: float = 2, align: str = LEFT, keep: bool = False
    ) -> None:
        """Add a paragraph, by default indented; ``keep`` holds its end on the page of the next."""
        self._add(text, Font(BODY_FONT, BODY_SIZE), indent=indent, align=align, keep=keep)

    def add_signature(self, office: str, day: str) -> None:
        """Add the office at the right margin and the day centred below its name.

        The paragraph before should be kept, so that no page holds a signature alone.
        """
        self._add("", Font(BODY_FONT, BODY_SIZE), keep=True)
        self._add(office, Font(BODY_FONT, BODY_SIZE), align=RIGHT, keep=True)
        inset = max(text_width(office) - text_width(day), 0) / 4
        self._add(day, Font(BODY_FONT, BODY_SIZE), align=RIGHT, right=inset)

    def add_table(
        self, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]
    ) -> None:
        """Add a ruled table; columns are heading and width in centimetres.

        The headings repeat on every page, no row is cut by the end of one. A row of a single text
        spans the table and heads the rows that follow.
        """
        widths = [round(width * _TWIPS_PER_CM) for _, width in columns]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = _table_row_xml(
            [title for title, _ in columns], widths, Font(HEADING_FONT, CELL_SIZE), heads=True
        )
        body = "".join(
            _spanning_row_xml(row[0], widths)
            if len(row) == 1 < len(widths)
            else _table_row_xml(row, widths, Font(BODY_FONT, CELL_SIZE))
            for row in rows
        )
        self._parts.append(  # a gap, so that no heading touches the table
            '<w:p><w:pPr><w:keepNext/><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{head}{body}</w:tbl>"
        )
        # Word joins tables with nothing between them.
        self._parts.append('<w:p><w:pPr><w:spacing w:line="200" w:lineRule="exact"/></w:pPr></w:p>')

    def save(self, path: Path) -> None:
        """Write the document; the file is replaced whole or not at all.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        body = "".join(self._parts).encode()
        atomic_write(
            path,
            write_zip(
                (
                    name,
                    data.replace(b"<w:body>", b"<w:body>" + body) if name == _MAIN_PART else data,
                )
                for name, data in _empty_page_entries(self._rehearsal, self._amendments)
            ),
        )

    def _add(
        self,
        text: str,
        font: Font,
        *,
        align: str = LEFT,
        indent: float = 0,
        right: float = 0,
        after: float = 0,
        keep: bool = False,
    ) -> None:
        char = BODY_SIZE * 20  # of body text, in twentieths of a point
        layout = (
            f'<w:spacing w:before="0" w:after="{after * 20:.0f}" w:line="560" w:lineRule="exact"/>'
            f'<w:ind w:right="{right * char:.0f}" w:firstLine="{indent * char:.0f}"/>'
        )
        self._parts.append(_paragraph_xml(text, font, align, layout, keep=keep))


def _paragraph_xml(text: str, font: Font, align: str, layout: str, *, keep: bool = False) -> str:
    """Return a paragraph; the order of its properties is the schema's."""
    keep_next = "<w:keepNext/>" if keep else ""
    properties = f'{keep_next}{layout}<w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{_run_xml(text, font)}</w:p>"


def _run_xml(text: str, font: Font) -> str:
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>'
        for line in formatting.remove_control_chars(text).replace("\t", "　").splitlines()
    )
    bold = "<w:b/>" if font.bold else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}"'
        f' w:eastAsia="{font.name}" w:hint="eastAsia"/>{bold}'
        f'<w:sz w:val="{font.size * 2:.0f}"/></w:rPr>{lines}</w:r>'
    )


_CELL_LAYOUT = '<w:spacing w:before="40" w:after="40"/>'


def _table_row_xml(
    texts: Sequence[str], widths: Sequence[int], font: Font, *, heads: bool = False
) -> str:
    repeat, align = ("<w:tblHeader/>", CENTER) if heads else ("", LEFT)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph_xml(text, font, align, _CELL_LAYOUT, keep=heads)}</w:tc>"
        for text, width in zip(texts, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"


def _spanning_row_xml(text: str, widths: Sequence[int]) -> str:
    font = Font(HEADING_FONT, CELL_SIZE)
    paragraph = _paragraph_xml(text, font, LEFT, _CELL_LAYOUT, keep=True)
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr>"
        f'<w:tcW w:w="{sum(widths)}" w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/>'
        '<w:shd w:val="clear" w:color="auto" w:fill="EDEFF2"/></w:tcPr>'
        f"{paragraph}</w:tc></w:tr>"
    )


@cache
def _empty_page_entries(
    rehearsal: bool, amendments: tuple[str, ...]
) -> tuple[tuple[str, bytes], ...]:
    """Return the entries of an empty page; its header says under which rules it is made."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.orientation = WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = Cm(2.6), Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(3.0)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, Pt(BODY_SIZE)
    _set_east_asian_font(style.element.get_or_add_rPr(), BODY_FONT)
    _remove_unused_parts(document)
    # Without a language the same characters may be drawn in their forms of another region.
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    if rehearsal:
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = _add_run(mark, f"【{formatting.REHEARSAL}】数据均为虚构", HEADING_FONT, CELL_SIZE)
        run.font.color.rgb = RGBColor(0xA3, 0x20, 0x20)
    for line in amendments:
        note = section.header.add_paragraph()
        note.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _add_run(note, line, BODY_FONT, CELL_SIZE)
    _add_page_number(section.footer.paragraphs[0])
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = properties.keywords = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return tuple(read_normalized_entries(buffer.getvalue()))


def _remove_unused_parts(document: Any) -> None:
    """Drop the parts that no document uses: 800 kB of styles to pack for every letter."""
    for style in document.styles:
        if style.style_id not in _USED_STYLES:
            style.delete()
    for link in list(document.styles.element.iter(qn("w:link"))):  # to styles that are gone
        link.getparent().remove(link)
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.rpartition("/")[2] in _UNUSED_PARTS:
                owner.rels.pop(key)


def _add_run(paragraph: Any, text: str, font: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _set_east_asian_font(run._element.get_or_add_rPr(), font)
    return run


def _set_east_asian_font(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _add_page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第 ", "PAGE"), (" 页 / 共 ", "NUMPAGES")):
        _add_run(paragraph, text, TITLE_FONT, 9)
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), field)
        paragraph._p.append(element)
        element.append(_add_run(paragraph, "1", TITLE_FONT, 9)._element)
    _add_run(paragraph, " 页", TITLE_FONT, 9)
