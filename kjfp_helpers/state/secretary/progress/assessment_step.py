"""The step 考核 of the start page (clause 二): assign, read, rule, confirm, notify."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.unit_grades import (
    ASKED,
    BY_ITSELF,
    LACKING,
    READING,
    TO_READ,
    TO_RULE,
    UNREADABLE,
    UnitAssessment,
)
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.assessment.assessor_conflicts import assessors
from kjfp_helpers.state.secretary.progress.progress_step import (
    DONE,
    NOT_STARTED,
    UNDER_WAY,
    OpenPoint,
    ProgressStep,
    StepCommand,
)

ASSESS = StepCommand(words=("assess",), label="分派总结、出考核结果")
_READ = "考核人在“评定”逐份阅读；所评不同、缺数据、无法阅读的在“办理”里处理"
_CONFIRM = "在“办理”里审定结果，再出各单位的考核结果通知"


def assessment_step(step: ProgressStep, state: RoundState, assessment: Assessment) -> ProgressStep:
    """Return the step with what is open in it; what is due is the office's next act."""
    received = state.submissions.record_by_unit("summary")
    if not received:
        return step
    waiting = [
        one for one in assessment.units if one.unit.code in received and one.state not in BY_ITSELF
    ]
    graded = sum(one.total is not None for one in waiting)
    step = replace(step, count=f"{graded}/{len(waiting)}", more="个单位已评出等次", how=_READ)
    words = (TO_READ, READING, TO_RULE, LACKING)
    counts = {word: sum(one.state == word for one in waiting) for word in words}
    counts |= {
        word: sum(one.state == word for one in assessment.units) for word in (UNREADABLE, ASKED)
    }
    points = [f"{word} {count} 个单位" for word, count in counts.items() if count]
    unread = _count_unassigned(state, assessment, waiting)
    if unread:
        points.insert(0, f"未分派 {unread} 份")
        begun = UNDER_WAY if assessment.readings else NOT_STARTED
        return _open(step, begun, points, due="command", command=ASSESS)
    if any(counts[word] for word in words) or counts[UNREADABLE]:
        due = bool(counts[TO_RULE] or counts[LACKING] or counts[UNREADABLE])
        return _open(step, UNDER_WAY, points, due="page" if due else "")
    if assessment.confirmed is None or assessment.changed:
        step = replace(step, how=_CONFIRM)
        return _open(step, UNDER_WAY, [*points, _unconfirmed(assessment)], due="page")
    return replace(step, state=DONE, how=_CONFIRM, command=ASSESS)


def _count_unassigned(
    state: RoundState, assessment: Assessment, waiting: Iterable[UnitAssessment]
) -> int:
    """Return how many summaries have too few readers; none where nobody can be assigned."""
    if not assessors(state):
        return 0
    return sum(
        len(assessment.readers_of(one.unit.code)) < one.needed and one.total is None
        for one in waiting
    )


def _open(
    step: ProgressStep,
    state: str,
    points: Iterable[str],
    *,
    due: Literal["", "command", "page"],
    command: StepCommand | None = None,
) -> ProgressStep:
    listed = tuple(OpenPoint(text=text, page=step.page) for text in points)
    return replace(step, state=state, open=listed, due=due, command=command)


def _unconfirmed(assessment: Assessment) -> str:
    if assessment.confirmed is None:
        return "结果未审定"
    return f"审定后变动 {len(assessment.changed)} 个单位，须重新审定"
