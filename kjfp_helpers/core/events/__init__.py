"""What people decide, as typed events; the ledger stores them and never changes one.

Event bodies hold codes and reasons only: no identity number, no phone, save where one is the value
that :class:`FieldCorrected` corrects.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from kjfp_helpers.core.events.correspondence import (
    CorrectionExtended,
    LetterIssued,
    PapersDated,
)
from kjfp_helpers.core.events.intake_decisions import (
    ArrivalRecorded,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormTyped,
    FormWithdrawn,
    MaterialSorted,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
    PaperReceived,
    UnitAssigned,
)
from kjfp_helpers.core.events.meeting import (
    BallotCounted,
    BallotOpened,
    BallotVoided,
    CaseVetoed,
    DecisionRevoked,
    GateWaived,
    LateMarksRuled,
    LevelConfirmed,
    MethodsCompared,
    PlaceAdded,
    PlaceLeftEmpty,
    ShortlistComputed,
)
from kjfp_helpers.core.events.panel import (
    CaseParked,
    ConflictRuled,
    ConflictsDeclared,
    IdentitiesRevealed,
    MarkGiven,
    MarksClosed,
    MemberReinstated,
    MemberWithdrawn,
    OfficeConflictWaived,
    PacketReopened,
    PacketSealed,
    ReadingsAssigned,
    Recused,
    SheetSigned,
    SummaryAssessed,
    TieWithdrawn,
)
from kjfp_helpers.core.events.round import (
    EarlierLedgerAccepted,
    FrameFrozen,
    IntakeRead,
    MailReceived,
    PapersMade,
    RoundOpened,
    RulesAmended,
    RulesFrozen,
    SpotCheckDrawn,
)

__all__ = [
    "KINDS",
    "ArrivalRecorded",
    "BallotCounted",
    "BallotOpened",
    "BallotVoided",
    "CaseParked",
    "CaseVetoed",
    "ConflictRuled",
    "ConflictsDeclared",
    "CorrectionExtended",
    "Decision",
    "DecisionRevoked",
    "EarlierLedgerAccepted",
    "Event",
    "FieldCorrected",
    "FindingReopened",
    "FindingReviewed",
    "FindingSettled",
    "FormTyped",
    "FormWithdrawn",
    "FrameFrozen",
    "GateWaived",
    "IdentitiesRevealed",
    "IntakeRead",
    "LateMarksRuled",
    "LetterIssued",
    "LevelConfirmed",
    "MailReceived",
    "MarkGiven",
    "MarksClosed",
    "MaterialSorted",
    "MemberReinstated",
    "MemberWithdrawn",
    "MethodsCompared",
    "NominationRestored",
    "NominationWithdrawn",
    "NomineesChosen",
    "OfficeConflictWaived",
    "PacketReopened",
    "PacketSealed",
    "PaperReceived",
    "PapersDated",
    "PapersMade",
    "PlaceAdded",
    "PlaceLeftEmpty",
    "ReadingsAssigned",
    "Recused",
    "RoundOpened",
    "RulesAmended",
    "RulesFrozen",
    "SheetSigned",
    "ShortlistComputed",
    "SpotCheckDrawn",
    "SummaryAssessed",
    "TieWithdrawn",
    "UnitAssigned",
    "find_last",
    "from_payload",
    "to_payload",
]


Decision = (
    RoundOpened
    | MailReceived
    | RulesFrozen
    | FrameFrozen
    | SpotCheckDrawn
    | ReadingsAssigned
    | ConflictsDeclared
    | ConflictRuled
    | Recused
    | MarkGiven
    | CaseParked
    | PacketSealed
    | PacketReopened
    | SheetSigned
    | IdentitiesRevealed
    | SummaryAssessed
    | MarksClosed
    | NomineesChosen
    | NominationWithdrawn
    | NominationRestored
    | ArrivalRecorded
    | FindingSettled
    | FindingReviewed
    | FindingReopened
    | FieldCorrected
    | UnitAssigned
    | MaterialSorted
    | FormTyped
    | FormWithdrawn
    | CaseVetoed
    | PlaceAdded
    | PlaceLeftEmpty
    | BallotOpened
    | BallotCounted
    | BallotVoided
    | LevelConfirmed
    | MethodsCompared
    | ShortlistComputed
    | MemberWithdrawn
    | MemberReinstated
    | TieWithdrawn
    | OfficeConflictWaived
    | PaperReceived
    | RulesAmended
    | IntakeRead
    | PapersMade
    | EarlierLedgerAccepted
    | PapersDated
    | LetterIssued
    | CorrectionExtended
    | LateMarksRuled
    | GateWaived
    | DecisionRevoked
)
"""Every kind of event body."""

KINDS: Mapping[str, type] = {kind.__name__: kind for kind in Decision.__args__}
"""Event kind, as stored, to its class."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A decision in its place in the chain.

    ``seq`` counts from 1; ``at`` is an aware time; ``hash`` covers all else and ``previous``.
    """

    seq: int
    at: datetime
    actor: str
    body: Decision
    previous: str = field(default="")
    hash: str = field(default="")

    @property
    def kind(self) -> str:
        """Name of the body's class."""
        return type(self.body).__name__


Body = TypeVar("Body")


def find_last(events: Iterable[Event], *kinds: type[Body]) -> Body | None:
    """Return the last event body of one of the kinds, ``None`` where there is none."""
    found = [event.body for event in events if isinstance(event.body, kinds)]
    return found[-1] if found else None


def to_payload(body: Decision) -> dict[str, Any]:
    """Return a body as plain JSON values."""
    return asdict(body)


def from_payload(kind: str, payload: Mapping[str, Any]) -> Decision:
    """Return the typed body of a stored payload; lists become tuples again.

    Raises
    ------
    KeyError, TypeError
        When the kind or one of its fields is unknown to this version.
    """
    values = {name: _frozen(value) for name, value in payload.items()}
    body: Decision = KINDS[kind](**values)
    return body


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    return value
