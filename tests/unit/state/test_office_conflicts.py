"""Secretary, chair and tellers are tied to cases too: then another person acts, or the chair waives."""

import shutil

import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.errors import AccessError, RuleErrors
from kjfp_helpers.core.events import (
    EVENT_CLASSES,
    BallotCounted,
    BallotOpened,
    CaseVetoed,
    ConflictRuled,
    FindingSettled,
    OfficeConflictWaived,
    VisitFindingDecided,
)
from kjfp_helpers.panels.ballots.vote_page import BallotPage
from kjfp_helpers.panels.meeting.office_conflict_waiver_form import build_waiver_forms
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.office_conflicts import CONFLICT_EVENTS, office_conflicts
from support.pages.queue_page import QueueScreen
from support.pages.widget_tree import button, everything, text
from support.rounds.panel_round import open_round

ROLES = """user,role,name,employer,ties
liu,秘书,测试刘,测试研究所13果树室,
wang,秘书,测试王,,
zhou,组长,测试周,,34
tom,计票人,测试汤,测试研究所 13,
tim,计票人,测试提,,
"""
ALONE = ROLES.replace("wang,秘书,测试王,,\n", "")
VETO = {"clause": "二", "document": "文件", "by": ("甲", "乙")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("office")
    open_round(root).ledger.close()
    return root


@pytest.fixture
def opened(made, tmp_path, monkeypatch):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "data" / "practice"

    def open_as(user, roles=ROLES):
        monkeypatch.setenv("KJFP_REHEARSE_AS", user)
        (folder / "roles.csv").write_text(roles, "utf-8")
        return RoundSession.open(folder, tmp_path / "outputs" / "practice")

    return open_as


def rule(session, case):
    session.record(
        ConflictRuled(member="M01", case=case, bars=True, reason="核实", by=("甲", "乙"))
    )


def test_a_ruling_on_the_own_institutes_nominee_is_another_secretarys(opened):
    session = opened("liu")
    with pytest.raises(AccessError) as error:
        rule(session, "P13-1")
    said = str(error.value)
    assert "liu" in said and "P13-1" in said and "同一工作单位" in said and "wang（秘书" in said
    with pytest.raises(AccessError):
        session.record(FindingSettled(case="P13-1", code="late", reason="x"))
    rule(session, "P34-1")
    rule(opened("wang"), "P13-1")


def test_a_chair_does_not_veto_where_the_own_unit_recommends(opened):
    with pytest.raises(AccessError, match="liu（秘书，测试刘）、wang"):
        opened("zhou").record(CaseVetoed(case="T34-1", **VETO))
    opened("zhou").record(CaseVetoed(case="T13-1", **VETO))


def test_a_chair_does_not_decide_what_was_found_at_the_own_unit(opened):
    decided = {"finding": "people", "mark": "", "day": "2020-09-03", "ruling": "serious"}
    grounds = {"reason": "见材料", "document": "纪要1号", "by": ("甲", "乙")}
    bodies = [
        VisitFindingDecided(unit=unit, cases=cases, **decided, **grounds)
        for unit, cases in (("34", ()), ("34", ("P34-1",)), ("13", ()))
    ]
    for body in bodies[:2]:
        with pytest.raises(AccessError, match="34-1"):
            opened("zhou").record(body)
    opened("zhou").record(bodies[2])


def test_nobody_is_named_as_deciding_on_a_case_they_are_tied_to(opened):
    veto = CaseVetoed(case="P13-1", clause="二", document="文件", by=("测试 刘", "乙"))
    with pytest.raises(AccessError, match="测试刘"):
        opened("wang").record(veto)


def test_a_tied_teller_gets_no_fields_and_counts_nothing(opened):
    body = BallotOpened(
        ballot=1,
        nominees="individual",
        purpose="approval",
        cases=("P13-1", "P34-1"),
        places=2,
        most=2,
        due=("M01", "M02"),
        present=("M01", "M02"),
        recused={},
        issued=2,
    )
    opened("wang").record(body)
    count = BallotCounted(
        ballot=1, teller="甲", returned=2, spoiled=0, votes={"P13-1": (2, 0, 0), "P34-1": (2, 0, 0)}
    )
    session = opened("tom")
    with pytest.raises(AccessError, match="tim（计票人，测试提）"):
        session.record(count)
    ballots = BallotPage(session, lambda: None)
    ballots.show("individual")
    gone = {id(one) for one in everything(ballots.widget) if "kj-gone" in one._dom_classes}
    assert "tim（计票人" in text(ballots.widget)
    assert id(button(ballots.widget, "保存计票")) in gone
    opened("tim").record(count)


def test_the_queue_says_who_can_answer_instead_of_showing_the_answers(opened):
    path = opened("wang").round.folder / "panel.csv"
    path.write_text(
        path.read_text("utf-8").replace("评委1,测试大学", "评委1,测试研究所13"), "utf-8"
    )
    screen = QueueScreen(opened("liu"), whole=True)
    screen.go("M01")
    assert "wang（秘书，测试王）" in screen.text and not screen.texts()
    own = QueueScreen(opened("wang"), whole=True)
    own.go("M01")
    assert own.texts()


def test_one_secretary_alone_is_told_to_name_another_or_to_ask_the_chair(opened):
    roles = ALONE.replace("zhou,组长,测试周,,34", "zhou,组长,测试周,测试研究所13,")
    with pytest.raises(AccessError, match=r"另登记一名.*或由组长"):
        rule(opened("liu", roles), "P13-1")


def test_the_chair_waives_with_a_reason_and_takes_it_back_but_nobody_for_themselves(opened):
    waiver = OfficeConflictWaived(user="liu", case="P13-1", reason="只有一名秘书", by=("测试周",))
    with pytest.raises(AccessError, match="组长"):
        opened("liu", ALONE).record(waiver)
    chair = opened("zhou", ALONE)
    (form,) = build_waiver_forms(chair, lambda: None)
    assert "liu" in str([getattr(one, "options", "") for one in everything(form)])
    chair.record(waiver)
    assert "豁免" in text(panels.show_results(chair))
    rule(opened("liu", ALONE), "P13-1")
    opened("zhou", ALONE).record(
        OfficeConflictWaived(
            user="liu", case="P13-1", reason="已有第二名", by=("周",), waived=False
        )
    )
    with pytest.raises(AccessError):
        rule(opened("liu", ALONE), "P13-1")
    own = OfficeConflictWaived(user="zhou", case="T34-1", reason="x", by=("周",))
    with pytest.raises(AccessError, match="另一名组长"):
        opened("zhou", ALONE).record(own)


def test_a_roles_table_without_the_new_columns_is_read_as_before(opened):
    session = opened("liu", "user,role,name\nliu,秘书,测试刘\n")
    assert session.round.roles[0].employer == "" and not office_conflicts(session.current_state())
    rule(session, "P13-1")


def test_a_misspelt_unit_of_an_account_is_refused_with_its_line(opened):
    folder = opened("liu").round.folder
    (folder / "roles.csv").write_text("user,role,name,ties\nliu,秘书,测试刘,zz\n", "utf-8")
    with pytest.raises(RuleErrors, match=r"roles\.csv 第2行"):
        load_round(folder)


def test_every_bound_act_is_an_event():
    assert set(CONFLICT_EVENTS) <= set(EVENT_CLASSES.values())
