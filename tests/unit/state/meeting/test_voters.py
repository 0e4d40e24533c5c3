"""Who votes in the meeting, and who leaves the room for a case."""

from dataclasses import replace

import pytest

from kjfp_helpers.core.errors import ParameterError, RuleErrors
from kjfp_helpers.core.events import ConflictRuled, MemberRecused
from kjfp_helpers.rules import VoterRow, load_round
from kjfp_helpers.state.meeting.voters import (
    list_voter_questions,
    list_voters,
    make_voter_ruling,
    recused_by_case,
)
from kjfp_helpers.state.revocations import make_revocation
from support.project import RULES
from support.rounds.panel_round import make_round, open_round

HEAD = "编号,姓名,职务,工作单位,评委编号,关联单位"


def load_with(tmp_path, *rows):
    folder = make_round(tmp_path)
    (folder / "voters.csv").write_text("\n".join((HEAD, *rows)), "utf-8")
    return load_round(folder)


def test_the_register_is_read_frozen_with_the_rules_and_refused_with_every_fault(tmp_path):
    round = load_with(tmp_path, "V1,委员甲,组长,某部,,", "V2,测试评委1,,,M01,13")
    assert [row.member for row in round.voters] == ["", "M01"]
    assert "voters.csv" in round.files and load_round(RULES).voters == ()
    rows = ("V1,委员甲,,,M99,", "v1,委员乙,,,,", "V3,委员甲,,,,99", ",委员丁,,,,")
    with pytest.raises(RuleErrors) as refused:
        load_with(tmp_path / "bad", *rows)
    said = str(refused.value)
    assert all(part in said for part in ("M99", "“v1”", "“委员甲”", "“99”", "编号（至多20个）"))


def test_who_is_tied_to_a_case_leaves_the_room_as_member_or_by_the_register(tmp_path):
    session = open_round(tmp_path)
    state = session.current_state()
    assert [one.id for one in list_voters(state)] == [one.member for one in state.round.panel]
    case = state.screening.eligible_cases[0]
    rows = (
        VoterRow(voter="V1", name="委员甲", ties=(case.unit,)),
        VoterRow(voter="V2", name="委员乙", position="成员"),
        VoterRow(voter="V3", name=case.name),
    )
    state = replace(state, round=replace(state.round, voters=rows))
    assert [one.label for one in list_voters(state)][:2] == ["委员甲", "委员乙（成员）"]
    recused = recused_by_case(state, [one.id for one in state.screening.eligible_cases])
    assert "V1" in recused[case.id]
    assert all("V2" not in voters for voters in recused.values())
    session.close()


def test_a_ruling_on_a_member_holds_for_the_voter_too(tmp_path):
    session = open_round(tmp_path)
    state = session.current_state()
    member, case = state.scores.readings[["member", "case"]].iloc[0]
    row = VoterRow(voter="V1", name=state.round.member_by_id[member].name, member=member)

    def leaving():
        now = session.current_state()
        seen = replace(now, round=replace(now.round, voters=(row,)))
        return recused_by_case(seen, [case])

    session.record(MemberRecused(member=member, case=case, reason="合作过"))
    assert leaving() == {case: ("V1",)}
    session.record(
        ConflictRuled(member=member, case=case, bars=False, reason="不构成", by=("甲", "乙"))
    )
    assert leaving() == {}
    session.close()


def test_a_voter_outside_the_panel_is_released_or_barred_by_two_persons_and_it_can_be_revoked(
    tmp_path,
):
    session = open_round(tmp_path)
    case, other = session.current_state().screening.eligible_cases[:2]
    rows = (
        VoterRow(voter="V1", name="委员甲", ties=(case.unit,)),
        VoterRow(voter="V2", name="测试评委1", member="M01"),
    )

    def now():
        state = session.current_state()
        return replace(state, round=replace(state.round, voters=rows))

    def rule(voter, about, bars, by=("甲", "乙")):
        return make_voter_ruling(
            now(), voter=voter, case=about, bars=bars, reason="已离任三年", by=by
        )

    assert "V1" in recused_by_case(now(), [case.id])[case.id]
    for wrong in (("V2", case.id, True), ("V9", case.id, True), ("V1", "T99-9", True)):
        with pytest.raises(ParameterError):
            rule(*wrong)
    with pytest.raises(ParameterError, match="两名不同的经办人"):
        rule("V1", case.id, False, by=("甲", "甲"))
    (released,) = session.record(rule("V1", case.id, False))
    session.record(rule("V1", other.id, True))
    gone = recused_by_case(now(), [case.id, other.id])
    assert "V1" not in gone.get(case.id, ()) and "V1" in gone[other.id]
    assert (other.id, "V1") not in {one[:2] for one in list_voter_questions(now())}
    session.record(
        make_revocation(
            session.ledger.events(), released.seq, reason="误", document="纪要", by=("甲", "乙")
        )
    )
    assert "V1" in recused_by_case(now(), [case.id])[case.id]
    session.close()
