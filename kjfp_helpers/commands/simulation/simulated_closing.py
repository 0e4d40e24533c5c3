"""From the added seat to the archive, in a rehearsal that is played to its decision.

Originals are held against the electronic copies, the decision is issued, the round is archived.
Each act looks first whether it was done.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from kjfp_helpers.commands.archive.archive_making import make_archive
from kjfp_helpers.commands.publication.commendation_issue import issue_decision
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.events import ArchiveMade
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.rehearsal.actors import closing_acts, meeting_acts
from kjfp_helpers.rehearsal.faults.answer_key import office_actor_label
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.originals_comparison.paper_originals import (
    list_originals,
    make_original_check,
)
from kjfp_helpers.state.publication.commendations import list_commendations
from kjfp_helpers.state.publication.published_notices import standing_notice

NUMBER = "科技助力扶贫办发〔2020〕9号"
ORIGINALS_DAY, DECISION_DAY = date(2020, 12, 21), date(2020, 12, 25)
ARCHIVE_SUFFIX = "-档案"
"""End of the name of the archive's folder, which lies beside the outputs."""


def simulate_closing(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Play what follows the meeting where the answer key has it; elsewhere nothing."""
    if not (session.round.rehearsal and meeting_acts.is_played(session.round)):
        where = "纸质原件在“收件与核对”页，公示、决定在“公示与异议”页办理"
        return StepResult(notes=(where,))
    before = session.events()[-1].seq
    for act in ACTS:
        act(session, on_progress)
    made = session.events()[-1].seq - before
    return StepResult(made, notes=("演练原件已核对，决定已印发",) if made else ())


def simulate_archive(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Archive a rehearsal that was played to its decision, once; elsewhere nothing."""
    played = session.round.rehearsal and meeting_acts.is_played(session.round)
    if not played or session.events().has(ArchiveMade):
        return StepResult(notes=() if played else ("办结后运行 kjfp archive 归档",))
    target = session.outputs.with_name(f"{session.outputs.name}{ARCHIVE_SUFFIX}")
    return make_archive(session, on_progress, target=target)


def check_originals(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Tick off the originals of all listed cases; one differs."""
    state = session.current_state()
    listed = set(state.decision.listed["case"])
    cases = [case for case in state.screening.cases if case.id in listed]
    if not cases or list_originals(state.events) or standing_notice(state.events) is None:
        return
    session.advance_rehearsal(datetime.combine(ORIGINALS_DAY, time(9), CHINA))
    odd = closing_acts.differing_case([case.id for case in cases if case.kind == meeting_acts.KIND])
    session.record(
        *(
            make_original_check(
                state,
                case.id,
                pages=closing_acts.count_original(case.kind, number),
                difference=closing_acts.DIFFERENCE if case.id == odd else "",
            )
            for number, case in enumerate(cases)
        ),
        actor=office_actor_label(session.round, "秘书"),
    )


def issue(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Issue the decision after the days of the notice."""
    if standing_notice(session.events()) is not None and not _decided(session):
        session.advance_rehearsal(datetime.combine(DECISION_DAY, time(10), CHINA))
        issue_decision(session, on_progress, day=DECISION_DAY, number=NUMBER)


def _decided(session: RoundSession) -> bool:
    return bool(list_commendations(session.events()))


ACTS: Sequence[Callable[[RoundSession, ProgressCallback], None]] = (
    check_originals,
    issue,
)
"""What is played, in order."""
