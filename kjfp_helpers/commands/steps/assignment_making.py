"""The step ``assign``: freeze the rules and assign readers to cases, round after round."""

from collections import Counter
from dataclasses import replace

from kjfp_helpers import reports
from kjfp_helpers.commands.steps.rules_freezing import freeze_rules
from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.core.events import ReadingsAssigned, ScoringClosed
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.infra.step_stamps import digest_files
from kjfp_helpers.panel_review.assignment.reading_assignment import assigned_pairs
from kjfp_helpers.panel_review.assignment.reading_matrix import Readings
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.frozen_rules import has_scores
from kjfp_helpers.state.panel.expected_changes import changes_by_plan_text
from kjfp_helpers.state.panel.reading_planning import plan_readings, simulate_errors
from kjfp_helpers.state.panel.review_progress import (
    has_next_round,
    outstanding_by_member,
    reading_members,
)


def assign_readers(
    session: RoundSession,
    on_progress: ProgressCallback,
    step: StampedStep,
    *,
    next_round: bool,
    reason: str,
) -> StepResult:
    """Plan the readings that are due, record them, and write the notebooks."""
    scored = has_scores(session.ledger.events())
    # before any score, a changed panel is assigned anew
    state = session.current_state(check_members=scored)
    assigned = state.events.last(ReadingsAssigned)
    if next_round:
        _require_round_over(state, assigned, reason)
        number = assigned.round + 1 if assigned else 1
        planned = plan_readings(state, number)
    else:
        planned = plan_readings(state, assigned.round if assigned else 1)
    freeze_rules(session)
    made = 0
    if planned is not None:
        before = (
            Counter() if assigned is None or planned.afresh else _count_pairs(assigned.readings)
        )
        made = (_count_pairs(planned.readings) - before).total()
        first = planned.round == 1 and (assigned is None or assigned.seed != planned.seed)
        expected_errors = simulate_errors(state, planned) if first else {}
        reason = reason if next_round else ""
        session.record(replace(planned, reason=reason, misplaced=expected_errors))
    state = session.current_state()
    notebooks = [
        *reports.write_workbook_notebooks(session),
        *reports.write_packet_notebooks(session, members_with_readings(session), on_progress),
    ]
    result = StepResult(made, len(state.scores.readings) - made, notes=tuple(_notes(state)))
    names = (path.relative_to(session.outputs).as_posix() for path in notebooks)
    return step.finish(result, state.events, digest_files(session.outputs, names))


def members_with_readings(session: RoundSession) -> list[str]:
    """Return the members who have readings and have not left, in the panel's order."""
    if session.ledger.events().last(ReadingsAssigned) is None:
        return []
    state = session.current_state()
    return [member for member in reading_members(state) if member not in state.scores.departed]


def _require_round_over(state: RoundState, assigned: ReadingsAssigned | None, reason: str) -> None:
    where, name = "下一轮分派", state.round.name
    if assigned is None:
        raise AssignmentError(
            where, expected="首轮已分派", found="尚未分派", advice=f"先运行 kjfp assign {name}"
        )
    if not has_next_round(state):
        single = state.round.notice.ruling.plan.value == "uniform"
        found = "规则定为一轮评完（ruling.plan = uniform）" if single else "各轮都已分派"
        raise AssignmentError(
            where, expected="规则还有下一轮", found=found, advice="不必再分派；评分齐了即可产生名单"
        )
    if state.standing_events.last(ScoringClosed) is not None:
        raise AssignmentError(
            where, expected="评分尚未截止", found="评分已截止", advice="按现有评分产生名单"
        )
    left = outstanding_by_member(state)
    if left and not reason.strip():
        named = "、".join(f"{member} {count} 件" for member, count in sorted(left.items()))
        raise AssignmentError(
            where,
            expected=f"第 {assigned.round} 轮评完",
            found=f"尚欠：{named}",
            advice="催办；确需先行的，用 --reason 写明理由（记入台账）",
        )


def _count_pairs(readings: Readings) -> Counter[tuple[str, str]]:
    return Counter((member, case) for member, ids in readings.items() for case in ids)


def _notes(state: RoundState) -> list[str]:
    assigned = state.events.last(ReadingsAssigned)
    assert assigned is not None
    table = state.scores.readings
    notes = [f"第{assigned.round}轮：评阅{len(table)}件次，评委{table['member'].nunique()}人"]
    if assigned.anchors:
        notes.append(f"共同基准件{len(assigned.anchors)}件，每名评委最先评阅")
    if changes := changes_by_plan_text(state):
        notes.append(changes)
    with_readers = {case for _, case in assigned_pairs(state.events)}
    if unread := sorted({case.id for case in state.screening.eligible_cases} - with_readers):
        notes.append(f"分派后新增而未分派的：{'、'.join(unread)}")
    if has_next_round(state):
        notes.append("本轮评完后运行 kjfp assign --next 分派下一轮")
    return notes
