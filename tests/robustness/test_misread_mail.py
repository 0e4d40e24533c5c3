"""Mail as units really write it, taken in and checked: what its unit reads in the letters."""

from pathlib import Path

import docx
import pytest

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.reversals import revert
from kjfp_helpers.state.secretary.work_queue import work_items
from support.forms.sample_files import PERSON, TEAM, book, form, letter
from support.rounds.checked_round import make_checked_round

COVERING = """您好！现报送我单位推荐人选，基本情况如下：
姓名：测试甲
性别：女
工作单位：测试农科院
联系方式：19900000002
带动脱贫贫困人口数：1200人
主要事迹：详见附件推荐表。
此致
敬礼"""
REPLY = """现报送更正后的推荐表，见附件。

------------------ 原始邮件 ------------------
发件人: 测试乙
发送时间: 2020年7月1日
主题: 推荐表

姓名：测试甲
性别：女
工作单位：测试农科院
联系方式：19900000002
带动脱贫贫困人口数：800人
深入贫困地区开展服务累计天数：365天
主要事迹：旧事迹。"""
HEAD = [
    "序号",
    "姓名",
    "性别",
    "工作单位",
    "职务/职称",
    "联系方式",
    "带动脱贫贫困人口数",
    "主要事迹",
]


def person(name, **values):
    return form(PERSON | {"name": name} | values)


def roster(*rows):
    listed = [
        [n, name, "女", "某院", "农艺师", "", count, "略"]
        for n, (name, count) in enumerate(rows, 1)
    ]
    return book([["先进个人推荐人选汇总表"], HEAD, *listed], "汇总表")


def mails():
    typed = "\n".join(f"{one.label}：{PERSON.get(one.name, '')}" for one in INDIVIDUAL_FORM.fields)
    members = book(
        [["团队成员名单"], HEAD[:6], [1, "测试乙", "男", "某院", "研究员", "19900001111"]], "名单"
    )
    return {
        "a": ("贵州省科协报送", {"推荐表.docx": person("测试甲")}, COVERING),
        "b": ("贵州省科协补正", {"推荐表.docx": person("测试甲", people_lifted="1300")}, REPLY),
        "c": (
            "中国数学会推荐材料",
            {"团队.docx": form(TEAM), "个人.docx": person("测试己"), "团队成员名单.xlsx": members},
            "见附件",
        ),
        "d": (
            "甘肃省科协推荐材料",
            {
                "推荐表-测试庚.docx": person("测试庚"),
                "推荐表-测试辛.docx": person("测试辛", people_lifted="800"),
                "推荐人选汇总表.xlsx": roster(("测试庚", 1200), ("测试辛", 900), ("测试壬", 5)),
            },
            "见附件",
        ),
        "e": ("安徽省科协名单", {"汇总表.xlsx": roster(("测试子", 12), ("测试丑", 9))}, "见附件"),
        "f": (
            "河北省科协推荐材料",
            {
                "推荐表（最终版）.docx": person("测试寅", people_lifted="1300"),
                "推荐表.docx": person("测试寅", address=""),
                "推荐表-测试卯.docx": person("测试卯", recommendation="同意推荐。"),
                "推荐表-测试辰.docx": person("测试辰", recommendation="2020年8月10日"),
            },
            "见附件",
        ),
        "g": ("中国物理学会推荐材料", {}, typed),
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    files = {
        f"{name}.eml": letter(
            attached,
            subject=subject,
            body=body,
            number=n,
            sent=f"Mon, 10 Aug 2020 09:{n:02}:00 +0800",
        )
        for n, (name, (subject, attached, body)) in enumerate(mails().items())
    }
    return make_checked_round(tmp_path_factory.mktemp("misread"), files)


@pytest.fixture
def session(root):
    session = RoundSession.open(root / "data" / "practice", root / "outputs")
    yield session
    session.close()


def rows(root: Path, unit: str, title: str) -> list[list[str]]:
    path = root / "outputs" / "letters" / f"{unit}-{title}.docx"
    return [
        list(dict.fromkeys(cell.text for cell in row.cells))
        for table in docx.Document(path).tables
        for row in table.rows
    ]


def told(root, unit, title="退回补正通知"):
    return "\n".join("｜".join(row) for row in rows(root, unit, title))


def test_a_covering_letter_and_a_quoted_form_never_replace_the_attached_form(root, session):
    cases = [one for one in session.current_state().screening.cases if one.unit == "52"]
    assert [(one.name, one.nominee.people_lifted) for one in cases] == [("测试甲", 1300)]
    text = told(root, "52")
    for code in ("必填栏空白", "缺少照片", "缺少推荐单位盖章", "推荐信息写在邮件正文"):
        assert code not in text
    assert "邮件正文" not in told(root, "52", "收讫回执")


def test_a_nomination_written_in_the_letter_alone_is_a_question_and_waits(root, session):
    (case,) = [one for one in session.current_state().screening.cases if one.unit == "S002"]
    assert case.name == "测试丁" and "form_in_body" in case.reasons
    assert "推荐信息写在邮件正文" in told(root, "S002")
    assert "写在邮件正文里，没有附推荐表" in told(root, "S002")


def test_a_list_of_members_is_told_and_takes_nobodys_place(root, session):
    cases = [one for one in session.current_state().screening.cases if one.unit == "S001"]
    assert sorted(one.name for one in cases) == ["测试己", "测试果树服务团"]
    text = told(root, "S001")
    assert "推荐超出名额" not in text and "测试乙" not in text
    assert "人员名单，不计为推荐" in text
    assert "团队成员名单.xlsx｜人员名单" in told(root, "S001", "收讫回执")


def test_a_roster_is_compared_with_the_forms_beside_it(root, session):
    cases = [one for one in session.current_state().screening.cases if one.unit == "62"]
    assert [one.nominee.people_lifted for one in cases] == [1200, 800]
    text = told(root, "62")
    assert "名单有而没有推荐表：测试壬" in text
    assert "测试辛带动脱贫贫困人口数名单为900，推荐表为800" in text
    assert "测试庚带动" not in text


def test_a_roster_without_forms_is_one_question_with_the_names(root, session):
    state = session.current_state()
    assert not [one for one in state.screening.cases if one.unit == "34"]
    found = [row for row in rows(root, "34", "退回补正通知") if row[0].isdecimal()]
    assert len(found) == 1 and "测试子、测试丑" in "".join(found[0])


def test_of_two_versions_in_one_message_a_person_chooses_and_may_choose_again(root, session):
    text = told(root, "13")
    assert "内容不同（通讯地址、带动脱贫贫困人口数），暂按前者" in text
    assert "后件替换前件" not in text and "已被后件替换" not in text
    assert "内容不同，请说明以何为准" in told(root, "13", "收讫回执")

    def item():
        (found,) = [
            one
            for one in work_items(session.current_state())
            if one.finding.code == "versions_differ"
        ]
        return found

    def case():
        cases = session.current_state().screening.cases
        return next(one for one in cases if one.name == "测试寅")

    assert case().nominee.people_lifted == 1300 and "versions_differ" in case().reasons
    listed = say.list_versions(session.current_state(), item())
    assert len(listed) == 2 and item().done is None
    session.record(*say.choose_version(listed, listed[1], "已电话核实"))
    assert case().nominee.people_lifted == 1200 and case().nominee.address is None
    assert "versions_differ" not in case().reasons and item().done is not None
    session.record(*revert(session.current_state(), item(), "选错了"))
    assert case().nominee.people_lifted == 1300 and item().done is None


def test_an_opinion_without_text_or_without_date_keeps_the_case_out(root, session):
    cases = {one.name: one for one in session.current_state().screening.cases}
    assert "opinion_incomplete" in cases["测试卯"].reasons
    assert "opinion_incomplete" in cases["测试辰"].reasons
    assert "opinion_incomplete" not in cases["测试寅"].reasons
    assert "推荐意见不全" in told(root, "13")
