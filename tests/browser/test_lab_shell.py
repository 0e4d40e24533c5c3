"""What JupyterLab does around the screens: opening, saving, leaving, menus, a lost connection."""

import json
import os
import re
import signal
import time

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from support.browser.cut_line import line_to
from support.browser.keyboard import Member, Record, reopen, shown
from support.browser.lab_server import IDLE, MOST, kernel_process, open_notebook
from support.browser.page_checks import FITS, install_node_tools, violations
from support.browser.shared_lab import window_of
from support.rounds.panel_round import open_round, prepare

pytestmark = pytest.mark.chromium
REPR = "<kjfp_helpers.panels.widgets.page_widget.PanelWidget object at 0x7f81459f9690>"
OVERVIEW = """() => {
  const { left, top, width, height } = document.querySelector('.kp-mirror-page').getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2).closest('.kp-cover') !== null;
}"""
COUNT_COVERS = """() => {
  window.covers = 0;
  const cover = document.querySelector('.kp-cover');
  new MutationObserver(() => { window.covers += !cover.hidden; }).observe(cover, { attributeFilter: ['hidden'] });
}"""
ASKED = re.compile(r"/api/kernels/[-\w]+(\?|$)")
"""What is asked of the server while a page is covered."""
COUNT_WIDGETS = """async () => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const code = "import comm; print([c.target_name for c in comm.get_comm_manager().comms.values()].count('jupyter.widget'))";
  const asked = kernel.requestExecute({ code, store_history: false });
  let said = '';
  asked.onIOPub = ({ content }) => { said += content.text ?? ''; };
  await asked.done;
  return Number(said);
}"""
LOST = "() => jupyterapp.serviceManager.sessions.refreshRunning().catch(() => 0)"


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """The signatures of another account."""
    return NotebookNotary(data_dir=str(tmp_path_factory.mktemp("other")))


@pytest.fixture(scope="module")
def session(tmp_path_factory, other):
    session = open_round(tmp_path_factory.mktemp("shell"))
    prepare("00_start.ipynb", session)
    prepare("01_intake.ipynb", session)
    path = prepare("04_scoring.ipynb", session, member="M01")
    store_output(path)
    other.sign(nbformat.read(path, as_version=4))
    return session


@pytest.fixture(scope="module")
def line(lab):
    with line_to(lab.address) as line:
        yield line


@pytest.fixture(scope="module")
def page_of(lab, line, session):
    """The address of a notebook of the round, by the line."""

    def page_of(path, **options):
        return lab.page_of(session.outputs / path, address=line.address, **options)

    return page_of


@pytest.fixture(scope="module")
def window(browser, page_of):
    """A member's small laptop screen, opened on a page that another account saved."""
    with window_of(browser, 1366, 633) as page:
        page.asked = []
        page.on("dialog", lambda dialog: (page.asked.append(dialog.type), dialog.accept()))
        open_notebook(page, page_of("workbook/04_scoring.ipynb"))
        yield page


@pytest.fixture(scope="module")
def record(session):
    return Record(session, "M01")


def store_output(path):
    """Leave in a notebook what an account's Lab saved: an output, a count, widget state."""
    book = json.loads(path.read_text("utf-8"))
    book["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    cell = [cell for cell in book["cells"] if cell["cell_type"] == "code"][-1]
    cell["execution_count"] = 9
    cell["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 9,
            "metadata": {},
            "data": {"text/plain": [REPR]},
        },
    ]
    path.write_text(json.dumps(book), "utf-8")


def give(page, *marks):
    """Type the first marks of the case on the screen and leave the last."""
    for number, mark in enumerate(marks):
        page.locator(".kp-mark").nth(number).focus()
        page.keyboard.type(str(mark))
    page.locator(".kp-mark").nth(len(marks)).focus()


def back(page, place):
    """Wait until the cover is gone and keys go where they went before."""
    page.wait_for_function(
        "place => document.querySelector('.kp-cover').hidden && document.activeElement.matches(place)",
        arg=place,
    )


def test_notebook_saved_under_another_account_opens_by_itself(window, session, other, lab):
    path = session.outputs / "workbook" / "04_scoring.ipynb"
    own = NotebookNotary(data_dir=str(lab.scratch / "jupyter_data_dir"))
    book = nbformat.read(path, as_version=4)
    assert other.check_signature(book) and not own.check_signature(book)
    Member(window).declare()
    assert window.locator(".kp-mark").count() == 5
    assert window.locator(".kjfp-bar").count() == 0 and REPR not in window.content()


def test_terminal_tells_the_address_and_nothing_of_the_server_s_log(lab):
    said = (lab.scratch / "lab.txt").read_text("utf-8").splitlines()
    page = lab.page_of(lab.start, address=lab.address.replace("127.0.0.1", "localhost"), mode="doc")
    assert f"请在浏览器打开：{page}" in said
    assert [text for text in said if "LabApp]" in text or "ServerApp]" in text] == []


def test_leaving_asks_nothing_once_all_is_saved(window):
    give(window, 77)
    Member(window).saved()
    window.reload()
    window.wait_for_selector(".kp-mark")
    assert window.asked == [] and shown(window)[0] == "77"


def test_leaving_asks_while_a_mark_is_not_acknowledged(window):
    process = kernel_process(window)
    os.kill(process, signal.SIGSTOP)
    try:
        give(window, 78)
        window.reload()
    finally:
        os.kill(process, signal.SIGCONT)
    assert window.asked == ["beforeunload"]
    window.wait_for_selector(".kp-mark")
    Member(window).saved()
    assert shown(window)[0] == "78"


def test_saving_never_asks_and_leaves_the_file_as_it_is(window, session):
    path = session.outputs / "workbook" / "04_scoring.ipynb"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")  # made again while the page is open
    before = path.read_bytes()
    window.focus(".kp-mark")
    window.keyboard.press("Control+s")
    window.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    window.wait_for_timeout(300)
    assert window.locator(".jp-Dialog").count() == 0 and path.read_bytes() == before


def test_right_click_brings_the_browser_s_own_menu(window):
    window.evaluate(
        "() => addEventListener('contextmenu', (event) => { window.clicked = event }, true)"
    )
    for place in (".kp-case", ".kp-mark", ".kp-head", ".jp-MarkdownCell"):
        window.locator(place).first.dispatch_event("contextmenu", {"bubbles": True, "button": 2})
        assert window.evaluate("() => !window.clicked.defaultPrevented")
    assert window.locator(".lm-Menu").count() == 0


@pytest.mark.parametrize("loss", ["cut", "freeze"])
def test_lost_line_is_told_by_the_page_alone_and_nothing_typed_is_lost(window, line, record, loss):
    member, process = Member(window), kernel_process(window)
    window.keyboard.press("n")
    os.kill(process, signal.SIGSTOP)
    give(window, 81, 66)
    getattr(line, loss)()
    os.kill(process, signal.SIGCONT)
    window.wait_for_selector(".kp-cover", state="visible")
    if loss == "cut":
        window.evaluate(LOST)  # at once what Lab would notice by and by
    window.wait_for_timeout(1500)
    words = window.inner_text(".kp-cover")
    assert "与服务器的连接中断" in words and "已中断" in words and "内核" not in words
    assert "您的 2 项评分已留在本机，连上后自动保存，请不要关闭本页。" in words
    assert window.locator(".jp-Dialog").count() == 0
    line.mend()
    back(window, ".kp-mark")
    give(window, 81, 66, 70)
    member.saved()
    assert shown(window)[:3] == ["81", "66", "70"]
    assert sorted(record.marks[0][member.number].values()) == [66, 70, 81]


def test_line_that_was_only_held_up_stops_the_member_once_and_an_open_dialog_stays(window, line):
    window.keyboard.press("m")
    window.focus(".kp-print")
    window.evaluate(COUNT_COVERS)
    with window.expect_request(ASKED):
        line.freeze()
    with window.expect_request(ASKED):
        pass  # the first was in vain
    assert window.evaluate(OVERVIEW)
    line.mend()
    back(window, ".kp-print")
    window.wait_for_timeout(2500)  # in which the line was laid anew
    assert window.evaluate("() => window.covers") == 1
    window.keyboard.press("Escape")
    back(window, ".kp-mark")


def test_line_that_lab_has_given_up_is_laid_again(window, line):
    line.cut()
    status = window.evaluate("""() => {
      const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
      kernel._reconnectAttempt = kernel._reconnectLimit; // as after two minutes
      kernel._reconnect();
      return kernel.connectionStatus;
    }""")
    assert status == "disconnected"
    line.mend()
    window.wait_for_selector(".kp-cover", state="hidden")


def test_stopped_server_that_comes_back_goes_on_where_the_page_was(
    window, line, lab, record, tmp_path
):
    member = Member(window)
    with lab.again(tmp_path) as address:
        first, line.target = line.target, int(address.rsplit(":", 1)[1])
        line.cut()  # the kernel is unknown to the server that answers from now on
        line.mend()
        reopen(window)
        give(window, 69)
        member.saved()
        assert 69 in record.marks[0][member.number].values()
    line.cut()
    line.target = first
    line.mend()


def test_secretary_s_screen_takes_no_input_while_the_line_is_lost(line, window, page_of):
    page = window.context.new_page()
    page.goto(page_of("workbook/01_intake.ipynb", workspace="queue"))
    page.wait_for_selector(".kj-reason input")
    page.wait_for_function(IDLE)
    line.freeze()
    page.fill(".kj-reason input", "已通知单位")  # the kernel never hears of it
    page.wait_for_timeout(500)
    line.cut()
    page.wait_for_selector(".kjfp-bar:has-text('与服务器的连接中断')")
    page.evaluate(LOST)
    page.wait_for_timeout(500)
    assert page.eval_on_selector(".kjfp-panel", "node => node.inert")
    assert page.locator(".jp-Dialog").count() == 0
    line.mend()
    page.wait_for_selector(".kjfp-bar", state="detached")
    page.wait_for_timeout(3000)
    assert page.input_value(".kj-reason input") == "已通知单位"
    page.locator(".kjfp-panel").dispatch_event("contextmenu", {"bubbles": True, "button": 2})
    assert page.locator(".lm-Menu").count() == 0
    page.close()


def test_changed_notebook_says_so_and_runs_when_told(window, page_of, session):
    book = json.loads((session.outputs / "workbook" / "00_start.ipynb").read_text("utf-8"))
    folder = session.outputs / "packets"
    folder.mkdir(exist_ok=True)
    book["cells"][2]["source"] = ["open('run.txt', 'w').close()\n", *book["cells"][2]["source"]]
    (folder / "M09.ipynb").write_text(json.dumps(book), "utf-8")
    store_output(folder / "M09.ipynb")
    page = window.context.new_page()
    page.goto(page_of("packets/M09.ipynb", mode="doc"))
    page.wait_for_selector(".kjfp-bar")
    page.wait_for_function(IDLE)
    assert "被改动过，没有自动打开" in page.inner_text(".kjfp-bar")
    assert "重新备好评分笔记本" in page.inner_text(".kjfp-bar") and REPR not in page.content()
    assert not (folder / "run.txt").exists()
    page.click(".kjfp-bar button")
    page.wait_for_selector(".kjfp-panel")
    assert (folder / "run.txt").exists() and page.locator(".kjfp-bar").count() == 0
    page.evaluate("""() => {
      const { content, context } = jupyterapp.shell.currentWidget;
      content.model.cells.get(1).sharedModel.setSource('round_dir = "elsewhere"');
      return context.save();
    }""")
    saved = json.loads((folder / "M09.ipynb").read_text("utf-8"))
    assert 'round_dir = "elsewhere"' in "".join(saved["cells"][1]["source"])
    assert [cell for cell in saved["cells"] if cell.get("outputs")] == []
    assert "widgets" not in saved["metadata"]
    page.close()


SCREENS = [
    (1366, 633, 0),
    (800, 1000, 0),
    (911, 512, 0),
    (1366, 633, 2),
]  # width, height, A＋ pressed


@pytest.mark.node
@pytest.mark.slow
def test_a_packet_stands_by_itself_fits_every_screen_and_says_what_keys_do(
    window, page_of, session, tmp_path_factory
):
    modules = install_node_tools(tmp_path_factory.mktemp("node"))
    book = (session.outputs / "workbook" / "04_scoring.ipynb").read_text("utf-8")
    (session.outputs / "packets").mkdir(exist_ok=True)
    (session.outputs / "packets" / "M02.ipynb").write_text(book.replace("'M01'", "'M02'"), "utf-8")
    page = window.context.new_page()
    page.set_viewport_size({"width": 1366, "height": 633})
    page.goto(page_of("packets/M02.ipynb"))
    page.wait_for_url("**/doc/tree/**")
    page.wait_for_selector(".kp-declare")
    page.wait_for_selector("#kjfp-splash", state="detached")
    assert violations(page, modules) == []
    Member(page).declare()
    page.wait_for_selector(".kj-read")
    assert page.locator(".kp").bounding_box() == {"x": 0, "y": 0, "width": 1366, "height": 633}
    assert (
        page.locator(".jp-SideBar:visible, .lm-MenuBar:visible, .jp-Toolbar:visible").count() == 0
    )
    for width, height, larger in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.focus(".kp-mark")
        for _ in range(larger):
            page.keyboard.press("]")
        page.wait_for_timeout(300)
        assert page.evaluate(FITS) == [], (width, height, larger)
    page.keyboard.press("b")
    assert "选入对比（共 1 件）" in page.inner_text(".kp-said.on")
    page.focus(".kp-comment")
    page.keyboard.type("bjm")
    assert page.input_value(".kp-comment") == "bjm" and "1" in page.inner_text(".kp-compare")
    for theme in ("Dark", "Light"):
        page.evaluate(
            f"() => jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
        )
        page.wait_for_selector(
            f"body[data-jp-theme-light={str(theme == 'Light').lower()}]", state="attached"
        )
        for key in ("", "?", "v", "m"):
            page.focus(".kp-mark")
            if key:
                page.keyboard.press(key)
                page.wait_for_selector("dialog[open]")
            assert violations(page, modules) == [], (theme, key)
            page.keyboard.press("Escape")
    page.close()


def test_links_between_screens_are_addresses_and_back_leads_back(window, page_of):
    page = window.context.new_page()
    page.goto(page_of("workbook/00_start.ipynb", mode="doc"))
    page.click(".kjfp-panel a[href*='01_intake']")
    page.wait_for_url("**/01_intake.ipynb")
    page.wait_for_selector(".kj-reason input")
    page.go_back()
    page.wait_for_url("**/00_start.ipynb")
    page.wait_for_selector(".kjfp-panel a[href*='01_intake']")
    page.close()


@pytest.mark.slow
def test_a_page_opened_again_shows_its_table_and_the_kernel_keeps_one_page_s_widgets(
    browser, page_of
):
    with window_of(browser, 1366, 633) as page:
        counts = []
        for _ in range(3):
            open_notebook(page, page_of("workbook/00_start.ipynb"))
            page.wait_for_selector(".kt tbody tr[data-row]")
            counts.append(page.evaluate(COUNT_WIDGETS))
        end = time.monotonic() + MOST
        while counts[-1] != counts[0] and time.monotonic() < end:  # they go a second after the page
            page.wait_for_timeout(200)
            counts.append(page.evaluate(COUNT_WIDGETS))
        assert counts[0] > 0 and counts[-1] == counts[0]
        assert page.problems == []
