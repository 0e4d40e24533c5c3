"""What a decision would change is told before it is recorded, and is what then happens."""

import pytest

from kjfp_helpers.core.events import (
    CaseVetoed,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.state.revocations import make_revocation
from kjfp_helpers.state.secretary.decision_preview import (
    compare_lists,
    describe_changes,
    preview_decision,
)
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

BY = ("测试甲", "测试乙")


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("preview"))
    score(session)
    return session


def decisions(session):
    state = session.current_state()
    rows = state.decision.shortlist.query("kind == 'team'")
    first = rows.loc[rows["status"] == "listed", "case"].iloc[0]
    after = rows.loc[rows["status"] != "listed", "case"].iloc[0]
    yield CaseVetoed(case=first, clause="二", document="函1号", by=BY)
    yield make_revocation(
        session.ledger.events(), session.ledger.head()[0], reason="点错", document="纪要", by=BY
    )
    yield SeatAdded(case=after, resolution="决议1号", reason="成效突出", by=BY)
    yield SeatsLeftVacant(nominees="team", places=1, by=BY, resolution="决议2号", reason="从严")


def test_preview_is_what_the_recorded_decision_then_gives(session):
    moved = []
    for body in decisions(session):
        before = session.current_state()
        planned = compare_lists(before, preview_decision(before, body))
        assert session.current_state() is before and "名单" in "".join(
            describe_changes(before, body)
        )
        session.record(body)
        assert compare_lists(before, session.current_state()) == planned
        moved.append(any(change.left or change.entered for change in planned))
    assert all(moved)


def test_stages_that_the_decision_leaves_alone_are_not_derived_again(session):
    state = session.current_state()
    (body, *_) = decisions(session)
    after = preview_decision(state, body)
    assert after.scores is state.scores and after.screening is state.screening
