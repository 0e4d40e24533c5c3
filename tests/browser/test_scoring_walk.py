"""A member scores a packet by keyboard alone, loses the kernel half-way, and seals."""

import os
import random
import re
import resource
import signal

import pytest

from kjfp_helpers.core.events import PacketSealed
from support.browser.keyboard import Member, Record, reopen, shown
from support.browser.lab_server import kernel_process, open_notebook
from support.browser.shared_lab import window_of
from support.rounds.panel_round import open_afternoon, prepare

pytestmark = pytest.mark.chromium
CASES = 12
"""An afternoon holds 70; a page with them is measured in `bench/screens/panel.py`."""
HALF = CASES // 2
CELLS = "() => window.jupyterapp.shell.currentWidget.content.model.cells.length"
RUNS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .map(cell => cell.model.executionCount ?? cell.model.type)"""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return open_afternoon(tmp_path_factory.mktemp("walk"), CASES)


@pytest.fixture(scope="module")
def member(session, browser, lab):
    book = prepare("04_scoring.ipynb", session, member="M01")
    with window_of(browser) as page:
        open_notebook(page, lab.page_of(book))
        yield Member(page)


@pytest.fixture(scope="module")
def record(session):
    return Record(session, "M01")


def page_titles(page):
    """Titles of the criteria of the case on the screen."""
    return page.locator(".kp-name b").all_inner_texts()


@pytest.fixture(scope="module")
def marks():
    chance = random.Random(4)
    return [
        [chance.choice([chance.randint(60, 94)] * 5 + [chance.randint(0, 100)]) for _ in range(5)]
        for _ in range(CASES)
    ]


def test_lab_speaks_chinese(member):
    assert "运行" in member.page.inner_text("#jp-MainMenu")


def test_first_half_is_typed_and_saved(member, marks, record):
    member.declare()
    for number, row in enumerate(marks[:HALF], start=1):
        member.score(row, f"第{number}件的理由")
    member.saved()
    assert record.marks == (member.given, member.comments)


def test_page_shows_the_form_alone_with_all_five_marks_in_view(member):
    page = member.page
    assert not page.locator(".jp-InputPlaceholder").first.is_visible()
    for place in (".kp-criteria", ".kp-rows", ".kp-detail"):
        assert not page.eval_on_selector(place, "e => e.scrollHeight > e.clientHeight + 1")
    for place in (".kp-mark", ".kp-next", ".kp-state"):
        box = page.locator(place).first.bounding_box()
        assert box["y"] > 0 and box["y"] + box["height"] < 900


def test_levels_are_spelt_out_for_the_mark_being_given(member):
    page, titles = member.page, page_titles(member.page)
    for title in titles[:2]:
        assert page.inner_text(".kp-current") == f"当前项：{title}"
        assert all(words.is_visible() for words in page.locator(".kp-level span").all())
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")


def test_no_key_reaches_the_cell(member):
    page, before = member.page, (member.page.evaluate(CELLS), member.page.evaluate(RUNS))
    for place in (".kp-next", ".kp-case", ".kp-mark", ".kp-jump"):
        page.focus(place)
        for key in ("d", "d", "x", "a", "m", "z", "Shift+Enter", "Control+Enter", "Alt+Enter"):
            page.keyboard.press(key)
        page.keyboard.press("Escape")  # the overview, then what stands typed
        page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert (page.evaluate(CELLS), page.evaluate(RUNS)) == before
    assert page.locator(".kjfp-panel").count() == 1


def test_saving_the_notebook_still_works_from_the_form(member):
    page = member.page
    page.focus(".kp-mark")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def test_keys_of_an_input_method_are_not_taken(member):
    page, number = member.page, member.number
    page.focus(".kp-mark")
    page.evaluate("""() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
      {code: 'KeyJ', key: 'Process', keyCode: 229, isComposing: true, bubbles: true}))""")
    assert member.number == number and shown(page) == ["未评"] * 5


def test_undo_brings_back_what_stood_before(member, record):
    page, before = member.page, record.marks
    page.focus(".kp-mark")
    member.type([66])
    member.saved()
    member.type([77])
    member.saved()
    assert shown(page)[:2] == ["66", "77"]
    page.keyboard.press("u")
    page.wait_for_function("() => document.querySelectorAll('.kp-mark.empty').length === 4")
    page.keyboard.press("u")
    page.wait_for_function("() => document.querySelectorAll('.kp-mark.empty').length === 5")
    member.saved()
    assert record.marks == before


def test_full_disk_is_said_on_the_page_and_the_mark_is_saved_when_there_is_room(member, record):
    page, before = member.page, record.marks
    process, number = kernel_process(page), member.number
    room = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, room[1]))  # no file takes another byte
    page.focus(".kp-mark")
    member.type([68])
    page.wait_for_selector(".kp-state.failed")
    assert re.search("^未保存：.*磁盘.*将自动重试", page.inner_text(".kp-state"))
    assert page.inner_text(".kp-queue") == "未保存 1 项" and record.marks == before
    resource.prlimit(process, resource.RLIMIT_FSIZE, room)
    member.saved()
    assert list(record.marks[0][number].values()) == [68]
    page.keyboard.press("u")
    page.wait_for_function("() => document.querySelectorAll('.kp-mark.empty').length === 5")
    member.saved()


def test_killed_kernel_veils_the_form_and_nothing_typed_is_lost(member, marks, record):
    page = member.page
    member.type([71])
    os.kill(kernel_process(page), signal.SIGKILL)
    member.type([72])
    number = member.number
    reopen(page)
    assert page.locator(".jp-Dialog").count() == 0
    assert member.number == number
    page.wait_for_function("() => document.querySelectorAll('.kp-mark.empty').length === 3")
    member.saved()
    assert sorted(record.marks[0][number].values()) == [71, 72]
    page.focus(".kp-mark")
    member.score(marks[HALF], f"第{HALF + 1}件的理由")


def test_restarted_kernel_veils_the_form_and_the_page_opens_at_the_next_unscored_case(
    member, record
):
    member.saved()  # the last comment of the case before may still be on its way
    page, number, before = member.page, member.number, record.marks
    page.keyboard.press("k")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    reopen(page)
    assert member.number == number and shown(page) == ["未评"] * 5
    page.keyboard.press("k")
    assert shown(page) == [f"{mark:g}" for mark in member.given[member.number].values()]
    page.keyboard.press("j")
    assert record.marks == before


def test_second_half_is_typed_and_the_packet_sealed(member, marks, record, session):
    page = member.page
    for number, row in enumerate(marks[HALF + 1 :], start=HALF + 2):
        member.score(row, f"第{number}件的理由")
    page.wait_for_selector(".kp-mirror-page .kp-seal:not([disabled])")
    page.focus(".kp-seal")
    page.keyboard.press("Enter")
    assert f"{CASES} 件已评完" in page.inner_text(".ask")
    member.confirm()
    page.wait_for_selector(".kp-reopen")
    given, comments = record.marks
    other = {
        key: (typed, given.get(key))
        for key, typed in member.given.items()
        if typed != given.get(key)
    }
    assert other == {} and len(given) == CASES
    assert comments == member.comments
    assert [event for event in session.ledger.events() if isinstance(event.body, PacketSealed)]
    session.ledger.verify()


def test_sealed_packet_takes_no_more_marks(member, session):
    page, head = member.page, session.ledger.head()
    page.keyboard.press("Escape")
    page.focus(".kp-mark")
    member.type([50])
    page.keyboard.press("p")
    page.wait_for_timeout(300)
    assert session.ledger.head() == head
    assert "已封存" in page.inner_text(".kp-banner")


def test_nothing_scrolls_sideways_and_the_console_is_clean(member):
    assert not member.page.eval_on_selector(".kjfp-panel", "e => e.scrollWidth > e.clientWidth")
    serious = [
        said
        for said in member.page.problems
        if not re.search("WebSocket|kernel|api/sessions|subshell|comm not found", said, re.I)
    ]
    assert serious == []
