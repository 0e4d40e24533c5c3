"""Events of the panel: readings, conflicts, scores, packets, summary assessments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RELATIONSHIP_KINDS = ("同单位", "亲属", "师生", "合作", "利益", "其他")
"""What ties a member to a nominee."""
WORKBOOK_EDIT_PREFIX = "xlsx-"
"""How the name of an edit begins that came from a returned workbook."""


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
class MemberRecused:
    """A member steps back from a case (回避); ``kind`` is one of :data:`TIE_KINDS` or blank."""

    member: str
    case: str
    reason: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class ScoreGiven:
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

    @property
    def from_workbook(self) -> bool:
        """Whether the marks were typed into a workbook and imported later."""
        return self.edit.startswith(WORKBOOK_EDIT_PREFIX)


@dataclass(frozen=True, kw_only=True)
class ConflictRuled:
    """A found or declared conflict is disputed, or ruled upon by two persons; all are kept.

    ``bars`` says whether the member may not read the case, None while it is only disputed: then
    everything stays as it was. The last word on a member and a case holds. ``kind`` is one of
    :data:`TIE_KINDS` and ``about`` names whom the member is tied to, both may be blank.
    ``declared`` is the number of the declaration that is ruled upon, 0 for none; ``case`` is ``""``
    where that concerns no nominee.
    """

    member: str
    case: str
    bars: bool | None
    reason: str
    by: tuple[str, ...]
    kind: str = ""
    about: str = ""
    declared: int = 0


@dataclass(frozen=True, kw_only=True)
class DeclarationWithdrawn:
    """A member takes back a declaration or a recusal of their own, by its number, and why.

    A recusal that was granted since stays until it is ruled upon anew.
    """

    member: str
    declared: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfficeConflictWaived:
    """The chair lets an account of the office act on a case that it is tied to, and why.

    The last word on an account and a case holds; ``waived`` False takes it back.
    """

    user: str
    case: str
    reason: str
    by: tuple[str, ...]
    waived: bool = True


@dataclass(frozen=True, kw_only=True)
class CaseDeferred:
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
    """A reader's levels for a unit's summary (考核), with a comment.

    ``marks`` maps an indicator of the scheme to the level chosen; ``level`` is that of an earlier
    version, which had one for the whole. ``heads`` says which of the required heads the reader
    found in the text, ``record`` which summary was read. ``edit`` is as in :class:`ScoreGiven`.
    """

    unit: str
    level: str
    comment: str = ""
    reader: str = ""
    heads: Mapping[str, bool] = field(default_factory=dict)
    edit: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class ScoringClosed:
    """No mark after this one counts."""

    reason: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MemberWithdrawn:
    """A member left the panel (退出), by two persons; the last word on a member holds.

    What was not read is released. ``set_aside`` says that marks already given do not count either.
    ``substitute`` (替补) holds every column of the panel's table of who takes the place, empty for
    nobody, and ``approval`` names the record that approved them.
    """

    member: str
    reason: str
    document: str
    by: tuple[str, ...]
    set_aside: bool = False
    substitute: Mapping[str, Any] = field(default_factory=dict)
    approval: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberReinstated:
    """Takes back that a member left, and with it the substitute; readings moved stay moved."""

    member: str
    reason: str
    document: str
    by: tuple[str, ...]
