"""The filled-in list of findings comes back into the queue: what is done, and nothing else."""

import shutil
from datetime import date

import pytest
from openpyxl import load_workbook

from kjfp_helpers import reports
from kjfp_helpers.commands.returned_lists.work_list_import import import_work_list
from kjfp_helpers.core.errors import PacketError
from kjfp_helpers.core.events import FindingReviewed
from kjfp_helpers.reports.office.registers import work_list
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary.work_queue import items_by_finding
from support.rounds.panel_round import close_with_screening
from support.rounds.queue_round import open_mail_round

pytestmark = pytest.mark.slow

FILLED = {
    "状态": "已办结",
    "办理结果": "已处理",
    "经办": "测试员",
    "办结日期": date(2020, 8, 20),
    "办理说明": "已与单位核对",
}


def ignore_progress(done, total):
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("work_list")
    close_with_screening(open_mail_round(root))
    return root


@pytest.fixture
def session(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    opened = RoundSession.open(tmp_path / "data" / "practice", tmp_path / "outputs" / "practice")
    yield opened
    opened.close()


def fill(session, path, rows, **values):
    """Fill in some open rows of the list as an office would; return their numbers."""
    reports.write_findings_workbook(session.current_state(), path)
    book = load_workbook(path)
    tab = book[work_list.SHEET]
    heads = {cell.value: cell.column for cell in tab[3]}
    items = {
        work_list.item_number(one): one
        for one in items_by_finding(session.current_state()).values()
    }
    numbers = []
    for row in range(4, tab.max_row + 1):
        if len(numbers) == rows:
            break
        number = tab.cell(row, heads["编号"]).value
        item = items.get(number)
        if item is None or item.done or item.kind in work_list.ELSEWHERE or number in numbers:
            continue
        for title, value in (FILLED | values).items():
            tab.cell(row, heads[title], value)
        numbers.append(number)
    book.save(path)
    return numbers


def done(session):
    items = items_by_finding(session.current_state()).values()
    return {work_list.item_number(item) for item in items if item.done}


def test_what_the_list_says_is_done_is_done_in_the_queue_and_counts_once(session, tmp_path):
    before = done(session)
    numbers = fill(session, tmp_path / "a.xlsx", 2)
    result = import_work_list(session, ignore_progress, file=tmp_path / "a.xlsx")
    assert result.made == len(numbers) == 2 and not result.failed
    assert done(session) == before | set(numbers)
    (*_, event) = session.ledger.events().of(FindingReviewed)
    assert event.body.reason == "已与单位核对（经办测试员，2020-08-20，据问题清单）"
    seq = session.ledger.events()[-1].seq
    assert import_work_list(session, ignore_progress, file=tmp_path / "a.xlsx").made == 0
    assert session.ledger.events()[-1].seq == seq


@pytest.mark.parametrize(
    ("title", "value"),
    [("经办", None), ("办结日期", "上周"), ("办理结果", "好"), ("办理说明", " ")],
)
def test_a_row_that_lacks_something_is_told_and_not_recorded(session, tmp_path, title, value):
    before = done(session)
    fill(session, tmp_path / "a.xlsx", 1, **{title: value})
    result = import_work_list(session, ignore_progress, file=tmp_path / "a.xlsx")
    assert result.made == 0 and len(result.failed) == 1 and title in result.failed[0]
    assert done(session) == before


def test_a_file_that_is_no_such_list_is_refused_in_words(session, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04no")
    for name in ("a.xlsx", "none.xlsx"):
        with pytest.raises(PacketError, match=name):
            import_work_list(session, ignore_progress, file=tmp_path / name)


def test_a_list_with_nothing_filled_in_records_nothing(session, tmp_path):
    fill(session, tmp_path / "a.xlsx", 0)
    result = import_work_list(session, ignore_progress, file=tmp_path / "a.xlsx")
    assert result.made == 0 and not result.failed
