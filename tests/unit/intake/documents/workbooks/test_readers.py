"""Workbooks of every format, also as programs write them that openpyxl refuses."""

import io
import zipfile
from xml.sax.saxutils import escape

import msoffcrypto
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Document
from kjfp_helpers.intake.documents.grid_model import table_from_grid
from kjfp_helpers.intake.documents.workbooks.reader import read_legacy_workbook, read_xlsx
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.forms.form_reader import read_forms
from support.forms.sample_files import PERSON, book, picture, saved, the_round
from support.forms.stocktake_books import NAMES, TOTAL, flat, table

NOTICE = the_round().notice


def content(data, name):
    kind, package = detect_format(data, name)
    return read_file_content(kind, package, data, name, archived=False, notice=NOTICE)


def figures_in(data, name):
    (draft,) = content(data, name).drafts
    return [getattr(draft.body, field) for field in NAMES]


def patched(data, part, old, new):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            inside = source.read(name)
            if name == part:
                assert old.encode() in inside
                inside = inside.replace(old.encode(), new.encode(), 1)
            target.writestr(name, inside)
    return buffer.getvalue()


STOCKTAKE = book(table(TOTAL))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", "<fill><patternFill/></fill>", "<fill/>"),
        ("xl/styles.xml", 'family val="2"', 'family val="134"'),
        ("xl/styles.xml", "<font>", '<font><color rgb="FF0"/>'),
        (
            "docProps/core.xml",
            "<dcterms:created",
            "<dcterms:modified>gestern</dcterms:modified><dcterms:created",
        ),
        ("xl/worksheets/sheet1.xml", "<sheetData>", '<pageMargins left="" right="x"/><sheetData>'),
        (
            "xl/worksheets/sheet1.xml",
            "<sheetData>",
            '<dataValidations><dataValidation type="??"/></dataValidations><sheetData>',
        ),
        ("xl/worksheets/sheet1.xml", "<dimension", "<dimension2"),
    ],
)
def test_what_is_malformed_beside_the_cells_is_no_hindrance(part, old, new):
    data = patched(STOCKTAKE, part, old, new)
    assert figures_in(data, "a.xlsx") == flat(TOTAL)


@pytest.mark.parametrize("kind", ["", "\\"])
def test_parts_are_found_under_other_names(kind):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(STOCKTAKE)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            inside = source.read(name).replace(b"xl/workbook.xml", b"xl/workbook2.xml")
            new = name.replace("xl/workbook.xml", "xl/workbook2.xml")
            new = new.replace("xl/_rels/workbook.xml.rels", "xl/_rels/workbook2.xml.rels")
            target.writestr(new.replace("/", kind) if kind else new, inside)
    assert figures_in(buffer.getvalue(), "a.xlsx") == flat(TOTAL)


def test_a_workbook_encrypted_with_the_built_in_password_is_read():
    target = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(STOCKTAKE)).encrypt("VelvetSweatshop", target)
    assert figures_in(target.getvalue(), "a.xlsx") == flat(TOTAL)


def test_a_workbook_with_a_password_of_its_own_is_encrypted():
    target = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(STOCKTAKE)).encrypt("geheim", target)
    assert detect_format(target.getvalue(), "a.xlsx") == ("encrypted", None)


def xml2003(rows, *, head='<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'):
    def cell(value):
        if value is None:
            return "<Cell/>"
        kind = "Number" if isinstance(value, int | float) else "String"
        return f'<Cell><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'

    lines = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'{head}<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="盘点表"><Table>{lines}'
        "</Table></Worksheet></Workbook>"
    ).encode()


def tab_text(rows):
    return "\r\n".join("\t".join("" if v is None else str(v) for v in row) for row in rows)


@pytest.mark.parametrize(
    "data",
    [
        xml2003(table(TOTAL)),
        xml2003(table(TOTAL), head=""),
        xml2003(table(TOTAL), head="\ufeff<?xml version='1.0' encoding='UTF-8'?>\n"),
        tab_text(table(TOTAL)).encode("gb18030"),
        tab_text(table(TOTAL)).encode("utf-16"),
        tab_text(table(TOTAL)).encode("utf-8-sig"),
        tab_text(table(TOTAL)).replace("\t", ",").encode("gb18030"),
    ],
)
def test_a_workbook_that_is_text_is_read(data):
    assert figures_in(data, "盘点表.xls") == flat(TOTAL)


def person_rows(values=PERSON):
    rows = [[INDIVIDUAL_FORM.title]]
    rows += [[field.label, values.get(field.name)] for field in INDIVIDUAL_FORM.fields]
    return rows


def row_of(field):
    return next(
        number for number, item in enumerate(INDIVIDUAL_FORM.fields, start=2) if item.name == field
    )


def person_book(change):
    workbook = openpyxl.Workbook()
    for row in person_rows():
        workbook.active.append(row)
    change(workbook.active)
    return saved(workbook)


def read_person(data):
    (draft,) = content(data, "推荐表.xlsx").drafts
    return draft


def set_cell(field, value, *, number_format="", font=None, fill=None):
    def change(sheet):
        cell = sheet.cell(row_of(field), 2, value)
        cell.number_format = number_format or cell.number_format
        if font:
            cell.font = font
        if fill:
            cell.fill = fill

    return change


@pytest.mark.parametrize(
    ("field", "value", "number_format", "read_as"),
    [
        ("postcode", 50000, "000000", "050000"),
        ("people_lifted", 1.2, '0.0"万人"', 12000),
        ("people_lifted", 300, '0"户"', None),
        ("service_days", 3, '0"年"', None),
        ("service_days", 365, 'General"天"', 365),
    ],
)
def test_a_form_is_read_as_its_cells_show_it(field, value, number_format, read_as):
    draft = read_person(person_book(set_cell(field, value, number_format=number_format)))
    assert getattr(draft.body, field) == read_as
    assert read_as is not None or any(finding.field == field for finding in draft.findings)


@pytest.mark.parametrize("white", ["FFFFFFFF", Color(indexed=9), Color(theme=0)])
def test_white_and_struck_out_cells_do_not_count_and_are_told(white):
    white = read_person(person_book(set_cell("people_lifted", 9999, font=Font(color=white))))
    struck = read_person(person_book(set_cell("people_lifted", "9999人", font=Font(strike=True))))
    for draft, code in ((white, "hidden_text"), (struck, "ambiguous")):
        assert draft.body.people_lifted is None
        assert code in {item.code for item in draft.findings if item.field == "people_lifted"}


def test_white_text_on_a_coloured_cell_is_seen():
    fill = PatternFill("solid", fgColor="FF003366")
    draft = read_person(
        person_book(set_cell("people_lifted", 1200, font=Font(color="FFFFFFFF"), fill=fill))
    )
    assert draft.body.people_lifted == 1200


def test_a_raised_mark_in_a_cell_is_no_digit():
    rich = CellRichText("1200", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    draft = read_person(person_book(set_cell("people_lifted", rich)))
    assert draft.body.people_lifted == 1200
    assert "ambiguous" in {item.code for item in draft.findings if item.field == "people_lifted"}


def test_the_picture_of_a_cell_is_a_picture_and_no_text():
    def change(sheet):
        sheet.cell(row_of("recommendation"), 2, '=DISPIMG("ID_0A",1)')

    (grid,) = read_xlsx(*_opened(person_book(change)))
    (cell,) = [item for item in grid.cells if item.location == f"Sheet!B{row_of('recommendation')}"]
    assert (cell.value, cell.picture_count) == (None, 1)


def test_the_picture_of_the_last_column_is_a_picture_of_its_own_cell():
    def change(sheet):
        sheet.cell(3, 12, '=_xlfn.DISPIMG("ID_0A",1)')

    (grid,) = read_xlsx(*_opened(person_book(change)))
    assert [item.location for item in grid.cells if item.picture_count] == ["Sheet!L3"]


def _opened(data):
    return OfficePackage(data), data


def test_a_text_box_over_a_blank_cell_is_its_text():
    workbook = openpyxl.Workbook()
    for row in person_rows(PERSON | {"story": None}):
        workbook.active.append(row)
    from openpyxl.drawing.image import Image

    workbook.active.add_image(Image(io.BytesIO(picture())), f"B{row_of('story')}")
    data = saved(workbook)
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        drawing = source.read("xl/drawings/drawing1.xml").decode()
    head = drawing[: drawing.index("<", 1)]
    anchor = (
        drawing[drawing.index("<", 1) :].partition("<xdr:pic")[0] if "<xdr:pic" in drawing else ""
    )
    if not anchor:
        start = drawing.index("<pic") if "<pic" in drawing else drawing.index(":pic") - 4
        anchor = drawing[len(head) : start]
    closing = anchor.partition("Anchor")[0].rpartition("<")[2]
    box = (
        f'{head}{anchor}<sp xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><txBody>'
        f"<a:p><a:r><a:t>长期驻村服务。</a:t></a:r></a:p></txBody></sp></{closing}Anchor>"
        + drawing[drawing.rindex("</") :]
    )
    draft = read_person(patched(data, "xl/drawings/drawing1.xml", drawing, box))
    assert draft.body.story == "长期驻村服务。"


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_formats_show_what_the_new_one_shows(ending, office_convert, tmp_path):
    rich = CellRichText("1200", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    books = {
        "raised": person_book(set_cell("people_lifted", rich)),
        "unit": person_book(set_cell("people_lifted", 1.2, number_format='0.0"万人"')),
        "zeros": person_book(set_cell("postcode", 50000, number_format="000000")),
        "struck": person_book(set_cell("people_lifted", "9999人", font=Font(strike=True))),
        "month": person_book(set_cell("honors", "2019年5月")),
        "white": person_book(set_cell("people_lifted", "9999人", font=Font(color="FFFFFF"))),
        "hidden": person_book(set_cell("people_lifted", 9999, number_format=";;;")),
    }
    for name, data in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    office_convert(ending, tmp_path, *sorted(tmp_path.glob("*.xlsx")))
    for name, data in books.items():
        grids = read_legacy_workbook((tmp_path / f"{name}.{ending}").read_bytes())
        new = read_xlsx(*_opened(data))
        old_form, new_form = (
            read_forms(Document(tuple(table_from_grid(grid, 1) for grid in found)))[0]
            for found in (grids, new)
        )
        assert old_form.body == new_form.body, name


def test_no_marker_of_the_reader_reaches_a_value():
    text = f"测试{text_markers.STRUCK}省{text_markers.HIDDEN_TEXT}农科院"
    draft = read_person(person_book(set_cell("employer", text)))
    assert draft.body.employer == "测试省农科院"


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "Err:502"])
def test_the_error_of_a_formula_is_no_value_and_is_told(error):
    draft = read_person(person_book(set_cell("employer", error)))
    assert draft.body.employer is None
    assert "formula_no_cache" in {one.code for one in draft.findings if one.field == "employer"}


@pytest.mark.parametrize("sign", ["\u202d", "\u200b", "\u2060", "\ufeff"])
def test_invisible_signs_of_a_chat_are_no_part_of_a_cell(sign):
    draft = read_person(person_book(set_cell("phone", f"{sign}19900000002{sign}")))
    assert (draft.body.phone, draft.findings and 1) == (
        "19900000002",
        read_person(person_book(set_cell("phone", "19900000002"))).findings and 1,
    )


def test_the_day_number_of_a_date_behind_an_opinion_is_that_day_with_a_question():
    def change(sheet):
        sheet.cell(row_of("recommendation"), 2, "同意推荐。")
        sheet.cell(row_of("recommendation"), 3, 44022)

    draft = read_person(person_book(change))
    assert (str(draft.body.recommend_date), draft.body.recommendation) == (
        "2020-07-10",
        "同意推荐。",
    )
    assert "ambiguous" in {one.code for one in draft.findings if one.field == "recommend_date"}


def test_a_sample_sheet_nominates_nobody():
    sample = openpyxl.load_workbook(io.BytesIO(person_book(set_cell("name", "张三"))))
    sample.active.title = "填写示例"
    own = sample.copy_worksheet(sample.active)
    own.title = "推荐表"
    own.cell(row_of("name"), 2, "测试丁")
    assert read_person(saved(sample)).body.name == "测试丁"


def ods_stocktake(done, shown):
    """A stock-take whose last figure is stored as one number and shown as another."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    names = " ".join(f'xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text"))
    cells = [["" if value is None else value for value in row] for row in table(TOTAL)]
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>'
            f"{shown if value == done else value}</text:p></table:table-cell>"
            if isinstance(value, int)
            else f"<table:table-cell><text:p>{value}</text:p></table:table-cell>"
            for value in row
        )
        + "</table:table-row>"
        for row in cells
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="盘点表">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


@pytest.mark.parametrize("shown", ["3", "34", "3,4"])
def test_a_cell_that_shows_another_number_than_it_holds_is_asked_about(shown):
    done = TOTAL[-1][-1]
    (draft,) = content(ods_stocktake(done, shown), "盘点表.ods").drafts
    assert "people_done" in {one.field for one in draft.findings if one.code == "ambiguous"}
    assert figures_in(ods_stocktake(done, str(done)), "盘点表.ods") == flat(TOTAL)


@pytest.mark.parametrize("escape", ["_x000D_", "_x000d_", "_x0009_", "_x200B_"])
def test_signs_that_xml_cannot_hold_are_no_part_of_a_cell(escape):
    (draft,) = content(person_book(set_cell("employer", f"测试所{escape}")), "表.xlsx").drafts
    assert draft.body.employer == "测试所"
