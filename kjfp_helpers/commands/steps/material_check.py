"""The step ``check``: stock-take, summaries, eligibility; findings and letters."""

from collections import Counter
from datetime import date

from kjfp_helpers.commands.document_writing import OWNED, write_documents
from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.document_dates import note_later_mail, set_document_date

_NO_REGISTER = (
    "commended.csv 没有内容，曾获表扬无法核对：推荐对象都暂缓，函件里不要求单位补交；补入后再次检查"
)


def check_materials(
    session: RoundSession, on_progress: ProgressCallback, step: StampedStep, day: date
) -> StepResult:
    """Write the findings and the letters of a day."""
    session.load_intake()
    set_document_date(session, day)
    state = session.current_state()
    written = write_documents(session, "check", state, on_progress)
    letters = [name for name in written.files if name.startswith("letters/")]
    remade = len(written.changed & set(letters))
    result = StepResult(remade, len(letters) - remade, notes=_notes(state, letters))
    return step.finish(result, state.events, written.files, whole=OWNED["check"])


def _notes(state: RoundState, letters: list[str]) -> tuple[str, ...]:
    errors = sum(finding.severity is Severity.ERROR for finding in state.screening.findings)
    titles = Counter(name.removesuffix(".docx").rpartition("-")[2] for name in letters)
    later, lacking = note_later_mail(state), state.round.notice.office.lacking
    return (
        f"问题{len(state.screening.findings)}项（须补正{errors}项）",
        "、".join(f"{title}{count}份" for title, count in sorted(titles.items())),
        _eligible_note(state),
        *((later,) if later else ()),
        *(() if state.round.commended else (_NO_REGISTER,)),
        *((f"notice.toml [office] 没有{'、'.join(lacking)}，补入后才能发函",) if lacking else ()),
    )


def _eligible_note(state: RoundState) -> str:
    teams, individuals = _count_eligible(state, "team"), _count_eligible(state, "individual")
    note = f"可进入评审：团队{teams}个，个人{individuals}名"
    return (
        f"{note}；{len(state.submissions.unread_forms)}件文件打不开，暂缓"
        if state.submissions.unread_forms
        else note
    )


def _count_eligible(state: RoundState, kind: str) -> int:
    return sum(case.kind == kind for case in state.screening.eligible_cases)
