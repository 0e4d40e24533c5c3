"""The tab of the meeting: what is recorded there is in the ledger, a trial is not."""

import pytest
from ipywidgets import Checkbox, ToggleButtons

from kjfp_helpers import panels
from kjfp_helpers.core.events import BallotCounted, DiscussionNoted, MeetingHeld
from kjfp_helpers.panels.ballots.paper_entry import PaperEntry
from kjfp_helpers.panels.meeting.search_picker import Ticks
from support.pages.widget_tree import button, everything, table_of, text
from support.rounds.panel_round import open_round
from support.state.recorded_scores import level, score


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path)


def fill(widget, **given):
    for label, value in given.items():
        next(
            w for w in everything(widget) if getattr(w, "description", None) == label
        ).value = value


def last_event(session):
    return session.ledger.events()[-1].body


def test_a_meeting_and_a_note_are_recorded_and_a_trial_of_names_records_nothing(session):
    score(session)
    widget = panels.show_results(session)
    fill(widget, 会议日期="10月21日", 地点="会议室", 主持人="测试组长", 记录人="测试秘书")
    button(widget, "确认登记会议").click()
    assert "2020-10-21" in text(widget) and not isinstance(last_event(session), MeetingHeld)
    fill(widget, 会议日期="2020-10-21")
    ticks = [one for one in everything(widget) if isinstance(one, Ticks)]
    boxes = [box for one in ticks for box in everything(one) if isinstance(box, Checkbox)]
    next(one for one in boxes if one.description.endswith(" M04")).value = True
    button(widget, "确认登记会议").click()
    assert last_event(session).present == ("M01", "M02", "M03")
    fill(widget, 讨论的内容="同意")
    button(widget, "确认讨论记录").click()
    assert last_event(session) == DiscussionNoted(case="", text="同意")
    button(widget, "全部到会").click()
    present = [box for box in everything(widget) if isinstance(box, Checkbox)]
    absent = next(box for box in present if box.description == "测试评委4")
    assert not absent.value and "达到法定人数" in text(widget)
    absent.value = True
    button(widget, "发起投票").click()
    assert "没有登记到2020-10-21的会" in text(widget)
    head = session.ledger.head()
    button(widget, "试算").click()
    assert "请先选定" in text(widget)
    table = session.current_state().decision.shortlist.query("kind == 'team'")
    pickers = [w for w in everything(widget) if type(w).__name__ == "CasePicker"]
    listed = table.query("status == 'listed'")["case"].iloc[-1]
    other = table.query("status == 'reserve'")["case"].iloc[0]
    for picker in pickers:
        options = [case for _, case in picker.children[1].options]
        picker.value = listed if listed in options and other not in options else picker.value
        picker.value = other if other in options and listed not in options else picker.value
    button(widget, "试算").click()
    assert "得分：" in text(widget) and session.ledger.head() == head
    assert len(table_of(widget, "评分分歧").describe()["rows"]) == len(table)


def open_vote(session):
    """The results screen with a vote that four papers were handed out for."""
    level(session)
    widget = panels.show_results(session)
    button(widget, "全部到会").click()
    numbers = [w for w in everything(widget) if getattr(w, "placeholder", None) == "请填整数"]
    numbers[1].value = "4"
    button(widget, "发起投票").click()
    return widget


def test_a_paper_is_ticked_case_by_case_and_becomes_the_line_that_could_be_typed(session):
    widget = open_vote(session)
    entry = next(one for one in everything(widget) if isinstance(one, PaperEntry))
    ticks = [one for one in everything(entry) if isinstance(one, ToggleButtons)]
    assert len(ticks) == 6 and {sign for _, sign in ticks[0].options} == {"√", "○", "－"}
    ticks[1].value = "√"
    button(entry, "记下这张票").click()
    assert "这张票还有5件没有划" in text(widget) and entry.lines == ()
    button(entry, "其余弃权").click()
    button(entry, "记下这张票").click()
    assert entry.lines == ("001 ○√○○○○",) and all(one.value is None for one in ticks)
    fill(entry, 整张废票=True, 票号="001")
    button(entry, "记下这张票").click()
    assert "没有录过的票号" in text(widget) and len(entry.lines) == 1
    fill(entry, 票号="003")
    button(entry, "记下这张票").click()
    assert entry.lines == ("001 ○√○○○○", "003 废")
    assert [w.value for w in everything(entry) if getattr(w, "description", "") == "票号"] == [
        "002"
    ]
    button(entry, "其余赞成").click()
    button(entry, "记下这张票").click()
    assert "002号票已记下，按废票计：赞成6件，超过至多2件。" in text(widget)
    button(entry, "按票汇总").click()
    entries = [w for w in everything(widget) if getattr(w, "placeholder", None) == "请填整数"][2:]
    assert [w.value for w in entries] == ["3", "2", "0", "1", "0", "0", "0", "0"]


def test_papers_typed_one_by_one_are_summed_kept_and_must_agree_with_the_figures(session):
    widget = open_vote(session)
    lines = "001 √√○○○○\n002 √○√○○○\n003 废\n004 √√√○○○"
    fill(widget, 逐票录入=lines)
    next(
        w for w in everything(widget) if getattr(w, "placeholder", None) == "姓名"
    ).value = "测试甲"
    button(widget, "按票汇总").click()
    entries = [w for w in everything(widget) if getattr(w, "placeholder", None) == "请填整数"][2:]
    assert [w.value for w in entries] == ["4", "2", "2", "1", "1", "0", "0", "0"]
    entries[2].value = "1"
    button(widget, "保存计票").click()
    assert "合计与逐票录入不符" in text(widget)
    button(widget, "按票汇总").click()
    button(widget, "保存计票").click()
    body = last_event(session)
    assert isinstance(body, BallotCounted) and body.papers == tuple(lines.splitlines())
    fill(widget, 逐票录入="001 √")
    button(widget, "按票汇总").click()
    assert "第1行" in text(widget)
