"""Past states of a round are those that its events give, though a screening comes from a fork."""

import pytest

from kjfp_helpers.commands.verification import past_states
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.state import RoundState, derive_state
from kjfp_helpers.state.stages.stage_digest import digest_stage
from support.rounds.panel_round import open_round


@pytest.mark.slow
def test_a_past_state_is_that_of_the_events_before_it(tmp_path, monkeypatch):
    session = open_round(tmp_path / "round")
    read, events = session.load_intake(), session.events()
    states = PastStates(session.round, read, events, tmp_path / "scratch")
    written = []
    forked = past_states.begin_in_fork
    monkeypatch.setattr(
        past_states, "begin_in_fork", lambda work, **how: written.append(1) or forked(work, **how)
    )

    def digests(state: RoundState) -> list[str]:
        return [digest_stage(one) for one in (state.screening, state.scores, state.decision)]

    last = len(events)
    for seq in (last, last + 1, last):
        fresh = derive_state(session.round, read, events[: seq - 1])
        state = states.state_before(seq)
        assert digests(state) == digests(fresh), seq
        assert states.state_before(seq) is state
    assert 1 <= len(written) <= 2, "a screening that rests on the same is not derived again"
    session.close()
