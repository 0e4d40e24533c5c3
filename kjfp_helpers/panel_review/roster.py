"""Panel roster: members of panel.csv, their substitutes, and departures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.errors import RuleError, RuleErrors
from kjfp_helpers.core.events import (
    ConflictsDeclared,
    Event,
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
    """How a member left: number of the event, why, and whether the marks given count.

    ``document`` and ``by`` are blank for a substitute whose place was taken back.
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
    """Everybody who sits or sat on the panel, in order, and who of them left."""

    members: tuple[Member, ...]
    departed: Mapping[str, Departure]

    @property
    def active(self) -> tuple[Member, ...]:
        """Those who have not left."""
        return tuple(one for one in self.members if one.member not in self.departed)


def fold_roster(panel: Iterable[Member], events: Iterable[Event]) -> Roster:
    """Return the panel as the ledger has it: the table's rows, then substitutes as they came.

    A later word on a member replaces the earlier one, with its substitute: whoever took the place
    before leaves it, while what they marked counts.
    """
    members = {one.member: one for one in panel}
    departed: dict[str, Departure] = {}
    for event in events:
        body = event.body
        if not isinstance(body, MemberWithdrawn | MemberReinstated):
            continue
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
            _vacate(departed, before.substitute, event.seq)
    return Roster(members=tuple(members.values()), departed=departed)


def with_substitutes(round: Round, roster: Roster) -> Round:
    """Return the round with its substitutes in the panel; rule files and digest stay."""
    return round if roster.members == round.panel else replace(round, panel=roster.members)


def require_known_members(round: Round, events: Iterable[Event]) -> None:
    """Stop when readings or marks name a member whom the panel's table no longer has.

    Readings that were assigned under earlier rules, before anybody marked, bind nobody.

    Raises
    ------
    RuleErrors
        Naming each such member.
    """
    events = tuple(events)
    known = {one.member for one in fold_roster(round.panel, events).members}
    acted = {event.body.member for event in events if isinstance(event.body, _OWN)}
    marked = any(isinstance(event.body, ScoreGiven) for event in events)
    lost = sorted((acted | _reading(events, marked=marked)) - known)
    if lost:
        raise RuleErrors([_lost(round, member, member in acted) for member in lost])


_OWN = ScoreGiven | MemberRecused | ConflictsDeclared | PacketSealed
"""What a member records of their own."""


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


def _vacate(departed: dict[str, Departure], substitute: str, seq: int) -> None:
    """Let a substitute leave whose place was taken back, and whoever took theirs."""
    while substitute:
        held = departed.setdefault(substitute, Departure(seq=seq, reason="替补安排已撤销或更改"))
        substitute = held.substitute


def _reading(events: Iterable[Event], *, marked: bool) -> set[str]:
    reading: set[str] = set()
    for event in events:
        if isinstance(event.body, RulesFrozen) and not marked:
            reading = set()
        elif isinstance(event.body, ReadingsAssigned):
            reading = {member for member, ids in event.body.readings.items() if ids}
    return reading


def _lost(round: Round, member: str, acted: bool) -> RuleError:
    told = "台账中有其评分或声明" if acted else "台账中有分派给其的评阅"
    return RuleError(
        "panel.csv",
        expected=f"仍有评委 {member} 的一行",
        found=f"没有（{told}）",
        advice=f"恢复这一行；该评委退出的，不改 panel.csv，用 "
        f"kjfp member withdraw {round.name} {member} 记入台账",
    )
