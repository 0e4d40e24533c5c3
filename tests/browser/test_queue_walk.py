"""The secretary answers in a real browser; the answer is in the ledger, no key touches the cell."""

import re

import pytest
from test_scoring_walk import CELLS, RUNS

from kjfp_helpers.core.events import FieldCorrected
from support.browser.lab_server import open_notebook
from support.browser.shared_lab import window_of
from support.rounds.panel_round import prepare
from support.rounds.queue_round import WRONG_ID, open_mail_round

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return open_mail_round(tmp_path_factory.mktemp("queue_walk"))


@pytest.fixture(scope="module")
def page(session, browser, lab):
    book = prepare("01_intake.ipynb", session)
    with window_of(browser, 1366, 768) as page:
        open_notebook(page, lab.page_of(book))
        yield page


def go(page, words):
    page.locator(".kj-line-item", has_text=words).first.click()
    page.wait_for_selector(f".kj-item-title:has-text('{words}')")


def test_an_item_its_source_and_its_answers_are_in_view_at_once(page):
    go(page, "数字为约数")
    for where in (".kj-excerpt .here mark", ".kj-reason", ".kj-answering .kj-save", ".kj-history"):
        box = page.locator(where).first.bounding_box()
        assert box and box["y"] > 0 and box["y"] + min(box["height"], 40) < 768
    assert not page.locator(".jp-InputPlaceholder").first.is_visible()


def test_nothing_scrolls_sideways(page):
    for where in (".kjfp-panel", ".kj-item", ".kj-answering"):
        assert not page.eval_on_selector(where, "e => e.scrollWidth > e.clientWidth + 1")


def test_numbers_are_shown_only_when_asked_for(page):
    go(page, "身份证号码校验不符")
    assert WRONG_ID not in page.content()
    page.click("button:has-text('显示号码')")
    page.wait_for_selector(f".kj-value:has-text('{WRONG_ID}')")


def test_keys_walk_the_list_and_choose_an_answer_but_not_while_text_is_typed(page):
    chosen = "e => e.getAttribute('data-key')"
    here = page.locator(".kj-line-item[aria-selected=true]")
    page.locator(".kj-line-item").first.click()
    first = here.evaluate(chosen)
    page.keyboard.press("j")
    page.wait_for_function(
        "first => document.querySelector('.kj-line-item[aria-selected=true]')?.dataset.key !== first",
        arg=first,
    )
    page.keyboard.press("k")
    page.wait_for_function(
        "first => document.querySelector('.kj-line-item[aria-selected=true]')?.dataset.key === first",
        arg=first,
    )
    answers = page.locator(".kj-answering .widget-toggle-buttons button")
    for keys, active in (("j2", 1), ("k1", 0)):  # typed at once
        page.keyboard.type(keys)
        page.wait_for_function(
            "at => !document.querySelector('.kj-refilling') && document"
            ".querySelectorAll('.kj-answering .widget-toggle-buttons button')[at]"
            ".classList.contains('mod-active')",
            arg=active,
        )
    page.locator(".kj-reason input").click()
    page.keyboard.type("j2k")
    assert page.locator(".kj-reason input").input_value() == "j2k"
    assert here.evaluate(chosen) == first and answers.count() > 1
    page.click(".kj-answering button:has-text('放弃改动')")


@pytest.mark.parametrize(
    "where", [".kj-answering .kj-save", ".kj-phrases:not(.kj-gone) button", ".kj-answer select"]
)
def test_keys_pressed_in_the_queue_never_touch_the_cell(page, where):
    cells, runs = page.evaluate(CELLS), page.evaluate(RUNS)
    page.locator(where).first.focus()
    for key in ("d", "d", "x", "j", "k", "a", "b", "m", "z", "Control+Enter", "Shift+Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.evaluate(CELLS) == cells and page.evaluate(RUNS) == runs


def test_a_correction_made_in_the_browser_is_in_the_ledger(page, session):
    if page.locator(".kj-answering button:has-text('放弃改动')").is_visible():
        page.click(".kj-answering button:has-text('放弃改动')")
    go(page, "数字为约数")
    page.fill(".kj-editor input", "2980")
    page.click("button:has-text('见原件')")
    page.wait_for_selector(".kj-saving .dirty")
    page.click(".kj-answering .kj-save")
    saved = page.wait_for_selector(".kj-saving .saved").inner_text()
    number = int(re.search(r"已保存 #(\d+)", saved)[1])
    event = next(event for event in session.ledger.events() if event.seq == number)
    assert isinstance(event.body, FieldCorrected) and event.body.new == 2980
    assert page.problems == []
