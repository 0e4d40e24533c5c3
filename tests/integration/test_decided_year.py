"""A rehearsal that is played through the meeting to its decision, and derived again."""

import pytest

from kjfp_helpers import commands, rehearsal
from kjfp_helpers.commands.archive.archive_check import verify_archive
from kjfp_helpers.commands.archive.archive_making import make_archive
from kjfp_helpers.core.events import ObjectionRuled, SeatAdded
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.originals_comparison.paper_originals import list_originals
from kjfp_helpers.state.publication.commendations import standing_commendation
from kjfp_helpers.state.publication.published_notices import list_notices
from kjfp_helpers.state.secretary.publication_gates import is_ready
from support.archive_inspector import inspect

pytestmark = pytest.mark.slow


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    base = tmp_path_factory.mktemp("decided")
    rehearsal.write_rehearsal(base / "rehearsal", units=7, to="decision")
    session = RoundSession.open(base / "rehearsal", base / "outputs", create=True)
    for step in (
        commands.register_mail,
        commands.assign,
        commands.simulate_scores,
        commands.simulate_meeting,
        commands.shortlist,
    ):
        assert not step(session, silent).failed
    yield session
    session.close()


def test_a_tie_is_voted_on_twice_and_every_listed_case_has_its_vote(session):
    decision = session.current_state().decision
    first, second, *rest = decision.ballots
    assert (first.opened.purpose, second.opened.purpose) == ("tie", "tie")
    assert first.opened.cases == second.opened.cases
    assert len({tally.yes for tally in first.tallies.values()}) == 1
    winner = max(second.tallies, key=lambda case: second.tallies[case].yes)
    approved = [case for one in rest for case in one.tallies]
    assert winner in approved and set(decision.listed["case"]) <= set(approved)
    assert not decision.problems and is_ready(session.current_state())


def test_an_objection_strikes_a_name_and_a_resolution_adds_one(session):
    state = session.current_state()
    _, second, third = list_notices(state.events)
    (ruling,) = state.events.bodies(ObjectionRuled)
    (added,) = state.events.bodies(SeatAdded)
    assert second.removed == ruling.struck and len(second.added) == len(ruling.struck)
    assert third.added == (added.case,) and not third.removed
    individuals = state.decision.listed.query("kind == 'individual'")
    seats = state.round.notice.commended.seats["individual"]
    assert len(individuals) == seats + 1 and added.case in set(individuals["case"])


def test_played_again_it_adds_nothing_and_all_of_it_is_derived_again(session):
    before = session.ledger.head()
    assert commands.simulate_meeting(session, silent).made == 0
    assert session.ledger.head() == before
    result = commands.verify(session, silent)
    assert not result.failed


def test_who_was_added_is_published_before_the_decision_that_says_why_there_is_one_more(session):
    assert not commands.simulate_closing(session, silent).failed
    events, state = session.ledger.events(), session.current_state()
    third, decision = list_notices(events)[-1], standing_commendation(events)
    (added,) = state.events.bodies(SeatAdded)
    assert (third.body.version, third.added) == (3, (added.case,))
    assert (
        set(decision.body.cases) == set(third.body.cases) and decision.body.day > third.body.until
    )
    assert any(event.body.difference for event in list_originals(events).values())
    assert commands.simulate_closing(session, silent).made == 0


def test_its_archive_is_derived_from_the_mail_on_and_by_an_inspectors_own_program(
    session, tmp_path
):
    make_archive(session, silent, target=tmp_path / "档案", prints=False)
    result = verify_archive(tmp_path / "档案", silent)
    assert not result.failed and any("来件与读取值" in line for line in result.notes)
    found = inspect(tmp_path / "档案")
    assert [len(cases) for cases in found["versions"]] == [9, 9, 10]
    assert commands.simulate_archive(session, silent).made == 0
