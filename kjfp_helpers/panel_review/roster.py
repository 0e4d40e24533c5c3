"""Panel roster: members of panel.csv, their substitutes, and departures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.errors import RuleError, RuleErrors
from kjfp_helpers.core.events import (
    ConflictsDeclared,
    Event,
    EventLog,
    MemberRecused,
    MemberReinstated,
    MemberWithdrawn,
    PacketSealed,
    ReadingsAssigned,
    RulesFrozen,
    ScoreGiven,
)
from kjfp_helpers.rules import Member, Round


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Departure of a member: event number, reason, and whether the scores given count.

    ``set_aside`` says that they do not. ``document`` and ``by`` are blank for a substitute whose
    appointment was revoked.
    """

    seq: int
    reason: str
    document: str = ""
    by: tuple[str, ...] = ()
    set_aside: bool = False
    substitute: str = ""
    approval: str = ""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All present and former panel members in order, and the departures."""

    members: tuple[Member, ...]
    departed: Mapping[str, Departure]

    @property
    def active(self) -> tuple[Member, ...]:
        """Members who have not left."""
        return tuple(member for member in self.members if member.member not in self.departed)


def fold_roster(panel: Iterable[Member], events: Iterable[Event]) -> Roster:
    """Return the panel as the ledger has it: the table's rows, then substitutes as they came.

    A later event on a member replaces the earlier one together with its substitute: the earlier
    substitute leaves, and the scores given so far count.
    """
    members = {member.member: member for member in panel}
    departed: dict[str, Departure] = {}
    for event in EventLog(events).of(MemberWithdrawn, MemberReinstated):
        body = event.body
        before = departed.pop(body.member, None)
        taken = ""
        if isinstance(body, MemberWithdrawn):
            departed[body.member] = _departure(event.seq, body)
            if body.substitute:
                substitute = Member(**body.substitute)
                taken = substitute.member
                members[taken] = substitute
                departed.pop(taken, None)
        if before is not None and before.substitute != taken:
            _release_substitutes(departed, before.substitute, event.seq)
    return Roster(members=tuple(members.values()), departed=departed)


def with_substitutes(round: Round, roster: Roster) -> Round:
    """Return the round with its substitutes in the panel; rule files and digest stay."""
    return round if roster.members == round.panel else replace(round, panel=roster.members)


def require_known_members(round: Round, events: Iterable[Event]) -> None:
    """Raise when readings or scores name a member who is missing in ``panel.csv``.

    Readings assigned under earlier rules, before any score, are ignored.

    Raises
    ------
    RuleErrors
        Naming each such member.
    """
    events = EventLog(events)
    known = {one.member for one in fold_roster(round.panel, events).members}
    acts = (
        *events.of(ScoreGiven, MemberRecused),
        *events.of(ConflictsDeclared, PacketSealed),
    )
    acted = {event.body.member for event in acts}
    scored = events.has(ScoreGiven)
    missing = sorted((acted | _assigned_members(events, scored=scored)) - known)
    if missing:
        raise RuleErrors(
            [_missing_member_error(round, member, member in acted) for member in missing]
        )


def _departure(seq: int, body: MemberWithdrawn) -> Departure:
    return Departure(
        seq=seq,
        reason=body.reason,
        document=body.document,
        by=body.by,
        set_aside=body.set_aside,
        substitute=str(body.substitute.get("member", "")),
        approval=body.approval,
    )


def _release_substitutes(departed: dict[str, Departure], substitute: str, seq: int) -> None:
    """Mark a substitute whose appointment was revoked as departed, and theirs in turn."""
    while substitute:
        departure = departed.setdefault(
            substitute, Departure(seq=seq, reason="替补安排已撤销或更改")
        )
        substitute = departure.substitute


def _assigned_members(events: Iterable[Event], *, scored: bool) -> set[str]:
    """Return the members with readings in force."""
    reading: set[str] = set()
    for event in events:
        if isinstance(event.body, RulesFrozen) and not scored:
            reading = set()
        elif isinstance(event.body, ReadingsAssigned):
            reading = {member for member, ids in event.body.readings.items() if ids}
    return reading


def _missing_member_error(round: Round, member: str, acted: bool) -> RuleError:
    evidence = "台账中有其评分或声明" if acted else "台账中有分派给其的评阅"
    return RuleError(
        "panel.csv",
        expected=f"仍有评委 {member} 的一行",
        found=f"没有（{evidence}）",
        advice=f"恢复这一行；该评委退出的，不改 panel.csv，用 "
        f"kjfp member withdraw {round.name} {member} 记入台账",
    )
