"""Ties of members to nominees: found by organisation and name, declared, ruled upon, taken back."""

import shutil
from dataclasses import replace

import ipywidgets as widgets
import pytest

from kjfp_helpers.core.events import (
    ConflictRuled,
    ConflictsDeclared,
    DeclarationWithdrawn,
    MemberRecused,
    ScoreGiven,
)
from kjfp_helpers.panel_review import detect_relationships, find_conflicts
from kjfp_helpers.rules import Commendation, load_round
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.packet_building import build_packet
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    list_open_questions,
    list_questions,
)
from kjfp_helpers.state.panel.reading_planning import plan_readings
from kjfp_helpers.state.secretary.publication_gates import draft_line, list_gates
from kjfp_helpers.state.secretary.work_queue import work_items
from support.pages.queue_page import QueueScreen
from support.rounds.panel_round import open_round
from support.rounds.panels_and_scores import case, member, panel


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


def told(round, someone, *cases):
    return [
        (tie.strength, tie.kind, tie.reason)
        for tie in detect_relationships(panel(round, someone), cases)
        if not tie.by_rule
    ]


@pytest.mark.parametrize(
    "employer", ["安徽农业大学", "安徽农大", "安徽 农业大学", "安徽农业大学茶学系"]
)
def test_every_spelling_of_the_nominees_employer_keeps_the_member_away(round2020, employer):
    nominee = case("individual", "53", employer="安徽农业大学（园艺学院）")
    assert list(find_conflicts(panel(round2020, member(1, employer=employer)), [nominee])["case"])
    other = case("individual", "53", employer="中国农业大学")
    assert not told(round2020, member(1, employer=employer), other)


@pytest.mark.parametrize(
    ("fields", "strength"),
    [
        ({"team_name": "安徽农业大学茶产业科技服务团"}, "certain"),
        ({"leader_title": "安徽农大教授"}, "ask"),
        ({"address": "安徽省合肥市长江西路130号安徽农业大学"}, "ask"),
        ({"team_name": "中国农业大学科技小院"}, None),
    ],
)
def test_a_team_matches_by_employer_wherever_it_is_written(round2020, fields, strength):
    rows = told(round2020, member(1, employer="安徽农业大学园艺学院"), case(unit="53", **fields))
    assert [row[0] for row in rows] == ([strength] if strength else [])


def test_a_team_matches_by_the_employer_of_those_who_are_nominated_themselves(round2020):
    person = case("individual", "53", name="测员乙", employer="安徽省农科院")
    team = case(unit="53", expert_names=("测员甲", "测员乙"))
    someone = member(1, employer="安徽省农业科学院")
    rows = detect_relationships(panel(round2020, someone), [person, team])
    assert [(tie.case, tie.strength, tie.about) for tie in rows] == [
        ("P53-1", "certain", "测员乙"),
        ("T53-1", "ask", "测员乙"),
    ]


def test_a_namesake_among_the_contacts_is_asked_about(round2020):
    nominee = case("individual", "53", employer_contact="评委1")
    assert [row[:2] for row in told(round2020, member(1), nominee)] == [("ask", "同单位")]


@pytest.mark.parametrize(("employer", "asked"), [("第1研究所", True), ("别的大学", False)])
def test_who_was_honoured_with_the_nominee_is_asked_about(round2020, employer, asked):
    rows = [
        Commendation(
            year=2018,
            level="省级",
            kind="individual",
            name=name,
            unit="53",
            employer=where,
            document="某号文",
        )
        for name, where in (("评委1", employer), ("测员乙", "别处"))
    ]
    round = replace(round2020, commended=tuple(rows))
    found = told(round, member(1), case(unit="53", expert_names=("测员乙",)))
    assert bool(found) == asked
    assert not asked or (found[0][:2] == ("ask", "合作") and "2018年" in found[0][2])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """M01 is of a nominee's institute in other words, M02 perhaps of one."""
    root = tmp_path_factory.mktemp("ties")
    session = open_round(root)
    session.ledger.close()
    path = session.round.folder / "panel.csv"
    text = path.read_text("utf-8").replace("评委1,测试大学", "评委1,测试研究所13 (果树室)")
    path.write_text(text.replace("评委2,测试大学", "测组长,测试大学"), "utf-8")
    return root


@pytest.fixture
def session(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return RoundSession.open(tmp_path / "data" / "practice", tmp_path / "outputs" / "practice")


def declare(session, statement, who="M03"):
    return session.record(ConflictsDeclared(member=who, found=(), statement=statement))[-1].seq


def rule(session, who, case, bars, declared=0):
    session.record(
        ConflictRuled(
            member=who,
            case=case,
            bars=bars,
            reason="核实",
            by=("甲", "乙"),
            kind="师生",
            declared=declared,
        )
    )


def waiting(session, who="M03"):
    return [one for one in list_open_questions(session.current_state()) if one.member == who]


def test_what_is_declared_waits_for_a_ruling_in_the_draft_points_until_it_is_given(session):
    before = len(list_open_questions(session.current_state()))
    seq = declare(session, "我与测试团队13的负责人是师生关系，电话13800000000")
    (one,) = waiting(session)
    assert (one.seq, one.suggested, one.status_text) == (seq, ("T13-1",), "待裁定")
    assert f"评委利害关系待裁定{before + 1}项" in draft_line(list_gates(session.current_state()))
    assert "13800000000" not in one.to_finding(session.current_state()).found
    rule(session, "M03", "T13-1", None, seq)
    assert waiting(session)[0].status_text == "待说明"
    rule(session, "M03", "T13-1", True, seq)
    assert (
        not waiting(session) and "T13-1" not in build_packet(session.current_state(), "M03").cases
    )
    rule(session, "M03", "T13-1", False, seq)
    assert not waiting(session) and "T13-1" in build_packet(session.current_state(), "M03").cases


def test_a_second_declaration_never_drops_the_first(session):
    first = declare(session, "与测试团队13有合作")
    declare(session, "")
    declare(session, "与测试团队13有合作")
    second = declare(session, "又与测试团队34有合作")
    assert [one.seq for one in waiting(session)] == [first, second]
    assert list(build_packet(session.current_state(), "M03").declarations) == [first, second]


def test_only_the_members_own_word_takes_a_declaration_back_and_it_stays_in_sight(session):
    seq = declare(session, "与测试团队13有合作")
    session.record(DeclarationWithdrawn(member="M03", declared=seq, reason="记错"))
    assert not waiting(session) and not build_packet(session.current_state(), "M03").declarations
    (kept,) = [one for one in list_questions(session.current_state()) if one.member == "M03"]
    assert kept.status_text == "评委已撤回" and kept.text == "与测试团队13有合作"


def test_a_granted_recusal_outlives_its_withdrawal_until_it_is_ruled_anew(session):
    seq = session.record(MemberRecused(member="M03", case="T13-1", reason="师生", kind="师生"))[
        -1
    ].seq
    rule(session, "M03", "T13-1", True)
    session.record(DeclarationWithdrawn(member="M03", declared=seq, reason="记错"))
    assert "T13-1" not in build_packet(session.current_state(), "M03").cases
    assert [one.status_text for one in waiting(session)] == ["准予回避，评委已撤回"]
    rule(session, "M03", "T13-1", False)
    assert "T13-1" in build_packet(session.current_state(), "M03").cases and not waiting(session)


def test_a_recusal_taken_back_before_any_ruling_gives_the_case_again(session):
    seq = session.record(MemberRecused(member="M03", case="T13-1", reason="师生"))[-1].seq
    assert "T13-1" not in build_packet(session.current_state(), "M03").cases
    session.record(DeclarationWithdrawn(member="M03", declared=seq, reason="记错"))
    state = session.current_state()
    assert "T13-1" in build_packet(state, "M03").cases and state.scores.tables.recusals.empty


def test_marks_of_a_granted_tie_are_kept_and_the_case_gets_another_reader(session):
    scores = {
        one.id: 80.0 for one in build_packet(session.current_state(), "M03").criteria("T34-1")
    }
    session.record(ScoreGiven(member="M03", case="T34-1", scores=scores))
    seq = declare(session, "与测试团队34是师生")
    rule(session, "M03", "T34-1", True, seq)
    state = session.current_state(require_frozen=False)
    assert state.scores.tables.totals.empty and state.scores.tables.excluded["case"].tolist() == [
        "T34-1"
    ]
    planned = plan_readings(state)
    assert planned is not None and "T34-1" in planned.readings["M04"]
    session.record(planned)
    assert plan_readings(session.current_state(require_frozen=False)) is None


def test_sure_ties_keep_away_at_once_and_doubtful_ones_are_only_asked(session):
    asked = {(one.member, one.case): one for one in list_open_questions(session.current_state())}
    assert (
        asked["M01", "P13-1"].strength == "certain" and "同一工作单位" in asked["M01", "P13-1"].text
    )
    cases = build_packet(session.current_state(), "M01").cases
    assert "P13-1" not in cases and "P34-1" in cases
    rule(session, "M01", "P13-1", False)
    assert "P13-1" in build_packet(session.current_state(), "M01").cases


class Ties(QueueScreen):
    def choose_ruling(self, words):
        self._choice("准予回避").value = words

    def fill(self, **entries):
        for one in self.visible(widgets.Text):
            if one.placeholder in entries:
                one.value = entries[one.placeholder]


def test_two_nominees_of_one_institute_are_two_items(session):
    keys = [item.key for item in work_items(session.current_state()) if item.tie]
    assert len(keys) == len(set(keys)) == len(list_open_questions(session.current_state())) >= 2


def test_the_secretary_rules_in_the_queue(session):
    seq = declare(session, "我与测试团队13的负责人是师生关系")
    screen = Ties(session)
    screen.go("M03")
    assert "师生关系" in screen.card and "待裁定" in screen.card
    screen.choose_ruling("准予回避")
    screen.click("经核实，属应当回避的情形")
    screen.click("保存")
    assert "请选择是哪种关系" in screen.text
    kind = next(one for one in screen.visible(widgets.Dropdown) if ("师生", "师生") in one.options)
    kind.value = "师生"
    screen.fill(**{"与何人（如 团队负责人）": "测组长", "经办人一": "甲", "经办人二": "甲"})
    screen.click("保存")
    assert "应为不同的人" in screen.text
    screen.fill(经办人二="乙")
    screen.click("保存")
    (event,) = [e.body for e in session.ledger.events() if isinstance(e.body, ConflictRuled)]
    assert (event.member, event.case, event.bars, event.kind, event.about, event.declared) == (
        "M03",
        "T13-1",
        True,
        "师生",
        "测组长",
        seq,
    )
    assert not waiting(session)


def test_an_old_ledger_without_the_new_fields_is_read(session):
    from kjfp_helpers.core.events import from_payload

    old = {"member": "M01", "case": "T13-1", "bars": True, "reason": "x", "by": ["甲", "乙"]}
    assert from_payload("ConflictRuled", old).declared == 0
    assert from_payload("Recused", {"member": "M01", "case": "T13-1", "reason": "x"}).kind == ""
