"""A member leaves the panel: one recorded act, what it releases, and what everything then says."""

import shutil
from collections import Counter

import pytest
from packet_files import fill, out, row, silent, take_in
from panel_round import open_round
from test_panels_screens import text
from test_panels_sitting import Page, bodies

from kjfp_helpers import commands, panels
from kjfp_helpers.cli import main
from kjfp_helpers.commands.assign import readers
from kjfp_helpers.commands.simulation import simulated_scoring
from kjfp_helpers.core.errors import ParameterError, RuleErrors
from kjfp_helpers.core.events import (
    MarksClosed,
    MemberReinstated,
    MemberWithdrawn,
    ReadingsAssigned,
)
from kjfp_helpers.panels.meeting.ballot_page import BallotDesk
from kjfp_helpers.panels.meeting.decision_labels import list_decided
from kjfp_helpers.state import Desk
from kjfp_helpers.state.panel.packet_building import gather
from kjfp_helpers.state.panel.review_progress import owing

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
def marked(tmp_path_factory):
    """A rehearsal round, assigned, in which M01 to M08 have marked all and the others nothing."""
    base = tmp_path_factory.mktemp("leaving")
    assert main(["rehearse", str(base / "data" / "trial"), "--units", "12"]) == 0
    desk = Desk.open(base / "data" / "trial", base / "outputs" / "trial", create=True)
    for step in (commands.intake, commands.check, commands.assign):
        step(desk, silent)
    review = desk.review()
    early = review.readings[review.readings["member"] <= "M08"]
    drawn = simulated_scoring.rehearsal.score(desk.round, review.eligible, early)
    desk.record(*(body for body in drawn if type(body).__name__ == "MarkGiven"))
    desk.ledger.close()
    return base


@pytest.fixture
def desk(marked, tmp_path):
    shutil.copytree(marked, tmp_path, dirs_exist_ok=True)
    return Desk.open(tmp_path / "data" / "trial", tmp_path / "outputs" / "trial")


def standing(review):
    """How many readings of each case are marked or still to be marked, anchors left aside."""
    anchors = bodies_of(review, ReadingsAssigned)[-1].anchors
    rows = review.readings[~review.readings["case"].isin(anchors)]
    barred = set(zip(review.conflicts["member"], review.conflicts["case"], strict=True))
    aside = set(zip(review.marks.aside["member"], review.marks.aside["case"], strict=True))
    pairs = set(zip(rows["member"], rows["case"], strict=True)) - barred - aside
    return Counter(case for _, case in pairs)


def bodies_of(review, kind):
    return [event.body for event in review.events if isinstance(event.body, kind)]


def withdraw(desk, member, **more):
    return commands.withdraw(desk, silent, member=member, **(WHY | more))


def test_unread_readings_go_to_others_at_once_and_every_case_keeps_its_readers(desk):
    before = desk.review()
    told = withdraw(desk, "M12")
    review = desk.review()
    assert told.made and not told.failed and "已补派" in "".join(told.notes)
    assert standing(review) == standing(before)
    assert "M12" not in set(review.readings["member"]) and "M12" not in owing(review)
    pairs = list(zip(review.readings["member"], review.readings["case"], strict=True))
    assert len(pairs) == len(set(pairs))
    earlier = set(zip(before.readings["member"], before.readings["case"], strict=True))
    assert {pair for pair in earlier if pair[0] != "M12"} <= set(pairs)
    assert not commands.assign(desk, silent).made  # nothing is given twice
    assert commands.verify(desk, silent).made == 6


def test_a_substitute_reads_the_anchors_first_and_what_was_released(desk):
    before = desk.review()
    withdraw(desk, "M12", substitute=NEW, approval="会议纪要3号")
    review, packet = desk.review(), gather(desk.review(), "M16")
    assert [one.member for one in review.active][-1] == "M16"
    assert len(desk.round.panel) == 15 and review.round.digest == desk.round.digest
    anchors = [
        one for one in bodies_of(review, ReadingsAssigned)[-1].anchors if one in packet.cases
    ]
    assert anchors and list(packet.cases)[: len(anchors)] == anchors
    assert not {case for case in packet.numbers if case.startswith(("T11", "P11"))}  # the tie
    assert len(packet.cases) > len(anchors) and standing(review) == standing(before)
    assert (desk.outputs / "packets" / "M16.ipynb").exists()
    page = Page(desk, member="M16")
    assert page.save(case="1", answers=page.full(80))["type"] == "saved"
    assert commands.verify(desk, silent).made == 6


def test_marks_count_or_are_set_aside_as_the_decision_says_and_the_last_word_holds(desk):
    before = desk.review()
    given = before.marks.totals.query("member == 'M03'")
    assert len(given) > 5
    withdraw(desk, "M03", document="请假条")
    assert len(desk.review().marks.totals.query("member == 'M03'")) == len(given)
    withdraw(desk, "M03", set_aside=True)
    review = desk.review()
    assert review.marks.totals.query("member == 'M03'").empty
    aside = review.marks.aside.query("member == 'M03'")
    assert len(aside) == len(given) and aside["reason"].str.contains("生病住院").all()
    assert standing(review) == standing(before)  # each gets another reader
    withdraw(desk, "M03")
    assert len(desk.review().marks.totals.query("member == 'M03'")) == len(given)
    assert commands.verify(desk, silent).made == 6


def test_set_aside_marks_stay_on_the_members_sheet_with_the_reason(desk):
    from kjfp_helpers.reports.data.member_data import member_slice, readers
    from kjfp_helpers.reports.data.state_index import Sources
    from kjfp_helpers.reports.sections import member_report

    withdraw(desk, "M03", set_aside=True)
    review = desk.review()
    assert "M03" in readers(review)
    sheet = member_slice(Sources(review), "M03")
    notes = {line["note"] for kind in sheet["kinds"] for line in kind["rows"]}
    assert notes == {"评委已退出，按决定不计入"} and sheet["done"] > 5
    assert "生病住院" in member_report.header(sheet).text


def test_a_withdrawal_is_taken_back_with_its_substitute(desk):
    withdraw(desk, "M03", substitute=NEW, approval="会议纪要3号", set_aside=True)
    told = commands.restore(desk, silent, member="M03", **WHY)
    review = desk.review()
    assert "恢复在任" in told.notes[0] and [*review.departed] == ["M16"]
    assert not review.marks.totals.query("member == 'M03'").empty
    assert len(bodies(desk, MemberWithdrawn)) == len(bodies(desk, MemberReinstated)) == 1
    assert not gather(review, "M03").left and gather(review, "M16").left
    assert commands.verify(desk, silent).made == 6
    assert {line.what for line in list_decided(review)} == {"评委退出", "撤销退出"}


def test_after_the_marks_closed_nothing_moves(desk):
    desk.record(MarksClosed(reason="会议决定"))
    before = len(bodies(desk, ReadingsAssigned))
    assert not withdraw(desk, "M12").made
    assert len(bodies(desk, ReadingsAssigned)) == before


def test_too_few_readers_left_is_told_with_what_to_relax_and_the_act_stands(desk):
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
        told = withdraw(desk, member, set_aside=True)
        if told.failed:
            break
    assert "没有补派" in told.failed[0] and "放宽" in told.failed[0]
    assert member in desk.review().departed


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
def test_what_does_not_hold_is_refused_and_nothing_is_recorded(desk, more, words):
    with pytest.raises((ParameterError, RuleErrors), match=words):
        withdraw(desk, **({"member": "M03"} | more))
    assert not bodies(desk, MemberWithdrawn)


def test_who_left_looks_at_their_packet_and_writes_nothing(tmp_path):
    desk = open_round(tmp_path)
    page = Page(desk)
    page.save(case="1", answers=page.full(80))
    withdraw(desk, "M01", document="请假条")
    refused = page.say("save", case="2", base=None, answers=page.full(70, "2"))
    assert refused["type"] == "refused" and refused["renew"]
    welcome = page.say("hello")
    assert "已退出评审" in welcome["locked"] and "生病住院" in welcome["locked"]
    assert welcome["readonly"] and [case["key"] for case in welcome["cases"]] == ["1"]
    for type, more in (("seal", {}), ("reopen", {"reason": "x"}), ("recuse", {"reason": "x"})):
        assert page.say(type, case="1", **more)["type"] == "refused"
    assert "已退出评审" in page.say("sheet")["page"]
    withdraw(desk, "M02")
    assert "已退出评审" in text(panels.show_scoring(desk, "M02"))


def test_once_marks_came_nobody_elses_readings_move(tmp_path):
    desk = open_round(tmp_path)  # its seed is not that of its rules, as after a change of these
    Page(desk).save(case="1", answers={"outcome": 80})
    before = desk.review().readings.query("member in ('M02', 'M03')")
    withdraw(desk, "M01")
    after = desk.review().readings.query("member in ('M02', 'M03')")
    assert after.reset_index(drop=True).equals(before.reset_index(drop=True))


def test_the_start_page_says_who_left_and_why_and_counts_them_no_more(tmp_path):
    desk = open_round(tmp_path)
    withdraw(desk, "M01")
    shown = text(panels.start(desk))
    assert "已退出" in shown and "生病住院" in shown
    assert "M01" not in readers(desk)


def test_ballots_are_not_due_from_who_left(tmp_path):
    desk = open_round(tmp_path)
    withdraw(desk, "M01")
    boxes = [w.description for w in BallotDesk(desk, lambda: None)._present]
    assert boxes == ["测试评委2", "测试评委3", "测试评委4"]


def test_a_workbook_of_who_left_is_not_exported_and_not_taken_in(tmp_path):
    desk = open_round(tmp_path)
    path, cases = out(desk)
    fill(path, row(cases[0]))
    withdraw(desk, "M01")
    assert "已退出" in "".join(take_in(desk, path).failed)
    with pytest.raises(ParameterError):
        commands.export(desk, silent, members=["M01"])


def remove_row(desk, member):
    path = desk.round.folder / "panel.csv"
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
def test_a_member_removed_from_the_table_is_named_by_every_command(desk, capsys, command):
    remove_row(desk, "M03")
    name = [str(desk.round.folder)]
    more = ["M03", "--reason", "x", "--by", "甲", "--by", "乙"] if command[0] == "member" else []
    assert main([*command, *name, *more, "--outputs", str(desk.outputs)]) == 1
    said = capsys.readouterr().err
    assert "panel.csv" in said and "M03" in said and "恢复这一行" in said
    assert "kjfp member withdraw trial M03" in said and "程序出错" not in said


@pytest.mark.parametrize("screen", ["start", "intake", "stocktake", "summaries", "results"])
def test_a_member_removed_from_the_table_is_named_by_every_screen(desk, screen):
    remove_row(desk, "M03")
    again = Desk.open(desk.round.folder, desk.outputs)
    assert "恢复这一行" in text(getattr(panels, screen)(again))
    assert "恢复这一行" in text(panels.show_scoring(again, "M03"))


def test_before_any_mark_a_changed_panel_is_assigned_anew(marked, tmp_path):
    shutil.copytree(marked, tmp_path, dirs_exist_ok=True)
    (tmp_path / "data" / "trial" / "review.db").unlink()
    for rest in (tmp_path / "data" / "trial").glob("review.db-*"):
        rest.unlink()
    desk = Desk.open(tmp_path / "data" / "trial", tmp_path / "outputs" / "trial", create=True)
    for step in (commands.intake, commands.check, commands.assign):
        step(desk, silent)
    remove_row(desk, "M03")
    again = Desk.open(desk.round.folder, desk.outputs)
    with pytest.raises(RuleErrors, match="恢复这一行"):
        commands.issue(again, silent)
    assert commands.assign(again, silent).made
    assert commands.issue(again, silent).made == 14
