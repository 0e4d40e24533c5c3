"""The secretary rules on late and over-quota nominations in a real browser, by the mouse."""

import os
from pathlib import Path

import pytest
from test_queue_walk import go

from kjfp_helpers.core.events import ArrivalRecorded, FieldCorrected, FindingSettled, NomineesChosen
from support.browser.lab_server import open_notebook
from support.browser.shared_lab import window_of
from support.rounds.panel_round import prepare
from support.rounds.ruling_round import open_ruling_round

pytestmark = pytest.mark.chromium
SHOTS = os.environ.get("KJFP_SHOTS", "")


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return open_ruling_round(tmp_path_factory.mktemp("rulings_walk"))


@pytest.fixture(scope="module")
def page(session, browser, lab):
    book = prepare("01_intake.ipynb", session)
    with window_of(browser, 1366, 633) as page:
        open_notebook(page, lab.page_of(book, mode="doc"))
        yield page


def look(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def press(page, words):
    page.locator(f".kj-answering button:has-text('{words}')").first.click()


def save(page, session, kind):
    before = session.ledger.head()[0]
    page.click(".kj-answering .kj-save")
    page.wait_for_function(
        "before => Number((document.body.innerText.match(/已保存 #(\\d+)/) || [0, 0])[1]) > before",
        arg=before,
    )
    body = session.ledger.events(after=before)[0].body
    assert isinstance(body, kind)
    return body


def test_a_late_nomination_is_admitted(page, session):
    go(page, "逾期报送")
    press(page, "准予")
    press(page, "经办公室研究，同意接收")
    look(page, "late")
    assert save(page, session, FindingSettled).code == "late"


def test_the_choice_of_an_over_quota_unit_is_ticked_with_its_reply(page, session):
    go(page, "推荐超出名额")
    boxes = page.locator(".kj-answer .widget-checkbox input:visible")
    assert boxes.count() == 3
    boxes.nth(0).check()
    boxes.nth(2).check()
    page.locator(".kj-answer select:visible").select_option(index=1)
    press(page, "见单位复函")
    look(page, "choose")
    body = save(page, session, NomineesChosen)
    assert len(body.cases) == 2 and body.receipt


def test_a_time_of_arrival_is_recorded_in_local_time(page, session):
    go(page, "收到时间未载")
    field = page.locator(".kj-answer input[type=text]:visible")
    field.fill("八月十日")
    press(page, "见收件登记")
    page.click(".kj-answering .kj-save")
    page.wait_for_selector("text=时间请写成")
    field.fill("2020-08-10 09:30")
    look(page, "arrival")
    assert save(page, session, ArrivalRecorded).at == "2020-08-10T09:30:00+08:00"


def test_any_record_is_found_in_the_list_of_all_material_and_corrected(page, session):
    page.click("button:has-text('全部材料')")
    page.wait_for_selector(".kj-item-title:has-text('在册材料')")
    page.locator(".kj-line-item", has_text="测乙某13").first.click()
    page.wait_for_selector(".kj-item:has-text('测乙某13')")
    page.locator(".kj-answer select:visible").first.select_option(label="工作单位")
    page.wait_for_selector(".kj-editor:has-text('工作单位')")
    page.locator(".kj-editor input:visible").first.fill("另一单位")
    page.locator(".kj-answer button:has-text('电话')").click()
    page.locator(".kj-reason input").fill("单位来电")
    look(page, "record")
    body = save(page, session, FieldCorrected)
    assert (body.field, body.new, body.channel) == ("employer", "另一单位", "电话")
