"""What the tellers of a rehearsed meeting count is possible under every rule of voting."""

import pytest

from kjfp_helpers.core.events import BallotOpened
from kjfp_helpers.rehearsal.actors.meeting_acts import count_tie
from kjfp_helpers.rules import load_round
from kjfp_helpers.selection import fold_ballots
from support.rounds.panels_and_scores import events

VOTERS = tuple(f"V{number:02}" for number in range(1, 9))
CASES = ("P11-1", "P12-1", "P13-1")


@pytest.mark.parametrize("level", [True, False])
@pytest.mark.parametrize("voting, points", [("approval", 0), ("allotment", 10), ("ranked", 0)])
def test_a_tie_is_counted_level_or_apart_whatever_the_papers_say(
    rules_folder, voting, points, level
):
    opened = BallotOpened(
        ballot=1,
        nominees="individual",
        purpose="tie",
        cases=CASES,
        places=1,
        most=1 if voting == "approval" else len(CASES),
        due=VOTERS,
        present=VOTERS,
        recused={CASES[0]: VOTERS[:2]},
        issued=len(VOTERS),
        voting=voting,
        points=points,
    )
    counts = [count_tie(opened, teller, level=level) for teller in ("甲", "乙")]
    (ballot,) = fold_ballots(events(opened, *counts), load_round(rules_folder).notice.ruling)
    first, second, last = (ballot.tallies[case].yes for case in CASES)
    assert ballot.state == "settled"
    assert (first == second) is level
    assert last == 0 < second <= first
