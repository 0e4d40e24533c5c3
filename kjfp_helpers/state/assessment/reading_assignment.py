"""Who reads which summaries: the accounts of the role 考核, by the engine of the panel."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import SummaryReadingsAssigned
from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.unit_assessment import readers_needed
from kjfp_helpers.panel_review.assignment.assignment_infeasibility import infeasibility_error
from kjfp_helpers.panel_review.assignment.flow_assignment import solve_assignment
from kjfp_helpers.panel_review.assignment.reading_assignment import readings_digest
from kjfp_helpers.panel_review.assignment.reading_matrix import ReadingMatrix, reading_order
from kjfp_helpers.panel_review.conflicts.relationship_detection import detect_unit_relationships
from kjfp_helpers.rules import Member, RoleHolder, Unit
from kjfp_helpers.state.round_state import RoundState

ROLE = "考核"


class _UnitToRead:
    """A unit as the engine assigns it; all are of one kind, so that loads balance over all."""

    kind = "team"
    eligible = True

    def __init__(self, code: str) -> None:
        self.id = code


def assessors(state: RoundState) -> tuple[RoleHolder, ...]:
    """Return who assesses: the accounts with the role 考核, in the order of ``roles.csv``."""
    held = {row.user: row for row in reversed(state.round.roles) if row.role == ROLE}
    return tuple(reversed(held.values()))


def assessor_conflicts(state: RoundState) -> Mapping[tuple[str, str], str]:
    """Return reader and unit to why the reader does not read it: employer or declared ties."""
    found: dict[tuple[str, str], str] = {}
    for holder in assessors(state):
        member = Member(
            member=holder.user,
            name=holder.name,
            employer=holder.employer,
            region="",
            field="",
            user=holder.user,
            ties=holder.ties,
        )
        for unit in state.round.units:
            for reason in detect_unit_relationships(state.round, member, unit):
                found[holder.user, unit.code] = reason.replace("评委", "考核人")
    return found


def plan_summary_readings(
    state: RoundState, assessment: Assessment, seed: int
) -> SummaryReadingsAssigned:
    """Return who reads which of the summaries that came; what is assigned already stays.

    Raises
    ------
    NotReadyError
        When nobody has the role, or no summary came.
    AssignmentError
        When the conflicts leave a unit with too few readers.
    """
    readers = [holder.user for holder in assessors(state)]
    came = _received(state)
    if not readers or not came:
        raise NotReadyError(
            "总结考核分派",
            expected="roles.csv 登记了考核人，并收到了工作总结",
            found=f"考核人{len(readers)}名，总结{len(came)}份",
            advice="在 roles.csv 为考核人各写一行（role 写“考核”），或先登记来件",
        )
    apart = list(assessor_conflicts(state))
    matrix = ReadingMatrix.build(
        [_UnitToRead(unit.code) for unit in came],
        readers,
        pd.DataFrame(apart, columns=["member", "case"]),
        assessment.readings,
    )
    units = state.round.unit_by_code
    needs = np.array([readers_needed(assessment.scheme, units[one.id]) for one in matrix.cases])
    needs = np.maximum(needs - matrix.assigned.sum(axis=1), 0)
    problem = matrix.make_problem(needs)
    solved = solve_assignment(problem, (seed,))
    if not solved.is_complete:
        fewer = matrix.make_problem(np.minimum(needs, 1))
        raise infeasibility_error(problem, [("每份总结由1人评定（two_readers 留空）", fewer)])
    readings = {}
    for column, reader in enumerate(matrix.members):
        new = [matrix.cases[row] for row in np.flatnonzero(solved.new_readings[:, column])]
        kept = tuple(one.id for row, one in enumerate(matrix.cases) if matrix.assigned[row, column])
        before = [code for code in assessment.readings.get(reader, ()) if code in kept]
        readings[reader] = (*before, *reading_order(reader, new, (), seed))
    return SummaryReadingsAssigned(readings=readings, seed=seed, digest=readings_digest(readings))


def _received(state: RoundState) -> list[Unit]:
    came = state.submissions.record_by_unit("summary")
    return [unit for unit in state.round.units if unit.code in came]
