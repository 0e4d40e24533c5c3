"""Two questions of the mailbox answered by clicking: which version counts, whose address it is."""

import shutil

import ipywidgets as widgets
import pytest

from kjfp_helpers import commands
from kjfp_helpers.core.events import FindingReviewed, SenderRemembered, UnitAssigned, VersionChosen
from kjfp_helpers.state import RoundSession
from support.forms.people_list_files import list_files
from support.forms.sample_files import PERSON, form, letter
from support.pages.queue_page import QueueScreen
from support.rounds.panel_round import close_with_screening, make_round

pytestmark = pytest.mark.slow

VERSIONS = "同一件材料有几份不同的文本"


def mails():
    roster = next(one.data for one in list_files() if one.name == "推荐人选汇总表.xlsx")
    two = {
        "推荐表（最终版）.docx": form(PERSON | {"people_lifted": "1300"}),
        "推荐表.docx": form(PERSON | {"address": ""}),
    }
    return {
        "1.eml": letter(two, subject="河北报送材料", number=1),
        "2.eml": letter(
            {"表.docx": form(PERSON | {"name": "测试己"})},
            subject="报送材料",
            sender="b@qq.example.com",
            number=2,
        ),
        "3.eml": letter(
            {"表.docx": form(PERSON | {"name": "测试庚"})},
            subject="材料",
            sender="b@qq.example.com",
            number=3,
            body="又一件",
        ),
        "4.eml": letter(
            {"表.docx": form(PERSON | {"name": "测试辛"})},
            subject="材料",
            sender="c@mail.example.net",
            number=4,
            body="请查收。\n\n安徽省科技助力精准扶贫领导小组办公室",
        ),
        "5.eml": letter({"名单.xlsx": roster}, subject="贵州报送名单", number=5),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("versions")
    folder = make_round(root)
    (folder / "inbox").mkdir()
    for name, data in mails().items():
        (folder / "inbox" / name).write_bytes(data)
    session = RoundSession.open(folder, root / "outputs" / "practice", create=True)
    commands.register_mail(session, lambda done, total: None)
    close_with_screening(session)
    return root


@pytest.fixture
def screen(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    session = RoundSession.open(tmp_path / "data" / "practice", tmp_path / "outputs" / "practice")
    yield QueueScreen(session)
    session.close()


def nominee(screen):
    cases = screen.session.current_state().screening.cases
    return next(one for one in cases if one.unit == "13")


def test_a_version_is_chosen_by_a_button_and_the_choice_taken_back(screen):
    screen.go(VERSIONS)
    assert "暂用的一份" in screen.card and "1300" in screen.card and "1200" in screen.card
    (choice,) = screen.of_kind(widgets.RadioButtons)
    assert [label.partition("（填")[0] for label, _ in choice.options] == [
        "收讫第1号　推荐表（最终版）.docx",
        "收讫第1号　推荐表.docx",
    ]
    assert nominee(screen).nominee.people_lifted == 1300
    choice.value = picked = choice.options[1][1]
    screen.click("逐栏核对，此份完整")
    screen.click("保存")
    (event,) = screen.events(VersionChosen)
    assert len(event.body.records) == 2 and event.body.record == picked
    assert nominee(screen).nominee.people_lifted == 1200
    assert "versions_differ" not in nominee(screen).reasons
    screen.state("已处理")
    screen.go("已选定")
    assert "选定版本" in screen.past and "选定的一份" in screen.card
    (choice,) = screen.of_kind(widgets.RadioButtons)
    assert choice.value == picked
    screen.click("见单位来函")
    screen.click("撤销此项处理")
    assert nominee(screen).nominee.people_lifted == 1300


def test_an_address_is_remembered_with_the_answer_and_forgotten_with_it(screen):
    screen.go("发件单位未能辨认")
    screen.combobox().value = next(one for one in screen.combobox().options if "（62）" in one)
    assert screen.box("今后这个地址").value is True
    screen.click("已电话核实")
    screen.click("保存")
    assert [one.body.unit for one in screen.events(UnitAssigned)] == ["62"]
    (event,) = screen.events(SenderRemembered)
    assert (event.body.address, event.body.unit) == ("b@qq.example.com", "62")
    state = screen.session.current_state()
    assert [mail.unit for mail in state.submissions.intake.mails[:3]] == ["13", "62", "62"]
    assert {case.name for case in state.screening.cases if case.unit == "62"} == {
        "测试己",
        "测试庚",
    }


def test_an_inferred_unit_is_filled_in_and_confirmed_by_one_reason(screen):
    screen.go("发件单位按材料推定")
    assert screen.combobox().value.endswith("（34）") and screen.box("今后这个地址").value is True
    screen.click("见材料落款")
    screen.click("保存")
    assert [one.body.unit for one in screen.events(UnitAssigned)] == ["34"]
    assert [one.body.unit for one in screen.events(SenderRemembered)] == ["34"]


def test_a_list_that_differs_is_answered_and_never_entered_as_a_form(screen):
    screen.go("名单与推荐表不一致")
    (answers,) = (one for one in screen.visible(widgets.ToggleButtons) if "确认无误" in one.options)
    assert answers.options == ("确认无误", "线下已办结", "指定单位")
    screen.click("已见书面说明")
    screen.click("保存")
    (event,) = screen.events(FindingReviewed)
    assert (event.body.code, event.body.outcome) == ("roster_differs", "confirmed")


def test_an_address_is_not_remembered_unless_it_is_ticked(screen):
    screen.go("发件单位未能辨认")
    screen.combobox().value = next(one for one in screen.combobox().options if "（62）" in one)
    screen.box("今后这个地址").value = False
    screen.click("已电话核实")
    screen.click("保存")
    assert screen.events(UnitAssigned) and screen.events(SenderRemembered) == []
