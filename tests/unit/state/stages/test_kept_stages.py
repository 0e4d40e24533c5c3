"""A kept stage is the stage that is derived from nothing, whatever happened since."""

import random
from dataclasses import replace

import pytest

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.events import EVENT_CLASSES, Event, EventLog
from kjfp_helpers.eligibility import collect_submissions
from kjfp_helpers.eligibility.submissions import SUBMISSION_KINDS
from kjfp_helpers.infra.cache import MemoryCache
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.stages.decision import DECISION_KINDS, derive_decision
from kjfp_helpers.state.stages.scores import SCORE_KINDS, derive_scores
from kjfp_helpers.state.stages.screening import SCREENING_KINDS, derive_screening
from kjfp_helpers.state.stages.stage_digest import digest_stage
from kjfp_helpers.state.stages.stage_keeping import MemoryKeep
from support.rounds.panel_round import open_round
from support.state.random_events import RandomEvents
from support.state.recorded_scores import score
from support.thoroughness import times

STAGES = ("submissions", "screening", "scores", "decision")
UNREAD = {
    kinds.ArchiveMade,
    kinds.ColumnItemReceived,
    kinds.CommendationIssued,
    kinds.CommendationRevoked,
    kinds.CommendationWithdrawn,
    kinds.PaperOriginalChecked,
    kinds.RoundOpened,
    kinds.RulesFrozen,
    kinds.IntakeRead,
    kinds.OutputsRecorded,
    kinds.UnitReportsVersioned,
    kinds.EarlierLedgerAccepted,
    kinds.MethodsCompared,
    kinds.ShortlistComputed,
    kinds.ConflictsDeclared,
    kinds.CaseDeferred,
    kinds.PacketSealed,
    kinds.PacketReopened,
    kinds.SheetSigned,
    kinds.IdentitiesRevealed,
    kinds.OfficeConflictWaived,
    kinds.GateWaived,
    kinds.AgendaDrawn,
    kinds.MeetingHeld,
    kinds.DiscussionNoted,
    kinds.VoterConflictRuled,
    kinds.DecisionRevoked,
    kinds.IdentityViewed,
    kinds.ExhibitionItemsDecided,
    kinds.NoticePublished,
    kinds.NoticeWithdrawn,
    kinds.ObjectionReceived,
    kinds.ObjectionAssigned,
    kinds.ObjectionInquired,
    kinds.ObjectionReplied,
    kinds.ObjectionWithdrawn,
    kinds.SummaryReadingsAssigned,
    kinds.AssessmentPointsRuled,
    kinds.ExperienceTagged,
    kinds.SummaryReaderReleased,
    kinds.SummarySetAside,
    kinds.FindingAssigned,
}
"""Kinds that no stage reads: papers, gates, packets and the assessment look them up; a revocation takes others out."""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("stages"))
    score(session)
    return session


def digests(state):
    return {stage: digest_stage(getattr(state, stage)) for stage in STAGES}


def digests_of_all_events(state):
    """What each stage would be if it saw every event, not those of its own kinds only."""
    events = state.standing_events
    submissions = collect_submissions(state.rules, state.original_intake, events)
    screening = derive_screening(state.rules, submissions, events)
    scores = derive_scores(state.round, submissions, screening, events)
    decision = derive_decision(state.round, screening, scores, events)
    made = submissions, screening, scores, decision
    return dict(zip(STAGES, map(digest_stage, made), strict=True))


def test_every_kind_of_event_is_read_by_a_stage_or_known_to_be_read_by_none():
    read = {*SUBMISSION_KINDS, *SCREENING_KINDS, *SCORE_KINDS, *DECISION_KINDS}
    assert read | UNREAD == set(EVENT_CLASSES.values()) and not read & UNREAD


def test_parts_of_the_rules_that_a_stage_does_not_list_change_nothing_of_it(session):
    rules, read, events = session.round, session.load_intake(), session.ledger.events()
    before = derive_state(rules, read, events)
    scale = rules.rubric.scale.model_copy(update={"most": rules.rubric.scale.most + 1})
    other = replace(
        rules,
        panel=rules.panel[:1],
        rubric=rules.rubric.model_copy(update={"scale": scale}),
        roles=(),
        files={},
        texts={},
        amendments=("修订",),
    )
    after = derive_state(other, read, events)
    for stage in ("submissions", "screening"):
        assert digest_stage(getattr(after, stage)) == digest_stage(getattr(before, stage))
    bare = derive_state(replace(other, targets=(), commended=()), read, events)
    assert digest_stage(bare.submissions) == digest_stage(before.submissions)
    assert digest_stage(bare.screening) != digest_stage(before.screening)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 1 + times(1, 10)))
def test_after_500_random_events_of_all_kinds_kept_stages_equal_those_from_nothing(session, seed):
    rng, keep, cache = random.Random(seed), MemoryKeep(), MemoryCache()
    rules, read, events = session.round, session.load_intake(), session.ledger.events()
    drawn = RandomEvents(derive_state(rules, read, events), rng)
    seen, changed = set(), dict.fromkeys(STAGES, 0)
    before, listed, last = {}, 0, 520
    for number in range(last):
        unseen = [kind for kind in EVENT_CLASSES.values() if kind not in seen]
        body = drawn.draw(events, unseen if number >= last - 40 else ())
        seen.add(type(body))
        new = Event(seq=len(events) + 1, at=events[-1].at, actor="秘书", body=body)
        events = EventLog((*events, new))
        kept = derive_state(rules, read, events, cache, intake_digest="read", keep=keep)
        for stage in STAGES:
            made = getattr(kept, stage)
            changed[stage] += made is not before.get(stage)
            before[stage] = made
        if number % 52 == 51:
            fresh = derive_state(rules, read, events)
            assert digests(kept) == digests(fresh), f"after {number + 1} events, seed {seed}"
            assert digests(fresh) == digests_of_all_events(fresh)
            listed += bool(len(fresh.decision.shortlist))
    assert seen == set(EVENT_CLASSES.values()) and listed
    assert 0 < changed["submissions"] < changed["screening"] < changed["scores"] < last, changed


def test_a_score_makes_nothing_of_submissions_and_screening_again(session):
    before = session.current_state()
    kept = [getattr(before, stage) for stage in STAGES]
    score(session)
    after = session.current_state()
    made = [getattr(after, stage) for stage in STAGES]
    assert [one is other for one, other in zip(kept, made, strict=True)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.slow
def test_relationships_are_those_of_the_panel_whatever_panel_was_asked_about_before(session):
    rules, read, events = session.round, session.load_intake(), session.ledger.events()
    small = replace(rules, panel=rules.panel[:2])
    kept = derive_state(rules, read, events)
    log = kept.standing_events
    for panel in (rules, small, rules, rules, small):
        known = derive_scores(panel, kept.submissions, kept.screening, log)
        anew = derive_state(rules, read, events)
        fresh = derive_scores(panel, anew.submissions, anew.screening, log)
        assert known.detected_relationships == fresh.detected_relationships
        assert {one.member for one in known.detected_relationships} <= {
            member.member for member in panel.panel
        }
