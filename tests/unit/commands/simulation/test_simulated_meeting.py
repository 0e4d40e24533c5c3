"""The meeting of a rehearsal votes again where a struck name leaves others level at the cut."""

import pytest

from kjfp_helpers.commands.simulation.simulated_meeting import vote_on_lists
from kjfp_helpers.core.events import CaseVetoed
from support.rounds.panel_round import open_round
from support.state.recorded_scores import level

pytestmark = pytest.mark.slow


def silent(done, total):
    pass


def test_cases_level_after_a_struck_name_are_voted_on_before_the_list(tmp_path):
    session = level(open_round(tmp_path))
    vote_on_lists(session, silent)
    before = session.current_state().decision
    assert not before.ties and set(before.listed["vote"]) == {"第2次投票通过（赞成2票，应得2票）"}
    struck = before.listed["case"].iloc[0]
    session.record(CaseVetoed(case=struck, clause="二", document="纪要1号", by=("甲", "乙")))
    assert "team" in session.current_state().decision.ties
    vote_on_lists(session, silent)
    after = session.current_state().decision
    (moved_up,) = set(after.listed["case"]) - set(before.listed["case"])
    assert not after.ties and len(after.listed) == len(before.listed)
    assert after.ballots[-2].opened.purpose == "tie" and moved_up in after.ballots[-1].tallies
