"""Kinds of event that a step does not read: what it writes is the same before and after one.

A kind that is not listed counts as read, so that a new one makes a step run once too often, never
once too seldom. A freeze of the rules changes nothing by itself; whether the rule files are those
frozen is asked besides (:class:`~kjfp_helpers.commands.steps.stamped_step.StampedStep`).
"""

from collections.abc import Mapping

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.events.assessment import ASSESSMENT_KINDS
from kjfp_helpers.core.events.spot_check import SPOT_CHECK_KINDS

_AFTER_LIST = (
    kinds.NoticePublished,
    kinds.NoticeWithdrawn,
    kinds.ObjectionReceived,
    kinds.ObjectionAssigned,
    kinds.ObjectionInquired,
    kinds.ObjectionReplied,
    kinds.ObjectionWithdrawn,
    kinds.CommendationIssued,
    kinds.CommendationWithdrawn,
    kinds.CommendationRevoked,
    kinds.PaperOriginalChecked,
)
"""What the office records of notice, objections, decision and originals; it moves no list."""
_SCORING: tuple[type, ...] = (
    kinds.ScoreGiven,
    kinds.CaseDeferred,
    kinds.ConflictsDeclared,
    kinds.PacketSealed,
    kinds.PacketReopened,
    kinds.SheetSigned,
    kinds.IdentitiesRevealed,
    kinds.MethodsCompared,
    kinds.ShortlistComputed,
    kinds.AgendaDrawn,
    kinds.MeetingHeld,
    kinds.DiscussionNoted,
    kinds.VoterConflictRuled,
    kinds.BallotOpened,
    kinds.BallotCounted,
    kinds.BallotVoided,
    kinds.GateWaived,
    *_AFTER_LIST,
)
"""What members and the meeting record, as far as it bars or releases no reading."""
_PANEL = (
    *_SCORING,
    kinds.RulesFrozen,
    kinds.ReadingsAssigned,
    kinds.MemberRecused,
    kinds.ConflictRuled,
    kinds.DeclarationWithdrawn,
    kinds.ScoringClosed,
    kinds.LateScoresRuled,
    kinds.CaseVetoed,
    kinds.SeatAdded,
    kinds.SeatsLeftVacant,
    kinds.ObjectionRuled,
)
"""Everything from the freeze of the rules to the list."""
_BEFORE_RESULTS = tuple(kind for kind in ASSESSMENT_KINDS if kind is not kinds.AssessmentConfirmed)
"""What of the assessment moves no finding: only confirmed results can bar a nominee."""
UNREAD_KINDS: Mapping[str, tuple[type, ...]] = {
    "intake": (
        *_PANEL,
        *SPOT_CHECK_KINDS,
        *ASSESSMENT_KINDS,
        kinds.FindingAssigned,
    ),
    "check": (*_PANEL, *_BEFORE_RESULTS, kinds.FindingAssigned),
    "stocktake": (*_PANEL, *ASSESSMENT_KINDS, kinds.ExhibitionItemsDecided),
    "assign": (
        *_SCORING,
        *_BEFORE_RESULTS,
        kinds.FindingAssigned,
        kinds.ExhibitionItemsDecided,
    ),
}
"""Step to the kinds that it does not read, besides those from which nothing is derived."""
