"""``kjfp assess``: assign the summaries that came, confirm results, write the papers."""

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.notice.assessment.unit_grades import readers_needed
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.assessment.assessment_acts import make_confirmation, require_assessment
from kjfp_helpers.state.assessment.assessor_conflicts import assessors
from kjfp_helpers.state.assessment.reader_assignment import (
    plan_summary_readings,
    units_to_assign,
)


def assess(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    confirm: str = "",
    reason: str = "",
    by: Sequence[str] = (),
) -> StepResult:
    """Assign readers to the summaries that have too few, and write the papers.

    Parameters
    ----------
    confirm : str
        The document by which the results are approved; blank approves nothing.
    reason : str
        Why they are approved although units are not graded.
    by : sequence of str
        The two persons who approve.

    Raises
    ------
    NotReadyError
        When the round has no scheme, nobody assesses, or results are not ripe.
    AssignmentError
        When conflicts leave a summary with too few readers.
    ParameterError
        When grounds are missing.
    """
    state = session.current_state(check_members=False)
    bodies: list[EventBody] = []
    if is_assignment_due(state):
        bodies.append(plan_summary_readings(state, require_assessment(state), _seed(session)))
    if confirm:
        bodies.append(make_confirmation(state, document=confirm, reason=reason, by=by))
    if bodies:
        session.record(*bodies)
        state = session.current_state(check_members=False)
    written = write_documents(session, "assess", state, on_progress)
    return StepResult(
        len(written.changed), len(written.files) - len(written.changed), notes=_notes(state)
    )


def is_assignment_due(state: RoundState) -> bool:
    """Return whether a summary that came has fewer readers than the scheme asks for.

    Raises
    ------
    NotReadyError
        When the round has no scheme, or no summary came.
    """
    assessment = require_assessment(state)
    came = state.submissions.record_by_unit("summary")
    if not came:
        raise NotReadyError(
            "单位考核",
            expected="收到工作总结",
            found="没有",
            advice=f"先运行 kjfp intake {state.round.name}",
        )
    if not assessors(state) and not assessment.readings:
        return False
    return any(
        len(assessment.readers_of(unit.code)) < readers_needed(assessment.scheme, unit)
        for unit in units_to_assign(state, assessment)
    )


def _seed(session: RoundSession) -> int:
    """Return what the draw starts from: the round and how far its ledger is."""
    return crc32(f"{session.round.name} {len(session.ledger.events())}".encode())


def _notes(state: RoundState) -> tuple[str, ...]:
    assessment = require_assessment(state)
    counts = Counter(one.state for one in assessment.units)
    grades = Counter(one.grade for one in assessment.units if one.grade)
    notes = ["，".join(f"{word}{count}个单位" for word, count in counts.items())]
    if grades:
        notes.append("，".join(f"{grade}{count}个" for grade, count in grades.items()))
    if not assessment.readings:
        notes.append("roles.csv 没有登记考核人，未作分派")
    if assessment.scheme.default:
        notes.append(assessment.scheme.note)
    if assessment.confirmed is None:
        notes.append(
            "结果尚未审定：评完后在“工作总结考核”的“办理”审定，再出通知"
            "（命令：--confirm 文号 --by 甲 --by 乙）"
        )
    elif assessment.changed:
        notes.append(f"审定后结果有变动的{len(assessment.changed)}个单位，须重新审定")
    notes.append("结果、依据、雷同段落见 assessment.xlsx，各单位通知在 assessment/")
    return tuple(notes)
