"""The start page: what to do next, run in place, refreshed by itself."""

import time

import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.errors import LedgerError
from kjfp_helpers.core.events import SpotCheckDrawn
from kjfp_helpers.infra.output_lock import HOLDER_FILE, output_lock
from kjfp_helpers.infra.page_commands.run_record import RUNS_FOLDER, end_record, start_record
from kjfp_helpers.panels.start.command_run import CommandRun, Progress
from kjfp_helpers.panels.start.start_page import PageRefresher
from kjfp_helpers.panels.start.step_list import STEP_BY_COMMAND
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary.progress.assessment_step import ASSESS
from kjfp_helpers.state.secretary.progress.material_steps import MAKE_STOCKTAKE
from kjfp_helpers.state.secretary.progress.review_steps import (
    ARCHIVE,
    REGENERATE,
    SHORTLIST,
    VERIFY,
)
from kjfp_helpers.state.secretary.progress.round_progress import list_steps
from support.pages.widget_tree import button, everything, text, tick
from support.rounds.panel_round import open_round

TITLES = "收件 盘点 抽查 考核 资格 分派 评分 会议 公示 异议 决定 展览 归档".split()


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path)


@pytest.fixture
def page(session):
    return panels.show_start(session)


def test_all_steps_of_the_year_stand_in_order_with_a_link_each(page):
    words = text(page)
    places = [words.index(f'.ipynb">{title}</a>') for title in TITLES]
    assert places == sorted(places)


def test_what_another_person_recorded_is_shown_at_the_next_look(session, page):
    assert "个单位</a>" not in text(page)
    session.record(SpotCheckDrawn(units=("13",), seed="1"))
    tick(page)
    assert "1 个单位</a>" in text(page)


def test_a_look_that_failed_says_why_and_is_repeated(session, page, monkeypatch):
    def fail(**_):
        raise LedgerError("台账", expected="可读", found="读不出", advice="稍候")

    session.record(SpotCheckDrawn(units=("13",), seed="1"))
    with monkeypatch.context() as patch:
        patch.setattr(session, "current_state", fail)
        tick(page)
        assert "读不出" in text(page) and "个单位</a>" not in text(page)
    tick(page)
    assert "读不出" not in text(page) and "1 个单位</a>" in text(page)


def test_a_screen_reader_hears_each_step_of_a_command_once(page, monkeypatch):
    refresher = next(one for one in everything(page) if isinstance(one, PageRefresher))
    heard = []
    refresher.observe(lambda change: heard.append(change.new), "spoken")
    monkeypatch.setattr(CommandRun, "is_running", True)
    for title, done in (("读取", 1), ("读取", 2), ("报告", 1), ("报告", 9)):
        told = Progress(title=title, done=done, total=9, left="1")
        monkeypatch.setattr(CommandRun, "progress", lambda _, told=told: told)
        tick(page)
        assert f"{done}/9" in text(page)
    assert heard == ["正在办理：读取", "正在办理：报告"]
    assert 'role="status"' not in text(page)


def test_round_without_mail_says_what_to_do(session):
    session.received.file.unlink()
    page = panels.show_start(RoundSession.open(session.round.folder, session.outputs))
    assert "下一步：收件" in text(page) and button(page, "登记来件").button_style == "primary"


def test_mail_put_into_the_inbox_is_what_comes_next(session, page):
    session.round.inbox.mkdir(exist_ok=True)
    (session.round.inbox / "后到.eml").write_bytes(b"Subject: x\n\n")
    tick(page)
    assert "下一步：收件" in text(page) and "个新来件未登记" in text(page)


def test_next_step_is_the_check_until_it_was_made(session, page):
    assert "下一步：盘点" in text(page)


def test_scoring_is_done_only_when_sealed_signed_and_closed(session, page):
    assert "未封存" in text(page) and "未收签字表" in text(page) and "评分未截止" in text(page)


def test_freezing_the_rules_asks_first_and_can_be_dropped(session, page):
    started = session.outputs / RUNS_FOLDER
    button(page, "补充分派").click()
    assert "已有的分派不变" in text(page) and not started.exists()
    button(page, "取消").click()
    button(page, "确认办理").click()
    assert not started.exists()


@pytest.mark.slow
def test_a_command_runs_in_place_and_tells_how_it_ended(session, page):
    button(page, "核对材料").click()
    assert "正在办理" in text(page) and button(page, "登记来件").disabled
    end = time.monotonic() + 60
    while button(page, "登记来件").disabled and time.monotonic() < end:
        time.sleep(0.2)
        tick(page)  # a process that told how it ended may not be gone yet
    assert "正在办理" not in text(page) and "✓ 检查" in text(page)
    assert not button(page, "登记来件").disabled
    later = text(panels.show_start(session))
    assert later.count("✓ 检查") == 2 and "上次核对材料" in later and "演练秘书" in later


def test_every_page_sees_a_command_that_takes_no_lock_and_how_it_ended(session, page):
    record = start_record(session.outputs, "verify", "核验全部结果", "秘书甲")
    tick(page)
    assert "另一处正在运行：“核验全部结果”" in text(page) and button(page, "登记来件").disabled
    assert "进行中</span> 核验全部结果，秘书甲" in text(page)
    end_record(record, 1, ["✗ 核验：有出入", "请在页上办理（命令：--confirm 文号 --by 甲）"])
    tick(page)
    assert "✗ 核验：有出入" in text(page) and "没有办完" in text(page) and "秘书甲" in text(page)
    assert 'class="kj-last bad" open' in text(page), "what failed is told beside its button"
    assert "请在页上办理" in text(page) and "--confirm" not in text(page)


def test_the_next_act_of_another_role_names_who_may_run_it(session, monkeypatch):
    roles = "user,role,name\njiancha,纪检,测试纪检\nmishu,秘书,测试秘书\n"
    (session.round.folder / "roles.csv").write_text(roles, "utf-8")
    monkeypatch.setenv("KJFP_REHEARSE_AS", "jiancha")
    page = panels.show_start(RoundSession.open(session.round.folder, session.outputs))
    assert "下一步：盘点" in text(page) and "由秘书办理。" in text(page)
    assert not [one for one in everything(page) if getattr(one, "description", "") == "核对材料"]


def test_while_another_command_holds_the_lock_nothing_can_be_started(session, page):
    with output_lock(session.outputs, "名单", "秘书甲"):
        tick(page)
        assert "另一处正在运行：“名单”" in text(page) and button(page, "登记来件").disabled
    tick(page)
    assert "另一处" not in text(page) and not button(page, "登记来件").disabled


def test_what_a_killed_command_left_behind_holds_nothing_up(session, page):
    with output_lock(session.outputs, "名单", "秘书甲"):
        held = (session.outputs / HOLDER_FILE).read_text("utf-8")
    gone = held.rpartition(" ")[0] + " 4194304"
    (session.outputs / HOLDER_FILE).write_text(gone, "utf-8")
    tick(page)
    assert "另一处" not in text(page)


def test_scoring_without_a_member_lists_the_pages_and_opens_nobodys(session):
    words = text(panels.show_scoring(session))
    assert "../packets/M01.ipynb" in words
    assert not [one for one in everything(panels.show_scoring(session)) if hasattr(one, "handler")]


def test_every_command_of_a_step_is_told_at_a_step_after_it_ran(session):
    steps = list_steps(session, session.current_state())
    commands = [one for step in steps for one in (step.command, *step.further) if one]
    commands += [REGENERATE, SHORTLIST, ARCHIVE, VERIFY, ASSESS, MAKE_STOCKTAKE]
    titles = {step.title for step in steps}
    assert {STEP_BY_COMMAND[one.words[0]] for one in commands} <= titles
