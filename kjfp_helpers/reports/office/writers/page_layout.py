"""Page of an official document by GB/T 9704-2012: type area, lines, faces, page numbers.

The one home of these measures: no paper sets margins, faces or sizes by itself.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

from kjfp_helpers.reports.office.writers.deterministic_zip import read_normalized_entries

PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, INNER_MM, OUTER_MM = 37, 35, 28, 26
"""Margins; the inner one is at the binding: left on odd pages, right on even ones."""
TYPE_AREA_MM = (PAGE_MM[0] - INNER_MM - OUTER_MM, PAGE_MM[1] - TOP_MM - BOTTOM_MM)
LINES_PER_PAGE, CHARS_PER_LINE = 22, 28
LINE_TWIPS = 579
"""Distance of lines, so that 22 fill the type area; a twip is a twentieth of a point."""
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22.0, 16.0, 14.0, 10.5
"""Points of 二号 (titles), 三号 (text), 四号 (page numbers, copies) and 五号 (tables)."""
CHAR_SPACING_TWIPS = -5
"""Added to each character of the text: 28 of 16 points would be 2 mm wider than the type area."""
CHAR_TWIPS = int(SIZE_3 * 20) + CHAR_SPACING_TWIPS
"""Advance of a character of the text; indents count in it."""
RED = "E60012"
"""Red of the office's name and rules at the head of a letter."""

TITLE_FACE, BODY_FACE = "方正小标宋简体", "仿宋_GB2312"
HEADING_FACE, SUBHEADING_FACE, NUMBER_FACE = "黑体", "楷体_GB2312", "宋体"
LATIN_FACE = "Times New Roman"
_SONG = ("宋体", "SimSun", "华文宋体", "STSong", "Noto Serif CJK SC", "Source Han Serif SC")
FALLBACK_FACES: Mapping[str, tuple[str, ...]] = {
    TITLE_FACE: ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", *_SONG),
    BODY_FACE: (
        "仿宋",
        "FangSong",
        "华文仿宋",
        "STFangsong",
        "Zhuque Fangsong",
        "FandolFang",
        *_SONG,
    ),
    HEADING_FACE: ("SimHei", "华文黑体", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC"),
    SUBHEADING_FACE: (
        *(
            "楷体",
            "KaiTi",
            "华文楷体",
            "STKaiti",
            "LXGW WenKai",
            "AR PL UKai CN",
            "AR PL KaitiM GB",
        ),
        *_SONG,
    ),
    NUMBER_FACE: _SONG[1:],
    LATIN_FACE: ("Liberation Serif", "Tinos", "Nimbus Roman", "TeX Gyre Termes", _SONG[-2]),
}
"""Face to the ones that stand in for it where it is not installed, the best first."""


FONT_FOLDER = Path(__file__).parents[1] / "fonts"
"""Folder of the face that the package carries, with its licence."""


@dataclass(frozen=True)
class Font:
    """How a run of text looks: Chinese face, size in points, weight and colour (RRGGBB)."""

    name: str
    size: float
    bold: bool = False
    color: str = ""


@cache
def empty_page_entries(marks: tuple[str, ...], letterhead: str) -> tuple[tuple[str, bytes], ...]:
    """Return the entries of an empty document, its pages ready to be filled.

    Parameters
    ----------
    marks : tuple of str
        Lines at the head of every page, e.g. that all data are a rehearsal's.
    letterhead : str
        Office whose name heads the first page, between red rules (letter format of the standard,
        10.1); blank for a paper without a head. A letter's first page has no page number.
    """
    document = Document()
    _set_page(document, first_page=bool(letterhead))
    _set_defaults(document)
    _remove_unused_parts(document)
    section = document.sections[0]
    headers = [section.header, section.even_page_header]
    if letterhead:
        headers.append(section.first_page_header)
    for header in headers:
        _add_marks(header.paragraphs[0], marks)
    if letterhead:
        _add_letterhead(section, letterhead, marks=len(marks))
    _add_page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _add_page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = properties.keywords = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return tuple(
        (name, _font_table() if name == "word/fontTable.xml" else data)
        for name, data in read_normalized_entries(buffer.getvalue())
    )


def fallback_configuration() -> str:
    """Return a fontconfig file by which LibreOffice finds the faces that stand in for missing ones.

    Word and WPS read them from the document; fontconfig must be told, or it takes a sans face. It
    also names the folder of the package's own face: the characters of GB 2312 of Zhuque Fangsong
    (朱雀仿宋, SIL Open Font License 1.1), for machines without any 仿宋.
    """
    aliases = "\n".join(
        f'<alias binding="same"><family>{face}</family><prefer>'
        + "".join(f"<family>{other}</family>" for other in (face, *others))
        + "</prefer></alias>"
        for face, others in FALLBACK_FACES.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        '<fontconfig>\n<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f"<dir>{escape(str(FONT_FOLDER))}</dir>\n{aliases}\n</fontconfig>\n"
    )


def _set_page(document: Any, *, first_page: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(INNER_MM), Mm(OUTER_MM)
    section.header_distance = Mm(15)
    # The page number's dash stands 7 mm below the type area.
    section.footer_distance = Mm(BOTTOM_MM - 7) - Pt(SIZE_4)
    section.different_first_page_header_footer = first_page
    document.settings.odd_and_even_pages_header_footer = True
    zoom = document.settings.element.find(qn("w:zoom"))
    zoom.addnext(OxmlElement("w:mirrorMargins"))
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.attrib.clear()
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))


def _set_defaults(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FACE, Pt(SIZE_3)
    _set_chinese_face(style.element.get_or_add_rPr(), BODY_FACE)
    # Lines stand where they are set; else those in tables and titles would take whole grid lines.
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().append(snap)
    # Without a language the same characters may be drawn in their forms of another region.
    for tag, root in (("w:lang", document.styles), ("w:themeFontLang", document.settings)):
        for language in root.element.iter(qn(tag)):
            language.set(qn("w:eastAsia"), "zh-CN")


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


def _add_marks(paragraph: Any, marks: tuple[str, ...]) -> None:
    """Write the marks of a page at its upper edge, in at most the 22 mm above the type area."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for number, mark in enumerate(marks):
        run = _add_run(paragraph, "", HEADING_FACE, SIZE_5)
        if number:
            run.add_break()
        run.add_text(mark)
        run.font.color.rgb = RGBColor(0xA3, 0x20, 0x20)


def _add_letterhead(section: Any, office: str, *, marks: int) -> None:
    """Write the office's name 30 mm below the paper's edge, and a red rule at head and foot."""
    header = section.first_page_header
    # The marks take the place from 15 mm below the edge to 30 mm.
    header.paragraphs[0].paragraph_format.line_spacing = Mm(15 / max(marks, 1))
    name = header.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    # As wide as the rules at most: 170 mm.
    size = min(26.0, 170 / 25.4 * 72 / max(len(office), 1))
    run = _add_run(name, office, TITLE_FACE, size)
    run.font.color.rgb = RGBColor.from_string(RED)
    _add_rule(name, "bottom", "thickThinSmallGap", space=11)
    footer = section.first_page_footer.paragraphs[0]
    _add_rule(footer, "top", "thinThickSmallGap", space=1)
    footer.paragraph_format.line_spacing = Twips(20)


def _add_rule(paragraph: Any, side: str, kind: str, *, space: int) -> None:
    """Draw a red double rule of 170 mm, in the middle of the page (only odd pages have it)."""
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Mm(20 - INNER_MM), Mm(20 - OUTER_MM)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", "24"), ("space", str(space)), ("color", RED)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _add_page_number(paragraph: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """Write “— 1 —” at the outer edge, one character inside it."""
    paragraph.alignment = side
    layout = paragraph.paragraph_format
    if side is WD_ALIGN_PARAGRAPH.RIGHT:
        layout.right_indent = Pt(SIZE_4)
    else:
        layout.left_indent = Pt(SIZE_4)
    _add_run(paragraph, "— ", NUMBER_FACE, SIZE_4)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    field.append(_add_run(paragraph, "1", NUMBER_FACE, SIZE_4)._element)
    _add_run(paragraph, " —", NUMBER_FACE, SIZE_4)


def _add_run(paragraph: Any, text: str, face: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _set_chinese_face(run._element.get_or_add_rPr(), face)
    return run


def _set_chinese_face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hint"), "eastAsia")


def _font_table() -> bytes:
    """Return the table of faces, each with those that Word and WPS may take in its place."""
    fonts = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{",".join(others)}"/><w:charset w:val="86"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
        for face, others in FALLBACK_FACES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}\n<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
