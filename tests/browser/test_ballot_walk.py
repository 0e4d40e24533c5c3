"""A tie is voted on and counted in a real browser by keyboard alone; it is in the ledger."""

import pytest

from kjfp_helpers.core.events import BallotCounted, BallotOpened
from support.browser.lab_server import open_notebook
from support.browser.shared_lab import window_of
from support.rounds.panel_round import open_round, prepare
from support.state.recorded_scores import level

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return level(open_round(tmp_path_factory.mktemp("ballot_walk")))


@pytest.fixture(scope="module")
def page(session, browser, lab):
    book = prepare("05_results.ipynb", session)
    with window_of(browser) as page:
        open_notebook(page, lab.page_of(book, mode="doc"))
        page.locator(".lm-TabBar-tab:has-text('投票表决')").click()
        yield page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def count(page, teller, votes):
    page.locator(".kjfp-panel input[placeholder=姓名]").focus()
    page.keyboard.insert_text(teller)
    for number in (4, 0, *votes):
        press(page, "Tab")
        page.keyboard.type(str(number))
    press(page, "Tab", "Enter")
    page.wait_for_selector(f".kj-saving:has-text('{teller}')")


def test_a_vote_is_opened_and_counted_by_keyboard(session, page):
    page.get_by_role("button", name="全部到会").focus()
    press(page, "Enter")
    page.wait_for_selector(".kj-chip:has-text('达到法定人数')")
    press(page, *["Tab"] * (1 + len(session.round.panel)))
    page.keyboard.type("4")
    press(page, "Tab", "Enter")
    page.wait_for_selector(".kj-votes-row input")
    assert isinstance(session.ledger.events()[-1].body, BallotOpened)
    count(page, "测试甲", (3, 3, 1, 1, 0, 0))
    page.wait_for_selector("text=已录入")
    count(page, "测试乙", (3, 3, 1, 1, 0, 0))
    page.wait_for_selector(".kj-chip:has-text('当选')")
    assert [e.actor for e in session.ledger.events() if isinstance(e.body, BallotCounted)] == [
        "测试甲",
        "测试乙",
    ]
    assert "team" not in session.current_state().decision.ties and not page.problems


def test_no_field_is_cut_off_or_scrolls_sideways(page):
    for node in page.locator(".kj-votes-row, .kj-present, .kjfp-panel").all():
        if node.is_visible():
            assert node.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
