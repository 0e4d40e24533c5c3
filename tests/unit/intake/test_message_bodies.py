"""A form typed into a letter counts only where no file of the letter has one."""

import pytest

from kjfp_helpers.intake.files.unpacking import MessageBody
from kjfp_helpers.intake.message_bodies import MessageBodies
from support.forms.sample_files import the_round
from support.rounds.builders import person, stocktake, team

FOLDER = "inbox/0001.eml"
LINES = {
    "姓名": "测试甲",
    "性别": "女",
    "工作单位": "测试农科院",
    "联系方式": "19900000002",
    "带动脱贫贫困人口数": "800人",
    "主要事迹": "长期深入乡村。",
}
WHOLE = {
    "职务/职称": "农艺师",
    "政治面貌": "群众",
    "身份证号码": "11010519491231002X",
    "Email": "jia@example.com",
    "邮政编码": "550001",
    "通讯地址": "贵州省测试市一路1号",
    "所服务的贫困地区": "贵州省毕节市威宁县",
}


def typed(**changes):
    return "\n".join(f"{label}：{value}" for label, value in (LINES | changes).items())


def resolve(text, *records, kind="plain", path=""):
    bodies = MessageBodies(the_round().notice)
    folder = f"{FOLDER}/{path}".rstrip("/")
    bodies.read(MessageBody(path, kind, text), folder)
    return bodies.resolve(records)


def codes(record):
    return [one.code for _, one in record.problems if one.code == "form_in_body"]


def test_alone_it_is_a_nomination_with_a_question():
    (record,), findings = resolve(typed())
    assert (record.body.name, record.body.people_lifted) == ("测试甲", 800)
    assert record.source == f"{FOLDER}/正文" and codes(record) and findings == []


def test_beside_the_form_of_the_same_person_it_is_none():
    assert resolve(typed(), person("测试甲", people_lifted=800)) == ([], [])


def test_a_figure_that_differs_from_the_form_is_a_question_on_the_letter():
    records, (finding,) = resolve(typed(), person("测试甲", people_lifted=1200))
    assert records == [] and finding.path == ""
    assert "正文写800，推荐表填1200" in finding.found


@pytest.mark.parametrize("other", [person("测试乙"), team("测试甲")])
def test_another_nominee_in_the_letter_is_a_question_with_the_name(other):
    records, (finding,) = resolve(typed(), other)
    assert records == [] and "测试甲" in finding.found and "未计入" in finding.found


@pytest.mark.parametrize(("more", "counts"), [({}, False), (WHOLE, True)])
def test_beside_a_file_that_is_not_read_a_few_lines_are_the_covering_letter(more, counts):
    bodies = MessageBodies(the_round().notice)
    bodies.read(MessageBody("", "plain", typed(**more)), FOLDER)
    records, problems = bodies.resolve((), has_unread=True)
    assert bool(records) == counts
    assert [one.found for one in problems] == [
        "正文列有先进个人“测试甲”，推荐表未能读取，暂不计入"
    ] * (not counts)


def test_beside_a_stock_take_it_is_still_a_nomination():
    (record,), _ = resolve(typed(), stocktake())
    assert record.kind == "individual"


def test_a_form_in_quoted_history_counts_for_nothing_beside_a_form():
    quoted = "见附件\n------ 原始邮件 ------\n" + typed()
    assert resolve(quoted, person("测试甲", people_lifted=1200)) == ([], [])
    (record,), _ = resolve(quoted)
    assert "往来邮件" in next(one.found for _, one in record.problems if one.code == "form_in_body")


def test_the_files_of_another_message_in_it_do_not_silence_a_forwarded_body():
    outer = person("测试甲")
    (record,), _ = resolve(typed(姓名="测试戊"), outer, path="转发.eml")
    assert record.body.name == "测试戊"


def test_the_plain_text_and_the_page_of_one_letter_are_one_nomination():
    bodies = MessageBodies(the_round().notice)
    rows = "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in LINES.items())
    bodies.read(MessageBody("", "plain", typed()), FOLDER)
    bodies.read(MessageBody("", "html", f"<table>{rows}</table>"), FOLDER)
    assert len(bodies.resolve(())[0]) == 1


def test_a_list_typed_into_a_letter_nominates_nobody():
    rows = "\n".join(
        ["姓名\t性别\t工作单位\t带动脱贫贫困人口数\t主要事迹", "测试乙\t男\t某院\t9\t略"]
    )
    (record,), findings = resolve(rows)
    assert record.kind == "people_list"
    assert [(one.code, one.path) for one in findings] == [("people_list", "正文")]
    assert [person.name for person in record.body.people] == ["测试乙"]


def test_a_signature_with_a_table_of_contacts_is_nothing():
    rows = "姓名\t电话\t邮箱\t单位\n测试乙\t1\ta@example.com\t某院\n测试丙\t2\tb@example.com\t某院"
    assert resolve(rows) == ([], [])
