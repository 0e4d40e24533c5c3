"""All event classes, and the names under which the ledger stores them.

The name of an event's kind in a ledger is a storage key: it is part of the hash of the row and
stays what it was when the kind was introduced. A class that has been renamed since has its stored
name in :data:`STORED_KINDS`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from sys import intern
from typing import Any

from kjfp_helpers.core.events.assessment import (
    AssessmentConfirmed,
    AssessmentPointsRuled,
    ExperienceTagged,
    SummaryHeadsRuled,
    SummaryReaderReleased,
    SummaryReadingsAssigned,
    SummarySetAside,
)
from kjfp_helpers.core.events.exhibition import ColumnItemReceived, ExhibitionItemsDecided
from kjfp_helpers.core.events.intake_decisions import (
    ArrivalRecorded,
    FieldCorrected,
    FindingAssigned,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    FormWithdrawn,
    IdentityViewed,
    MaterialClassified,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
    PaperOriginalChecked,
    PaperReceived,
    SenderRemembered,
    SummaryTyped,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.events.letters import (
    CorrectionDeadlineExtended,
    DocumentDateSet,
    LetterIssued,
)
from kjfp_helpers.core.events.meeting import (
    AgendaDrawn,
    BallotCounted,
    BallotOpened,
    BallotVoided,
    CaseVetoed,
    DecisionRevoked,
    DiscussionNoted,
    GateWaived,
    LateScoresRuled,
    LevelConfirmed,
    MeetingHeld,
    MethodsCompared,
    SeatAdded,
    SeatsLeftVacant,
    ShortlistComputed,
    VoterConflictRuled,
)
from kjfp_helpers.core.events.panel import (
    CaseDeferred,
    ConflictRuled,
    ConflictsDeclared,
    DeclarationWithdrawn,
    IdentitiesRevealed,
    MemberRecused,
    MemberReinstated,
    MemberWithdrawn,
    OfficeConflictWaived,
    PacketReopened,
    PacketSealed,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
    SheetSigned,
    SummaryAssessed,
)
from kjfp_helpers.core.events.publication import (
    CommendationIssued,
    CommendationRevoked,
    CommendationWithdrawn,
    NoticePublished,
    NoticeWithdrawn,
    ObjectionAssigned,
    ObjectionInquired,
    ObjectionReceived,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
)
from kjfp_helpers.core.events.round import (
    ArchiveMade,
    EarlierLedgerAccepted,
    IntakeRead,
    MailReceived,
    OutputsRecorded,
    RoundOpened,
    RulesAmended,
    RulesFrozen,
    UnitReportsVersioned,
)
from kjfp_helpers.core.events.spot_check import (
    LotDrawn,
    LotFrameFrozen,
    SamplingFrameFrozen,
    SpotCheckClosed,
    SpotCheckDrawn,
    SpotCheckReopened,
    SpotCheckUnitOrdered,
    VisitFindingDecided,
    VisitFindingReplied,
    VisitFormImported,
    VisitFormIssued,
    VisitImportWithdrawn,
    VisitPlanned,
)

EventBody = (
    RoundOpened
    | MailReceived
    | RulesFrozen
    | SamplingFrameFrozen
    | SpotCheckDrawn
    | LotFrameFrozen
    | LotDrawn
    | SpotCheckClosed
    | SpotCheckReopened
    | SpotCheckUnitOrdered
    | VisitFindingDecided
    | VisitFindingReplied
    | VisitFormImported
    | VisitFormIssued
    | VisitImportWithdrawn
    | VisitPlanned
    | ReadingsAssigned
    | ConflictsDeclared
    | ConflictRuled
    | MemberRecused
    | ScoreGiven
    | CaseDeferred
    | PacketSealed
    | PacketReopened
    | SheetSigned
    | IdentitiesRevealed
    | SummaryAssessed
    | ScoringClosed
    | NomineesChosen
    | NominationWithdrawn
    | NominationRestored
    | ArrivalRecorded
    | FindingSettled
    | FindingReviewed
    | FindingReopened
    | FieldCorrected
    | UnitAssigned
    | VersionChosen
    | SenderRemembered
    | MaterialClassified
    | FormEntered
    | FormWithdrawn
    | CaseVetoed
    | SeatAdded
    | SeatsLeftVacant
    | AgendaDrawn
    | MeetingHeld
    | DiscussionNoted
    | VoterConflictRuled
    | BallotOpened
    | BallotCounted
    | BallotVoided
    | LevelConfirmed
    | MethodsCompared
    | ShortlistComputed
    | MemberWithdrawn
    | MemberReinstated
    | DeclarationWithdrawn
    | OfficeConflictWaived
    | PaperReceived
    | RulesAmended
    | IntakeRead
    | OutputsRecorded
    | EarlierLedgerAccepted
    | DocumentDateSet
    | LetterIssued
    | CorrectionDeadlineExtended
    | LateScoresRuled
    | GateWaived
    | DecisionRevoked
    | IdentityViewed
    | NoticePublished
    | NoticeWithdrawn
    | ObjectionAssigned
    | ObjectionInquired
    | ObjectionReceived
    | ObjectionReplied
    | ObjectionRuled
    | ObjectionWithdrawn
    | UnitReportsVersioned
    | ColumnItemReceived
    | ExhibitionItemsDecided
    | CommendationIssued
    | CommendationWithdrawn
    | CommendationRevoked
    | PaperOriginalChecked
    | ArchiveMade
    | SummaryReadingsAssigned
    | AssessmentPointsRuled
    | AssessmentConfirmed
    | ExperienceTagged
    | SummaryReaderReleased
    | SummaryHeadsRuled
    | SummarySetAside
    | SummaryTyped
    | FindingAssigned
)
"""Content of an event: one of the event classes."""

STORED_KINDS: Mapping[type, str] = {
    CaseDeferred: "CaseParked",
    CorrectionDeadlineExtended: "CorrectionExtended",
    DeclarationWithdrawn: "TieWithdrawn",
    DocumentDateSet: "PapersDated",
    FormEntered: "FormTyped",
    LateScoresRuled: "LateMarksRuled",
    MaterialClassified: "MaterialSorted",
    MemberRecused: "Recused",
    OutputsRecorded: "PapersMade",
    SamplingFrameFrozen: "FrameFrozen",
    ScoreGiven: "MarkGiven",
    ScoringClosed: "MarksClosed",
    SeatAdded: "PlaceAdded",
    SeatsLeftVacant: "PlaceLeftEmpty",
}
"""Stored names of the classes that do not have the name under which ledgers know them."""


def stored_kind(event_class: type) -> str:
    """Return the name under which the ledger stores events of a class.

    Examples
    --------
    >>> stored_kind(ScoreGiven), stored_kind(RoundOpened)
    ('MarkGiven', 'RoundOpened')
    """
    return STORED_KINDS.get(event_class, event_class.__name__)


EVENT_CLASSES: Mapping[str, type] = {
    stored_kind(event_class): event_class for event_class in EventBody.__args__
}
"""Event classes by stored name."""


LATER_FIELDS: Mapping[type, Mapping[str, Any]] = {
    LetterIssued: {"numbers": ()},
    AssessmentConfirmed: {"absent": ()},
    SummaryAssessed: {"marks": {}, "record": ""},
    BallotCounted: {"account": "", "papers": ()},
    BallotOpened: {"voting": "approval", "points": 0},
    ExhibitionItemsDecided: {"title": ""},
}
"""Fields that a class got after ledgers were written with it, each with its default."""


def to_payload(body: EventBody) -> dict[str, Any]:
    """Return the fields of an event as plain JSON values.

    A later field is left out while it holds its default, so that an event of an earlier version is
    the same row when it is written again.
    """
    payload = asdict(body)
    for name, default in LATER_FIELDS.get(type(body), {}).items():
        if payload[name] == default:
            del payload[name]
    return payload


_SHORT = 32
"""Characters of a text that may recur in many events."""


def from_payload(kind: str, payload: Mapping[str, Any]) -> EventBody:
    """Return the typed event body of a stored kind and payload; lists become tuples again.

    Raises
    ------
    KeyError, TypeError
        When the kind or one of its fields is unknown to this version.

    Examples
    --------
    >>> from_payload("MarksClosed", {"reason": "截止", "by": ["甲", "乙"]})
    ScoringClosed(reason='截止', by=('甲', '乙'))
    """
    values = {name: _freeze(value) for name, value in payload.items()}
    body: EventBody = EVENT_CLASSES[kind](**values)
    return body


def _freeze(value: Any) -> Any:
    """Return a JSON value with tuples in place of its lists, at every depth."""
    kind = type(value)
    if kind is str:  # ids and words recur in tens of thousands of events
        return intern(value) if len(value) <= _SHORT else value
    if kind is list:
        return tuple(map(_freeze, value))
    if kind is dict:
        return {intern(name): _freeze(item) for name, item in value.items()}
    return value
