"""The two official forms as empty Word tables, built from ``forms`` row by row."""

from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kjfp_helpers.core.form_schema import REGION_LEVELS, Form, FormField
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip

GRID_COLUMNS = 12
WIDTH = 16.2
"""Width of the table in cm, shared evenly by the columns."""
PHOTO = 3
"""Columns of the photo at the right, beside the first rows."""
PHOTO_ROWS = 4
PHOTO_HINT = "照　片\n(近期2寸免冠\n蓝底彩色照片)"
SEAL_HINT = "(单位盖章)"
DATE_HINT = "年　　月　　日"
HEIGHTS = {"story": 7.0, "honors": 2.4, "recommendation": 4.6}
SPANS: dict[int, tuple[int, ...]] = {1: (2, 10), 2: (2, 4, 3, 3), 3: (2, 2, 2, 2, 2, 2)}
"""Columns of label, box, label, box … by the number of fields in a row."""
PHOTO_SPANS = (2, 3, 2, 2)
GROUP_SPANS = (2, 2, 3, 2, 3)
_SPACED = {"姓名": "姓　名", "性别": "性　别", "职务": "职　务"}


def column_spans(form: Form, row: int) -> tuple[tuple[FormField, int, int], ...]:
    """Return for each field of a row the column of its label and of its box."""
    fields, spans = form.rows[row], _spans(form, row)
    starts = [sum(spans[:index]) for index in range(len(spans))]
    shift = 1 if fields[0].group else 0
    return tuple(
        (field, starts[shift + 2 * index], starts[shift + 2 * index + 1])
        for index, field in enumerate(fields)
    )


@cache
def build_blank_form(form: Form, author: str = "") -> bytes:
    """Return the empty form as a .docx, laid out as the notice prints it."""
    document = Document()
    set_up_page(document, author)
    add_run(document.add_paragraph(), form.annex, size=14, font="黑体")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    half = form.title.index("先进")
    add_run(title, form.title[:half] + "\n" + form.title[half:], size=18, font="方正小标宋简体")
    table = document.add_table(len(form.rows), GRID_COLUMNS, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column in table.columns:
        column.width = Cm(WIDTH / GRID_COLUMNS)
    _set_cell_margins(table)
    for row in range(len(form.rows)):
        _fill_row(table, form, row)
    if form.photo:
        cell = table.cell(0, GRID_COLUMNS - PHOTO).merge(
            table.cell(PHOTO_ROWS - 1, GRID_COLUMNS - 1)
        )
        _write_cell(cell, PHOTO_HINT, centre=True)
    _merge_group_labels(table, form)
    buffer = BytesIO()
    document.save(buffer)
    return normalize_zip(buffer.getvalue())


def set_up_page(document: Any, author: str) -> None:
    """Set A4, the margins and the body font of an official document."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.size, normal.font.name = Pt(10.5), "Times New Roman"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    properties = document.core_properties
    properties.author, properties.title, properties.comments = author, "", ""


def add_run(paragraph: Any, text: str, *, size: float = 10.5, font: str = "宋体") -> Any:
    """Add a run in a Chinese font and return it."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _spans(form: Form, row: int) -> tuple[int, ...]:
    fields = form.rows[row]
    if fields[0].group:
        return GROUP_SPANS
    return PHOTO_SPANS if form.photo and row < PHOTO_ROWS else SPANS[len(fields)]


def _fill_row(table: Any, form: Form, row: int) -> None:
    """Merge the cells of a row and print its labels and hints."""
    line = table.rows[row]
    single, column = line.cells, 0  # `table.cell` would walk the whole table each time
    for span in _spans(form, row):
        if span > 1:
            single[column].merge(single[column + span - 1])
        column += span
    cells = line.cells
    for field, label, box in column_spans(form, row):
        _write_cell(cells[label], _label_text(field), centre=True)
        _write_hint(cells[box], field)
    first = form.rows[row][0].name
    usual = 1.3 if form.photo and row < PHOTO_ROWS else 0.95
    line.height, line.height_rule = Cm(HEIGHTS.get(first, usual)), WD_ROW_HEIGHT_RULE.AT_LEAST
    if first != "story":
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_cell_margins(table: Any) -> None:
    """Keep text a little off the lines above and below it."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _label_text(field: FormField) -> str:
    return _SPACED.get(field.label, field.label).replace("(", "\n(")


def _write_hint(cell: Any, field: FormField) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    if field.kind == "regions":
        _write_cell(cell, "　　　".join(("", *REGION_LEVELS)))
    elif field.kind == "options":
        _write_cell(cell, "　".join(f"□{option}" for option in field.options) + "_____。")
    elif field.kind == "story":
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
        _write_cell(cell, "(可另附页)")
    elif field.kind == "opinion":
        _write_cell(cell, "")
        for text in (SEAL_HINT, DATE_HINT):
            paragraph = cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            add_run(paragraph, text)


def _write_cell(cell: Any, text: str, *, centre: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    for line, part in enumerate(text.split("\n")):
        paragraph = cell.add_paragraph() if line else paragraph
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if part:
            add_run(paragraph, part)
    if centre:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _merge_group_labels(table: Any, form: Form) -> None:
    """Merge the label of a block of rows downward."""
    rows = [row for row, fields in enumerate(form.rows) if fields[0].group]
    if rows:
        first = table.cell(rows[0], 0)
        _write_cell(first.merge(table.cell(rows[-1], 0)), form.rows[rows[0]][0].group, centre=True)
