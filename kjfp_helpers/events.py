"""What people decide, as typed events; the ledger stores them and never changes one.

Event bodies hold codes and reasons only: no identity number, no phone, save where one is the value
that :class:`FieldCorrected` corrects.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class RoundOpened:
    """First event: binds the ledger to one round."""

    round: str


@dataclass(frozen=True, kw_only=True)
class MailReceived:
    """A message got its receipt number (clause 四)."""

    number: int
    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RulesFrozen:
    """The rules as they stood before marks opened: one hash in all and one per file."""

    digest: str
    files: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FrameFrozen:
    """The spot-check frame (unit codes in order) and the public value named in advance."""

    units: tuple[str, ...]
    digest: str
    public_value: str


@dataclass(frozen=True, kw_only=True)
class SpotCheckDrawn:
    """The units drawn from the frozen frame."""

    units: tuple[str, ...]
    seed: str


@dataclass(frozen=True, kw_only=True)
class ReadingsAssigned:
    """Who reads what: member to case ids in reading order.

    ``anchors`` are the cases that all free members read. ``round`` counts from 1; a later one
    repeats the readings before it, unless it is ``afresh``: then marks of earlier rounds are
    sealed, and its own readings are marked anew. ``reason`` says why it was planned before the
    round before was complete. ``misplaced`` (kind to number) is how many places of the list are
    expected to differ from the true one, as told before anybody marked.
    """

    readings: Mapping[str, tuple[str, ...]]
    seed: int
    digest: str
    anchors: tuple[str, ...] = ()
    round: int = 1
    afresh: bool = False
    reason: str = ""
    misplaced: Mapping[str, float] = field(default_factory=dict)

    @property
    def since(self) -> int:
        """The first round whose marks answer these readings."""
        return self.round if self.afresh else 1


@dataclass(frozen=True, kw_only=True)
class Recused:
    """A member steps back from a case (回避)."""

    member: str
    case: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MarkGiven:
    """A member's marks for a case; a later one replaces the earlier, both stay.

    ``scores`` maps criterion id to a mark within the rubric's scale. ``edit`` is the page's own
    name of the edit, so that a save sent twice is written once. ``restores`` is the number of
    the earlier mark that an undo brings back, 0 for none at all. ``round`` is that of the packet.
    """

    member: str
    case: str
    scores: Mapping[str, float]
    comment: str = ""
    edit: str = ""
    restores: int | None = None
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class ConflictRuled:
    """A found or declared conflict is disputed, or ruled upon by two persons; all are kept.

    ``bars`` says whether the member may not read the case, None while it is only disputed: then
    everything stays as it was. The last word on a member and a case holds.
    """

    member: str
    case: str
    bars: bool | None
    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CaseParked:
    """A member puts a case aside for later, or takes it up again."""

    member: str
    case: str
    parked: bool


@dataclass(frozen=True, kw_only=True)
class ConflictsDeclared:
    """A member declared their ties before reading: those found by rule, and their own words.

    ``found`` holds a sentence per unit; ``statement`` is ``""`` for no further tie.
    """

    member: str
    found: tuple[str, ...]
    statement: str


@dataclass(frozen=True, kw_only=True)
class PacketSealed:
    """A member ended their packet; ``digest`` covers its marks as they stood."""

    member: str
    packet: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class PacketReopened:
    """A sealed packet was opened again, and why."""

    member: str
    packet: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SheetSigned:
    """A member's signed sheet came back on paper.

    ``digest`` is that of the sealed marks which the sheet carries, ``by`` who took it in.
    """

    member: str
    packet: str
    digest: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IdentitiesRevealed:
    """From here on members see who the nominees are; ``by`` decided it."""

    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SummaryAssessed:
    """A reader's level for a unit's summary (考核), with a comment.

    ``level`` is ``""`` while none was chosen; ``heads`` says which of the required heads the
    reader found in the text. ``edit`` is as in :class:`MarkGiven`.
    """

    unit: str
    level: str
    comment: str = ""
    reader: str = ""
    heads: Mapping[str, bool] = field(default_factory=dict)
    edit: str = ""


@dataclass(frozen=True, kw_only=True)
class MarksClosed:
    """No mark after this one counts."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NomineesChosen:
    """An over-quota unit named whom it keeps (退回补正)."""

    unit: str
    cases: tuple[str, ...]
    document: str


@dataclass(frozen=True, kw_only=True)
class FindingSettled:
    """A person settled a finding on a case: ``code`` no longer keeps it out.

    With a ``mark`` only the finding that has it is settled, so that another one of the same code
    is put before a person again.
    """

    case: str
    code: str
    reason: str
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingReviewed:
    """The secretary held a finding against the source: it needs nobody any more.

    ``subject`` is a record's id, else the receipt number of a message, else a unit's code;
    ``mark`` is the finding's; ``outcome`` is ``confirmed`` (the reading is right) or ``handled``.
    """

    subject: str
    code: str
    field: str
    mark: str
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FindingReopened:
    """Takes back a review of a finding and, where ``case`` is named, its settling there."""

    subject: str
    code: str
    field: str
    mark: str
    reason: str
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class FieldCorrected:
    """The secretary corrected a value after reading the source.

    ``code`` is that of the finding that led to it, where one did.
    """

    record: str
    field: str
    old: Any
    new: Any
    reason: str
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitAssigned:
    """Whose message it is, or whose single record in it; the last one holds, ``""`` is nobody."""

    receipt: int
    unit: str
    reason: str
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class MaterialSorted:
    """What a text is that no program could sort: a kind of record, ``""`` for unsorted again."""

    record: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FormTyped:
    """A form that no program could read is typed from file ``path`` of a message.

    ``record`` is the id of the new record, ``<receipt>-t<number>``; its values follow as
    :class:`FieldCorrected`.
    """

    record: str
    kind: str
    receipt: int
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FormWithdrawn:
    """A typed form does not count any more."""

    record: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseVetoed:
    """One-vote veto: clause, document and two names."""

    case: str
    clause: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceAdded:
    """A resolution adds a name beyond the plan (the real round had 51 individuals)."""

    case: str
    resolution: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlaceLeftEmpty:
    """A resolution leaves places empty; the last one on a kind holds, 0 takes it back."""

    nominees: str
    places: int
    resolution: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BallotOpened:
    """A vote on cases of one kind of nominee; ``ballot`` is its number in the round, from 1.

    ``purpose`` is ``tie`` (those level at the cut, ``places`` of them are chosen by most votes) or
    ``approval`` (each needs the majority). A paper may be for ``most`` cases. ``due`` and
    ``present`` are members; ``recused`` maps a case to those due who do not vote on it.
    """

    ballot: int
    nominees: str
    purpose: str
    cases: tuple[str, ...]
    places: int
    most: int
    due: tuple[str, ...]
    present: tuple[str, ...]
    recused: Mapping[str, tuple[str, ...]]
    issued: int


@dataclass(frozen=True, kw_only=True)
class BallotCounted:
    """What one teller counted, apart from the other; a teller's later count replaces the earlier.

    ``votes`` maps a case to the papers for, against and abstaining; ``spoiled`` papers count for
    none of them.
    """

    ballot: int
    teller: str
    returned: int
    spoiled: int
    votes: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, kw_only=True)
class BallotVoided:
    """A vote does not count, and why; it is held again under another number."""

    ballot: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LevelConfirmed:
    """The office confirmed a person's rank (such as 处级); ``""`` takes it back."""

    case: str
    level: str
    document: str


@dataclass(frozen=True, kw_only=True)
class MethodsCompared:
    """The lists of all methods were laid side by side, under the rules frozen as ``digest``."""

    digest: str


@dataclass(frozen=True, kw_only=True)
class ShortlistComputed:
    """What the rules gave, so that anyone can derive it again and compare.

    ``digest`` covers every status, place and value; ``steps`` holds a digest of each step before,
    so that a difference is named where it arises.
    """

    digest: str
    team: tuple[str, ...]
    individual: tuple[str, ...]
    steps: Mapping[str, str] = field(default_factory=dict)


Decision = (
    RoundOpened | MailReceived | RulesFrozen | FrameFrozen | SpotCheckDrawn | ReadingsAssigned
    | ConflictsDeclared | ConflictRuled | Recused | MarkGiven | CaseParked | PacketSealed
    | PacketReopened | SheetSigned | IdentitiesRevealed | SummaryAssessed | MarksClosed
    | NomineesChosen | FindingSettled
    | FindingReviewed | FindingReopened | FieldCorrected | UnitAssigned | MaterialSorted
    | FormTyped | FormWithdrawn | CaseVetoed | PlaceAdded | PlaceLeftEmpty | BallotOpened
    | BallotCounted | BallotVoided | LevelConfirmed | MethodsCompared | ShortlistComputed
)  # fmt: skip
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
