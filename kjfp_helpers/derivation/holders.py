"""Whose page it is: the hub's or the system's user beside the account in the panel's table.

A courtesy that keeps honest people from each other's packets; no security boundary, unless the hub
keeps users apart.
"""

from collections.abc import Iterable

from kjfp_helpers.derivation.desk import secretary
from kjfp_helpers.events import Event, ReadingsAssigned, RulesFrozen
from kjfp_helpers.rules import Round


def own_member(round: Round) -> str:
    """Return the member whose account the user has, ``""`` for nobody's and in a rehearsal."""
    if round.rehearsal:
        return ""
    user = secretary(round)
    return next((one.member for one in round.panel if one.user and one.user == user), "")


def stranger(round: Round, events: Iterable[Event], member: str) -> str:
    """Return the user who may not open a member's packet, ``""`` where the user may.

    The member's own account may, and who ran the office's steps: froze the rules or assigned the
    readings. Where the table names no account, and in a rehearsal, anybody may.
    """
    account, user = round.member_by_id[member].user, secretary(round)
    if round.rehearsal or not account or account == user:
        return ""
    office = {e.actor for e in events if isinstance(e.body, RulesFrozen | ReadingsAssigned)}
    return "" if user in office else user
