"""The queue by clicking: what is on screen, what the ledger gets, and what is never shown."""

import shutil
from pathlib import Path

import ipywidgets as widgets
import pytest

from kjfp_helpers.core.events import (
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FormEntered,
    IdentityViewed,
    MaterialClassified,
    UnitAssigned,
)
from kjfp_helpers.state import RoundSession
from support.pages.queue_page import QueueScreen
from support.pages.widget_tree import press_in_list
from support.rounds.panel_round import close_with_screening
from support.rounds.queue_round import SCRIPT, WRONG_ID, open_mail_round


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("queue_panel")
    close_with_screening(open_mail_round(root))
    return root


@pytest.fixture
def session(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return RoundSession.open(tmp_path / "data" / "practice", tmp_path / "outputs" / "practice")


@pytest.fixture
def screen(session):
    return QueueScreen(session)


@pytest.fixture
def page(session):
    return QueueScreen(session, whole=True)


def test_the_queue_is_the_first_tab_and_counts_what_waits(page):
    assert page.tabs.titles[0] == f"待处理（{len(page.keys)}）" and "待处理 <b>" in page.text


def test_the_source_stands_beside_the_value_with_the_value_marked(screen):
    screen.go("数字为约数")
    assert "带动脱贫贫困人口数" in screen.card and "约<mark>3000</mark>人" in screen.card
    assert (
        "条款" in screen.card and "请报送确数" in screen.card and "people_lifted" not in screen.card
    )


def test_numbers_are_masked_until_they_are_asked_for(screen):
    screen.go("身份证号码校验不符")
    assert WRONG_ID not in screen.everything and "110*************21" in screen.card
    screen.toggle("显示号码")
    assert WRONG_ID in screen.card and screen.texts()[0].value == WRONG_ID
    (viewed,) = [event.body for event in screen.events(IdentityViewed)]
    assert viewed.field == "id_number" and WRONG_ID not in str(viewed)
    screen.click("下一项")
    screen.click("上一项")
    assert WRONG_ID not in screen.everything


def test_phone_numbers_of_a_letter_are_masked(screen):
    screen.go("发件单位未能辨认")
    assert "199******03" in screen.card and "19900000003" not in screen.everything


def test_what_the_units_wrote_is_never_markup(screen):
    for _ in screen.walk():
        assert SCRIPT not in screen.text and SCRIPT[:8] not in screen.text
    screen.go("文字像网页代码")
    assert "&lt;script&gt;" in screen.card


def test_a_correction_is_saved_with_its_reason_and_the_item_leaves(page):
    page.go("数字为约数")
    before = len(page.keys)
    page.texts()[0].value = "2980"
    page.click("保存")
    assert "请写明理由" in page.text and page.texts()[0].value == "2980"
    assert not page.events(FieldCorrected)
    page.click("见原件")
    page.click("保存")
    (event,) = page.events(FieldCorrected)
    assert (event.body.old, event.body.new, event.body.reason) == (3000, 2980, "见原件")
    assert f"已保存 #{event.seq}" in page.text and len(page.keys) == before - 1


def test_the_next_item_stands_before_the_rest_is_worked_out(screen, monkeypatch):
    screen.go("数字为约数")
    ahead = screen.keys[screen.keys.index(screen.current) + 1]
    seen, derive = [], screen.session.current_state

    def current_state(*given, **more):
        seen.append((bool(screen.events(FieldCorrected)), screen.current))
        return derive(*given, **more)

    monkeypatch.setattr(screen.session, "current_state", current_state)
    screen.texts()[0].value = "2980"
    screen.click("见原件")
    screen.click("保存")
    after = [current for recorded, current in seen if recorded]
    assert after and set(after) == {ahead} and screen.current == ahead


def test_message_and_attachments_can_be_saved_as_received_where_lab_serves_them(
    screen, monkeypatch
):
    screen.go("数字为约数")
    assert "打开邮件" in screen.card and "data-save" not in screen.card
    monkeypatch.setenv("KJFP_HOME", str(screen.session.outputs.parents[1]))
    screen.click("下一项")
    screen.go("数字为约数")
    assert 'data-file="data/practice/inbox/' in screen.card
    assert 'data-file="data/practice/received/' in screen.card


@pytest.mark.parametrize("typed", ["三百户", "很多", "1-3"])
def test_what_is_no_value_is_told_in_chinese_and_stays_to_be_mended(screen, typed):
    screen.go("数字为约数")
    screen.texts()[0].value = typed
    screen.click("见原件")
    screen.click("保存")
    assert "不能保存" in screen.text and screen.texts()[0].value == typed
    assert not screen.events(FieldCorrected)


def test_a_doubtful_value_is_saved_only_when_the_source_says_so(screen):
    screen.go("身份证号码校验不符")
    screen.texts()[0].value = "110105194912310022"
    screen.click("见原件")
    screen.click("保存")
    assert not screen.events(FieldCorrected) and "勾选后再保存" in screen.text
    screen.box("原件确是如此").value = True
    screen.click("保存")
    (event,) = screen.events(FieldCorrected)
    assert event.body.new == "110105194912310022"
    screen.go("身份证号码校验不符")  # and still waits for a person


def test_nothing_typed_is_lost_by_moving_on_and_nothing_is_saved_unasked(screen):
    screen.go("数字为约数")
    here = screen.current
    screen.texts()[0].value = "2980"
    screen.click("下一项")
    assert screen.current == here and screen.texts()[0].value == "2980" and "有改动" in screen.text
    screen.click("下一项")
    assert screen.current == here
    screen.click("放弃改动")
    screen.click("下一项")
    assert screen.current != here and not screen.events(FieldCorrected)


def test_options_are_ticked_and_what_other_says_is_typed_beside(screen):
    screen.go("勾选“其他”未说明")
    assert screen.box("培训").value and screen.box("其他").value
    screen.texts()[0].value = "远程会诊"
    screen.click("见原件")
    screen.click("保存")
    (event,) = screen.events(FieldCorrected)
    assert (event.body.field, event.body.new) == ("service_modes_other", "远程会诊")


def test_any_field_of_the_record_can_be_corrected_from_an_item(screen):
    screen.go("数字为约数")
    screen.dropdown("团队名称").value = "regions"
    assert "所服务的贫困地区" in screen.card and "贵州省 毕节市 威宁县 草海镇 民族村" in screen.card
    (area,) = screen.of_kind(widgets.Textarea)
    assert area.value == "贵州省｜毕节市｜威宁县｜草海镇｜民族村"
    area.value += "\n贵州省｜毕节市｜｜｜"
    screen.click("见原件")
    screen.click("保存")
    screen.box("原件确是如此").value = True
    screen.click("保存")
    (event,) = screen.events(FieldCorrected)
    assert event.body.new[1] == ("贵州省", "毕节市", None, None, None)


def test_a_unit_is_named_and_its_nominee_appears(page):
    page.go("发件单位未能辨认")
    page.click("见邮件正文")
    page.click("保存")
    assert "请先从列表中选定单位" in page.text
    page.combobox().value = next(one for one in page.combobox().options if "（62）" in one)
    page.click("保存")
    (event,) = page.events(UnitAssigned)
    assert event.body == UnitAssigned(receipt=3, unit="62", reason="见邮件正文")
    assert "P62-1" in page.session.current_state().screening.case_by_id


def test_a_scan_is_shown_and_typed(screen):
    screen.go("材料为扫描件或照片")
    assert "data:image/jpeg" in screen.card
    screen.kind_of_form("先进个人")
    labelled = dict(zip(screen.titles(), screen.texts(), strict=False))
    labelled["姓名"].value = "测丁某"
    screen.click("照原件录入")
    screen.click("保存")
    (event,) = screen.events(FormEntered)
    assert (event.body.kind, event.body.receipt) == ("individual", 4)
    assert screen.session.current_state().screening.case_by_id["P52-1"].name == "测丁某"


def test_a_confirmed_reading_is_found_among_the_done_and_taken_back(screen):
    screen.go("数字为约数")
    screen.answer("确认无误")
    screen.click("与原件一致")
    screen.click("保存")
    assert screen.events(FindingReviewed)
    screen.state("已处理")
    screen.go("数字为约数")
    assert "确认无误" in screen.past and "与原件一致" in screen.past
    screen.click("撤销此项处理")
    assert "撤销也须写明理由" in screen.text
    screen.reason().value = "再核"
    screen.click("撤销此项处理")
    assert screen.events(FindingReopened)
    screen.state("待处理")
    screen.go("数字为约数")


def test_history_masks_numbers(screen):
    screen.go("身份证号码校验不符")
    screen.texts()[0].value = "11010519491231002X"
    screen.click("见原件")
    screen.click("保存")
    screen.state("已处理")
    screen.go("身份证号码校验不符")
    assert "→" in screen.past and "110*************2X" in screen.past
    assert WRONG_ID not in screen.everything and "11010519491231002X" not in screen.everything


def test_filters_narrow_by_kind_and_unit(screen):
    everything = len(screen.keys)
    screen.dropdown("全部种类").value = "field"
    assert 0 < len(screen.keys) < everything
    screen.dropdown("全部单位").value = "13"
    assert len(screen.keys) == 2
    screen.state("已处理")
    assert "没有符合条件的事项" in screen.text


def test_an_original_that_is_gone_is_said_and_stops_nothing(screen):
    shutil.rmtree(screen.session.received.materials)
    screen.go("数字为约数")
    assert "收到的文件不见了" in screen.card


def test_a_ledger_that_refuses_leaves_the_item_where_it_is(screen, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    screen.go("数字为约数")
    screen.texts()[0].value = "2980"
    screen.click("见原件")
    monkeypatch.setattr(screen.session.ledger, "append", full)
    screen.click("保存")
    assert "写入出错" in screen.text and screen.texts()[0].value == "2980"


def test_a_text_is_sorted_by_hand(page):
    page.go("材料类别未能辨认")
    page.kind_of_form("工作总结")
    page.click("见标题和内容")
    page.click("保存")
    (event,) = page.events(MaterialClassified)
    assert (event.body.record, event.body.kind) == ("5-u1", "summary")
    page.state("已处理")
    page.go("材料类别未能辨认")
    assert "认定材料" in page.past and "工作总结" in page.past


def test_what_a_correction_puts_in_doubt_is_listed_on_the_item(screen):
    screen.go("测试团队34队　团队名称")
    screen.answer("确认无误")
    screen.click("已电话核实")
    screen.click("保存")
    assert screen.session.current_state().screening.case_by_id["T34-1"].eligible
    screen.state("已处理")
    screen.answer("更正")
    screen.texts()[0].value = "测试团队34部"
    screen.click("见原件")
    screen.click("保存")
    screen.state("待处理")
    screen.go("测试团队34部　团队名称")
    assert "因更正需要复核的" in screen.card and "需复核" in screen.card
    assert "曾获表扬名单中的近似项" in screen.card


def test_what_was_typed_into_several_fields_is_kept_and_saved_together(screen):
    screen.go("数字为约数")
    screen.texts()[0].value = "2980"
    screen.dropdown("团队名称").value = "service_days"
    screen.texts()[0].value = "480"
    screen.answer("确认无误")
    screen.answer("更正")
    screen.dropdown("团队名称").value = "people_lifted"
    assert screen.texts()[0].value == "2980"
    screen.click("见原件")
    screen.click("保存")
    assert {(e.body.field, e.body.new) for e in screen.events(FieldCorrected)} == {
        ("people_lifted", 2980),
        ("service_days", 480),
    }


def test_a_click_meant_for_an_item_that_is_settled_meanwhile_records_nothing(screen):
    screen.go("发件单位未能辨认")
    screen.combobox().value = screen.combobox().options[0]
    old = [one for one in screen.visible(widgets.Button) if one.description == "保存"]
    screen.click("已电话核实")
    screen.click("保存")
    assert screen.events(UnitAssigned)
    head = screen.session.ledger.head()
    for one in old:  # still on its way when the screen went on
        one.click()
    assert screen.session.ledger.head() == head


def test_a_filter_loses_nothing_that_was_typed(screen):
    screen.go("数字为约数")
    screen.texts()[0].value = "2980"
    screen.state("已处理")
    assert screen.texts()[0].value == "2980" and "有改动" in screen.text


def test_the_buttons_of_the_reasons_stay_the_same_so_that_no_press_is_lost(screen):
    screen.go("数字为约数")
    first = [one for one in screen.visible(widgets.Button) if one.description == "见原件"]
    screen.answer("确认无误")
    assert not [one for one in screen.visible(widgets.Button) if one.description == "见原件"]
    screen.answer("更正")
    screen.click("下一项")
    screen.click("上一项")
    again = [one for one in screen.visible(widgets.Button) if one.description == "见原件"]
    assert again == first and len(first) == 1


def test_a_digit_acts_on_the_item_it_was_pressed_for_or_on_what_follows_its_answer(screen):
    first, second, third = screen.keys[:3]
    screen.pick(first)
    for key, digit, chosen in ((second, 1, 0), (third, 2, 1)):  # J 1 J 2, all on their way at once
        press_in_list(screen.list, key)
        press_in_list(screen.list, key, digit)
        press_in_list(screen.list, first, 3)  # late, for what is no longer shown
        assert screen.current == key and screen.answers.index == chosen
    screen.go("身份证号码校验不符")
    answered = screen.current
    screen.answer("确认无误")
    screen.click("与原件一致")
    screen.click("保存")
    assert screen.current != answered
    press_in_list(screen.list, answered, 2)  # pressed while the answered item was still in view
    assert screen.answers.index == 1
    press_in_list(screen.list, screen.current, 9)
    assert screen.answers.index == 1


def test_a_list_says_what_it_has_heard_also_when_leaving_is_refused(screen):
    screen.go("数字为约数")
    here, heard = screen.current, screen.list.heard
    screen.texts()[0].value = "2980"
    press_in_list(screen.list, screen.keys[-1])
    press_in_list(screen.list, screen.keys[-1], 2)
    assert screen.list.heard == heard + 2 and screen.current == here
    assert screen.answers.value == "更正"
