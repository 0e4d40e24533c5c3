import pytest
from docx import Document

from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.documents.sectioned_text import (
    split_document_into_sections,
    split_text_into_sections,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from support.forms.sample_files import saved, text


def read(data):
    return split_document_into_sections(read_docx(OfficePackage(data)))


def test_sections_follow_heading_styles():
    got = read(
        text("某省工作总结", {"": "引言。", "一、工作开展": "做了。", "二、存在问题": "不足。"})
    )
    assert got.title == "某省工作总结"
    assert [(one.heading, one.text) for one in got.sections] == [
        ("", "引言。"),
        ("一、工作开展", "做了。"),
        ("二、存在问题", "不足。"),
    ]
    assert got.locations[1] == "正文第3段"


def test_typed_numbers_head_sections_where_no_style_does():
    document = Document()
    for line in (
        "某学会工作总结",
        "一、工作开展",
        "做了。",
        "（一）培训",
        "办班。",
        "二、存在问题",
        "一、是人少；",
    ):
        document.add_paragraph(line)
    got = read(saved(document))
    assert got.title == "某学会工作总结"
    assert got.headings == ("一、工作开展", "二、存在问题")
    assert got.sections[1].text == "一、是人少；"


def test_a_single_top_heading_is_the_title():
    document = Document()
    document.add_heading("某省工作总结", 1)
    for head in ("成效", "问题"):
        document.add_heading(head, 2)
        document.add_paragraph("有。")
    got = read(saved(document))
    assert (got.title, got.headings) == ("某省工作总结", ("成效", "问题"))


def test_a_text_without_heads_is_one_section():
    got = split_text_into_sections("只有一段话。\n再一段话。")
    assert [(one.heading, one.text) for one in got.sections] == [("", "只有一段话。\n再一段话。")]


def test_a_title_styled_as_a_heading_hides_no_typed_heads():
    document = Document()
    document.add_heading("某省工作总结", 1)
    for line in ("一、工作开展", "做了。", "二、存在问题", "人少。"):
        document.add_paragraph(line)
    got = read(saved(document))
    assert (got.title, got.headings) == ("某省工作总结", ("一、工作开展", "二、存在问题"))


@pytest.mark.parametrize("numbers", [("（一）", "（二）"), ("1.", "2."), ("1、", "2、")])
def test_lower_numbers_head_sections_where_none_are_higher(numbers):
    document = Document()
    for line in (
        "某学会工作总结",
        f"{numbers[0]}工作开展",
        "完成1.5万人次。",
        f"{numbers[1]}存在问题",
        "人少。",
    ):
        document.add_paragraph(line)
    assert read(saved(document)).headings == (f"{numbers[0]}工作开展", f"{numbers[1]}存在问题")


def test_bold_lines_head_sections_where_nothing_is_numbered():
    document = Document()
    for line in ("某学会工作总结", "工作开展情况", "做了很多。", "存在的问题", "人少。"):
        run = document.add_paragraph().add_run(line)
        run.bold = not line.endswith("。")
    got = read(saved(document))
    assert (got.title, got.headings) == ("某学会工作总结", ("工作开展情况", "存在的问题"))
