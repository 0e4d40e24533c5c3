"""Prints for the archive are PDF/A-2b: nothing that they need stands outside."""

import pytest

from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.pdf_export import count_pages, export_papers

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
