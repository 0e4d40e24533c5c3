"""The step 抽查 of the start page (clause 一): freeze, draw, issue, import, decide, close."""

from collections import Counter
from dataclasses import replace

from kjfp_helpers.notice.spot_check import SpotCheck
from kjfp_helpers.notice.spot_check.check_progress import (
    CLOSED,
    INCOMPLETE,
    NOT_PLANNED,
    NOT_VISITED,
    OPEN,
)
from kjfp_helpers.notice.spot_check.visit_findings import AWAITING_DECISION
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.progress.progress_step import (
    DONE,
    NOT_STARTED,
    UNDER_WAY,
    OpenPoint,
    ProgressStep,
)

PAGE = "02_stocktake.ipynb"
_FREEZE = "在“抽查”的“办理”里冻结名册，写明公开值的来源和公布日"
_DRAW = "公开值{day}公布后，在“抽查”的“办理”里输入并抽签"
_GO_ON = "在“抽查”的“办理”里安排人员、发函、导入检查表、登记说明、处理问题、结束"


def spot_check_step(session: RoundSession, state: RoundState | None) -> ProgressStep:
    """Return the step with what is open in it."""
    step = ProgressStep(title="抽查", page=PAGE, how=_FREEZE)
    if state is None:
        return step
    check = state.spot_check
    if check.drawn is None and not check.visits:
        if check.frame is None:
            return replace(step, state=NOT_STARTED, due="page")
        due = session.now().date() >= check.frame.day
        how = _DRAW.format(day=f"{check.frame.day.month}月{check.frame.day.day}日")
        count = f"{len(check.frame.units)} 个单位"
        return replace(
            step,
            state=UNDER_WAY,
            how=how,
            count=count,
            more="名册已冻结",
            due="page" if due else "",
        )
    return _visits(replace(step, how=_GO_ON), check)


def _visits(step: ProgressStep, check: SpotCheck) -> ProgressStep:
    counts = Counter(visit.state for visit in check.visits.values())
    total = len(check.visits)
    is_earlier = check.frame is None and not check.findings
    left = () if is_earlier else (NOT_PLANNED, NOT_VISITED, OPEN, INCOMPLETE)
    open = tuple(
        OpenPoint(text=f"{word} {counts[word]} 个单位", page=PAGE) for word in left if counts[word]
    )
    is_due = bool(counts[NOT_PLANNED]) or any(
        one.state == AWAITING_DECISION for one in check.findings
    )
    if is_earlier:
        return replace(step, state=DONE, count=f"{total} 个单位", more="已抽签")
    if not open and check.closed is None:
        open, is_due = (OpenPoint(text="检查结果未汇总（抽查结束）", page=PAGE),), True
    return replace(
        step,
        state=UNDER_WAY if open else DONE,
        count=f"{counts[CLOSED]}/{total}",
        more="个单位办结",
        open=open,
        due="page" if open and is_due else "",
    )
