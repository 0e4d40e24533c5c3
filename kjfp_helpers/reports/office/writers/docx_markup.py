"""Markup of paragraphs and tables as Word reads it.

Written as text, because a few hundred letters of a few hundred cells each take python-docx minutes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.page_layout import (
    BODY_FACE,
    CHAR_SPACING_TWIPS,
    CHAR_TWIPS,
    HEADING_FACE,
    LATIN_FACE,
    LINE_TWIPS,
    SIZE_3,
    SIZE_5,
    TYPE_AREA_MM,
    Font,
)

CENTER, RIGHT, LEFT, BOTH = "center", "right", "left", "both"
BODY = Font(BODY_FACE, SIZE_3)
CELL, CELL_HEADING = Font(BODY_FACE, SIZE_5), Font(HEADING_FACE, SIZE_5)
TEXT_WIDTH_TWIPS = round(TYPE_AREA_MM[0] / 25.4 * 1440)
"""Width of the type area, which every table fills."""
HANGING_TWIPS = 30
"""By how much justified lines may enter the margin: LibreOffice 7.4 leaves out a punctuation mark
that hangs behind a line which 28 characters fill."""
_CELL_SPACING = '<w:spacing w:before="40" w:after="40"/>'


@dataclass(frozen=True)
class Layout:
    """How a paragraph of text stands: side, indents in characters, what it holds together.

    ``above`` is a number of empty lines: as paragraphs of their own, LibreOffice may leave them on
    the page before.

    ``first`` indents the first line, ``left`` and ``right`` all lines; ``hanging`` pulls the first
    line out. ``keep`` holds it on the page of the next paragraph, ``whole`` its lines on one page;
    ``new_page`` begins a page.
    """

    align: str = BOTH
    first: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    above: int = 0
    keep: bool = False
    whole: bool = False
    new_page: bool = False


def paragraph_xml(text: str, font: Font, layout: Layout) -> str:
    """Return a paragraph of text on the lines of the page; its properties in the schema's order."""
    free = HANGING_TWIPS if layout.align == BOTH else 0
    indent = "".join(
        f' w:{name}="{twips}"'
        for name, twips in (
            ("left", round(layout.left * CHAR_TWIPS)),
            ("right", round(layout.right * CHAR_TWIPS) - free),
            ("hanging", round(layout.hanging * CHAR_TWIPS)),
            ("firstLine", round(layout.first * CHAR_TWIPS)),
        )
        if twips
    )
    return (
        f"<w:p><w:pPr>{'<w:keepNext/>' if layout.keep else ''}"
        f"{'<w:keepLines/>' if layout.whole else ''}"
        f'{"<w:pageBreakBefore/>" if layout.new_page else ""}<w:widowControl w:val="0"/>'
        f'<w:spacing w:before="{layout.above * LINE_TWIPS}" w:after="0"'
        f' w:line="{LINE_TWIPS}" w:lineRule="exact"/>'
        f'{f"<w:ind{indent}/>" if indent else ""}<w:jc w:val="{layout.align}"/></w:pPr>'
        f"{_run_xml(text, font, spacing=CHAR_SPACING_TWIPS)}</w:p>"
    )


def keep_end(markup: str) -> str:
    """Return a paragraph, or a table, whose end stays on the page of the next paragraph.

    >>> keep_end("<w:p><w:pPr></w:pPr></w:p>")
    '<w:p><w:pPr><w:keepNext/></w:pPr></w:p>'
    """
    start = max(markup.rfind("<w:tr>"), 0)
    free, kept = "<w:p><w:pPr>", "<w:p><w:pPr><w:keepNext/>"
    return markup[:start] + markup[start:].replace(kept, free).replace(free, kept)


def table_xml(columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> str:
    """Return a ruled table as wide as the type area; columns are heading and relative width.

    The headings repeat on every page, no row is cut by the end of one. A row of a single text
    spans the table and heads the rows that follow.
    """
    scale = TEXT_WIDTH_TWIPS / sum(width for _, width in columns)
    widths = [int(width * scale) for _, width in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row_xml([title for title, _ in columns], widths, CELL_HEADING, heads=True)
    body = "".join(
        _spanning_row_xml(row[0], widths)
        if len(row) == 1 < len(widths)
        else _row_xml(row, widths, CELL)
        for row in rows
    )
    return (  # a gap, so that no heading touches the table
        '<w:p><w:pPr><w:keepNext/><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{head}{body}</w:tbl>"
        # Word joins tables with nothing between them.
        '<w:p><w:pPr><w:spacing w:line="200" w:lineRule="exact"/></w:pPr></w:p>'
    )


def _row_xml(
    texts: Sequence[str], widths: Sequence[int], font: Font, *, heads: bool = False
) -> str:
    repeat, align = ("<w:tblHeader/>", CENTER) if heads else ("", LEFT)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_cell_paragraph_xml(text, font, align, keep=heads)}</w:tc>"
        for text, width in zip(texts, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"


def _spanning_row_xml(text: str, widths: Sequence[int]) -> str:
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr>"
        f'<w:tcW w:w="{sum(widths)}" w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/>'
        '<w:shd w:val="clear" w:color="auto" w:fill="EDEFF2"/></w:tcPr>'
        f"{_cell_paragraph_xml(text, CELL_HEADING, LEFT, keep=True)}</w:tc></w:tr>"
    )


def _cell_paragraph_xml(text: str, font: Font, align: str, *, keep: bool) -> str:
    keep_next = "<w:keepNext/>" if keep else ""
    return (
        f'<w:p><w:pPr>{keep_next}{_CELL_SPACING}<w:jc w:val="{align}"/></w:pPr>'
        f"{_run_xml(text, font)}</w:p>"
    )


def _run_xml(text: str, font: Font, spacing: int = 0) -> str:
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>'
        for line in formatting.remove_control_chars(text).replace("\t", "　").splitlines()
    )
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN_FACE}" w:hAnsi="{LATIN_FACE}"'
        f' w:eastAsia="{font.name}" w:hint="eastAsia"/>{"<w:b/>" if font.bold else ""}'
        f"{f'<w:color w:val={chr(34)}{font.color}{chr(34)}/>' if font.color else ''}"
        f"{f'<w:spacing w:val={chr(34)}{spacing}{chr(34)}/>' if spacing else ''}"
        f'<w:sz w:val="{font.size * 2:.0f}"/></w:rPr>{lines}</w:r>'
    )
