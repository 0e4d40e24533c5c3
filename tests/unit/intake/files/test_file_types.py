import pytest

from kjfp_helpers.core.records import Section
from kjfp_helpers.intake.contents.text_classifier import classify_text
from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.intake.files.file_types import decode_text, detect_format
from support.forms.sample_files import archive, book, form, picture, the_round

RULES = the_round().notice


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (form({"team_name": "甲"}), "改名.jpg", "docx"),
        (book([["a"]]), "改名.docx", "xlsx"),
        (archive({"a": b"1"}), "改名.docx", "zip"),
        (picture(kind="JPEG"), "改名.docx", "image"),
        (b"", "空.docx", "empty"),
        (b"words", "a.docx", "text"),
        (b"\r\n" + form({"team_name": "甲"}), "a.docx", "docx"),
        (b"\x01\x02\x80", "a.docx", "corrupt"),
        ("中文".encode("gb18030"), "a.txt", "text"),
        (b"MZ\x90\0", "a.exe", "program"),
    ],
)
def test_content_comes_before_the_name(data, name, kind):
    assert detect_format(data, name)[0] == kind


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_every_chinese_editor_is_read(charset):
    assert decode_text("梯田春色".encode(charset)).lstrip("\ufeff") == "梯田春色"


def kind_of(title, headings, name="a.docx", archived=False, words="有内容"):
    sections = tuple(Section(heading=heading, text=words) for heading in headings)
    text = SectionedText(title, sections or (Section(heading="", text=words),), ())
    return classify_text(
        text, name, archived=archived, summary=RULES.summary.heads, exhibit=RULES.exhibition.parts
    )


def test_a_text_is_told_by_title_then_name_then_headings():
    assert kind_of("某省工作总结", []) == "summary"
    assert kind_of(None, [], "工作总结.docx") == "summary"
    assert kind_of("某省网上展览文本", ["一、典型经验"]) == "exhibit"
    assert (
        kind_of(None, ["一、工作开展情况", "二、取得成效", "三、典型经验", "四、存在问题"])
        == "summary"
    )
    assert kind_of(None, ["一、响应中央决策部署", "二、重点工作", "三、典型人物"]) == "exhibit"
    assert kind_of("关于报送的函", []) == ""


def test_a_few_words_beside_pictures_are_a_caption_whatever_they_say():
    assert kind_of("科普展示", [], "02科普展示.txt", archived=True) == ""
