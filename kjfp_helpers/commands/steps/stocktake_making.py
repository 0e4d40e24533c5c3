"""The step ``stocktake``: the workbook of the stock-take and the gap letters (clause 一)."""

from collections import Counter
from datetime import date

from kjfp_helpers.commands.document_writing import OWNED, write_documents
from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.state_labels import NOT_SENT, UNMET
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.document_dates import set_document_date
from kjfp_helpers.state.secretary.figure_questions import SETTLED, list_figure_questions


def make_stocktake(
    session: RoundSession, on_progress: ProgressCallback, step: StampedStep, day: date
) -> StepResult:
    """Write the workbook and the gap letters of a day."""
    session.load_intake()
    set_document_date(session, day)
    state = session.current_state()
    written = write_documents(session, "stocktake", state, on_progress)
    result = StepResult(
        len(written.changed), len(written.files) - len(written.changed), notes=_notes(state)
    )
    return step.finish(result, state.events, written.files, whole=OWNED["stocktake"])


def _notes(state: RoundState) -> tuple[str, ...]:
    counts = Counter(state.screening.stocktake["state"])
    waiting = sum(one.state != SETTLED for one in list_figure_questions(state))
    return (
        f"{UNMET}{counts[UNMET]}个单位，{NOT_SENT}{counts[NOT_SENT]}个；待核实的数字{waiting}处",
        "汇总和明细见 stocktake.xlsx，各单位的任务缺口通知在 stocktake/",
    )
