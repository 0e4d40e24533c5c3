"""Blind scoring with phrases, the secretary's reveal and signed sheet, scoring after it."""

import json
import re

import pytest
from test_scoring_guards import received
from test_scoring_walk import CELLS

from kjfp_helpers.core.events import IdentitiesRevealed, PacketSealed, ScoreGiven, SheetSigned
from kjfp_helpers.panel_review.scoring.member_packet import short_digest
from kjfp_helpers.state.panel.packet_building import build_packet
from support.browser.keyboard import Member, shown
from support.browser.lab_server import ASKED_FOR_ITS_NAME, open_notebook
from support.browser.shared_lab import window_of
from support.rounds.panel_round import PHONE, open_round, prepare, telling

pytestmark = pytest.mark.chromium
TYPED = 4
"""Cases that are scored on the page; the marks of the others stand already."""
CARD = r'"case": ?"(\d+)", ?"page": ?"'
"""What a member reads of a case, as the server sends it: of every case, opened or not."""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("reveal"))
    packet = build_packet(session.current_state(), "M01")
    for case in list(packet.cases)[TYPED:]:
        scores = {criterion.id: 80.0 for criterion in packet.criteria(case)}
        session.record(ScoreGiven(member="M01", case=case, scores=scores), actor="M01")
    return session


@pytest.fixture(scope="module")
def pages(session, browser, lab):
    """The member's window and the secretary's."""
    start = prepare("00_start.ipynb", session)
    book = prepare("04_scoring.ipynb", session, member="M01")
    with window_of(browser, 1366, 768) as member, window_of(browser, 1366, 768) as secretary:
        member.received = received(member)
        open_notebook(member, lab.page_of(book, mode="doc"))
        Member(member).declare()
        open_notebook(secretary, lab.page_of(start))
        yield member, secretary


@pytest.fixture(scope="module")
def window(pages):
    return pages[0]


@pytest.fixture(scope="module")
def office(pages):
    return pages[1]


def comment(page):
    return page.eval_on_selector(".kp-comment", "node => node.value")


def phrases(page):
    return page.eval_on_selector_all(".kp-phrase", "nodes => nodes.map(n => n.lastChild.data)")


def tab(page, title):
    page.click(f".jupyter-widget-tab .lm-TabBar-tab:has-text('{title}')")


def fields(page, title):
    """The entries of a form by its title."""
    return page.locator(f".kj-decision:has-text('{title}')").last


def telling_words(session):
    state = session.current_state()
    return {
        word for case in build_packet(state, "M01").cases.values() for word in telling(state, case)
    }


def test_phrases_are_put_in_by_key_and_taken_back_by_the_text_s_own_undo(window, session):
    cells = window.evaluate(CELLS)
    window.keyboard.press("c")
    window.keyboard.insert_text("先写几个字")
    window.keyboard.press("Alt+2")
    offered = phrases(window)
    team = session.round.rubric.team if "团队" in window.inner_text("#kj-case-title") else None
    assert offered == list((team or session.round.rubric.individual)[0].phrases)
    assert comment(window) == f"先写几个字；{offered[1]}"
    window.keyboard.press("Control+z")
    assert comment(window) == "先写几个字"
    window.keyboard.press("Control+y")
    window.keyboard.press("Alt+ArrowDown")
    assert phrases(window) != offered
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    assert comment(window) == f"先写几个字；{offered[1]}；{phrases(window)[0]}"
    Member(window).saved()
    assert window.evaluate(CELLS) == cells
    window.keyboard.press("Escape")
    assert window.evaluate("() => document.activeElement.matches('.kp-mark')")


def test_an_input_method_that_is_composing_is_left_alone(window):
    window.keyboard.press("c")
    before = comment(window)
    window.evaluate("""() => document.querySelector('.kp-comment').dispatchEvent(new KeyboardEvent(
      'keydown', {code: 'Digit1', key: '1', altKey: true, isComposing: true, bubbles: true}))""")
    assert comment(window) == before
    window.keyboard.press("Escape")


def test_phrases_are_named_to_a_screen_reader(window):
    window.keyboard.press("c")
    group = window.get_attribute(".kp-comment", "aria-describedby")
    assert "Alt＋数字" in window.inner_text(f"#{group}")
    assert window.get_attribute(".kp-phrase >> nth=0", "aria-keyshortcuts") == "Alt+1"
    window.keyboard.press("Escape")


def test_packet_is_scored_blind_and_sealed(window, session):
    member = Member(window)
    window.select_option(".kp-jump", index=0)
    window.focus(".kp-mark")
    for at in range(TYPED):
        member.score([70 + at] * 5)
    window.wait_for_selector(".kp-seal:not([disabled])")
    assert "用过的常用评语" in window.inner_text(".kp-mirror-page")
    window.focus(".kp-seal")
    window.keyboard.press("Enter")
    member.confirm()
    window.wait_for_selector(".kp-reopen")
    assert [event for event in session.ledger.events() if isinstance(event.body, PacketSealed)]
    cards = {key for text in window.received for key in re.findall(CARD, text)}
    assert len(cards) == 16
    texts = [window.content(), *window.received]
    assert {word for word in telling_words(session) if any(word in text for text in texts)} == set()


def test_secretary_takes_the_signed_sheet_in_by_its_code(office, window, session):
    window.click(".kp-print")
    sheet = window.wait_for_selector("iframe.kp-sheet", state="attached")
    code = re.search(r"核对码：<b>(\w{8})</b>", sheet.get_attribute("srcdoc"))[1]
    assert code == short_digest(build_packet(session.current_state(), "M01").digest())
    office.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    office.wait_for_selector("td:has-text('已封存')")
    tab(office, "签字表")
    form = fields(office, "收回签字表")
    cells = office.evaluate(CELLS)
    form.locator("input").nth(1).press_sequentially("写错了")
    for _ in range(3):
        office.keyboard.press("Control+z")
    assert office.evaluate(CELLS) == cells and form.locator("input").nth(1).input_value() == ""
    form.locator("select").select_option(label="测试评委1（M01）")
    form.locator("input").nth(0).fill(code)
    form.locator("input").nth(1).fill("收件员")
    form.locator("button:has-text('确认收回签字表')").click()
    form.locator(".saved").wait_for()
    assert [event for event in session.ledger.events() if isinstance(event.body, SheetSigned)]
    tab(office, "评委进度")
    office.wait_for_selector("tr:has-text('M01') :text('已收')")


def test_reveal_brings_the_names_to_the_page_and_to_no_notebook(office, window, session):
    tab(office, "揭示身份")
    form = fields(office, "揭示身份")
    form.locator("input").nth(0).fill("进入合议")
    form.locator("input").nth(1).fill("测试组长")
    form.locator("button:has-text('确认揭示身份')").click()
    form.locator("button:has-text('确认办理')").click()
    form.locator(".saved").wait_for()
    assert [
        event for event in session.ledger.events() if isinstance(event.body, IdentitiesRevealed)
    ]
    window.fill(".kp-mirror-page input", "核对后更正")
    window.click(".kp-reopen")
    window.click(".kp-agree")
    window.wait_for_selector(".kp-banner:has-text('身份已揭示')")
    window.wait_for_selector(".kp-mirror-page :text('签字后又启封')")
    window.keyboard.press("Escape")
    names = {
        str(number): session.current_state().screening.case_by_id[case].name
        for case, number in build_packet(session.current_state(), "M01").numbers.items()
    }
    for key in ("1", "16"):
        window.select_option(".kp-jump", value=key)
        window.wait_for_selector(f".kp-case:has-text('{names[key]}')")
    assert PHONE not in window.content()
    window.focus(".kp-mark")
    window.keyboard.press("Control+s")
    window.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    saved = (session.outputs / "workbook" / "04_scoring.ipynb").read_text()
    assert "widgets" not in json.loads(saved)["metadata"]
    assert {word for word in telling_words(session) if word in saved} == set()


def test_marks_after_the_reveal_are_told_apart(window, session):
    window.focus(".kp-mark")
    Member(window).type([91])
    Member(window).saved()
    assert shown(window)[0] == "91" and "揭示身份后" in window.inner_text(".kp-state")
    window.keyboard.press("m")
    assert "1 件是揭示身份以后评的" in window.inner_text(".kp-mirror-page")
    window.keyboard.press("Escape")
    last = [event for event in session.ledger.events() if isinstance(event.body, ScoreGiven)][-1]
    packet = build_packet(session.current_state(), "M01")
    assert packet.is_saved_after_reveal(last.body.case)
    assert sum(map(packet.is_saved_after_reveal, packet.cases)) == 1


def test_consoles_are_clean(window, office):
    problems = [*window.problems, *office.problems]
    assert [said for said in problems if ASKED_FOR_ITS_NAME not in said] == []
