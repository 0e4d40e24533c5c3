"""Who reads which summaries: the accounts of the role 考核, by the engine of the panel."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import SummaryReadingsAssigned
from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.unit_grades import BY_ITSELF, readers_needed
from kjfp_helpers.panel_review.assignment.assignment_infeasibility import infeasibility_error
from kjfp_helpers.panel_review.assignment.flow_assignment import solve_assignment
from kjfp_helpers.panel_review.assignment.reading_assignment import readings_digest
from kjfp_helpers.panel_review.assignment.reading_matrix import ReadingMatrix, reading_order
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.assessment.assessor_conflicts import (
    AssessorConflict,
    assessors,
    find_assessor_conflicts,
)
from kjfp_helpers.state.round_state import RoundState

_Conflicts = Mapping[tuple[str, str], AssessorConflict]


class _UnitToRead:
    """A unit as the engine assigns it; all are of one kind, so that loads balance over all."""

    kind = "team"
    eligible = True

    def __init__(self, code: str) -> None:
        self.id = code


def units_to_assign(state: RoundState, assessment: Assessment) -> list[Unit]:
    """Return the units whose summary came and can be read."""
    came = state.submissions.record_by_unit("summary")
    return [
        one.unit for one in assessment.units if one.unit.code in came and one.state not in BY_ITSELF
    ]


def plan_summary_readings(
    state: RoundState, assessment: Assessment, seed: int
) -> SummaryReadingsAssigned:
    """Return who reads which of the summaries that came; what is assigned already stays.

    What a released reader has read stays with that reader and counts; the rest goes to the
    substitute, where there is one without conflict. Possible conflicts are avoided where that
    leaves enough readers.

    Raises
    ------
    NotReadyError
        When nobody has the role, or no summary came.
    AssignmentError
        When the conflicts leave a unit with too few readers.
    """
    readers = [holder.user for holder in assessors(state)]
    came = units_to_assign(state, assessment)
    if not readers or not came:
        raise NotReadyError(
            "总结考核分派",
            expected="roles.csv 登记了考核人，并收到了工作总结",
            found=f"考核人{len(readers)}名，总结{len(came)}份",
            advice="在 roles.csv 为考核人各写一行（role 写“考核”），或先登记来件",
        )
    conflicts = find_assessor_conflicts(state)
    kept = _readings_kept(assessment)
    earlier = _readings_handed_over(assessment, readers, kept, conflicts)
    matrix, new = _assign(state, assessment, came, readers, conflicts, earlier, kept, seed)
    readings = {}
    for column, reader in enumerate(matrix.members):
        added = [matrix.cases[row] for row in np.flatnonzero(new[:, column])]
        held = {one.id for row, one in enumerate(matrix.cases) if matrix.assigned[row, column]}
        before = [code for code in earlier.get(reader, ()) if code in held]
        readings[reader] = (*before, *reading_order(reader, added, (), seed))
    readings |= {reader: units for reader, units in kept.items() if units}
    return SummaryReadingsAssigned(readings=readings, seed=seed, digest=readings_digest(readings))


def _assign(
    state: RoundState,
    assessment: Assessment,
    came: Sequence[Unit],
    readers: Sequence[str],
    conflicts: _Conflicts,
    earlier: Mapping[str, tuple[str, ...]],
    kept: Mapping[str, tuple[str, ...]],
    seed: int,
) -> "tuple[ReadingMatrix, np.ndarray]":
    """Return the matrix and the new readings: without any conflict, else without certain ones."""
    units = state.round.unit_by_code
    for avoid_possible in (True, False):
        apart = [pair for pair, one in conflicts.items() if one.is_certain or avoid_possible]
        matrix = ReadingMatrix.build(
            [_UnitToRead(unit.code) for unit in came],
            readers,
            pd.DataFrame(apart, columns=["member", "case"]),
            earlier,
            kept,
        )
        needed = [readers_needed(assessment.scheme, units[one.id]) for one in matrix.cases]
        needs = np.maximum(np.array(needed) - matrix.reader_counts, 0)
        problem = matrix.make_problem(needs)
        solved = solve_assignment(problem, (seed,))
        if solved.is_complete:
            return matrix, solved.new_readings
    fewer = matrix.make_problem(np.minimum(needs, 1))
    raise infeasibility_error(problem, [("每份总结由1人评定（two_readers 留空）", fewer)])


def _readings_kept(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    """Return what released readers have read of what was theirs."""
    return {
        reader: tuple(
            code
            for code in assessment.readings.get(reader, ())
            if (one := assessment.by_unit.get(code)) and reader in one.readers
        )
        for reader in assessment.released
    }


def _readings_handed_over(
    assessment: Assessment,
    readers: Sequence[str],
    kept: Mapping[str, tuple[str, ...]],
    conflicts: _Conflicts,
) -> dict[str, tuple[str, ...]]:
    """Return the readings of those who read on, with what substitutes take over."""
    held = {reader: tuple(assessment.readings.get(reader, ())) for reader in readers}
    for reader, event in assessment.released.items():
        substitute = event.body.substitute
        if substitute in held:
            left = set(assessment.readings.get(reader, ())) - set(kept[reader])
            taken = [
                code
                for code in assessment.readings.get(reader, ())
                if code in left
                and code not in held[substitute]
                and (substitute, code) not in conflicts
            ]
            held[substitute] += tuple(taken)
    return held
