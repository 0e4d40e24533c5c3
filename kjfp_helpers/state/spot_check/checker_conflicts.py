"""Relationships of a unit's checkers to it and its nominees, by the engine of the panel."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kjfp_helpers.core.events.spot_check import Checker
from kjfp_helpers.panel_review.conflicts.relationship_detection import (
    detect_relationships,
    detect_unit_relationships,
)
from kjfp_helpers.rules import Member
from kjfp_helpers.state.round_state import RoundState


@dataclass(frozen=True, kw_only=True)
class CheckerConflict:
    """A relationship of a checker to a unit; one that is not certain has to be looked into."""

    checker: str
    reason: str
    is_certain: bool


def find_checker_conflicts(
    state: RoundState, unit: str, checkers: Iterable[Checker]
) -> tuple[CheckerConflict, ...]:
    """Return the relationships of checkers to a unit: home, employer, declared, its nominees."""
    body = state.round.unit_by_code[unit]
    cases = [case for case in state.screening.cases if case.unit == unit]
    conflicts: dict[CheckerConflict, None] = {}
    for name, employer, region, ties in checkers:
        member = Member(
            member=name,
            name=name,
            employer=employer,
            region=region,
            field="",
            user="",
            ties=ties,
        )
        for _, reason in detect_unit_relationships(state.round, member, (body,)):
            conflicts[_conflict(name, reason, is_certain=True)] = None
        for found in detect_relationships(replace(state.round, panel=(member,)), cases):
            if not found.by_rule:
                is_certain = found.strength == "certain"
                reason = f"{found.reason}（{found.case}）"
                conflicts[_conflict(name, reason, is_certain=is_certain)] = None
    return tuple(conflicts)


def _conflict(name: str, reason: str, *, is_certain: bool) -> CheckerConflict:
    said = reason.replace("评委", "检查人员")
    return CheckerConflict(checker=name, reason=said, is_certain=is_certain)
