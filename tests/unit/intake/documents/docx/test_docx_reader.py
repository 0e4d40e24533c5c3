import io
import zipfile

import pytest

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = f'<w:document xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:body>'


def docx(body, head=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("word/document.xml", f"{head}{HEAD}{body}</w:body></w:document>")
    return read_docx(OfficePackage(buffer.getvalue()))


def run(inner, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr>{inner}</w:r>"


def p(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run('<w:sym w:font="Wingdings 2" w:char="F052"/><w:t>种植</w:t>'), "☑种植"),
        (run('<w:sym w:font="Wingdings" w:char="F0FE"/>'), "☑"),
        (run("<w:t>£</w:t>", '<w:rFonts w:ascii="Wingdings 2"/>'), "□"),
        (
            '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
            "<w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>",
            "☑",
        ),
        (
            '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent/></w:sdt>',
            "□",
        ),
        (
            run(
                '<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/>'
                "</w:checkBox></w:ffData></w:fldChar>"
            ),
            "☑",
        ),
        (
            run('<w:fldChar w:fldCharType="begin"/>')
            + run(r"<w:instrText>eq \o\ac(□,√)</w:instrText>")
            + run('<w:fldChar w:fldCharType="end"/>'),
            "☑",
        ),
        (run("<w:t>旧</w:t>", "<w:vanish/>") + run("<w:t>新</w:t>"), "新"),
        (
            "<w:del>"
            + run("<w:delText>旧</w:delText>")
            + "</w:del><w:ins>"
            + run("<w:t>新</w:t>")
            + "</w:ins>",
            "新",
        ),
        (run("<w:t>一</w:t><w:br/><w:t>二</w:t>"), "一\n二"),
    ],
)
def test_text_is_what_people_see(inner, text):
    assert docx(p(inner)).paragraphs[0].text == text


def test_merged_and_controlled_cells_keep_their_rows():
    def cell(text, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(run(f'<w:t>{text}</w:t>'))}</w:tc>"

    rows = (
        "<w:tr>" + cell("组", '<w:vMerge w:val="restart"/>') + cell("甲") + "</w:tr>"
        "<w:sdt><w:sdtContent><w:tr>"
        + cell("", "<w:vMerge/>")
        + "<w:sdt><w:sdtContent>"
        + cell("乙")
        + "</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt>"
    )
    (table,) = docx(f"<w:tbl>{rows}</w:tbl>").tables
    assert [(cell.text, cell.row_span, cell.location) for cell in table.cells] == [
        ("组", range(1, 3), "表1 第1行第1列"),
        ("甲", range(1, 2), "表1 第1行第2列"),
        ("乙", range(2, 3), "表1 第2行第2列"),
    ]


@pytest.mark.parametrize("covered", ["旧单位", " 旧 "])
def test_text_under_a_merged_cell_does_not_count_and_is_told(covered):
    def row(text, merge):
        value = f"<w:tc><w:tcPr>{merge}</w:tcPr>{p(run(f'<w:t>{text}</w:t>'))}</w:tc>"
        return f"<w:tr>{value}</w:tr>"

    rows = row("新单位", '<w:vMerge w:val="restart"/>') + row(covered, "<w:vMerge/>")
    (table,) = docx(f"<w:tbl>{rows}</w:tbl>").tables
    (cell,) = table.cells
    assert cell.text == "新单位"
    assert text_markers.HIDDEN_TEXT in cell.marked_text


def test_own_entities_are_refused_and_no_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    with pytest.raises(Unreadable):
        docx(p(run("<w:t>&e;</w:t>")), head)


def test_no_xml_is_unreadable():
    with pytest.raises(Unreadable):
        docx("<w:p>")
