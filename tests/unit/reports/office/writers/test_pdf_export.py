"""Prints for the archive are PDF/A-2b: nothing that they need stands outside."""

import zlib

import pytest

from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.pdf_export import export_papers
from kjfp_helpers.reports.office.writers.pdf_normalization import count_pages
from kjfp_helpers.reports.office.writers.xlsx_writer import Column, Sheet, write_workbook

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]


def test_a_print_says_that_it_is_pdf_a_and_carries_its_fonts_and_colours(tmp_path):
    document = OfficialDocument(rehearsal=False)
    document.add_title("全国科技助力精准扶贫收官评审\n会议记录")
    document.add_paragraph("时间：2020年10月21日。Agenda №1，到会10名。")
    document.add_table((("序号", 1.2), ("推荐对象", 6.0)), [("1", "测试团队")])
    paper = tmp_path / "会议记录.docx"
    document.save(paper)
    (made,) = export_papers({paper: paper.with_suffix(".pdf")}, archival=True)
    content = made.read_bytes()
    assert count_pages(content) == 1
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    assert b"/Type/OutputIntent/S/GTS_PDFA1" in content and b"/DestOutputProfile" in content
    fonts = content.count(b"/Type/FontDescriptor")
    assert fonts >= 2 and fonts == content.count(b"/FontFile")
    assert not any(word in content for word in (b"/Encrypt", b"/JavaScript", b"/EmbeddedFile"))
    _assert_no_time_of_making(content)


def test_links_of_a_print_lead_to_files_beside_it(tmp_path):
    book = tmp_path / "清单.xlsx"
    columns = (Column("unit", "单位", link_key="page"),)
    rows = [{"unit": "北京", "page": "reports/office/11.html"}]
    write_workbook(book, [Sheet("清单", "清单", columns, rows)], rehearsal=False)
    (made,) = export_papers({book: book.with_suffix(".pdf")}, archival=True)
    content = made.read_bytes()
    assert b"/URI(reports/office/11.html)" in content and b"file:" not in content


def _assert_no_time_of_making(content):
    """The colour profile has a fixed date, and the table of offsets still holds."""
    stream = content.index(b"stream\n", content.index(b"<</N 3/Length")) + len(b"stream\n")
    profile = zlib.decompress(content[stream : content.index(b"\nendstream", stream)])
    assert profile[36:40] == b"acsp" and profile[24:30] == b"\x07\xe4\0\x06\0\x01"
    table = int(content[content.rindex(b"startxref") :].split()[1])
    rows = content[table:].split(b"\n")[2:]
    count = int(content[table:].split(b"\n")[1].split()[1])
    for number, row in enumerate(rows[:count]):
        if row.endswith(b"n "):
            assert content[int(row[:10]) :].startswith(b"%d 0 obj" % number)
