"""Events of the meeting: vetoes, added seats, votes, approval of the list."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class CaseVetoed:
    """One-vote veto: clause, document and two names."""

    case: str
    clause: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeatAdded:
    """A resolution adds a name beyond the plan (the real round had 51 individuals).

    ``by`` are the two persons who recorded it; ledgers of earlier versions lack them.
    """

    case: str
    resolution: str
    reason: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeatsLeftVacant:
    """A resolution leaves places empty; the last one on a kind holds, 0 takes it back."""

    nominees: str
    places: int
    resolution: str
    reason: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgendaDrawn:
    """The order in which the meeting takes the cases of one kind; a later one replaces it.

    ``bands`` maps each case to its band (a key of ``BAND_TITLES``); ``order`` is band by band, and
    random inside a band by ``seed``, number and hash of the event before. ``reason`` says why it
    was drawn anew.
    """

    nominees: str
    seed: str
    order: tuple[str, ...]
    bands: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingHeld:
    """Day, place and persons of a meeting, and what it concluded; the last one of a day holds.

    ``present`` are voters; ``guests`` are those without a vote.
    """

    day: str
    place: str
    chair: str
    recorder: str
    present: tuple[str, ...]
    guests: str = ""
    conclusion: str = ""


@dataclass(frozen=True, kw_only=True)
class DiscussionNoted:
    """What the meeting said of a case, ``""`` for the procedure; ``left`` are voters outside."""

    case: str
    text: str
    left: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VoterConflictRuled:
    """A voter outside the panel leaves the room for a case, or need not, by two persons.

    The last word on a voter and a case holds; a panel member is ruled on by ``ConflictRuled``.
    """

    voter: str
    case: str
    bars: bool
    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BallotOpened:
    """A vote on cases of one kind of nominee; ``ballot`` is its number in the round, from 1.

    ``purpose`` is ``tie`` (those level at the cut, ``places`` of them are chosen by most votes) or
    ``approval`` (each needs the majority). A paper may be for ``most`` cases. ``due`` and
    ``present`` are members; ``recused`` maps a case to those due who do not vote on it.
    ``voting`` is how: ``approval``, or among tied cases ``allotment`` of ``points`` a paper or
    ``ranked``.
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
    voting: str = "approval"
    points: int = 0


@dataclass(frozen=True, kw_only=True)
class BallotCounted:
    """What one teller counted, apart from the other; a teller's later count replaces the earlier.

    ``votes`` maps a case to the papers for, against and abstaining, or to its points and two
    zeros where papers give points; ``spoiled`` papers count for none of them. ``papers`` are the
    lines of who entered it paper by paper, as typed; ``account`` is the teller's, blank where
    accounts are not asked for.
    """

    ballot: int
    teller: str
    returned: int
    spoiled: int
    votes: Mapping[str, tuple[int, int, int]]
    papers: tuple[str, ...] = ()
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class BallotVoided:
    """A vote does not count, and why; it is held again under another number."""

    ballot: int
    reason: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LevelConfirmed:
    """The office confirmed a person's rank (such as 处级); ``""`` takes it back."""

    case: str
    level: str
    document: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LateScoresRuled:
    """Marks given after the close, up to this event, are admitted all or none, by two persons.

    The last ruling holds for all of them; marks that come after it wait for another one.
    """

    admitted: bool
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GateWaived:
    """What was not done before the list may be published is let go, by two persons.

    ``gate`` is a key of ``GATE_TITLES``; ``open`` names the
    members, cases or votes it was let go for, so that what opens later is not let go with them.
    """

    gate: str
    open: tuple[str, ...]
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionRevoked:
    """A decision is taken back, by two persons: it counts as never made, and stays on record.

    ``decision`` is its number in the ledger, ``decided`` its kind of event, ``member`` the panel
    member whom it is about, ``None`` for nobody.
    """

    decision: int
    decided: str
    reason: str
    document: str
    by: tuple[str, ...]
    member: str | None = None


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
