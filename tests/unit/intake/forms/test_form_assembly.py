"""What a file as a whole shows: several forms, blank and wrong ones, deeds in another file."""

import random

import pytest

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, TEAM_FORM
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.material_store import ConversionStaging
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport, MessageRef
from support.forms.form_layouts import form_rows, head, official
from support.forms.form_samples import sample
from support.forms.sample_files import PERSON, TEAM, form, letter, saved, the_round
from support.forms.split_forms import lines_under_a_form, story_behind
from support.forms.word_files import PICTURE, box, cell, lines, package, para, row, run, table


def read(data, name="表.docx"):
    return read_file_content(
        "docx", OfficePackage(data), data, name, archived=False, notice=the_round().notice
    )


def codes(material):
    return [{finding.code for finding in draft.findings} for draft in material.drafts]


def one(schema, seed=1):
    return sample(schema, random.Random(seed))


def test_two_annexes_in_one_file_are_two_records():
    team, person = one(TEAM_FORM), one(INDIVIDUAL_FORM)
    got = read(package(official(team) + para("") + official(person)))
    assert [draft.kind for draft in got.drafts] == ["team", "individual"]
    assert got.drafts[0].body.team_name == team.truth["team_name"]
    assert got.drafts[1].body.name == person.truth["name"]
    assert all("multiple_records" in found for found in codes(got))


@pytest.mark.parametrize("between", ["", para("附件2")])
def test_two_forms_of_one_annex_are_two_records(between):
    first, second = one(INDIVIDUAL_FORM, 1), one(INDIVIDUAL_FORM, 2)
    got = read(package(official(first) + between + official(second)))
    assert [draft.body.id_number for draft in got.drafts] == [
        first.truth["id_number"],
        second.truth["id_number"],
    ]
    assert [draft.body.story for draft in got.drafts] == [
        first.truth["story"],
        second.truth["story"],
    ]


def test_two_forms_in_one_table_are_two_records():
    first, second = one(TEAM_FORM, 1), one(TEAM_FORM, 2)
    got = read(package(head(first) + table(*form_rows(first), *form_rows(second))))
    assert [draft.body.leader_phone for draft in got.drafts] == [
        first.truth["leader_phone"],
        second.truth["leader_phone"],
    ]


def test_an_empty_form_is_said_to_be_blank():
    empty = form(
        dict.fromkeys(TEAM, "") | {"service_types": "□种植 □养殖 □其他_____。"}, seal=False
    )
    (found,) = codes(read(empty))
    assert {"blank_form", "missing"} <= found


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2016年以来全国科技助力精准扶贫先进团队推荐表", "表.docx"),
        ("2018年度全国科技助力精准扶贫先进个人推荐表", "表.docx"),
        ("贵州省脱贫攻坚先进个人推荐审批表", "表.docx"),
        ("2016年以来全国科技助力精准扶贫先进个人推荐表", "附件1先进团队推荐表.docx"),
    ],
)
def test_the_wrong_form_is_told(title, name):
    person = one(INDIVIDUAL_FORM)
    (found,) = codes(read(package(lines(title) + table(*form_rows(person))), name))
    assert "wrong_form" in found


def test_a_team_on_the_form_for_persons_is_the_wrong_form():
    (found,) = codes(read(form(PERSON | {"name": "果树科技服务团"})))
    assert "wrong_form" in found


def test_a_form_of_another_award_is_told_and_not_read():
    other = package(
        para("全省农业先进工作者申报表") + table(row(cell(box("申报单位")), cell(box("某站"))))
    )
    got = read(other)
    assert (got.kind, [finding.code for finding in got.findings]) == ("unknown", ["wrong_form"])


def test_a_page_that_is_only_a_picture_is_for_a_person():
    got = read(package(para(PICTURE)))
    assert (got.kind, [finding.code for finding in got.findings]) == ("unknown", ["scanned"])


def test_a_picture_under_the_title_of_a_form_is_for_a_person():
    got = read(package(lines(INDIVIDUAL_FORM.title) + para(PICTURE)))
    assert (got.kind, [finding.code for finding in got.findings]) == ("unknown", ["scanned"])


def test_forms_whose_deeds_stand_behind_each_keep_their_own():
    people = [one(INDIVIDUAL_FORM, seed) for seed in (1, 2)]
    people[1].truth["story"] = (
        "第二人自2016年以来走遍二十个乡镇，培训农民三百人次，群众称好，获得一致好评。"
    )
    got = read(package("".join(map(story_behind, people))))
    assert [draft.body.story for draft in got.drafts] == [
        person.truth["story"] for person in people
    ]


def test_two_forms_typed_as_lines_are_two_records():
    people = [one(INDIVIDUAL_FORM, seed) for seed in (1, 2)]
    got = read(package("".join(map(lines_under_a_form, people))))
    assert [draft.body.id_number for draft in got.drafts] == [
        person.truth["id_number"] for person in people
    ]


@pytest.mark.parametrize("shape", ["【{}】{}", "{}：{}", "{}    {}", "{}：{}；"])
def test_a_typed_form_is_of_the_kind_that_its_title_names(shape):
    typed = [
        shape.format(item.label, PERSON[item.name].replace("\n", " "))
        for item in INDIVIDUAL_FORM.fields
        if not item.group
    ]
    (draft,) = read(package("".join(map(para, [INDIVIDUAL_FORM.title, *typed])))).drafts
    assert (draft.kind, draft.body.id_number) == ("individual", PERSON["id_number"])
    assert (draft.body.title, draft.body.employer) == (PERSON["title"], PERSON["employer"])


def test_words_hidden_by_their_style_are_left_out_and_told():
    person = one(INDIVIDUAL_FORM)
    person.cells["employer"] = para(run("某单位"), run("（内部）", '<w:rStyle w:val="secret"/>'))
    styles = (
        "<w:style w:type='character' w:styleId='secret'><w:name w:val='secret'/>"
        "<w:rPr><w:vanish/></w:rPr></w:style>"
    )
    (draft,) = read(package(official(person), styles=styles)).drafts
    assert draft.body.employer == "某单位"
    assert ("hidden_text", "employer") in {
        (finding.code, finding.field) for finding in draft.findings
    }


def test_birth_written_beside_the_number_is_held_against_it():
    person = one(INDIVIDUAL_FORM)
    added = row(cell(box("出生年月")), cell(box("1931年2月")))
    (draft,) = read(
        package(head(person) + table(*form_rows(person)[:3], added, *form_rows(person)[3:]))
    ).drafts
    assert ("id_birth", "id_number") in {
        (finding.code, finding.field) for finding in draft.findings
    }
    assert all(person.truth["id_number"][:6] not in finding.found for finding in draft.findings)


@pytest.fixture
def open_letter(tmp_path):
    def go(files):
        delivery = MessageImport(
            the_round(), SenderMatcher(()), ConversionStaging(tmp_path), MessageRef(1, "a.eml", "0")
        )
        delivery.import_message(letter(files))
        return delivery.finish()[1]

    return go


def story(words):
    from docx import Document

    document = Document()
    for line in words.split("\n"):
        document.add_paragraph(line)
    return saved(document)


def test_deeds_in_another_attachment_are_joined_and_said_so(open_letter):
    words = "测试丁主要事迹\n扎根一线五年，走遍二十个乡镇。"
    records = open_letter(
        {"表.docx": form(PERSON | {"story": "详见附件"}), "主要事迹.docx": story(words)}
    )
    assert [record.kind for record in records] == ["individual", "story_attachment"]
    assert records[0].body.story == words
    assert "story_in_attachment" in {finding.code for finding in records[0].findings}
    assert records[0].provenance["story"] == "主要事迹.docx"


def test_deeds_of_two_people_go_to_their_own_forms(open_letter):
    files = {
        "甲.docx": form(PERSON | {"name": "测试甲", "story": "见附件"}),
        "乙.docx": form(PERSON | {"name": "测试乙", "story": "见附件"}),
        "测试乙事迹.docx": story("乙的事迹。"),
        "测试甲事迹.docx": story("甲的事迹。"),
    }
    records = open_letter(files)
    assert [record.body.story for record in records[:2]] == ["甲的事迹。", "乙的事迹。"]


def test_deeds_that_name_nobody_are_given_to_nobody_of_two(open_letter):
    files = {
        "甲.docx": form(PERSON | {"name": "测试甲", "story": "见附件"}),
        "乙.docx": form(PERSON | {"name": "测试乙", "story": "见附件"}),
        "事迹材料.docx": story("扎根一线。"),
    }
    assert [record.body.story for record in open_letter(files)[:2]] == ["见附件", "见附件"]


def test_words_struck_out_are_not_read_and_said_so():
    person = one(INDIVIDUAL_FORM)
    person.cells["employer"] = para(run("旧单位", "<w:strike/>"), run("新单位"))
    (draft,) = read(package(official(person))).drafts
    assert draft.body.employer == "新单位"
    assert ("ambiguous", "employer") in {
        (finding.code, finding.field) for finding in draft.findings
    }


def test_a_box_that_stands_twice_with_two_values_is_told():
    person = one(INDIVIDUAL_FORM)
    again = row(cell(box("通讯地址")), cell(box("另一地址")))
    (draft,) = read(package(head(person) + table(again, *form_rows(person)))).drafts
    assert ("ambiguous", "address") in {(finding.code, finding.field) for finding in draft.findings}


def test_boxes_that_ran_together_are_told():
    person = one(INDIVIDUAL_FORM)
    person.cells["story"] = "扎根一线。获得表扬或荣誉(省部级及以上)2018年获表扬"
    (draft,) = read(package(official(person))).drafts
    assert ("ambiguous", "story") in {(finding.code, finding.field) for finding in draft.findings}
