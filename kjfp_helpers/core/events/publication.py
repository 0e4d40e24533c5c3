"""Events after the list: public notice (公示), objections (异议) and what became of them.

Who objects is in no event: the identity is a file of the round, of which the event has the digest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class NoticePublished:
    """A version of the public notice went out; a later one replaces it and never overwrites it.

    ``version`` counts from 1. The notice stands from ``day`` to ``until`` (ISO 8601, inclusive).
    ``cases`` are the names on it, ``files`` maps a path below the outputs to its SHA-256.
    ``reason`` says why there is a further version, blank for the first.
    """

    version: int
    day: str
    until: str
    cases: tuple[str, ...]
    files: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeWithdrawn:
    """A version of the public notice does not stand any more, by two persons."""

    version: int
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ObjectionReceived:
    """An objection came (clause of the public notice); ``number`` counts from 1.

    0 asks for the next number, which is drawn where the event is written, see
    :func:`with_next_number`.

    ``cases`` are the nominees it is about, ``at`` is when it came (ISO 8601 with offset),
    ``channel`` is of ``state_labels.CHANNELS``, ``subject`` what it says. ``identity`` is the
    SHA-256 of the file with the objector's name, unit and contact, ``""`` for an anonymous one;
    ``evidence`` holds name and SHA-256 of each file that came with it. A later event of the same
    number replaces it.
    """

    number: int
    cases: tuple[str, ...]
    at: str
    channel: str
    subject: str
    identity: str = ""
    evidence: tuple[tuple[str, str], ...] = ()


def with_next_number(received: ObjectionReceived, earlier: Iterable[object]) -> ObjectionReceived:
    """Return an objection with the number after those of all earlier ones.

    Examples
    --------
    >>> first = ObjectionReceived(
    ...     number=0, cases=(), at="2020-11-03T09:00+08:00", channel="来信", subject="不实")
    >>> first = with_next_number(first, [])
    >>> first.number, with_next_number(first, [first]).number
    (1, 2)
    """
    numbers = (body.number for body in earlier if isinstance(body, ObjectionReceived))
    return replace(received, number=1 + max(numbers, default=0))


@dataclass(frozen=True, kw_only=True)
class ObjectionAssigned:
    """Who inquires into an objection; the last one holds."""

    number: int
    inquirers: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ObjectionInquired:
    """What the inquiry found, and the paper that says so; the last one holds."""

    number: int
    findings: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ObjectionRuled:
    """What two persons ruled on an objection; the last one holds.

    ``outcome`` is of ``state_labels.OUTCOMES``; ``struck`` are the nominees struck off for it.
    """

    number: int
    outcome: str
    struck: tuple[str, ...]
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ObjectionReplied:
    """The objector was answered: day of the reply, its file below the round and its SHA-256."""

    number: int
    day: str
    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ObjectionWithdrawn:
    """The objector took an objection back, or it was entered by mistake."""

    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CommendationIssued:
    """The decision to commend (表扬决定) was issued; a later version cites it, and stays beside it.

    ``version`` counts from 1, ``document`` is the number of the decision (发文字号), ``day`` its
    date (ISO 8601). ``cases`` are those commended by it, ``files`` maps a path below the outputs
    to its SHA-256. ``reason`` says why there is a further version, blank for the first.
    """

    version: int
    document: str
    day: str
    cases: tuple[str, ...]
    files: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CommendationWithdrawn:
    """A version of the decision was issued by mistake and does not stand, by two persons."""

    version: int
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CommendationRevoked:
    """Somebody commended loses the commendation, even years later, by two persons."""

    case: str
    reason: str
    document: str
    by: tuple[str, ...]
