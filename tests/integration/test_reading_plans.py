"""Each plan of readings on a rehearsal round, from mail to verified list; and what may go wrong."""

import json
import re
import shutil
from collections import Counter
from datetime import timedelta

import pytest

from kjfp_helpers import commands, panels
from kjfp_helpers.cli import main
from kjfp_helpers.commands.simulation import simulated_scoring
from kjfp_helpers.commands.simulation.simulated_scoring import score_round
from kjfp_helpers.commands.steps.assignment_making import plan_readings
from kjfp_helpers.core.errors import AssignmentError, DifferenceError
from kjfp_helpers.core.events import (
    ConflictsDeclared,
    FindingSettled,
    PacketSealed,
    ReadingsAssigned,
    ScoreGiven,
)
from kjfp_helpers.panel_review import readings_digest
from kjfp_helpers.rehearsal.actors import panel_formalities
from kjfp_helpers.selection import sensitivity
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.packet_building import build_packet
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    list_open_questions,
    list_questions,
)
from kjfp_helpers.state.panel.review_progress import outstanding_by_member
from support.rounds.packet_files import silent
from support.thoroughness import times

UNITS = 12
SEATS = {"team": 4, "individual": 10}
LEAVER = "M07"


@pytest.fixture(scope="module")
def arrived(received_copy, tmp_path_factory):
    """A rehearsal round whose mail is read and checked, before anything is assigned."""
    base = tmp_path_factory.mktemp("plans")
    folder, outputs, _ = received_copy(base, units=UNITS)
    path = folder / "notice.toml"
    text = path.read_text("utf-8")
    text = text.replace("teams = 20", f"teams = {SEATS['team']}")
    path.write_text(text.replace("individuals = 50", f"individuals = {SEATS['individual']}"))
    assert main(["check", str(folder), "--outputs", str(outputs)]) == 0
    return base


@pytest.fixture
def opened(arrived, tmp_path):
    def open_(plan, rounds=2, *, leaving=False):
        """Open a copy without mail; nobody leaves its panel but, where told so, one member.

        All is derived again from what was read of the mail.
        """
        shutil.copytree(
            arrived, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("inbox")
        )
        path = tmp_path / "rehearsal" / "notice.toml"
        text, count = re.subn(
            r'(ruling\.plan\][^[]*?value = )"uniform"', rf'\1"{plan}"', path.read_text("utf-8")
        )
        assert count == 1
        text = re.sub(r"(ruling\.rounds\][^[]*?value = )2", rf"\g<1>{rounds}", text)
        path.write_text(text, "utf-8")
        path = tmp_path / "rehearsal" / "answers.json"
        answers = json.loads(path.read_text("utf-8"))
        answers["acts"] = [row for row in answers["acts"] if row["act"] != "left"]
        if leaving:
            answers["acts"].append({"act": "left", "member": LEAVER})
        path.write_text(json.dumps(answers), "utf-8")
        return RoundSession.open(tmp_path / "rehearsal", tmp_path / "outputs")

    return open_


def bodies(session, kind):
    return [event.body for event in session.ledger.events() if isinstance(event.body, kind)]


@pytest.mark.parametrize(("plan", "rounds"), [("uniform", 1), ("adaptive", 3), ("band", 2)])
def test_plan_runs_from_mail_to_list_and_derives_again(opened, monkeypatch, plan, rounds):
    monkeypatch.setattr(panel_formalities, "TIME_UNTIL_DEPARTURE", timedelta(minutes=20))
    monkeypatch.setattr(sensitivity, "NEAR_CUT", times(1, sensitivity.NEAR_CUT))
    session = opened(plan, rounds=max(rounds, 2), leaving=True)
    told = commands.assign(session, silent)
    assert any("名单中预计可能易位" in note for note in told.notes)
    assert not commands.assign(session, silent).made, "a second run gives nothing anew"
    simulated_scoring.simulate_readings(session, silent)
    planned = bodies(session, ReadingsAssigned)
    assert [body.round for body in planned] == [1, *range(1, rounds + 1)]  # one member left
    assert set(planned[0].misplaced) == {"team", "individual"} and len(planned[0].anchors) == 6
    assert not outstanding_by_member(session.current_state())
    assert commands.shortlist(session, silent).made == sum(SEATS.values())
    assert "评阅分派" in commands.verify(session, silent).notes[0]
    with pytest.raises(AssignmentError, match=r"还有下一轮"):
        commands.assign(session, silent, next_round=True)


def test_both_rounds_together_are_as_much_work_as_one(opened):
    session = opened("adaptive")
    commands.assign(session, silent)
    simulated_scoring.simulate_readings(session, silent)
    state, (first, second) = session.current_state(), bodies(session, ReadingsAssigned)
    members, anchors = len(session.round.panel), first.anchors
    apart = set(zip(state.scores.conflicts["member"], state.scores.conflicts["case"], strict=True))
    read = {(m, c) for m, ids in second.readings.items() for c in ids} - apart
    plain = [case for case in state.screening.eligible_cases if case.id not in anchors]
    free = sum(members - sum(c == one for _, c in apart) for one in anchors)
    assert len(read) == 5 * len(plain) + free
    loads = Counter(member for member, _ in read)
    assert max(loads.values()) - min(loads.values()) <= 1
    assert len(state.scores.tables.totals) == len(read)


def test_next_round_waits_for_the_marks_and_names_who_owes_them(opened):
    session = opened("adaptive")
    with pytest.raises(AssignmentError, match="尚未分派"):
        commands.assign(session, silent, next_round=True)
    commands.assign(session, silent)
    owed = outstanding_by_member(session.current_state())
    with pytest.raises(AssignmentError, match=f"M01 {owed['M01']} 件"):
        commands.assign(session, silent, next_round=True)
    commands.assign(session, silent, next_round=True, reason="两名评委请假")
    assert bodies(session, ReadingsAssigned)[-1].reason == "两名评委请假"
    assert "评阅分派" in commands.verify(session, silent).notes[0]


def test_start_screen_calls_for_the_next_round_once_the_marks_are_in(opened):
    session = opened("adaptive")
    commands.assign(session, silent)
    assert "还有下一轮" not in shown(session)
    score_round(session, session.current_state())
    assert "还有下一轮" in shown(session)
    commands.assign(session, silent, next_round=True)
    assert "还有下一轮" not in shown(session) and "名单中预计可能易位" in shown(session)


def shown(session):
    found = [panels.show_start(session)]
    for one in found:
        found += getattr(one, "children", ())
    return "".join(one.value for one in found if isinstance(getattr(one, "value", None), str))


def test_second_round_that_was_planned_otherwise_is_found_and_named(opened):
    session = opened("adaptive")
    commands.assign(session, silent)
    score_round(session, session.current_state())
    planned = plan_readings(session.current_state(), 2)
    swapped = dict(planned.readings)
    swapped["M01"], swapped["M02"] = swapped["M02"], swapped["M01"]
    (event,) = session.record(
        ReadingsAssigned(
            readings=swapped,
            seed=planned.seed,
            round=2,
            anchors=planned.anchors,
            digest=readings_digest(swapped),
        )
    )
    with pytest.raises(DifferenceError, match=f"评阅分派（台账第{event.seq}号）"):
        commands.verify(session, silent)


def test_band_is_marked_afresh_and_marks_of_the_first_round_are_kept_and_not_shown(opened):
    session = opened("band")
    commands.assign(session, silent)
    score_round(session, session.current_state())
    before = session.current_state().scores.tables.totals.set_index(["member", "case"])["total"]
    member = "M01"
    old = build_packet(session.current_state(), member)
    session.record(PacketSealed(member=member, packet=old.code, digest=old.digest()))
    commands.assign(session, silent, next_round=True)
    state, packet = session.current_state(), build_packet(session.current_state(), member)
    assert packet.code != old.code and not packet.sealed and packet.round == 2
    first, second = (
        {(reader, case) for reader, cases in body.readings.items() for case in cases}
        for body in bodies(session, ReadingsAssigned)
    )
    assert first & second  # somebody reads a case once more
    assert not any(marks.scores or marks.comment for marks in packet.scores.values())
    assert state.scores.tables.totals.set_index(["member", "case"])["total"].equals(before)
    assert outstanding_by_member(state)[member] == len(packet.cases)
    simulated_scoring.simulate_readings(session, silent)
    after = session.current_state().scores.tables.totals.set_index(["member", "case"])
    again = after[after["round"] == 2]
    assert len(again) == sum(
        len(ids) for ids in bodies(session, ReadingsAssigned)[1].readings.values()
    )
    given = [(b.member, b.case, b.round) for b in bodies(session, ScoreGiven)]
    assert len(given) == len(set(given)) == len(before) + len(again)


def test_case_that_became_eligible_is_read_without_moving_anybody_or_any_seal(opened):
    session = opened("uniform")
    commands.assign(session, silent)
    score_round(session, session.current_state())
    state = session.current_state()
    first = {member: build_packet(state, member) for member in members(session)}
    for packet in first.values():
        session.record(
            PacketSealed(member=packet.member, packet=packet.code, digest=packet.digest())
        )
    late = settle_one(session)
    assert commands.assign(session, silent).made == 5
    readers = [
        member
        for member, ids in bodies(session, ReadingsAssigned)[-1].readings.items()
        if late in ids
    ]
    assert len(readers) == 5
    for member, packet in first.items():
        now = build_packet(session.current_state(), member)
        assert tuple(now.numbers)[: len(packet.numbers)] == tuple(packet.numbers)
        assert bool(now.sealed) == (member not in readers)
        assert {c: m.scores for c, m in now.scores.items() if c != late} == {
            c: m.scores for c, m in packet.scores.items()
        }
    assert "评阅分派" in commands.verify(session, silent).notes[0]


def members(session):
    return [member.member for member in session.round.panel]


def settle_one(session):
    """Settle whatever keeps one case out; return its id."""
    ruling = session.round.notice.ruling.keeps_out.value
    for case in session.current_state().screening.cases:
        codes = {
            f.code
            for f in session.current_state().screening.findings
            if f.case == case.id and f.code in ruling
        }
        if case.eligible or not codes:
            continue
        session.record(*(FindingSettled(case=case.id, code=code, reason="核实") for code in codes))
        if case.id in {one.id for one in session.current_state().screening.eligible_cases}:
            return case.id
    raise AssertionError("no case could be settled")


def test_a_tie_remembered_after_the_marks_is_ruled_upon_and_its_reader_replaced(opened):
    session = opened("uniform")
    commands.assign(session, silent)
    commands.simulate_scores(session, silent)
    state = session.current_state()
    late = [e for e in state.events if isinstance(e.body, ConflictsDeclared) and e.body.statement]
    declared = [one for one in list_questions(state) if one.origin == "declared"]
    one = max(declared, key=lambda one: one.seq)
    marks = [
        e.seq
        for e in state.events
        if isinstance(e.body, ScoreGiven)
        and (e.body.member, e.body.case) == (one.member, one.ruling.case)
    ]
    assert marks and max(marks) < one.seq
    assert [event.seq for event in late] == [one.seq for one in declared]
    assert one.ruling.bars and one.ruling.case in set(state.scores.tables.excluded["case"])
    assert set(list_open_questions(state)) <= {*declared} - {one} and not outstanding_by_member(
        state
    )
    readers = state.scores.tables.totals.groupby("case").size()
    assert readers[one.ruling.case] == 5
    assert (
        not commands.assign(session, silent).made
        and not commands.simulate_scores(session, silent).made
    )
