"""Two windows, stale pages, reloads, busy kernels, and what a page and its server never hold."""

import json
import os
import re
import signal

import pytest

from kjfp_helpers.core.events import MemberRecused, ScoreGiven, SummaryAssessed
from kjfp_helpers.state.panel.packet_building import build_packet
from support.browser.keyboard import Member, Record, shown
from support.browser.lab_server import (
    ASKED_FOR_ITS_NAME,
    IDLE,
    kernel_process,
    open_notebook,
    watch,
)
from support.browser.shared_lab import window_of
from support.rounds.panel_round import PHONE, open_round, prepare

pytestmark = pytest.mark.chromium
OTHERS = "另一评委写的评语"
OPEN = "path => jupyterapp.commands.execute('docmanager:open', { path })"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("guards"))
    packet = build_packet(session.current_state(), "M02")
    case = next(iter(packet.cases))
    scores = {criterion.id: 97.0 for criterion in packet.criteria(case)}
    session.record(ScoreGiven(member="M02", case=case, scores=scores, comment=OTHERS), actor="M02")
    return session


@pytest.fixture(scope="module")
def record(session):
    return Record(session, "M01")


@pytest.fixture(scope="module")
def books(session):
    """The notebooks of the round, by their names."""
    names = ("00_start", "03_summaries")
    books = {name: prepare(f"{name}.ipynb", session) for name in names}
    return books | {"04_scoring": prepare("04_scoring.ipynb", session, member="M01")}


@pytest.fixture(scope="module")
def window(books, browser, lab):
    """One browser's windows, which share its storage; everything received is kept."""
    with window_of(browser) as page:
        page.received = received(page)
        open_notebook(page, lab.page_of(books["04_scoring"], mode="doc"))
        Member(page).declare()
        yield page


def received(page):
    """Keep every text that the server sends to a page."""
    texts = []

    def frame(body):
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        texts.append(re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text))

    def keep(response):
        if re.search(r"\.(js|css|woff2?|png|svg|map)(\?|$)", response.url):
            return
        try:
            texts.append(response.text())
        except Exception:  # a redirect or an aborted answer has no body
            return

    page.on("response", keep)
    page.on("websocket", lambda socket: socket.on("framereceived", frame))
    return texts


def test_a_busy_kernel_is_no_dead_kernel_and_does_not_hold_up_the_page(window):
    window.evaluate("""() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
      .requestExecute({code: 'import time; time.sleep(4)'}) }""")
    number = Member(window).number
    window.keyboard.press("j")
    assert Member(window).number != number
    window.wait_for_timeout(3200)
    assert not window.locator(".kp-cover").is_visible()
    window.keyboard.press("k")
    window.wait_for_timeout(1500)


def test_edits_that_were_not_acknowledged_survive_a_reload(window, record):
    process, member = kernel_process(window), Member(window)
    number = member.number
    os.kill(process, signal.SIGSTOP)
    try:
        member.type([81, 66])
        assert window.inner_text(".kp-state") == "正在保存…"
        assert record.marks[0] == {}
        window.wait_for_selector(".kp-cover", state="visible")
        window.reload()
    finally:
        os.kill(process, signal.SIGCONT)
    window.wait_for_selector(".kp-mark")
    member.saved()
    assert member.number == number and shown(window)[:2] == ["81", "66"]
    assert sorted(record.marks[0][number].values()) == [66, 81]
    kept = window.evaluate("() => Object.keys(localStorage).filter(key => /^kjfp:M01/.test(key))")
    assert kept == []


def test_second_window_only_reads_until_it_takes_over(window, lab, books, session):
    other = window.context.new_page()
    watch(other)
    other.goto(lab.page_of(books["04_scoring"], mode="doc"))
    other.wait_for_selector(".kp-takeover")
    head = session.ledger.head()
    other.focus(".kp-mark")
    Member(other).type([77])
    other.wait_for_timeout(300)
    assert session.ledger.head() == head
    other.click(".kp-takeover")
    other.click(".kp-agree")
    window.wait_for_selector(".kp-takeover")
    other.wait_for_selector(".kp-banner", state="hidden")
    other.close()
    window.wait_for_selector(".kp-banner", state="hidden")


def test_stale_page_overwrites_nothing_and_asks_which_mark_holds(window, session, record):
    member = Member(window)
    number = member.number
    case = next(case for case, key in record.numbers.items() if key == number)
    newer = ScoreGiven(member="M01", case=case, scores={"outcome": 61.0}, comment="在别处")
    session.record(newer, actor="M01")
    window.focus(".kp-mark")
    member.type([99])
    window.wait_for_selector(".kp-stale", state="visible")
    assert record.marks[0][number] == {"outcome": 61.0}
    window.click(".kp-stale button:has-text('采用已保存的评分')")
    member.saved()
    assert shown(window)[0] == "61"
    session.record(newer, actor="M01")
    window.focus(".kp-mark")
    member.type([84])
    window.wait_for_selector(".kp-stale", state="visible")
    window.click(".kp-stale button:has-text('以本页评分为准')")
    member.saved()
    assert record.marks[0][number]["outcome"] == 84.0


def test_recused_case_leaves_the_page(window, session):
    member = Member(window)
    number, label = member.number, window.inner_text("#kj-case-title")
    window.keyboard.press("r")
    window.keyboard.insert_text("同一单位")
    window.keyboard.press("Enter")
    member.confirm()
    window.wait_for_function(f"() => document.querySelector('.kp-jump').value !== '{number}'")
    assert label not in window.content()
    assert [event for event in session.ledger.events() if isinstance(event.body, MemberRecused)]


def test_parked_cases_are_found_by_the_filter(window):
    member = Member(window)
    number = member.number
    window.keyboard.press("p")
    assert member.number != number
    window.click(".kp-filter:has-text('搁置')")
    assert member.number == number
    window.click(".kp-filter:has-text('全部')")
    member.saved()


def test_two_cases_stand_side_by_side(window):
    for key in ("b", "j", "b", "v"):
        window.keyboard.press(key)
    assert window.locator(".kp-column").count() == 2
    window.keyboard.press("Escape")


def test_sheet_is_printed_with_packet_code_and_ledger_head(window, session):
    window.evaluate("() => { window.printed = 0; HTMLIFrameElement.prototype.print = () => 0 }")
    window.keyboard.press("m")
    window.click(".kp-print")
    frame = window.wait_for_selector("iframe.kp-sheet", state="attached")
    sheet = frame.get_attribute("srcdoc")
    code = build_packet(session.current_state(), "M01").code
    assert code in sheet and session.ledger.head()[1] in sheet
    window.keyboard.press("Escape")


def test_help_names_every_key(window):
    window.focus(".kp-mark")
    window.keyboard.press("?")
    words = window.inner_text(".kp-keys")
    assert all(key in words for key in ("撤回", "搁置", "回避", "评语"))
    window.keyboard.press("Escape")


def test_page_server_and_saved_notebook_hold_no_masked_word_and_nobody_else_s_mark(window, session):
    window.focus(".kp-mark")
    window.keyboard.press("Control+s")
    window.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    saved = (session.outputs / "workbook" / "04_scoring.ipynb").read_text()
    assert "widgets" not in json.loads(saved)["metadata"]
    storage = window.evaluate("() => JSON.stringify(localStorage)")
    texts = {
        "page": window.content(),
        "notebook": saved,
        "storage": storage,
        "server": "\n".join(window.received),
    }
    state = session.current_state()
    mine = build_packet(state, "M01").cases
    secret = (
        {PHONE, OTHERS}
        | {case.id for case in state.screening.cases}
        | {case.name for case in state.screening.cases}
    )
    secret |= {state.round.unit_by_code[case.unit].name for case in mine.values()}
    for place, text in texts.items():
        assert len(text) > 50
        assert {word for word in secret if word in text} == set(), place
    label = window.inner_text("#kj-case-title")
    assert any(label in text for text in window.received)  # the search does see the cases
    for text in ("果园", "深入贫困地区"):
        assert text not in saved


def test_reopened_page_holds_nothing_of_the_recused_case(window, session):
    window.received.clear()
    window.reload()
    window.wait_for_selector(".kp-mark")
    (gone,) = [
        event.body.case
        for event in session.ledger.events()
        if isinstance(event.body, MemberRecused)
    ]
    number = Record(session, "M01").numbers[gone]
    welcomes = [text for text in window.received if re.search('"type": ?"welcome"', text)]
    for welcome in welcomes:
        keys = re.findall(r'"key": ?"(\d+)"', welcome)
        assert len(keys) == 15 and number not in keys
    assert welcomes
    assert "/15" in window.inner_text(".kp-done")


def test_only_a_prepared_notebook_runs_by_itself(window, lab, books, session):
    book = json.loads(books["00_start"].read_text())
    elsewhere = session.outputs / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sent.ipynb").write_text(json.dumps(book))
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = [*cell["source"], "\nopen('run.txt', 'w')"]
    changed = books["00_start"].with_name("sent.ipynb")
    changed.write_text(json.dumps(book))
    other = window.context.new_page()
    other.goto(lab.page_of(changed, workspace="sent"))
    other.wait_for_function(IDLE)
    other.evaluate(OPEN, lab.place(elsewhere / "sent.ipynb"))
    other.wait_for_function(IDLE)
    other.wait_for_timeout(1500)
    assert other.locator(".jp-NotebookPanel").count() == 2
    assert other.locator(".kjfp-panel").count() == 0
    assert not changed.with_name("run.txt").exists()
    other.close()


def test_kernel_of_a_prepared_notebook_starts_once_while_lab_still_loads(window, lab, books):
    other, asked = window.context.new_page(), []
    other.on("request", lambda said: asked.append((said.method, said.url.split("?")[0])))
    other.goto(lab.page_of(books["00_start"], workspace="start"))
    other.wait_for_selector(".kjfp-panel")
    (start,) = [
        n for n, said in enumerate(asked) if said == ("POST", f"{lab.address}/api/sessions")
    ]
    assert start < asked.index(("GET", f"{lab.address}/lab/api/settings"))
    other.close()


def test_summaries_are_judged_by_keyboard_on_the_same_panel(window, lab, books, session):
    other = window.context.new_page()
    watch(other)
    other.goto(lab.page_of(books["03_summaries"], mode="doc"))
    other.wait_for_selector(".kp-choice")
    for key in ("Enter", "Enter", "2", "Enter", "Enter", "1"):
        other.keyboard.press(key)
    Member(other).saved()
    last = [e.body for e in session.ledger.events() if isinstance(e.body, SummaryAssessed)][-1]
    assert last.level == session.round.rubric.summary_levels[0]
    assert [last.heads[head.id] for head in session.round.notice.summary.heads] == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert other.problems == []
    other.close()


def test_console_is_clean(window):
    expected = f"WebSocket|kernel|{ASKED_FOR_ITS_NAME}|Comm not found"
    # the last: an answer to the page before a reload
    assert [said for said in window.problems if not re.search(expected, said, re.I)] == []
