"""A table of 240 rows by mouse and by keyboard, and a written page with and without its script."""

import io

import openpyxl
import pytest

from kjfp_helpers.panels.tables.data_table import DataTable
from kjfp_helpers.panels.widgets.html_templates import Column
from kjfp_helpers.reports.office.decision.decision_workbook_page import write_html_page
from kjfp_helpers.reports.office.writers.xlsx_writer import COUNT_FORMAT, Sheet
from kjfp_helpers.reports.office.writers.xlsx_writer import Column as Written
from support.browser.shared_lab import window_of
from support.browser.table_page import mount_table
from support.rounds.panel_round import open_round

pytestmark = pytest.mark.chromium
COLUMNS = (
    Column("name", "单位", heading=True),
    Column("state", "状态", "chip"),
    Column("figure", "人数", "count"),
    Column("story", "说明"),
)
SLOW = "第6协会"
"""The row whose detail never arrives."""
STATES = ("未报送", "已收到", "逾期")
ROWS = [
    {
        "name": f"第{at + 1}协会",
        "state": STATES[at % 3],
        "figure": (at * 37) % 240,
        "story": "很长的说明" * (at % 7),
    }
    for at in range(240)
]


@pytest.fixture
def page(browser, tmp_path):
    table = DataTable(
        open_round(tmp_path),
        "名册",
        COLUMNS,
        filters={"状态": "state"},
        on_open=lambda row: None if row["name"] == SLOW else (row["name"], detail(row)),
        on_act=lambda row, _: page.acted.append(row["name"]),
        total=lambda rows: {"figure": sum(row["figure"] for row in rows)},
    )
    table.show(ROWS)
    with window_of(browser, 800, 700) as page:
        page.acted = []
        page.again = mount_table(page, table)
        yield page
        assert page.problems == []


def detail(row):
    return f"人数 {row['figure']} <button data-act='back'>撤销…</button>"


def names(page):
    return page.locator(".kt tbody tr[data-row] .kt-heading").all_inner_texts()


def total(page):
    return int(page.locator(".kt tfoot td").nth(2).inner_text().replace(",", ""))


def exported(page, act):
    with page.expect_download() as saved:
        act()
    sheet = openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes())).active
    return [row[0].value for row in sheet.iter_rows(min_row=4)]


def test_by_mouse_rows_are_sorted_narrowed_searched_opened_and_saved(page):
    head = page.locator("th", has_text="人数")
    head.click()
    assert head.get_attribute("aria-sort") == "ascending" and names(page)[0] == "第1协会"
    head.click()
    largest = max(ROWS, key=lambda row: row["figure"])
    assert head.get_attribute("aria-sort") == "descending" and names(page)[0] == largest["name"]
    assert len(names(page)) < 100  # the others wait below
    page.locator(".kt-chip", has_text="逾期 80").click()
    late = [row for row in ROWS if row["state"] == "逾期"]
    page.wait_for_function(
        "sum => document.querySelector('tfoot').textContent.replace(',', '').includes(sum)",
        arg=str(sum(row["figure"] for row in late)),
    )
    page.fill(".kt input", "第1")
    kept = [row["name"] for row in late if row["name"].startswith("第1")]
    assert sorted(names(page)) == sorted(kept) and f"{len(kept)} / 240 行" in page.inner_text(
        ".kt-bar"
    )
    assert exported(page, page.locator("button", has_text="导出").click) == names(page)
    page.locator(".kt-open").first.click()
    first = next(row for row in ROWS if row["name"] == names(page)[0])
    page.wait_for_selector(f"dialog:has-text('人数 {first['figure']}')")
    page.click("dialog >> text=下一行")
    page.wait_for_selector(f"dialog h3:has-text('{names(page)[1]}')")
    page.click("dialog >> text=关闭")
    page.click("text=取消筛选")
    page.wait_for_function("() => document.querySelector('.kt-count').textContent === '240 行'")


def test_by_keyboard_rows_are_sorted_narrowed_searched_opened_and_saved(page):
    press = page.keyboard.press
    press("Tab")
    page.keyboard.type("第2")
    press("Tab")
    press("Enter")
    kept = [row["name"] for row in ROWS if "第2" in row["name"] and row["state"] == "未报送"]
    assert sorted(names(page)) == sorted(kept)
    for _ in range(4):
        press("Tab")
    assert exported(page, lambda: press("Enter")) == names(page)
    press("Tab")
    press("ArrowDown")
    press("ArrowUp")
    for _ in "12":
        press("ArrowRight")
    press("Enter")
    figures = {row["name"]: row["figure"] for row in ROWS}
    assert names(page) == sorted(kept, key=figures.get)
    press("ArrowDown")
    press("ArrowDown")
    press("Enter")
    page.wait_for_selector(f"dialog h3:has-text('{names(page)[1]}')")
    press("ArrowRight")
    page.wait_for_selector(f"dialog h3:has-text('{names(page)[2]}')")
    press("Escape")
    press("End")
    assert page.evaluate("document.activeElement.textContent").startswith(names(page)[-1])


def test_what_was_chosen_stays_when_the_kernel_sends_other_rows(page):
    head = page.locator("th", has_text="人数")
    head.click()
    page.locator(".kt-chip", has_text="逾期 80").click()
    page.again([row for row in ROWS if row["figure"] < 60])
    page.wait_for_selector(".kt-count:has-text('/ 60 行')")
    late = [row for row in ROWS if row["figure"] < 60 and row["state"] == "逾期"]
    assert names(page) == [row["name"] for row in sorted(late, key=lambda row: row["figure"])]
    assert head.get_attribute("aria-sort") == "ascending"


def test_button_of_a_detail_acts_on_the_row_shown_and_a_late_detail_opens_nothing(page):
    page.locator(".kt-open").nth(4).click()
    page.click("dialog >> text=下一行")  # whose detail does not arrive
    page.evaluate("window.tellPage({type: 'detail', edition: 1, row: 9, title: '迟到', html: ''})")
    assert page.inner_text("dialog h3") == "第5协会"
    page.click("dialog >> text=撤销…")
    page.wait_for_function("!document.querySelector('dialog').open")
    page.evaluate("window.tellPage({type: 'detail', edition: 1, row: 5, title: '迟到', html: ''})")
    assert page.acted == ["第5协会"] and not page.locator("dialog").is_visible()


def test_what_is_typed_and_the_open_detail_stay_when_rows_change(page):
    page.fill(".kt input", "第1")
    page.evaluate("document.querySelector('.kt input').kept = true")
    page.again([{**row, "figure": row["figure"] + 1} for row in ROWS])
    assert page.evaluate("document.activeElement.kept && document.activeElement.value") == "第1"
    page.locator(".kt-open").first.click()
    page.wait_for_selector("dialog h3:has-text('第1协会')")
    page.again([{"name": "新来的协会", "state": "逾期", "figure": 7, "story": ""}, *ROWS])
    page.wait_for_selector("dialog:has-text('人数 0')")
    page.click("dialog >> text=撤销…")
    page.wait_for_function("!document.querySelector('dialog').open")
    assert page.acted == ["第1协会"]
    page.locator(".kt-open").first.click()
    page.wait_for_selector("dialog h3:has-text('第1协会')")
    page.again(ROWS[1:])
    page.wait_for_function("!document.querySelector('dialog').open")


def test_the_last_of_many_rows_is_reached_and_stays_at_its_place(page):
    page.focus(".kt-scroll")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    last = page.locator("tr:focus")
    assert "第240协会" in last.inner_text()
    box, foot = last.bounding_box(), page.locator("tfoot").bounding_box()
    assert abs(box["y"] + box["height"] - foot["y"]) < 3
    for press in range(239):
        page.keyboard.press("ArrowUp")
        assert f"第{239 - press}协会" in page.locator("tr:focus").inner_text()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "shortlist.html"
    listed = [
        Written("result", "结果"),
        Written("name", "名称"),
        Written("n", "份数", COUNT_FORMAT),
    ]
    traced = [Written("case", "个案"), Written("name", "名称"), Written("said", "内容")]
    rows = [
        {"result": ("入围", "候补")[at % 2], "name": f"第{at}人", "n": 30 - at, "case": f"P{at}"}
        for at in range(30)
    ]
    steps = [{**row, "said": f"{row['name']}的来件{step}"} for row in rows for step in "甲乙"]
    sheets = [
        Sheet("名单", "名单", listed, rows),
        Sheet("追溯", "追溯", traced, steps, page_break_key="case"),
    ]
    write_html_page(path, sheets, title="演练", rehearsal=True, amendments=(), stamp="")
    return path


@pytest.fixture
def reader(browser, script):
    """A window in which scripts run or not."""
    with window_of(browser, 800, 700) as page:
        tool = browser.new_cdp_session(page)
        tool.send("Emulation.setScriptExecutionDisabled", {"value": not script})
        yield page


@pytest.mark.parametrize("script", [False, True])
def test_a_written_page_is_complete_without_its_script_and_asks_for_nothing(
    reader, written, script
):
    page = reader
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written.as_uri())
    assert asked == [written.as_uri()]
    assert page.locator("table").first.locator("tbody tr:not(.kt-room)").count() == 30
    fold = page.locator("details").nth(7)
    assert not fold.locator("table").is_visible()
    fold.locator("summary").click()
    assert fold.locator("td").all_inner_texts() == ["第7人的来件甲", "第7人的来件乙"]
    assert page.locator(".kt").count() == int(script) and page.problems == []
    if script:
        page.click(".kt-chip:has-text('候补 15')")
        page.click("th:has-text('份数')")
        rows = page.locator(".kt tbody tr:not(.kt-room)").all_inner_texts()
        assert len(rows) == 15 and "第29人" in rows[0] and "第1人" in rows[-1]
        with page.expect_download() as saved:
            page.click("text=导出为 xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes())).active
        assert sheet.max_row == 16 and [cell.value for cell in sheet[2]] == ["候补", "第29人", 1]
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 27)"
        page.emulate_media(media="print")
        assert not page.locator(".kt-bar").is_visible()
