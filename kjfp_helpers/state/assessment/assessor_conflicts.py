"""Relationships of the readers of summaries to units and nominees, by the engine of the panel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.panel_review.conflicts.relationship_detection import (
    detect_relationships,
    detect_unit_relationships,
)
from kjfp_helpers.rules import RoleHolder
from kjfp_helpers.state.office_conflicts import as_members
from kjfp_helpers.state.round_state import RoundState

ROLE = "考核"


@dataclass(frozen=True, kw_only=True)
class AssessorConflict:
    """Why a reader does not read a summary; what is not certain is avoided where it can be."""

    reason: str
    is_certain: bool


def assessors(state: RoundState) -> tuple[RoleHolder, ...]:
    """Return who assesses now: the accounts with the role 考核 that were not released."""
    held = {row.user: row for row in reversed(state.round.roles) if row.role == ROLE}
    released = state.assessment.released if state.assessment else {}
    return tuple(row for row in reversed(held.values()) if row.user not in released)


def find_assessor_conflicts(state: RoundState) -> Mapping[tuple[str, str], AssessorConflict]:
    """Return account and unit to the first reason, certain ones before possible ones.

    Home, employer and declared ties bar from a unit; employers, namesakes and common commendations
    of its nominees as they bar or question a member of the panel.
    """
    holders = assessors(state)
    homes = {holder.user: holder.region for holder in holders}
    people = tuple(replace(one, region=homes[one.user]) for one in as_members(holders))
    found: dict[tuple[str, str], AssessorConflict] = {}
    for person in people:
        for unit, reason in detect_unit_relationships(state.round, person, state.round.units):
            found.setdefault((person.user, unit), _conflict(reason, is_certain=True))
    units = {case.id: case.unit for case in state.screening.cases}
    ties = detect_relationships(replace(state.round, panel=people), state.screening.cases)
    for tie in sorted(ties, key=lambda one: one.strength != "certain"):
        conflict = _conflict(f"{tie.reason}（{tie.case}）", is_certain=tie.strength == "certain")
        found.setdefault((tie.member, units[tie.case]), conflict)
    return found


def _conflict(reason: str, *, is_certain: bool) -> AssessorConflict:
    return AssessorConflict(reason=reason.replace("评委", "考核人"), is_certain=is_certain)
