"""Marks by keyboard and by mouse: what was not meant is never recorded, and sealing asks first."""

import re

import pytest

from kjfp_helpers.core.events import (
    ConflictsDeclared,
    DeclarationWithdrawn,
    PacketSealed,
    ScoreGiven,
)
from kjfp_helpers.state.panel.packet_building import build_packet
from support.browser.keyboard import Member, Record, shown
from support.browser.lab_server import open_notebook
from support.browser.shared_lab import window_of
from support.rounds.panel_round import open_round, prepare

pytestmark = pytest.mark.chromium
OFF_SCALE = ("85.5", "101", "abc", "-1", "+5", "085", "８５．５", "85分", "八十五")
LEAVES = ("Enter", "Tab", "ArrowDown", "click")
"""How a field is left."""
SOON, LATER = 120, 900  # milliseconds, this side and that of the 600 in which a key belongs back
LABEL = ".kp-advance input"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return open_round(tmp_path_factory.mktemp("entry"))


@pytest.fixture(scope="module")
def window(session, browser, lab):
    """The scoring page on a laptop of 768 lines, of which the browser leaves 633."""
    book = prepare("04_scoring.ipynb", session, member="M01")
    with window_of(browser, 1366, 633) as page:
        open_notebook(page, lab.page_of(book, mode="doc"))
        Member(page).declare()
        yield page


class Case:
    """One case on the screen, and what the ledger took of it since it was opened."""

    def __init__(self, page, session):
        self.page, self.session, self.since = page, session, session.ledger.head()[0]
        self.fields, self.keys = page.locator(".kp-mark"), page.keyboard

    def field(self, at):
        return self.fields.nth(at)

    def type(self, text):
        """Type with keys where there are any; other signs come as from an input method."""
        for sign in text:
            if sign.isascii() and not sign.isalpha():
                self.keys.press(sign)
            else:
                self.keys.insert_text(sign)

    def give(self, text, key="Enter"):
        """Type a mark, press the key that records it, wait until the ledger has it."""
        self.type(text)
        self.keys.press(key)
        Member(self.page).saved()

    def wrong(self, at=0):
        """What stands under a field."""
        return self.page.locator(".kp-wrong").nth(at).inner_text()

    def shows(self, *marks):
        """Whether the first fields show these, and the others nothing."""
        rest = ["未评"] * (self.fields.count() - len(marks))
        return shown(self.page) == [*marks, *rest]

    def focus(self):
        """Index of the mark that has the focus, -1 when none has."""
        return self.page.evaluate(
            "() => [...document.querySelectorAll('.kp-mark')].indexOf(document.activeElement)"
        )

    def taken(self):
        """Marks of every event of the case, oldest first, by the order of the criteria."""
        Member(self.page).saved()
        return self.events()

    def events(self):
        ids = self.fields.evaluate_all("nodes => nodes.map(node => node.dataset.question)")
        bodies = [event.body for event in self.session.ledger.events() if event.seq > self.since]
        return [
            {ids.index(name): mark for name, mark in body.scores.items()}
            for body in bodies
            if isinstance(body, ScoreGiven)
        ]


@pytest.fixture
def case(window, session):
    """A case without a mark, the first of its marks in focus; it is left so."""
    window.select_option(".kp-jump", "2")
    window.focus(".kp-mark")
    case = Case(window, session)
    assert case.shows()
    yield case
    window.select_option(".kp-jump", "2")
    for at, text in enumerate(shown(window)):
        if text == "未评":
            continue
        case.field(at).focus()
        window.keyboard.press("Escape")
        if case.field(at).input_value():
            case.field(at).fill("")
            window.keyboard.press("Enter")
    window.fill(".kp-comment", "")
    window.focus(".kp-case")
    Member(window).saved()


@pytest.fixture
def automatic(window):
    """The option by which a mark of two digits is committed by itself."""
    assert not window.is_checked(LABEL)
    window.check(LABEL)
    yield
    window.uncheck(LABEL)


def test_mark_is_recorded_by_enter_tab_and_a_click_elsewhere_and_not_before(case):
    case.type("85")
    case.page.wait_for_timeout(LATER)
    assert case.events() == [] and case.focus() == 0
    case.keys.press("Enter")
    assert case.taken() == [{0: 85}] and case.focus() == 1
    case.type("0")
    case.keys.press("Tab")
    assert case.taken()[1:] == [{0: 85, 1: 0}] and case.focus() == 2
    case.type("77")
    case.page.click("#kj-case-title")
    assert case.taken()[2:] == [{0: 85, 1: 0, 2: 77}]


@pytest.mark.parametrize("leave", LEAVES)
@pytest.mark.parametrize("given", [None, 85])
def test_what_is_not_on_the_scale_is_told_in_its_field_and_not_recorded(case, leave, given):
    recorded = [{0: given}] if given else []
    before = [str(given)] if given else []
    if given:
        case.give(str(given))
    turn = (LEAVES.index(leave) + bool(given)) % 2
    for text in OFF_SCALE[turn::2]:  # every text meets every way and either mark
        case.field(0).focus()
        case.type(text)
        if leave == "click":
            case.page.locator(".kp-name").nth(2).click()
        else:
            case.keys.press(leave)
        assert case.shows(text), text
        assert case.wrong().startswith("只能填 0—100 的整数"), text
        assert ("已记的仍是 85" in case.wrong()) == bool(given)
        assert case.field(0).get_attribute("aria-invalid") == "true"
        assert case.focus() == {"Enter": 0, "click": 2}.get(leave, 1)
        case.field(0).focus()
        case.keys.press("Escape")
        assert case.shows(*before) and case.wrong() == "", text
    case.field(1).focus()
    case.type("66")  # only what was meant is recorded
    case.keys.press("Enter")
    assert case.taken() == [*recorded, {**(recorded[0] if given else {}), 1: 66}]


def test_full_width_digits_are_the_same_mark(case):
    case.type("８５")
    case.keys.press("Enter")
    assert case.taken() == [{0: 85}] and case.shows("85")


def test_lone_digit_is_asked_about_when_the_field_is_left_and_recorded_by_enter_or_tab(case):
    for leave in ("ArrowDown", "click"):
        case.type("8")
        if leave == "click":
            case.page.click("#kj-case-title")
        else:
            case.keys.press(leave)
        assert case.shows("8") and case.wrong() == "8 分未记：确是 8 分请按 Enter"
        case.field(0).click()
        case.keys.press("Escape")
    case.give("8")
    case.give("9", "Tab")
    assert case.taken() == [{0: 8}, {0: 8, 1: 9}]


def test_emptied_mark_is_asked_about_when_the_field_is_left_and_cleared_by_enter(case):
    case.give("85")
    case.field(0).click()
    case.keys.press("Backspace")
    case.page.click("#kj-case-title")
    assert case.wrong() == "删空未记：改回未评请按 Enter；已记的仍是 85"
    case.field(0).click()
    case.keys.press("Enter")
    assert case.taken() == [{0: 85}, {}] and case.shows()


def test_what_stands_typed_waits_with_its_case_and_is_told(case, window):
    case.type("855")
    number = window.input_value(".kp-jump")
    window.keyboard.press("j")
    assert window.inner_text(".kp-queue") == "未保存 1 项" and case.shows()
    window.keyboard.press("k")
    assert window.input_value(".kp-jump") == number
    assert case.shows("855") and case.wrong().startswith("只能填")
    assert "“855”未保存" in window.inner_text(".kp-state") and case.events() == []
    case.keys.press("Escape")


def test_no_mark_goes_on_by_itself_unless_that_was_chosen(case):
    assert not case.page.is_checked(LABEL)
    case.type("100")
    case.page.wait_for_timeout(LATER)
    assert case.focus() == 0 and case.events() == []


def test_chosen_to_a_mark_goes_on_by_itself_when_no_digit_can_follow(case, automatic):
    case.field(0).click()
    case.type("85")
    assert case.focus() == 1
    case.page.wait_for_timeout(LATER)
    case.type("10")  # could become 100
    assert case.focus() == 1
    case.page.wait_for_timeout(LATER)
    case.type("0")
    assert case.focus() == 2
    case.page.wait_for_timeout(LATER)
    case.type("7")
    case.page.wait_for_timeout(LATER)
    assert case.focus() == 2
    case.type("0")
    case.page.locator(".kp-name").nth(4).click()
    assert case.taken() == [{0: 85}, {0: 85, 1: 100}, {0: 85, 1: 100, 2: 70}]


@pytest.mark.parametrize(("typed", "more"), [("85", ".5"), ("85", "5"), ("10", "1")])
def test_digit_or_stop_right_after_an_automatic_move_belongs_to_the_field_just_left(
    case, automatic, typed, more
):
    case.field(0).click()
    case.type(typed)
    case.page.wait_for_timeout(SOON)
    case.type(more)
    assert case.focus() == 0 and case.shows(typed + more)
    assert case.wrong().startswith("只能填")
    case.page.wait_for_timeout(LATER)
    assert case.events() == []  # not even for a moment
    case.keys.press("Escape")
    case.type("66")
    assert case.taken() == [{0: 66}]


def test_last_mark_that_goes_on_by_itself_leads_to_the_comment_it_owes(case, automatic):
    case.field(0).click()
    for mark in ("80", "81", "82", "83"):
        case.give(mark)
    assert case.focus() == 4
    case.type("98")
    assert case.page.evaluate("() => document.activeElement.matches('.kp-next')")
    case.page.wait_for_function("() => document.activeElement.matches('.kp-comment')")
    assert case.taken()[-1] == {0: 80, 1: 81, 2: 82, 3: 83, 4: 98}


def test_digit_later_than_that_belongs_to_the_next_field(case, automatic):
    case.field(0).click()
    case.type("85")
    case.page.wait_for_timeout(LATER)
    case.type("71")
    case.keys.press("Enter")  # the habit of one who types it after every mark: it skips nothing
    assert case.focus() == 2
    assert case.taken() == [{0: 85}, {0: 85, 1: 71}]


def test_whole_case_is_scored_by_mouse_alone(case, window):
    rows, page = window.locator(".kp-name"), window
    for at, level in enumerate(("良好", "突出", "一般", "不足", "良好")):
        rows.nth(at).click()
        title = rows.nth(at).locator("b").inner_text()
        assert page.inner_text(".kp-current") == f"当前项：{title}"
        page.click(f".kp-level:has-text('{level}')")
        assert page.locator(".kp-level[aria-pressed=true] b").inner_text() == level
    for sign, times in (("＋", 2), ("−", 1)):
        for _ in range(times):
            page.locator(f".kp-criterion:nth-child(2) .kp-step:has-text('{sign}')").click()
    assert case.shows("82", "93", "67", "52", "82")
    page.click(".kp-comment")
    page.locator(".kp-phrase").first.click()
    phrase = page.input_value(".kp-comment")
    number = page.input_value(".kp-jump")
    page.click(".kp-next")
    assert page.input_value(".kp-jump") != number
    Member(page).saved()
    assert case.events()[-1] == dict(enumerate([82, 93, 67, 52, 82]))
    assert phrase and Record(case.session, "M01").marks[1][number] == phrase


def test_level_of_a_mark_leaves_it_as_it_is(case, window):
    case.give("88")
    window.locator(".kp-name").nth(0).click()
    window.click(".kp-level:has-text('良好')")
    assert case.shows("88") and len(case.taken()) == 1
    window.click(".kp-level:has-text('一般')")
    assert case.taken() == [{0: 88}, {0: 67}]


def test_level_takes_the_place_of_what_stands_typed(case, window):
    case.type("101")
    window.click(".kp-level:has-text('突出')")
    assert case.taken() == [{0: 92}] and case.wrong() == ""


def test_button_held_down_goes_on_and_is_recorded_once_when_let_go(case, window):
    window.click(".kp-level:has-text('良好')")
    window.locator(".kp-step:has-text('−')").first.hover()
    window.mouse.down()
    window.wait_for_function("() => Number(document.querySelector('.kp-mark').value) < 79")
    assert case.events() == [{0: 82}]
    window.mouse.up()
    first, last = case.taken()
    assert first == {0: 82} and case.shows(f"{last[0]:g}") and last[0] < 79


def test_whole_case_is_scored_by_keyboard_alone(case, window):
    number = window.input_value(".kp-jump")
    for text, key in (("85", "Enter"), ("70", "Tab"), ("64", "ArrowDown")):
        case.give(text, key)
    case.keys.press("Alt+1")
    case.keys.press("Alt+=")
    case.keys.press("Enter")
    case.type("97")
    case.keys.press("Enter")
    assert window.evaluate("() => document.activeElement.matches('.kp-comment')")
    case.keys.press("Alt+1")
    case.keys.press("Escape")
    case.keys.press("n")
    assert window.input_value(".kp-jump") != number
    Member(window).saved()
    assert case.events()[-1] == dict(enumerate([85, 70, 64, 93, 97]))
    assert Record(case.session, "M01").marks[1][number]


def test_digits_typed_elsewhere_go_to_the_current_item_which_the_page_names(case, window):
    row = window.locator(".kp-name").nth(2)
    for place, text in (("#kj-case-title", "77"), (".kp-filter >> nth=0", "78")):
        row.click()
        window.click(place)
        assert case.focus() == -1
        assert window.inner_text(".kp-current") == f"当前项：{row.locator('b').inner_text()}"
        assert window.locator(".kp-criterion.current").count() == 1
        case.type(text[0])
        assert case.focus() == 2
        case.give(text[1])
    assert case.taken() == [{2: 77}, {2: 78}]


def test_digits_on_the_way_to_the_next_case_change_nothing(case, window):
    for at in range(5):
        case.give(f"7{at}")
    assert window.evaluate("() => document.activeElement.matches('.kp-next')")
    case.type("80")
    assert "本件已评完" in window.inner_text(".kp-state")
    assert case.shows("70", "71", "72", "73", "74") and len(case.events()) == 5


def test_later_tie_is_declared_from_the_page_and_added_and_what_was_begun_there_stays(
    window, session
):
    window.click(".kp-away")
    window.keyboard.insert_text("同门")
    window.click(".kp-more-ties")
    window.keyboard.insert_text("与某协会有合作")
    window.click(".kp-add-ties")
    window.wait_for_selector(".kp-ties .kp-state.saved")
    assert "与某协会有合作 （待裁定" in window.inner_text(".kp-own-ties")
    declared = [e.body for e in session.ledger.events() if isinstance(e.body, ConflictsDeclared)]
    assert [body.statement for body in declared] == ["", "与某协会有合作"]
    window.click(".kp-retract")
    window.keyboard.insert_text("记错了单位")
    window.click(".kp-retract-yes")
    window.wait_for_function(
        "() => document.querySelector('.kp-own-ties').innerText.includes('已撤回')"
    )
    (taken,) = [e.body for e in session.ledger.events() if isinstance(e.body, DeclarationWithdrawn)]
    assert (
        taken.reason == "记错了单位"
        and not build_packet(session.current_state(), "M01").declarations
    )
    window.keyboard.press("Escape")
    assert window.input_value(".kp-recusal input") == "同门"
    assert window.evaluate("() => document.activeElement.matches('.kp-more-ties')")
    window.focus(".kp-recusal input")
    window.keyboard.press("Escape")


@pytest.fixture
def ready(window, session):
    """The overview of a packet that may be sealed."""
    packet = build_packet(session.current_state(), "M01")
    for case in packet.incomplete_cases():
        scores = {criterion.id: 80.0 for criterion in packet.criteria(case)}
        session.record(ScoreGiven(member="M01", case=case, scores=scores), actor="M01")
    if packet.incomplete_cases():
        window.reload()
        window.wait_for_selector(".kp-mark")
    if not window.locator(".kp-mirror-page").count():
        window.click(".kp-mirror")
    window.wait_for_selector(".kp-seal:not([disabled])")
    return window


def sealed(session):
    return [event for event in session.ledger.events() if isinstance(event.body, PacketSealed)]


def test_enter_pressed_again_and_again_or_held_does_not_seal(ready, session):
    ready.keyboard.press("Escape")
    for _ in range(4):
        ready.focus(".kp-next")
        for _ in range(3):  # to the overview, and on
            ready.keyboard.press("Enter")
        ready.focus(".kp-seal")
        ready.keyboard.press("Enter")
        ready.keyboard.press("Enter")
        ready.keyboard.press("Escape")
        ready.keyboard.press("Escape")
    ready.click(".kp-mirror")
    ready.focus(".kp-seal")
    for _ in range(30):
        ready.keyboard.down("Enter")
    ready.keyboard.up("Enter")
    assert ready.locator(".ask").is_visible()
    ready.wait_for_timeout(LATER)
    assert sealed(session) == []
    ready.keyboard.press("Escape")


def test_double_click_does_not_seal(ready, session):
    ready.dblclick(".kp-seal")
    box = ready.locator(".kp-agree").bounding_box()
    ready.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ready.wait_for_timeout(LATER)
    assert sealed(session) == []
    if ready.locator(".ask").count():
        ready.click(".kp-cancel")
    assert sealed(session) == []


def test_sealing_restates_what_is_sealed_and_then_seals(ready, session):
    packet = build_packet(session.current_state(), "M01")
    commented = sum(bool(marks.comment) for marks in packet.scores.values())
    ready.click(".kp-seal")
    words = ready.inner_text(".ask p")
    assert words.startswith(f"{len(packet.cases)} 件已评完，{commented} 件有评语")
    ready.click(".kp-agree")
    ready.wait_for_selector(".kp-reopen")
    (event,) = sealed(session)
    assert event.body.digest == packet.digest()
    assert f"已封存 #{event.seq}" in ready.inner_text(".kp-mirror-page")


def test_console_is_clean(window):
    serious = [said for said in window.problems if not re.search("WebSocket|kernel", said, re.I)]
    assert serious == []
