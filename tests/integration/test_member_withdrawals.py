"""A member leaves the panel: one recorded act, what it releases, and what everything then says."""

import shutil
from collections import Counter

import pytest

from kjfp_helpers import commands, panels
from kjfp_helpers.cli import main
from kjfp_helpers.commands.simulation import simulated_scoring
from kjfp_helpers.commands.steps.assignment_making import members_with_readings
from kjfp_helpers.core.errors import ParameterError, RuleErrors
from kjfp_helpers.core.events import (
    MemberReinstated,
    MemberWithdrawn,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.panels.ballots.vote_page import BallotPage
from kjfp_helpers.panels.meeting.decision_list import list_decisions
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.packet_building import build_packet
from kjfp_helpers.state.panel.review_progress import outstanding_by_member, reading_members
from support.pages.scoring_messages import Page, bodies
from support.pages.widget_tree import everything, text
from support.rounds.packet_files import fill, out, row, silent, take_in
from support.rounds.panel_round import open_round

WHY = {"reason": "生病住院", "by": ("测试甲", "测试乙")}
NEW = {
    "member": "M16",
    "name": "替补甲",
    "employer": "模拟大学",
    "region": "",
    "field": "园艺",
    "user": "pw16",
    "ties": "11",
}


@pytest.fixture(scope="module")
def marked(received_copy, tmp_path_factory):
    """A rehearsal round, assigned, in which M01 to M08 have marked all and the others nothing."""
    base = tmp_path_factory.mktemp("leaving")
    folder, outputs, _ = received_copy(base, units=12)
    session = RoundSession.open(folder, outputs)
    for step in (commands.check, commands.assign):
        step(session, silent)
    state = session.current_state()
    early = state.scores.readings[state.scores.readings["member"] <= "M08"]
    drawn = simulated_scoring.rehearsal.simulate_scores(
        session.round, state.screening.eligible_cases, early
    )
    session.record(*(body for body in drawn if isinstance(body, ScoreGiven)))
    session.ledger.close()
    return base


@pytest.fixture
def session(marked, tmp_path):
    shutil.copytree(marked, tmp_path, dirs_exist_ok=True)
    return RoundSession.open(tmp_path / "rehearsal", tmp_path / "outputs")


def is_derived_again(session):
    """Whether all decisions are, from what was read of the mail before."""
    shutil.rmtree(session.round.inbox)
    outcome = commands.verify(session, silent)
    return not outcome.failed and "评阅分派" in outcome.notes[0]


def standing(state):
    """How many readings of each case are marked or still to be marked, anchors left aside."""
    anchors = bodies_of(state, ReadingsAssigned)[-1].anchors
    rows = state.scores.readings[~state.scores.readings["case"].isin(anchors)]
    barred = set(zip(state.scores.conflicts["member"], state.scores.conflicts["case"], strict=True))
    aside = set(
        zip(
            state.scores.tables.excluded["member"],
            state.scores.tables.excluded["case"],
            strict=True,
        )
    )
    pairs = set(zip(rows["member"], rows["case"], strict=True)) - barred - aside
    return Counter(case for _, case in pairs)


def bodies_of(state, kind):
    return [event.body for event in state.events if isinstance(event.body, kind)]


def withdraw(session, member, **more):
    return commands.withdraw_member(session, silent, member=member, **(WHY | more))


def test_unread_readings_go_to_others_at_once_and_every_case_keeps_its_readers(session):
    before = session.current_state()
    told = withdraw(session, "M12")
    state = session.current_state()
    assert told.made and not told.failed and "已补派" in "".join(told.notes)
    assert standing(state) == standing(before)
    assert "M12" not in set(state.scores.readings["member"]) and "M12" not in outstanding_by_member(
        state
    )
    pairs = list(zip(state.scores.readings["member"], state.scores.readings["case"], strict=True))
    assert len(pairs) == len(set(pairs))
    earlier = set(
        zip(before.scores.readings["member"], before.scores.readings["case"], strict=True)
    )
    assert {pair for pair in earlier if pair[0] != "M12"} <= set(pairs)
    assert not commands.assign(session, silent).made  # nothing is given twice
    assert is_derived_again(session)


def test_a_substitute_reads_the_anchors_first_and_what_was_released(session):
    before = session.current_state()
    withdraw(session, "M12", substitute=NEW, approval="会议纪要3号")
    state, packet = session.current_state(), build_packet(session.current_state(), "M16")
    assert [one.member for one in state.scores.active_members][-1] == "M16"
    assert len(session.round.panel) == 15 and state.round.digest == session.round.digest
    anchors = [one for one in bodies_of(state, ReadingsAssigned)[-1].anchors if one in packet.cases]
    assert anchors and list(packet.cases)[: len(anchors)] == anchors
    assert not {case for case in packet.numbers if case.startswith(("T11", "P11"))}  # the tie
    assert len(packet.cases) > len(anchors) and standing(state) == standing(before)
    assert (session.outputs / "packets" / "M16.ipynb").exists()
    page = Page(session, member="M16")
    assert page.save(case="1", answers=page.full(80))["type"] == "saved"
    assert is_derived_again(session)


def test_marks_count_or_are_set_aside_as_the_decision_says_and_the_last_word_holds(session):
    before = session.current_state()
    given = before.scores.tables.totals.query("member == 'M03'")
    assert len(given) > 5
    withdraw(session, "M03", document="请假条")
    assert len(session.current_state().scores.tables.totals.query("member == 'M03'")) == len(given)
    withdraw(session, "M03", set_aside=True)
    state = session.current_state()
    assert state.scores.tables.totals.query("member == 'M03'").empty
    aside = state.scores.tables.excluded.query("member == 'M03'")
    assert len(aside) == len(given) and aside["reason"].str.contains("生病住院").all()
    assert standing(state) == standing(before)  # each gets another reader
    withdraw(session, "M03")
    assert len(session.current_state().scores.tables.totals.query("member == 'M03'")) == len(given)
    assert is_derived_again(session)


def test_set_aside_marks_stay_on_the_members_sheet_with_the_reason(session):
    from kjfp_helpers.reports.data.member_data import build_member_data
    from kjfp_helpers.reports.data.state_index import StateIndex
    from kjfp_helpers.reports.sections import member_report

    withdraw(session, "M03", set_aside=True)
    state = session.current_state()
    assert "M03" in reading_members(state)
    sheet = build_member_data(StateIndex(state), "M03")
    notes = {line["note"] for kind in sheet["kinds"] for line in kind["rows"]}
    assert notes == {"评委已退出，按决定不计入"} and sheet["done"] > 5
    assert "生病住院" in member_report.render_header(sheet).text


def test_a_withdrawal_is_taken_back_with_its_substitute(session):
    withdraw(session, "M03", substitute=NEW, approval="会议纪要3号", set_aside=True)
    told = commands.reinstate_member(session, silent, member="M03", **WHY)
    state = session.current_state()
    assert "恢复在任" in told.notes[0] and [*state.scores.departed] == ["M16"]
    assert not state.scores.tables.totals.query("member == 'M03'").empty
    assert len(bodies(session, MemberWithdrawn)) == len(bodies(session, MemberReinstated)) == 1
    assert not build_packet(state, "M03").departure and build_packet(state, "M16").departure
    assert is_derived_again(session)
    assert {line.what for line in list_decisions(state)} == {"评委退出", "撤销退出"}


def test_after_the_marks_closed_nothing_moves(session):
    session.record(ScoringClosed(reason="会议决定"))
    before = len(bodies(session, ReadingsAssigned))
    assert not withdraw(session, "M12").made
    assert len(bodies(session, ReadingsAssigned)) == before


def test_too_few_readers_left_is_told_with_what_to_relax_and_the_act_stands(session):
    for member in (
        "M09",
        "M10",
        "M11",
        "M12",
        "M13",
        "M14",
        "M15",
        "M01",
        "M02",
        "M04",
        "M05",
        "M06",
        "M07",
    ):
        told = withdraw(session, member, set_aside=True)
        if told.failed:
            break
    assert "没有补派" in told.failed[0] and "放宽" in told.failed[0]
    assert member in session.current_state().scores.departed


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"by": ("甲",)}, "两名不同的人"),
        ({"by": ("甲", "甲")}, "两名不同的人"),
        ({"reason": " "}, "理由"),
        ({"member": "M99"}, "名册中的评委"),
        ({"substitute": NEW}, "批准"),
        ({"substitute": NEW | {"member": "M02"}, "approval": "会"}, "不与现有评委重复"),
        ({"substitute": NEW | {"user": "pw02"}, "approval": "会"}, "不与现有评委重复"),
        ({"substitute": NEW | {"ties": "zz"}, "approval": "会"}, "单位代码"),
        ({"substitute": NEW | {"name": ""}, "approval": "会"}, "评委姓名"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_recorded(session, more, words):
    with pytest.raises((ParameterError, RuleErrors), match=words):
        withdraw(session, **({"member": "M03"} | more))
    assert not bodies(session, MemberWithdrawn)


def test_who_left_looks_at_their_packet_and_writes_nothing(tmp_path):
    session = open_round(tmp_path)
    page = Page(session)
    page.save(case="1", answers=page.full(80))
    withdraw(session, "M01", document="请假条")
    refused = page.say("save", case="2", base_seq=None, answers=page.full(70, "2"))
    assert refused["type"] == "refused" and refused["renew"]
    welcome = page.say("hello")
    assert "已退出评审" in welcome["locked"] and "生病住院" in welcome["locked"]
    assert welcome["readonly"] and [case["key"] for case in welcome["cases"]] == ["1"]
    for type, more in (("seal", {}), ("reopen", {"reason": "x"}), ("recuse", {"reason": "x"})):
        assert page.say(type, case="1", **more)["type"] == "refused"
    assert "已退出评审" in page.say("sheet")["page"]
    withdraw(session, "M02")
    assert "已退出评审" in text(panels.show_scoring(session, "M02"))


def test_once_marks_came_nobody_elses_readings_move(tmp_path):
    session = open_round(tmp_path)  # its seed is not that of its rules, as after a change of these
    Page(session).save(case="1", answers={"outcome": 80})
    before = session.current_state().scores.readings.query("member in ('M02', 'M03')")
    withdraw(session, "M01")
    after = session.current_state().scores.readings.query("member in ('M02', 'M03')")
    assert after.reset_index(drop=True).equals(before.reset_index(drop=True))


def test_the_start_page_says_who_left_and_why_and_counts_them_no_more(tmp_path):
    session = open_round(tmp_path)
    withdraw(session, "M01")
    shown = text(panels.show_start(session))
    assert "已退出" in shown and "生病住院" in shown
    assert "M01" not in members_with_readings(session)


def test_ballots_are_not_due_from_who_left(tmp_path):
    session = open_round(tmp_path)
    withdraw(session, "M01")
    people = next(
        box
        for box in everything(BallotPage(session, lambda: None).widget)
        if "kj-present" in getattr(box, "_dom_classes", ())
    )
    assert [box.description for box in people.children] == ["测试评委2", "测试评委3", "测试评委4"]


def test_a_workbook_of_who_left_is_not_exported_and_not_taken_in(tmp_path):
    session = open_round(tmp_path)
    path, cases = out(session)
    fill(path, row(cases[0]))
    withdraw(session, "M01")
    assert "已退出" in "".join(take_in(session, path).failed)
    with pytest.raises(ParameterError):
        commands.export_workbooks(session, silent, members=["M01"])


def remove_row(session, member):
    path = session.round.folder / "panel.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{member},")), "utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ["shortlist"],
        ["assign"],
        ["check"],
        ["packet", "issue"],
        ["packet", "export"],
        ["packet", "import", "x.xlsx", "--round"],
        ["regenerate"],
        ["exhibit"],
        ["verify"],
        ["member", "withdraw"],
    ],
)
def test_a_member_removed_from_the_table_is_named_by_every_command(session, capsys, command):
    remove_row(session, "M03")
    name = [str(session.round.folder)]
    more = ["M03", "--reason", "x", "--by", "甲", "--by", "乙"] if command[0] == "member" else []
    assert main([*command, *name, *more, "--outputs", str(session.outputs)]) == 1
    said = capsys.readouterr().err
    assert "panel.csv" in said and "M03" in said and "恢复这一行" in said
    assert "kjfp member withdraw rehearsal M03" in said and "程序出错" not in said


@pytest.mark.parametrize("screen", ["start", "intake", "stocktake", "summaries", "results"])
def test_a_member_removed_from_the_table_is_named_by_every_screen(session, screen):
    remove_row(session, "M03")
    again = RoundSession.open(session.round.folder, session.outputs)
    assert "恢复这一行" in text(getattr(panels, f"show_{screen}")(again))
    assert "恢复这一行" in text(panels.show_scoring(again, "M03"))


def test_before_any_mark_a_changed_panel_is_assigned_anew(marked, tmp_path):
    shutil.copytree(marked, tmp_path, dirs_exist_ok=True)
    (tmp_path / "rehearsal" / "review.db").unlink()
    for rest in (tmp_path / "rehearsal").glob("review.db-*"):
        rest.unlink()
    session = RoundSession.open(tmp_path / "rehearsal", tmp_path / "outputs", create=True)
    for step in (commands.register_mail, commands.check, commands.assign):
        step(session, silent)
    remove_row(session, "M03")
    again = RoundSession.open(session.round.folder, session.outputs)
    with pytest.raises(RuleErrors, match="恢复这一行"):
        commands.issue_notebooks(again, silent)
    assert commands.assign(again, silent).made
    assert commands.issue_notebooks(again, silent).made == 14
