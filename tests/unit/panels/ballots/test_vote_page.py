"""The ballot page: what the secretary and two tellers do there is in the ledger, and only that."""

import docx
import ipywidgets as widgets
import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.events import BallotCounted, BallotOpened
from kjfp_helpers.reports.office.meeting.ballot_documents import (
    write_ballot_papers,
    write_result_slip,
    write_tally_sheets,
)
from support.pages.widget_tree import button, everything, text
from support.rounds.builders import ruling
from support.rounds.panel_round import open_round
from support.state.recorded_scores import level

pytestmark = pytest.mark.slow


@pytest.fixture
def session(tmp_path):
    return level(open_round(tmp_path))


def fields(widget):
    """The number fields on screen, in order of the page."""
    return [
        w for w in everything(widget) if type(w) is widgets.Text and w.placeholder == "请填整数"
    ]


def named(widget, words):
    return next(w for w in everything(widget) if getattr(w, "placeholder", None) == words)


def start(widget, issued=4):
    button(widget, "全部到会").click()
    most, papers = fields(widget)[:2]
    most.value, papers.value = "2", str(issued)
    button(widget, "发起投票").click()


def count(widget, teller, returned, votes, spoiled=0):
    named(widget, "姓名").value = teller
    entries = fields(widget)[2:]
    for entry, number in zip(entries, (returned, spoiled, *votes), strict=True):
        entry.value = str(number)
    button(widget, "保存计票").click()


def test_tie_is_voted_on_counted_twice_and_settled(session):
    state = session.current_state()
    tied = state.decision.ties["team"]
    assert len(tied.cases) == 6 and tied.seats == 2
    widget = panels.show_results(session)
    assert "仍然并列" in text(widget) and "只对这些投票，得票多者优先，取 <b>2</b> 件" in text(
        widget
    )
    button(widget, "发起投票").click()
    assert "到会 0 人" in text(widget) and "不能投票" in text(widget)
    start(widget)
    opened = session.ledger.events()[-1].body
    assert isinstance(opened, BallotOpened) and opened.cases == tied.cases and opened.most == 2
    count(widget, "测试甲", 4, (3, 3, 1, 1, 0, 0))
    assert "测试甲的计票已保存" in text(widget) and "已录入：<b>测试甲</b>" in text(widget)
    assert all(not entry.value for entry in fields(widget))
    count(widget, "测试乙", 4, (3, 3, 1, 1, 0, 0))
    kinds = [event for event in session.ledger.events() if isinstance(event.body, BallotCounted)]
    assert [event.actor for event in kinds] == ["测试甲", "测试乙"]
    after = session.current_state()
    assert "team" not in after.decision.ties and "有效" in text(widget)
    listed = after.decision.shortlist.query("kind == 'team' and status == 'listed'")["case"]
    assert set(listed) == set(tied.cases[:2])


def test_second_teller_never_sees_the_first_ones_numbers(session):
    widget = panels.show_results(session)
    start(widget)
    before = text(widget)
    count(widget, "测试甲", 4, (3, 3, 1, 1, 0, 0))
    shown = [line for line in text(widget).splitlines() if line not in before.splitlines()]
    told = "\n".join(shown).replace(f"#{session.ledger.head()[0]}", "")
    assert "测试甲" in told and "收回" not in told and "3" not in told.replace("4／", "")
    fresh = panels.show_results(session)
    assert "待第二人计票" in text(fresh) and "4／—／—" in text(fresh)


def test_tellers_who_differ_are_told_where_and_count_again(session):
    widget = panels.show_results(session)
    start(widget)
    count(widget, "测试甲", 4, (3, 3, 1, 1, 0, 0))
    count(widget, "测试乙", 4, (3, 2, 2, 1, 0, 0))
    assert "两人所录不一致的" in text(widget) and "team" in session.current_state().decision.ties
    count(widget, "测试乙", 4, (3, 3, 1, 1, 0, 0))
    assert "team" not in session.current_state().decision.ties


def test_papers_that_do_not_add_up_and_blanks_are_not_saved(session):
    widget = panels.show_results(session)
    start(widget)
    head = session.ledger.head()
    count(widget, "测试甲", 3, (3, 3, 0, 0, 0, 0))
    assert "发出 4 张，收回 3 张，两数不等" in text(widget)
    count(widget, "测试甲", 4, (4, 4, 4, 0, 0, 0))
    assert "超过每张至多 2 件" in text(widget)
    count(widget, "", 4, (4, 4, 0, 0, 0, 0))
    assert "都须填写" in text(widget) and session.ledger.head() == head


def test_vote_is_voided_with_a_reason_and_another_can_be_held(session):
    widget = panels.show_results(session)
    start(widget)
    start(widget)
    assert "第1次投票还没有结束" in text(widget)
    button(widget, "作废此次投票").click()
    assert "请先写明作废的理由" in text(widget)
    named(widget, "作废的理由").value = "票箱破损"
    button(widget, "作废此次投票").click()
    assert "两名经办人" in text(widget)
    named(widget, "经办人一").value, named(widget, "经办人二").value = "测试甲", "测试乙"
    button(widget, "作废此次投票").click()
    assert "已作废" in text(widget)
    start(widget)
    assert session.current_state().decision.ballots[-1].opened.ballot == 2


@pytest.mark.parametrize(
    ("voting", "said", "papers", "points"),
    [
        ("ranked", "第1名计6分", ("1,2,－,－,－,－", "1,3,2,－,－,－"), (12, 9, 5, 0, 0, 0)),
        ("allotment", "每票共10分", ("9,1,0,0,0,0", "3,7,－,－,－,－"), (12, 8, 0, 0, 0, 0)),
    ],
)
def test_tied_cases_are_chosen_by_points_where_the_rules_say_so(
    session, voting, said, papers, points
):
    session.round = ruling(session.round, tie_vote=voting)
    widget = panels.show_results(session)
    assert said in text(widget) and "得分多者优先，取 <b>2</b> 件" in text(widget)
    button(widget, "全部到会").click()
    fields(widget)[1].value = "2"
    button(widget, "发起投票").click()
    opened = session.ledger.events()[-1].body
    assert (opened.voting, opened.points) == (voting, 10 if voting == "allotment" else 0)
    for teller in ("测试甲", "测试乙"):
        lines = next(w for w in everything(widget) if isinstance(w, widgets.Textarea))
        for entry, number in zip(placed(widget, "或－"), papers[0].split(","), strict=True):
            entry.value = number
        button(widget, "记下这张票").click()
        assert lines.value == f"001 {papers[0]}" and not any(
            entry.value for entry in placed(widget, "或－")
        )
        lines.value += f"\n002 {papers[1]}"
        button(widget, "按票汇总").click()
        named(widget, "姓名").value = teller
        button(widget, "保存计票").click()
    (ballot,) = session.current_state().decision.ballots
    assert ballot.state == "settled", text(widget)
    assert tuple(tally.yes for tally in ballot.tallies.values()) == points
    assert "team" not in session.current_state().decision.ties
    assert "第1次投票得分" in "".join(session.current_state().decision.shortlist["reason"])
    paper, sheet, slip = (session.outputs / f"{name}.docx" for name in ("票", "表", "结果"))
    write_ballot_papers(session.current_state(), ballot, paper)
    write_tally_sheets(session.current_state(), ballot, sheet)
    write_result_slip(session.current_state(), ballot, slip)
    for path, words in ((paper, said), (sheet, "各票所给分"), (slip, "得分多者优先")):
        document = docx.Document(path)
        cells = [cell.text for table in document.tables for cell in table.rows[0].cells]
        assert words in "".join([*(one.text for one in document.paragraphs), *cells])
        assert not {"赞成", "反对", "弃权"} & {*cells}


def placed(widget, words):
    """The fields whose blank form says so, in order of the page."""
    return [
        w
        for w in everything(widget)
        if words in str(getattr(w, "placeholder", "")) and type(w) is widgets.Text
    ]
