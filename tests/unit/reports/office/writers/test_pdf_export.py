"""Prints for the archive are PDF/A-2b: self-contained, and the same for the same paper."""

import pytest

from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.pdf_export import count_pages, export_papers

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]


def test_a_print_says_that_it_is_pdf_a_carries_its_fonts_and_colours_and_is_always_the_same(
    tmp_path,
):
    document = OfficialDocument(rehearsal=False)
    document.add_title("全国科技助力精准扶贫收官评审\n会议记录")
    document.add_paragraph("时间：2020年10月21日。Agenda №1，到会10名。")
    document.add_table((("序号", 1.2), ("推荐对象", 6.0)), [("1", "测试团队")])
    papers = [tmp_path / name for name in ("一.docx", "二.docx")]
    for path in papers:
        document.save(path)
    made = export_papers({path: path.with_suffix(".pdf") for path in papers}, archival=True)
    one, other = (path.read_bytes() for path in made)
    assert one == other and count_pages(one) == 1
    assert b"<pdfaid:part>2</pdfaid:part>" in one
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in one
    assert b"/Type/OutputIntent/S/GTS_PDFA1" in one and b"/DestOutputProfile" in one
    fonts = one.count(b"/Type/FontDescriptor")
    assert fonts >= 2 and fonts == one.count(b"/FontFile")
    assert not any(word in one for word in (b"/Encrypt", b"/JavaScript", b"/EmbeddedFile"))
