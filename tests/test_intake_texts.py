from docx import Document
from intake_makers import saved, text

from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.documents import read_document
from kjfp_helpers.intake.texts import read_plain, read_text


def read(data):
    return read_text(read_document(Package(data)))


def test_sections_follow_heading_styles():
    got = read(
        text("某省工作总结", {"": "引言。", "一、工作开展": "做了。", "二、存在问题": "不足。"})
    )
    assert got.title == "某省工作总结"
    assert [(one.heading, one.text) for one in got.sections] == [
        ("", "引言。"), ("一、工作开展", "做了。"), ("二、存在问题", "不足。")]  # fmt: skip
    assert got.places[1] == "正文第3段"


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
    got = read_plain("只有一段话。\n再一段话。")
    assert [(one.heading, one.text) for one in got.sections] == [("", "只有一段话。\n再一段话。")]
