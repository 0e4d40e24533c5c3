"""The meeting of a rehearsal votes again where a struck name leaves others level at the cut."""

from dataclasses import replace

import pytest

from kjfp_helpers.commands.simulation.simulated_meeting import vote_on_lists
from kjfp_helpers.core.events import CaseVetoed
from kjfp_helpers.rules.tables.rows import RoleHolder
from support.rounds.builders import ruling
from support.rounds.panel_round import open_round
from support.state.recorded_scores import level

pytestmark = pytest.mark.slow


def silent(done, total):
    pass


def test_cases_level_after_a_struck_name_are_voted_on_before_the_list(tmp_path):
    session = level(open_round(tmp_path))
    tellers = tuple(RoleHolder(user=name, name=name, role="计票人") for name in ("甲", "乙"))
    session.round = replace(ruling(session.round, method="mean"), roles=tellers)
    vote_on_lists(session, silent)
    before = session.current_state().decision
    assert not before.ties and before.listed["vote"].str.contains("通过").all()
    struck = before.listed.query("kind == 'team'")["case"].iloc[0]
    session.record(CaseVetoed(case=struck, clause="二", document="纪要1号", by=("甲", "乙")))
    assert "team" in session.current_state().decision.ties
    vote_on_lists(session, silent)
    after = session.current_state().decision
    (moved_up,) = set(after.listed["case"]) - set(before.listed["case"])
    assert not after.ties and len(after.listed) == len(before.listed)
    tie, approval = after.ballots[-2:]
    assert (tie.opened.purpose, approval.opened.cases) == ("tie", (moved_up,))
