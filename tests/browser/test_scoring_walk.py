"""A member scores in a real browser; the mark is in the ledger and no key touches the cell."""

import re

import pytest
from lab_server import ARGUMENTS, open_notebook, running_lab
from panel_round import open_round, prepare

from kjfp_helpers.events import MarkGiven

pytestmark = pytest.mark.chromium
NOTEBOOK = "outputs/practice/workbook/04_scoring.ipynb"
CELLS = """() => window.jupyterapp.shell.currentWidget.content.model.cells.length"""
RUNS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .map(cell => cell.model.executionCount ?? cell.model.type)"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return open_round(tmp_path_factory.mktemp("walk"))


@pytest.fixture(scope="module")
def page(desk, chromium, tmp_path_factory):
    from playwright.sync_api import sync_playwright

    root = desk.outputs.parents[1]
    prepare("00_start.ipynb", desk)
    prepare("04_scoring.ipynb", desk, member="M01")
    with (
        pytest.MonkeyPatch.context() as patch,
        sync_playwright() as playwright,
    ):
        patch.setenv("KJFP_HOME", str(root))
        with running_lab(desk, root, tmp_path_factory.mktemp("lab")) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.problems = []
            page.on(
                "console",
                lambda said: page.problems.append(said.text) if said.type == "error" else None,
            )
            open_notebook(page, address, NOTEBOOK)
            yield page
            browser.close()


def test_lab_speaks_chinese(page):
    assert "运行" in page.inner_text("#jp-MainMenu")


def test_page_shows_the_form_alone_with_all_five_marks_in_view(page):
    assert not page.locator(".jp-InputPlaceholder").first.is_visible()
    tall = "e => e.scrollHeight > e.clientHeight"
    assert not page.eval_on_selector(".kj-criteria", tall)
    top, bottom = (page.locator(where).first.bounding_box() for where in (".kj-mark", ".kj-save"))
    assert top["y"] > 0 and bottom["y"] + bottom["height"] < 900


def test_levels_are_spelt_out_for_the_mark_being_given(page):
    words = page.locator(".kj-levels").nth(1).locator("span").first
    assert not words.is_visible()
    page.locator(".kj-mark input").nth(1).focus()
    assert words.is_visible()


def test_marks_given_in_the_browser_are_in_the_ledger(page, desk):
    boxes = page.locator(".kj-mark input")
    given = ["80", "85", "90", "75", "70"]
    for place, mark in enumerate(given):
        boxes.nth(place).fill(mark)
    page.wait_for_selector(".kj-saving .dirty")
    page.wait_for_selector(".kj-sum b")
    page.click(".kj-save")
    saved = page.wait_for_selector(".kj-saving .saved").inner_text()
    number = int(re.fullmatch(r"已保存 #(\d+)", saved)[1])
    event = next(event for event in desk.ledger.events() if event.seq == number)
    assert isinstance(event.body, MarkGiven)
    assert sorted(event.body.scores.values()) == sorted(map(float, given))


def test_next_unscored_case_is_empty_and_blind(page):
    page.click("button:has-text('下一件未评')")
    page.wait_for_selector(".kj-saving .idle")
    assert [box.input_value() for box in page.locator(".kj-mark input").all()] == [""] * 5
    assert "◯◯" in page.inner_text(".kj-card-pane")
    assert not re.search(r"测试县|河北|13800000000", page.inner_text(".kjfp-panel"))


@pytest.mark.parametrize("where", [".kj-save", ".kj-tools button:enabled", ".kj-card-pane"])
def test_keys_pressed_in_the_form_never_touch_the_cell(page, where):
    cells, runs = page.evaluate(CELLS), page.evaluate(RUNS)
    page.click(where, position={"x": 5, "y": 5}) if where == ".kj-card-pane" else page.focus(where)
    for key in ("d", "d", "x", "j", "k", "a", "b", "m", "z", "Control+Enter", "Shift+Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.evaluate(CELLS) == cells
    assert page.evaluate(RUNS) == runs
    assert page.locator(".kjfp-panel").count() == 1


def test_running_again_comes_back_to_the_unscored_case(page, desk):
    before = len(desk.ledger.events())
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function("() => document.querySelectorAll('.kj-done').length === 1")
    page.wait_for_selector("text=已评 1/16")
    assert "个人 02 号" in page.inner_text(".kj-card-pane")
    assert len(desk.ledger.events()) == before


def test_nothing_scrolls_sideways_and_the_console_is_clean(page):
    wide = "e => e.scrollWidth > e.clientWidth"
    assert not page.eval_on_selector(".kjfp-panel", wide)
    assert page.problems == []
