from datetime import date

import pytest
from docx import Document
from intake_makers import PERSON, TEAM, form, saved

from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.documents import read_document
from kjfp_helpers.intake.form_reader import read_forms
from kjfp_helpers.records import Individual, Team


def read(data):
    return read_forms(read_document(Package(data)))


def codes(form_read):
    return [(finding.code, finding.field) for finding in form_read.findings]


def test_a_team_form_comes_back_whole():
    (got,) = read(form(TEAM))
    assert got.findings == ()
    assert got.body == Team(
        team_name="测试果树服务团", research_field="果树栽培", expert_count=12, leader_name="测试甲",
        leader_phone="19900000001", leader_title="研究员", email="jia@example.com", postcode="550001",
        address="贵州省测试市一路1号", regions=(("贵州省", "毕节市", "威宁县", "草海镇", "民族村"),),
        service_types=("种植",), service_modes=("培训", "技术推广", "其他"), service_modes_other="远程会诊",
        expert_names=("测试乙", "测试丙"), people_lifted=1200, service_days=365, story="第一段。\n第二段。",
        honors="2018年全国先进团队", recommendation="同意推荐。", recommend_date=date(2020, 8, 10),
    )  # fmt: skip


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
        "农艺师", "19900000002", "010-99990001", None)  # fmt: skip


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
    assert "1101" not in got.findings[0].message


def test_a_story_elsewhere_is_said_so():
    assert codes(read(form(TEAM | {"story": "详见附件"}))[0]) == [("story_in_attachment", "story")]


def test_a_row_that_was_taken_out_is_named():
    document = Document()
    table = document.add_table(0, 2)
    for label, value in (("团队名称", "甲团"), ("负责人姓名", "测试甲"), ("通讯地址", "某地"),
                         ("带动脱贫贫困人口数", "12"), ("主要事迹", "做了事")):  # fmt: skip
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
        for label, value in (("团队名称", name), ("负责人姓名", "测试甲"), ("通讯地址", "某地"),
                             ("邮政编码", "550001"), ("主要事迹", "做了事")):  # fmt: skip
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        document.add_paragraph()
    assert [one.body.team_name for one in read(saved(document))] == ["甲团", "乙团"]


def test_a_table_of_something_else_is_no_form():
    document = Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "姓名", "联系方式"
    assert read(saved(document)) == []
