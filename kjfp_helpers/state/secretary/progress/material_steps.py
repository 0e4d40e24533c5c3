"""Steps on what the units send: 收件, 盘点, 抽查, 考核, 资格 (clauses 一, 二, 四)."""

from collections import Counter
from dataclasses import replace

from kjfp_helpers.core.errors import InboxError
from kjfp_helpers.core.events import (
    EventLog,
    MailReceived,
    OutputsRecorded,
    SummaryAssessed,
)
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.state_labels import NOT_ALL_SENT, NOT_SENT, UNMET
from kjfp_helpers.intake.inbox_listing import list_unregistered
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.exhibition.column_arrivals import count_unrecorded
from kjfp_helpers.state.secretary.figure_questions import SETTLED, list_figure_questions
from kjfp_helpers.state.secretary.progress.assessment_step import assessment_step
from kjfp_helpers.state.secretary.progress.progress_step import (
    DONE,
    NOT_STARTED,
    UNDER_WAY,
    OpenPoint,
    ProgressStep,
    StepCommand,
)
from kjfp_helpers.state.secretary.progress.spot_check_step import spot_check_step
from kjfp_helpers.state.secretary.publication_gates import open_findings
from kjfp_helpers.state.secretary.work_queue import work_items

INTAKE, STOCKTAKE, SUMMARIES = "01_intake.ipynb", "02_stocktake.ipynb", "03_summaries.ipynb"
REGISTER = StepCommand(words=("intake",), label="登记来件")
MAKE_STOCKTAKE = StepCommand(words=("stocktake",), label="出汇总表和缺口通知")
CHECK = StepCommand(words=("check",), label="核对材料")


def list_material_steps(session: RoundSession, state: RoundState | None) -> list[ProgressStep]:
    """Return the steps up to the eligibility of the nominees."""
    events = session.ledger.events()
    checked = is_checked(events)
    return [
        _intake(session, state, events),
        _stocktake(state, checked),
        spot_check_step(session, state),
        _summaries(state),
        _eligibility(state, checked),
    ]


def is_checked(events: EventLog) -> bool:
    """Return whether the materials were checked after the last message was registered."""
    checks = [event.seq for event in events.of(OutputsRecorded) if event.body.command == "check"]
    mails = events.of(MailReceived)
    return bool(checks and mails) and checks[-1] > mails[-1].seq


def was_checked(events: EventLog) -> bool:
    """Return whether the materials were ever checked."""
    return any(event.body.command == "check" for event in events.of(OutputsRecorded))


def _intake(session: RoundSession, state: RoundState | None, events: EventLog) -> ProgressStep:
    total = len(session.round.units)
    try:
        registered = (body.path for body in events.bodies(MailReceived))
        new = len(list_unregistered(session.round.inbox, registered))
    except InboxError:
        new = 0
    receipts = 0 if state is None else len(state.submissions.receipts)
    units = 0 if state is None else len({*state.submissions.receipts["unit"]} - {""})
    absent = [OpenPoint(text=f"{total - units} 个单位没有来件", page=INTAKE)] if receipts else []
    articles = count_unrecorded(session.round, events)
    waiting = [OpenPoint(text=f"{new} 个新来件未登记", page=INTAKE)] if new else []
    waiting += [OpenPoint(text=f"{articles} 件动态、事迹未登记", page=INTAKE)] if articles else []
    return ProgressStep(
        title="收件",
        state=UNDER_WAY if receipts and (new or articles) else DONE if receipts else NOT_STARTED,
        count=f"{receipts} 件" if receipts else "—",
        more=f"{units} / {total} 个单位有来件" if receipts else "",
        page=INTAKE,
        how=f"把来件（.eml）放入 data/{session.round.name}/inbox，再登记",
        open=tuple(waiting + (absent if units < total else [])),
        command=REGISTER,
        due="command" if new or articles or not receipts else "",
    )


def _stocktake(state: RoundState | None, checked: bool) -> ProgressStep:
    step = ProgressStep(
        title="盘点",
        page=STOCKTAKE,
        how="对照任务目标核对各单位报送的两数，出汇总表和任务缺口通知",
        command=MAKE_STOCKTAKE if checked else CHECK,
    )
    if state is None:
        return step
    counts = Counter(state.screening.stocktake["state"])
    total, incomplete = sum(counts.values()), counts[NOT_SENT] + counts[NOT_ALL_SENT]
    return replace(
        step,
        state=UNDER_WAY if incomplete or not checked else DONE,
        count=f"{total - incomplete}/{total}",
        more="个单位报齐",
        open=tuple(
            OpenPoint(text=f"{label} {counts[label]} 个", page=STOCKTAKE)
            for label in (NOT_SENT, NOT_ALL_SENT, UNMET)
            if counts[label]
        )
        + _open_questions(state),
        due="" if checked else "command",
    )


def _open_questions(state: RoundState) -> tuple[OpenPoint, ...]:
    """Return how many questions on figures wait to be settled."""
    waiting = sum(one.state != SETTLED for one in list_figure_questions(state))
    return (OpenPoint(text=f"待核实的数字 {waiting} 处", page=STOCKTAKE),) if waiting else ()


def _summaries(state: RoundState | None) -> ProgressStep:
    step = ProgressStep(title="考核", page=SUMMARIES, how="逐份阅读工作总结，评定等次")
    if state is None:
        return step
    if state.assessment is not None:
        return assessment_step(step, state, state.assessment)
    frame = state.screening.summaries
    received = set(frame.loc[frame["missing"].notna(), "unit"])
    assessed = {event.body.unit for event in state.standing_events.of(SummaryAssessed)} & received
    left = len(received) - len(assessed)
    return replace(
        step,
        state=NOT_STARTED if not assessed else UNDER_WAY if left else DONE,
        count=f"{len(assessed)}/{len(received)}",
        more="份总结已评定",
        open=(OpenPoint(text=f"未评定 {left} 份", page=SUMMARIES),) if left else (),
    )


def _eligibility(state: RoundState | None, checked: bool) -> ProgressStep:
    step = ProgressStep(
        title="资格",
        page=INTAKE,
        how="在“待处理”逐项办结，在“函件”发出补正通知",
        command=CHECK,
    )
    if state is None or not was_checked(state.events):
        return step
    errors = sum(found.severity is Severity.ERROR for found in open_findings(state))
    waiting = sum(item.done is None and item.kind != "record" for item in work_items(state))
    words = ((waiting, "待处理 {} 项"), (errors, "单位须补正 {} 处"))
    return replace(
        step,
        state=UNDER_WAY if waiting or errors or not checked else DONE,
        count=f"{len(state.screening.eligible_cases)} 件",
        more="可进入评审",
        open=tuple(OpenPoint(text=text.format(n), page=INTAKE) for n, text in words if n),
        due="page" if waiting else "",
    )
