import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.intake.forms.form_reader import read_forms
from kjfp_helpers.intake.preview.page_previews import preview_images
from kjfp_helpers.intake.preview.source_excerpt import build_excerpt, build_message_excerpt
from support.forms.form_family import forms
from support.forms.sample_files import PERSON, TEAM, archive, book, form, letter, picture, text
from support.thoroughness import times


def here(shown):
    return [spot.text for row in shown.rows for spot in row if spot.is_target]


def around(shown):
    return [spot.text for row in shown.rows for spot in row]


def read_of(data):
    return read_forms(read_docx(detect_format(data, "a.docx")[1]))[0]


@pytest.mark.parametrize("values", [TEAM, PERSON], ids=["team", "individual"])
def test_every_field_of_a_form_is_shown_as_it_was_typed_beside_its_label(values):
    data = form(values)
    read = read_of(data)
    for field in read.form.fields:
        typed = values[field.name]
        shown = build_excerpt(data, "a.docx", read.provenance[field.name])
        assert "".join(here(shown)).split() == typed.split() if typed else True
        assert any(field.label[:4] in words for words in around(shown))


@pytest.mark.slow
def test_every_place_that_the_family_of_forms_gives_is_found_again():
    lost, seen = [], 0
    chosen = random.Random(5).sample(list(forms(5)), 24)
    for variant in chosen:
        data = variant.data
        for read in read_forms(read_docx(detect_format(data, "a.docx")[1])):
            for name, place in read.provenance.items():
                seen += 1
                if not build_excerpt(data, "a.docx", place).has_target:
                    lost.append((variant.trick, name, place))
    assert seen > 200 and not lost


def test_a_cell_of_a_sheet_stands_between_its_rows():
    data = book(
        [
            ["填报单位", "贵州省科协"],
            ["指标", "任务目标数", "实际完成数"],
            *([label, 10, at] for at, (_, label) in enumerate(STOCKTAKE_ROWS, 21)),
        ]
    )
    shown = build_excerpt(data, "盘点.xlsx", "盘点!C4")
    assert here(shown) == ["22"]
    assert "21" in around(shown) and "23" in around(shown) and STOCKTAKE_ROWS[1][1] in around(shown)


def test_a_paragraph_a_line_and_a_whole_text_are_shown():
    data = text("总结", {"一、工作": "做了许多。", "二、问题": "不足。"})
    assert here(build_excerpt(data, "a.docx", "正文第3段")) == ["做了许多。"]
    assert here(build_excerpt("甲\n乙\n丙".encode(), "a.txt", "第2行")) == ["乙"]
    assert around(build_excerpt("甲\n乙".encode(), "a.txt", "全文")) == ["甲", "乙"]


def test_a_place_that_is_not_there_shows_the_beginning_and_says_so():
    shown = build_excerpt(form(TEAM), "a.docx", "表9 第1行第1列")
    assert not shown.has_target and shown.rows and "没有找到" in shown.note


def test_struck_out_words_are_told_apart():
    from docx import Document

    document = Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.paragraphs[0].add_run("300").font.strike = True
    cell.paragraphs[0].add_run("200")
    buffer = BytesIO()
    document.save(buffer)
    (spot,) = (
        s
        for row in build_excerpt(buffer.getvalue(), "a.docx", "表1 第1行第2列").rows
        for s in row
        if s.is_target
    )
    assert [(piece.text, piece.is_struck) for piece in spot.spans] == [
        ("300", True),
        ("200", False),
    ]


def test_a_message_shows_its_header_lines_and_its_words():
    data = letter({}, subject="报送材料", body="联系人：某某\n电话：19900000003")
    rows = build_message_excerpt(data).rows
    heads = {row[0].text: row[1].text for row in rows}
    assert heads["发件人"] == "a@example.com" and heads["主题"] == "报送材料"
    assert "联系人：某某" in around(build_message_excerpt(data))


def test_a_form_in_the_letter_itself_is_shown_at_its_line():
    body = "\n".join(f"{label}：{value}" for label, value in (("姓名", "张三"), ("性别", "男")))
    assert here(build_message_excerpt(letter({}, body=body), "正文第1项")) or here(
        build_message_excerpt(letter({}, body=body), "正文第1段")
    )


def test_pictures_of_a_scan_of_a_document_and_of_itself_are_given():
    from support.rounds.queue_round import scan

    assert preview_images(scan(), "a.jpg") == [scan()]
    (page,) = preview_images(scan("PDF"), "a.pdf")
    assert page.startswith(b"\xff\xd8")
    assert preview_images(form(PERSON), "a.docx") == [picture()]
    assert preview_images(archive({"a.txt": b"a"}), "a.zip") == []


@settings(max_examples=times(20, 60), deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(("a.docx", "a.txt", "a.xls", "a.jpg", "a.eml", "a.html")),
    st.sampled_from(("", "表1 第3行第2列", "盘点!C4", "正文第3段", "第5行")),
)
def test_whatever_the_bytes_are_there_is_an_excerpt_or_a_note(data, name, place):
    build_excerpt(data, name, place)
    preview_images(data, name)


@settings(max_examples=times(13, 40), deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=4))
def test_a_damaged_form_never_stops_the_screen(at, junk):
    data = bytearray(FORM)
    at %= len(data)
    data[at : at + len(junk)] = junk
    build_excerpt(bytes(data), "a.docx", "表1 第3行第2列")
    preview_images(bytes(data), "a.docx")


FORM = form(TEAM)
