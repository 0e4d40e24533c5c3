import io
from datetime import date

import pytest
from docx import Document

from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.forms.form_reader import read_forms
from support.forms.sample_files import PERSON, TEAM, form, saved


def read(data):
    return read_forms(read_docx(OfficePackage(data)))


def codes(form_read):
    return [(finding.code, finding.field) for finding in form_read.findings]


def test_a_team_form_comes_back_whole():
    (got,) = read(form(TEAM))
    assert got.findings == ()
    assert got.body == Team(
        team_name="测试果树服务团",
        research_field="果树栽培",
        expert_count=12,
        leader_name="测试甲",
        leader_phone="19900000001",
        leader_title="研究员",
        email="jia@example.com",
        postcode="550001",
        address="贵州省测试市一路1号",
        regions=(("贵州省", "毕节市", "威宁县", "草海镇", "民族村"),),
        service_types=("种植",),
        service_modes=("培训", "技术推广", "其他"),
        service_modes_other="远程会诊",
        expert_names=("测试乙", "测试丙"),
        people_lifted=1200,
        service_days=365,
        story="第一段。\n第二段。",
        honors="2018年全国先进团队",
        recommendation="同意推荐。",
        recommend_date=date(2020, 8, 10),
    )


def test_a_person_form_comes_back_whole():
    (got,) = read(form(PERSON))
    assert got.findings == ()
    assert isinstance(got.body, Individual)
    assert (got.body.name, got.body.employer_contact, got.body.employer_contact_title) == (
        "测试丁",
        "测试戊",
        "科长",
    )
    assert (got.body.title, got.body.phone, got.body.office_phone, got.body.fax) == (
        "农艺师",
        "19900000002",
        "010-99990001",
        None,
    )


@pytest.mark.parametrize("name", sorted(set(TEAM) - {"recommendation"}))
def test_a_blank_box_is_missing_and_never_zero(name):
    (got,) = read(form(TEAM | {name: ""}))
    assert codes(got) == [("missing", name)]
    assert getattr(got.body, name) in (None, ())
    assert got.findings[0].place.startswith("表1 第")


def test_blank_fax_is_no_fault():
    assert read(form(PERSON | {"fax": "无"}))[0].findings == ()


def test_opinion_and_date_are_missed_apart():
    (got,) = read(form(TEAM | {"recommendation": "(单位盖章)\n年   月   日"}))
    assert codes(got) == [("missing", "recommendation"), ("missing", "recommend_date")]


def test_photo_and_stamp_are_missed():
    (got,) = read(form(PERSON, photo=False, seal=False))
    assert codes(got) == [("seal_missing", "recommendation"), ("photo_missing", "photo")]


def test_a_doubtful_number_keeps_its_place():
    (got,) = read(form(TEAM | {"people_lifted": "约300户"}))
    (finding,) = got.findings
    assert (finding.code, finding.field, finding.place) == (
        "unit_mismatch",
        "people_lifted",
        got.provenance["people_lifted"],
    )
    assert got.body.people_lifted is None


def test_identity_number_never_stands_in_a_finding():
    (got,) = read(form(PERSON | {"id_number": "110105194912310021"}))
    assert codes(got) == [("id_checksum", "id_number")]
    assert "1101" not in got.findings[0].expected + got.findings[0].found


def test_a_story_elsewhere_is_said_so():
    assert codes(read(form(TEAM | {"story": "详见附件"}))[0]) == [("story_in_attachment", "story")]


def test_a_row_that_was_taken_out_is_named():
    document = Document()
    table = document.add_table(0, 2)
    for label, value in (
        ("团队名称", "甲团"),
        ("负责人姓名", "测试甲"),
        ("通讯地址", "某地"),
        ("带动脱贫贫困人口数", "12"),
        ("主要事迹", "做了事"),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    (got,) = read(saved(document))
    assert got.body.people_lifted == 12
    assert ("layout_changed", "") in codes(got)
    assert ("missing", "service_days") in codes(got)


def test_a_value_below_its_label_is_read_and_said_so():
    document = Document()
    labels = ["团队名称", "负责人姓名", "通讯地址", "邮政编码", "带动脱贫贫困人口数"]
    table = document.add_table(2, len(labels))
    for at, (label, value) in enumerate(
        zip(labels, ["甲团", "测试甲", "某地", "550001", "12"], strict=True)
    ):
        table.cell(0, at).text, table.cell(1, at).text = label, value
    (got,) = read(saved(document))
    assert (got.body.team_name, got.body.people_lifted) == ("甲团", 12)
    assert ("layout_changed", "") in codes(got)


def test_two_forms_in_one_file_are_two_records():
    document = Document()
    for name in ("甲团", "乙团"):
        table = document.add_table(0, 2)
        for label, value in (
            ("团队名称", name),
            ("负责人姓名", "测试甲"),
            ("通讯地址", "某地"),
            ("邮政编码", "550001"),
            ("主要事迹", "做了事"),
        ):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        document.add_paragraph()
    assert [one.body.team_name for one in read(saved(document))] == ["甲团", "乙团"]


def test_a_blank_form_behind_a_filled_one_is_left_out():
    document = Document(io.BytesIO(form(PERSON)))
    blank = Document(io.BytesIO(form({"team_name": ""}, seal=False)))
    for element in blank.element.body[:-1]:
        document.element.body.append(element)
    (got,) = read(saved(document))
    assert (got.body.name, got.findings) == ("测试丁", ())


def test_a_table_of_something_else_is_no_form():
    document = Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "姓名", "联系方式"
    assert read(saved(document)) == []


def rows_of(document, rows):
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    return document


FILLED = [
    ("团队名称", "甲团"),
    ("负责人姓名", "测试甲"),
    ("通讯地址", "某地"),
    ("邮政编码", "550001"),
    ("带动脱贫贫困人口数", "12"),
    ("主要事迹", "做了许多事"),
    ("推荐意见", "同意推荐。"),
]


@pytest.mark.parametrize("before", [True, False])
def test_a_table_of_how_to_fill_in_is_no_answer(before):
    guide = [("栏目", "填写要求"), *((label, "如实填写") for label, _ in FILLED)]
    document = Document()
    for rows in (guide, FILLED) if before else (FILLED, guide):
        rows_of(document, rows)
    (got,) = read(saved(document))
    assert (got.body.team_name, got.body.story) == ("甲团", "做了许多事")
    assert (got.body.postcode, got.body.recommendation) == ("550001", "同意推荐。")


@pytest.mark.parametrize("head", ["填写说明", "备注", "填写要求"])
def test_a_column_of_remarks_is_no_answer(head):
    rows = [("项目", "填报内容", head), *((*pair, "如实填写") for pair in FILLED)]
    (got,) = read(saved(rows_of(Document(), rows)))
    assert (got.body.story, got.body.postcode) == ("做了许多事", "550001")
    assert not {"ambiguous", "postcode_invalid"} & {code for code, _ in codes(got)}


def test_the_name_of_a_block_written_downwards_is_no_label():
    rows = [("基\n本", *pair) for pair in FILLED[:5]]
    rows += [("事\n迹\n与\n推\n荐", *pair) for pair in FILLED[5:]]
    (got,) = read(saved(rows_of(Document(), rows)))
    assert (got.body.story, got.body.recommendation) == ("做了许多事", "同意推荐。")


def test_the_last_label_over_its_value_has_blanks_beside_it():
    heads = [("团队名称", "负责人姓名", "通讯地址"), ("甲团", "测试甲", "某地")]
    heads += [("邮政编码", "专家总人数", "累计服务天数"), ("550001", "3", "20")]
    heads += [("带动脱贫贫困人口数", "", ""), ("12", "", "")]
    (got,) = read(saved(rows_of(Document(), heads)))
    assert (got.body.service_days, got.body.people_lifted) == (20, 12)


@pytest.mark.parametrize("title", ["先进团队推荐表", "附件1：先进团队推荐表", "推荐表如下："])
def test_a_title_that_names_no_award_is_no_other_award(title):
    document = Document()
    document.add_paragraph(title)
    (got,) = read(saved(rows_of(document, FILLED)))
    assert ("wrong_form", "") not in codes(got)


def test_the_title_of_another_award_is_told():
    document = Document()
    document.add_paragraph("全国脱贫攻坚奖先进团队推荐表")
    (got,) = read(saved(rows_of(document, FILLED)))
    assert ("wrong_form", "") in codes(got)


@pytest.mark.parametrize("hint", ["（填写全称）", "（请填写）", "（应填报详细名称）"])
def test_a_hint_before_an_answer_is_no_part_of_it(hint):
    (got,) = read(form(PERSON | {"employer": f"{hint}测试大学"}))
    assert got.body.employer == "测试大学"
    assert got.findings == ()
