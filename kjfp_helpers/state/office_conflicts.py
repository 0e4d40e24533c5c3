"""Conflicts of interest of the office (回避): who is related to a case leaves it to another.

Secretary, chair and tellers are held against the cases as panel members are, by the names,
employers and units of ``roles.csv``; who also sits on the panel, by what bars the member.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.errors import AccessError
from kjfp_helpers.core.events import (
    BallotCounted,
    EventBody,
    NomineesChosen,
    ObjectionAssigned,
    ObjectionInquired,
    ObjectionReceived,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
    OfficeConflictWaived,
    VisitFindingDecided,
)
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.panel_review import detect_relationships
from kjfp_helpers.rules import ROLES_FILE, Member, RoleHolder
from kjfp_helpers.state.access import CHAIR, EVENT_PERMISSIONS, Access
from kjfp_helpers.state.round_state import RoundState

CONFLICT_EVENTS: tuple[type, ...] = (
    kinds.ConflictRuled,
    kinds.CaseVetoed,
    kinds.SeatAdded,
    kinds.LevelConfirmed,
    kinds.BallotCounted,
    kinds.NomineesChosen,
    kinds.NominationWithdrawn,
    kinds.NominationRestored,
    kinds.FindingSettled,
    kinds.FindingReviewed,
    kinds.FindingReopened,
    kinds.FieldCorrected,
    kinds.OfficeConflictWaived,
    kinds.ObjectionAssigned,
    kinds.ObjectionInquired,
    kinds.ObjectionReceived,
    kinds.ObjectionRuled,
    kinds.ObjectionReplied,
    kinds.ObjectionWithdrawn,
    kinds.VisitFindingDecided,
    kinds.CommendationRevoked,
)
"""Acts on a case that nobody of the office does who is tied to it."""

_ON_OBJECTIONS = (
    ObjectionAssigned,
    ObjectionInquired,
    ObjectionReceived,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
)
"""Acts on an objection that was entered before; to enter one is free to everybody."""
Ties = Mapping[str, Mapping[str, str]]
"""Account to the cases that it is tied to, each with the reason in Chinese."""


def office_conflicts(state: RoundState) -> Ties:
    """Return what ties the accounts of ``roles.csv`` to the cases, without what was waived."""
    people = as_members(state.round.roles)
    found: dict[str, dict[str, str]] = {}
    for tie in detect_relationships(
        replace(state.round, panel=tuple(people)), state.screening.cases
    ):
        if tie.strength == "certain":
            found.setdefault(tie.member, {}).setdefault(tie.case, tie.reason)
    accounts = {one.member: one.user for one in state.round.panel if one.user}
    for member, case, reason in state.scores.conflicts.itertuples(index=False, name=None):
        if member in accounts:
            found.setdefault(accounts[member], {}).setdefault(case, reason)
    for user, case in waived_pairs(state):
        found.get(user, {}).pop(case, None)
    return found


def conflict_error(
    state: RoundState, access: Access, act: type, cases: Iterable[str]
) -> AccessError | None:
    """Return why an account may not do an act on one of the cases, ``None`` where it may."""
    ties = office_conflicts(state)
    own = {} if access.is_unrestricted else ties.get(access.user, {})
    for case in cases:
        if case in own:
            return _refused(state, ties, act, case, f"“{access.user}”", own[case])
    return None


def require_no_conflict(state: RoundState, access: Access, bodies: Iterable[EventBody]) -> None:
    """Stop where whoever acts, or is named as deciding, is tied to a case of the events.

    Raises
    ------
    AccessError
        Naming who can do it instead.
    """
    ties = office_conflicts(state)
    for body in bodies:
        cases = tuple(_cases_of(state, body))
        refused = conflict_error(state, access, type(body), cases)
        refused = refused or _named(state, ties, body, cases)
        refused = refused or _own_waiver(access, body)
        if refused:
            raise refused


def as_members(roles: Iterable[RoleHolder]) -> Iterator[Member]:
    """Yield one member an account, with all employers and units of its rows."""
    rows: dict[str, list[RoleHolder]] = {}
    for row in roles:
        rows.setdefault(row.user, []).append(row)
    for user, held in rows.items():
        yield Member(
            member=user,
            name=held[0].name,
            employer="；".join(dict.fromkeys(row.employer for row in held if row.employer)),
            region="",
            field="",
            user=user,
            ties=tuple(dict.fromkeys(tie for row in held for tie in row.ties)),
        )


def waived_pairs(state: RoundState) -> set[tuple[str, str]]:
    """Return the accounts and cases of which the last word is that they may."""
    last = {
        (event.body.user, event.body.case): event.body.waived
        for event in state.events.of(OfficeConflictWaived)
    }
    return {pair for pair, waived in last.items() if waived}


def _cases_of(state: RoundState, body: Any) -> Iterator[str]:
    """Yield the cases that an event acts on."""
    if isinstance(body, OfficeConflictWaived):
        return
    if isinstance(body, NomineesChosen):
        kind = body.kind
        yield from (
            one.id for one in state.screening.cases if (one.unit, one.kind) == (body.unit, kind)
        )
    elif isinstance(body, VisitFindingDecided):
        own = (one.id for one in state.screening.cases if one.unit == body.unit)
        yield from body.cases or own
    elif isinstance(body, BallotCounted):
        opened = [one.opened for one in state.decision.ballots if one.opened.ballot == body.ballot]
        yield from (case for one in opened for case in one.cases)
    elif isinstance(body, _ON_OBJECTIONS):
        received = state.events.of(ObjectionReceived)
        yield from (c for one in received if one.body.number == body.number for c in one.body.cases)
    elif record := getattr(body, "record", "") or getattr(body, "subject", ""):
        yield from (one.id for one in state.screening.cases if one.record.id == record)
    else:
        yield str(getattr(body, "case", ""))


def _named(state: RoundState, ties: Ties, body: Any, cases: Iterable[str]) -> AccessError | None:
    """Refuse a tied person whose name stands among those who decide or count."""
    said = (*getattr(body, "by", ()), *getattr(body, "inquirers", ()), getattr(body, "teller", ""))
    names = {alnum_key(name) for name in said}
    for holder in state.round.roles:
        own = ties.get(holder.user, {})
        for case in cases if alnum_key(holder.name) in names else ():
            if case in own:
                return _refused(state, ties, type(body), case, f"“{holder.name}”", own[case])
    return None


def _own_waiver(access: Access, body: object) -> AccessError | None:
    if (
        isinstance(body, OfficeConflictWaived)
        and body.user == access.user
        and not access.is_unrestricted
    ):
        return AccessError(
            EVENT_PERMISSIONS[OfficeConflictWaived].title,
            expected="由组长豁免他人",
            found="豁免本人",
            advice="由另一名组长办理",
        )
    return None


def _refused(
    state: RoundState, ties: Ties, act: type, case: str, who: str, reason: str
) -> AccessError:
    roles = EVENT_PERMISSIONS[act].roles
    able = [
        f"{row.user}（{row.role}，{row.name}）"
        for row in state.round.roles
        if row.role in roles and case not in ties.get(row.user, {})
    ]
    other = f"由 {'、'.join(able)} 办理"
    alone = (
        f"没有别的{'、'.join(roles)}可以办理：在 {ROLES_FILE} 另登记一名"
        f"（规则已冻结的用 kjfp amend），或由{CHAIR}在“结果与入围”的“作出决定”里写明理由豁免"
    )
    return AccessError(
        EVENT_PERMISSIONS[act].title,
        expected="经办人与这件没有利害关系",
        found=f"{who}应当回避 {case}（{reason}）",
        advice=other if able else alone,
    )
