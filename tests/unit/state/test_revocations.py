"""Every decision can be taken back or replaced, and then the round stands as before it."""

from dataclasses import replace
from functools import partial

import pytest

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import EVENT_CLASSES, DecisionRevoked, Event, ScoreGiven
from kjfp_helpers.core.events.assessment import ASSESSMENT_KINDS
from kjfp_helpers.core.events.spot_check import SPOT_CHECK_KINDS
from kjfp_helpers.infra.cache import DiskCache
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.panel.packet_building import build_packets
from kjfp_helpers.state.revocations import (
    RECORDS,
    REVOCABLE,
    TAKEN_BACK_BY,
    list_revoked,
    make_revocation,
)
from kjfp_helpers.state.secretary.publication_gates import list_gates, open_questions
from kjfp_helpers.state.stages.stage_keeping import MemoryKeep
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

TWO = ("测试甲", "测试乙")
WHY = {"reason": "登记有误", "document": "会议纪要1号"}
HELD_ELSEWHERE = {
    kinds.MaterialClassified,
    kinds.VersionChosen,
    kinds.SenderRemembered,
    kinds.FormEntered,
    kinds.FormWithdrawn,
    kinds.NomineesChosen,
    kinds.DeclarationWithdrawn,
    kinds.OfficeConflictWaived,
    kinds.PaperReceived,
    kinds.CorrectionDeadlineExtended,
    kinds.DocumentDateSet,
    kinds.AgendaDrawn,
    kinds.MeetingHeld,
    kinds.DiscussionNoted,
    kinds.VoterConflictRuled,
    kinds.ExhibitionItemsDecided,
    kinds.NoticePublished,
    kinds.NoticeWithdrawn,
    kinds.ObjectionReceived,
    kinds.ObjectionAssigned,
    kinds.ObjectionInquired,
    kinds.ObjectionRuled,
    kinds.ObjectionWithdrawn,
    kinds.CommendationIssued,
    kinds.CommendationRevoked,
    kinds.CommendationWithdrawn,
    kinds.PaperOriginalChecked,
    kinds.SummaryTyped,
    kinds.SummaryHeadsRuled,
    kinds.FindingAssigned,
    *SPOT_CHECK_KINDS,
    *ASSESSMENT_KINDS,
} - {kinds.VisitFormIssued, kinds.AssessmentConfirmed}
"""Taken back in the tests of queue, versions, senders, rulings, ties, office conflicts, papers,
letters, publication, commendations, originals, exhibition, spot check, meeting and assessment."""


class Tried:
    """A scored round in memory, to which events are added and which is derived again."""

    def __init__(self, session, recall):
        self.recall, self.keep = recall, MemoryKeep()
        self.round, self.intake = session.round, session.load_intake()
        self.events = list(session.ledger.events())
        self.base, self.states = len(self.events), []
        self.state = self.derive()
        table = self.state.decision.shortlist
        self.listed = table.loc[table["status"] == "listed", "case"].tolist()
        self.out = table.loc[table["status"].isin(["reserve", "out"]), "case"].tolist()
        self.packet = build_packets(self.state)["M01"]
        self.first = next(iter(self.packet.cases))
        self.mark = next(e.body for e in self.events if isinstance(e.body, ScoreGiven))

    def with_events(self, *bodies):
        tried = object.__new__(Tried)
        tried.__dict__ |= self.__dict__ | {"events": list(self.events)}
        for body in bodies:
            at = tried.events[-1].at
            tried.events.append(Event(seq=len(tried.events) + 1, at=at, actor="秘书", body=body))
        return tried

    def derive(self):
        given = (self.round, self.intake, self.events, self.recall)
        return derive_state(*given, intake_digest="read", keep=self.keep)

    def revoke(self, **told):
        """Take the last event back."""
        given = {**WHY, "by": TWO, **told}
        return make_revocation(self.events, len(self.events), **given)


@pytest.fixture(scope="module")
def round(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("take_back"))
    score(session)
    tried = Tried(session, DiskCache(tmp_path_factory.mktemp("recall"), ""))
    mails = tried.intake.mails
    tried.intake = replace(
        tried.intake, mails=(*mails[:-1], replace(mails[-1], sent=None, received=None))
    )
    tried.keep = MemoryKeep()
    return tried


def state(tried):
    """Return what :func:`_state` does, once for the same events."""
    held = tried.states
    key = tuple(event.body for event in tried.events[tried.base :])
    if not any(key == known for known, _ in held):
        held.append((key, _state(tried)))
    return next(told for known, told in held if known == key)


def _state(tried):
    """Everything that a decision can move, without the ledger's numbers."""
    state = tried.derive()
    marks = state.scores.tables
    frames = [
        state.decision.shortlist,
        marks.totals,
        marks.by_criterion,
        marks.late,
        marks.excluded,
        state.scores.conflicts,
        state.scores.readings,
        state.screening.summaries,
        state.screening.completeness,
    ]
    return {
        "frames": [
            sorted(
                frame.drop(columns=["seq"], errors="ignore")
                .astype(str)
                .itertuples(index=False, name=None)
            )
            for frame in frames
        ],
        "cases": [
            (case.id, case.eligible, case.reasons, case.nominee) for case in state.screening.cases
        ],
        "receipts": state.submissions.receipts.astype(str).to_csv(),
        "findings": state.screening.findings,
        "questions": open_questions(state),
        "late": {name: value for name, value in state.submissions.late.items()},
        "departed": set(state.scores.departed),
        "ballots": [
            (one.opened.ballot, one.state, dict(one.tallies))
            for one in state.decision.ballots
            if one.state != "voided"
        ],
        "gates": [
            (one.key, one.state, sorted(one.open)) for one in list_gates(state) if one.key != "late"
        ],
        "packets": {
            member: (
                bool(packet.declared),
                bool(packet.sealed),
                bool(packet.signed),
                packet.closed,
                packet.revealed_at is not None,
                sorted(packet.cases),
                sorted(packet.declarations.values()),
                [case for case, held in packet.scores.items() if held.parked],
            )
            for member, packet in build_packets(state).items()
        },
    }


def opened(tried, number=1):
    case = tried.listed[0]
    kind = "team" if case.startswith("T") else "individual"
    members = tuple(tried.round.member_by_id)
    return kinds.BallotOpened(
        ballot=number,
        nominees=kind,
        purpose="approval",
        cases=(case,),
        places=1,
        most=1,
        due=members,
        present=members,
        recused={},
        issued=len(members),
    )


def counted(tried, teller, yes):
    voters = len(tried.round.panel)
    return kinds.BallotCounted(
        ballot=1,
        teller=teller,
        returned=voters,
        spoiled=0,
        votes={tried.listed[0]: (yes, voters - yes, 0)},
    )


def sealed(tried):
    return kinds.PacketSealed(member="M01", packet=tried.packet.code, digest=tried.packet.digest())


def signed(tried):
    return kinds.SheetSigned(
        member="M01", packet=tried.packet.code, digest=tried.packet.digest(), by=TWO[:1]
    )


def late(tried):
    return replace(tried.mark, scores={name: 99.0 for name in tried.mark.scores})


def readings(tried, cut=0):
    held = next(e.body for e in tried.events if isinstance(e.body, kinds.ReadingsAssigned))
    return replace(held, readings={m: ids[cut:] for m, ids in held.readings.items()})


def amended(digest):
    return kinds.RulesAmended(
        digest=digest, files={}, texts={}, changes=(), resolution="决议9号", reason="修订", by=TWO
    )


def about(tried):
    """Subject, code, field and mark of a finding on a record."""
    found = next(one for one in tried.state.screening.findings if one.code == "approx")
    record = tried.state.screening.case_by_id[found.case].record.id
    return {"subject": record, "code": found.code, "field": found.field, "mark": found.fingerprint}


def approx_case(tried):
    return next(one.case for one in tried.state.screening.findings if one.code == "approx")


REVOKED = {
    kinds.CaseVetoed: lambda t: [
        kinds.CaseVetoed(case=t.listed[0], clause="二", document="函1号", by=TWO)
    ],
    kinds.SeatAdded: lambda t: [
        kinds.SeatAdded(case=t.out[0], resolution="决议1号", reason="突出", by=TWO)
    ],
    kinds.SeatsLeftVacant: lambda t: [
        kinds.SeatsLeftVacant(
            nominees="team", places=1, resolution="决议2号", reason="宁缺", by=TWO
        )
    ],
    kinds.ConflictRuled: lambda t: [
        kinds.ConflictRuled(member="M01", case=t.listed[0], bars=True, reason="师生", by=TWO)
    ],
    kinds.ScoringClosed: lambda t: [kinds.ScoringClosed(reason="到期", by=TWO)],
    kinds.IdentitiesRevealed: lambda t: [kinds.IdentitiesRevealed(reason="合议", by=TWO)],
    kinds.LateScoresRuled: lambda t: [
        kinds.ScoringClosed(reason="到期", by=TWO),
        late(t),
        kinds.LateScoresRuled(admitted=True, by=TWO, **WHY),
    ],
    kinds.GateWaived: lambda t: [kinds.GateWaived(gate="closed", open=("closed",), by=TWO, **WHY)],
    kinds.BallotVoided: lambda t: [
        opened(t),
        kinds.BallotVoided(ballot=1, reason="发错票", by=TWO),
    ],
    kinds.SheetSigned: lambda t: [sealed(t), signed(t)],
    kinds.AssessmentConfirmed: lambda t: [
        kinds.AssessmentConfirmed(results={"13": (92.0, "优秀")}, by=TWO, **WHY)
    ],
}
"""Decisions that one event takes back: what leads to them, and they themselves last."""


def test_every_kind_of_event_is_a_record_or_has_one_that_takes_it_back():
    assert set(EVENT_CLASSES.values()) == RECORDS | TAKEN_BACK_BY.keys()
    assert not RECORDS & TAKEN_BACK_BY.keys()
    tried = REVOKED.keys() | REPLACED.keys() | HELD_ELSEWHERE | {kinds.LevelConfirmed}
    assert tried == TAKEN_BACK_BY.keys()


@pytest.mark.parametrize("kind", REVOKED, ids=lambda kind: kind.__name__)
def test_a_decision_taken_back_leaves_the_round_as_if_it_had_not_been_made(round, kind):
    *before, decision = REVOKED[kind](round)
    stood = round.with_events(*before)
    made = stood.with_events(decision)
    assert state(made) != state(stood)
    back = made.with_events(made.revoke())
    assert state(back) == state(stood)
    assert any(event.body == decision for event in back.derive().events)


REPLACED = {
    kinds.BallotOpened: lambda t: (
        [],
        opened(t),
        kinds.BallotVoided(ballot=1, reason="误", by=TWO),
    ),
    kinds.BallotCounted: lambda t: (
        [opened(t), counted(t, "计票甲", 1), counted(t, "计票乙", 1)],
        counted(t, "计票乙", 2),
        counted(t, "计票乙", 1),
    ),
    kinds.MemberWithdrawn: lambda t: (
        [],
        kinds.MemberWithdrawn(member="M02", set_aside=True, by=TWO, **WHY),
        kinds.MemberReinstated(member="M02", by=TWO, **WHY),
    ),
    kinds.MemberReinstated: lambda t: (
        [left := kinds.MemberWithdrawn(member="M02", set_aside=True, by=TWO, **WHY)],
        kinds.MemberReinstated(member="M02", by=TWO, **WHY),
        left,
    ),
    kinds.PacketSealed: lambda t: (
        [],
        sealed(t),
        kinds.PacketReopened(member="M01", packet=t.packet.code, reason="误"),
    ),
    kinds.PacketReopened: lambda t: (
        [sealed(t)],
        kinds.PacketReopened(member="M01", packet=t.packet.code, reason="误"),
        sealed(t),
    ),
    kinds.ScoreGiven: lambda t: ([], late(t), t.mark),
    kinds.CaseDeferred: lambda t: (
        [],
        kinds.CaseDeferred(member="M01", case=t.first, parked=True),
        kinds.CaseDeferred(member="M01", case=t.first, parked=False),
    ),
    kinds.SummaryAssessed: lambda t: (
        [first := kinds.SummaryAssessed(unit="13", level="良好", reader="甲")],
        kinds.SummaryAssessed(unit="13", level="合格", reader="甲"),
        first,
    ),
    kinds.NominationWithdrawn: lambda t: (
        [],
        kinds.NominationWithdrawn(case=t.listed[0], reason="单位来函"),
        kinds.NominationRestored(case=t.listed[0], reason="单位来函"),
    ),
    kinds.NominationRestored: lambda t: (
        [gone := kinds.NominationWithdrawn(case=t.listed[0], reason="单位来函")],
        kinds.NominationRestored(case=t.listed[0], reason="误"),
        gone,
    ),
    kinds.FieldCorrected: lambda t: (
        [],
        kinds.FieldCorrected(
            record="1-1", field="people_lifted", old=3200, new=3300, reason="电话"
        ),
        kinds.FieldCorrected(record="1-1", field="people_lifted", old=3300, new=3200, reason="误"),
    ),
    kinds.UnitAssigned: lambda t: (
        [],
        kinds.UnitAssigned(receipt=1, unit="34", reason="误"),
        kinds.UnitAssigned(receipt=1, unit="13", reason="正"),
    ),
    kinds.RulesFrozen: lambda t: (
        [],
        kinds.RulesFrozen(digest="0" * 64, files={}),
        amended(t.round.digest),
    ),
    kinds.RulesAmended: lambda t: (
        [amended(t.round.digest)],
        amended("0" * 64),
        amended(t.round.digest),
    ),
    kinds.ReadingsAssigned: lambda t: ([], readings(t, cut=1), readings(t)),
    kinds.MemberRecused: lambda t: (
        [],
        kinds.MemberRecused(member="M01", case=t.first, reason="误按"),
        kinds.ConflictRuled(member="M01", case=t.first, bars=False, reason="误按", by=TWO),
    ),
    kinds.ArrivalRecorded: lambda t: (
        [],
        kinds.ArrivalRecorded(receipt=6, at="2020-07-09T09:00:00+08:00", reason="登记簿"),
        kinds.ArrivalRecorded(receipt=6, at="", reason="误"),
    ),
    kinds.FindingReviewed: lambda t: (
        [],
        kinds.FindingReviewed(**about(t), outcome="confirmed", reason="核对"),
        kinds.FindingReopened(**about(t), reason="误"),
    ),
    kinds.FindingReopened: lambda t: (
        [seen := kinds.FindingReviewed(**about(t), outcome="confirmed", reason="核对")],
        kinds.FindingReopened(**about(t), reason="误"),
        seen,
    ),
    kinds.FindingSettled: lambda t: (
        [],
        kinds.FindingSettled(
            case=approx_case(t), code="approx", reason="准予", mark=about(t)["mark"]
        ),
        kinds.FindingReopened(**about(t), case=approx_case(t), reason="误"),
    ),
}
"""Decisions that another event takes back or replaces: before, the decision, that other."""


@pytest.mark.parametrize("kind", REPLACED, ids=lambda kind: kind.__name__)
def test_a_decision_replaced_by_its_own_event_leaves_the_round_as_before(round, kind):
    before, decision, other = REPLACED[kind](round)
    assert isinstance(decision, kind) and isinstance(other, TAKEN_BACK_BY[kind])
    stood = round.with_events(*before)
    made = stood.with_events(decision)
    assert state(made) != state(stood)
    assert state(made.with_events(other)) == state(stood)


def test_what_takes_back_names_a_reason_a_document_two_persons_and_a_decision_that_stands(round):
    made = round.with_events(*REVOKED[kinds.CaseVetoed](round))
    for told in ({"reason": " "}, {"document": ""}, {"by": ("测试甲", "测试甲 ")}, {"by": ()}):
        with pytest.raises(ParameterError):
            made.revoke(**told)
    back = made.with_events(made.revoke())
    with pytest.raises(ParameterError, match="尚有效的决定"):
        make_revocation(back.events, len(made.events), by=TWO, **WHY)
    with pytest.raises(ParameterError, match="尚有效的决定"):
        make_revocation(made.events, 1, by=TWO, **WHY)
    alone = DecisionRevoked(decision=len(made.events), decided="CaseVetoed", by=TWO[:1], **WHY)
    assert not list_revoked(made.with_events(alone).events)


def test_a_confirmed_level_is_taken_back_by_the_same_event(round):
    level = kinds.LevelConfirmed(case="P13-1", level="处级", document="函2号", by=TWO)
    made = round.with_events(level)
    assert isinstance(level, REVOCABLE)
    assert level not in [e.body for e in made.with_events(made.revoke()).derive().standing_events]


def test_late_marks_are_admitted_all_or_none_and_later_ones_wait_for_a_ruling(round):
    closed = kinds.ScoringClosed(reason="到期", by=TWO)
    other = replace(late(round), case=list(round.packet.cases)[1])
    rule = partial(kinds.LateScoresRuled, by=TWO, **WHY)
    after = round.with_events(closed, late(round), other)
    assert len(after.derive().scores.tables.late) == 2 and gate(after, "late").open
    admitted = after.with_events(rule(admitted=True))
    assert admitted.derive().scores.tables.late.empty and gate(admitted, "late") is None
    totals = admitted.derive().scores.tables.totals.set_index(["member", "case"])["total"]
    for mark in (late(round), other):
        assert totals[mark.member, mark.case] == 99.0
    none = admitted.with_events(rule(admitted=False))
    assert len(none.derive().scores.tables.late) == 2 and gate(none, "late") is None
    again = admitted.with_events(replace(other, scores={name: 98.0 for name in other.scores}))
    assert len(again.derive().scores.tables.late) == 1 and len(gate(again, "late").open) == 1


def gate(tried, key):
    return next((one for one in list_gates(tried.derive()) if one.key == key), None)


def test_a_reveal_taken_back_hides_the_names_but_marks_given_since_stay_flagged(round):
    shown = round.with_events(*REVOKED[kinds.IdentitiesRevealed](round))
    marked = shown.with_events(round.mark)
    back = marked.with_events(make_revocation(marked.events, len(shown.events), by=TWO, **WHY))
    live = build_packets(shown.derive())["M01"]
    for event in back.events[len(shown.events) :]:
        live.apply(event)
    for packet in (live, build_packets(back.derive())["M01"]):
        assert packet.revealed_at is None and packet.is_saved_after_reveal(round.mark.case)
