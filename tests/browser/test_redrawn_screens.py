"""A screen of ipywidgets that its kernel draws anew, in a page by itself: keys go where they went before."""

import pytest

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules
from kjfp_helpers.panels.widgets.screen_frame import HERE
from support.browser.shared_lab import window_of

pytestmark = pytest.mark.chromium
PAGE = """<!doctype html><input id="elsewhere"><div id="cell" tabindex="0"><main class="kjfp-panel"><i id="guard"></i><div id="part">
  <b role="tab" tabindex="-1">表</b><button>办理</button><button class="a">办理</button><input aria-label="理由"></div></main></div>"""
MOUNT = """async (script) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const model = { on() {}, off() {}, send() {} };
  widget.render({ model, el: document.querySelector("#guard") });
}"""
REDRAW = """(later) => {
  const part = document.querySelector("#part"), html = part.innerHTML;
  part.innerHTML = "";
  if (later) setTimeout(() => { part.innerHTML = html; }, 100);
  else part.innerHTML = html;
}"""
HAS_FOCUS = "place => document.activeElement === document.querySelector(place)"


@pytest.fixture(scope="module")
def window(browser):
    with window_of(browser) as page:
        yield page


@pytest.fixture
def page(window):
    window.set_content(PAGE)
    window.evaluate(MOUNT, bundle_modules(HERE / "page" / "keyGuard.js"))
    window.wait_for_selector("[data-guarded]")
    return window


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("place", [".a", "#part input"])
def test_control_that_is_drawn_anew_keeps_the_focus(page, place, later):
    page.focus(place)
    page.evaluate(REDRAW, later)
    page.wait_for_function(HAS_FOCUS, arg=place)


def test_focus_of_a_control_that_is_gone_stays_on_the_screen(page):
    page.focus(".a")
    page.evaluate("document.querySelector('.a').remove()")
    page.wait_for_function("document.querySelector('.kjfp-panel').contains(document.activeElement)")


def test_focus_that_the_person_took_elsewhere_stays_there(page):
    page.focus(".a")
    page.focus("#elsewhere")
    page.evaluate(REDRAW, True)
    page.wait_for_selector(".a")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate(HAS_FOCUS, "#elsewhere")


@pytest.mark.parametrize(("place", "focused"), [("[role=tab]", "[role=tab]"), ("p", ".kjfp-panel")])
def test_click_on_a_tab_or_on_text_leaves_the_focus_on_no_cell(page, place, focused):
    page.evaluate("document.querySelector('#part').append(document.createElement('p'))")
    page.focus("#cell")
    page.eval_on_selector(place, "node => node.click()")
    page.wait_for_function(HAS_FOCUS, arg=focused)
