"""``kjfp meeting``: the order of the cases, the record of the meeting, its papers."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import AgendaDrawn, Event, EventBody
from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.ledger_heads import find_state_head
from kjfp_helpers.state.meeting.agenda import describe_group, make_agenda
from kjfp_helpers.state.meeting.discussion import make_meeting, make_note
from kjfp_helpers.state.meeting.voters import (
    VOTER_RULINGS,
    list_voters,
    make_voter_ruling,
    voter_name,
)


def draw_agenda(
    session: RoundSession, on_progress: ProgressCallback, *, reason: str = ""
) -> StepResult:
    """Draw the order of both kinds and write the papers.

    Raises
    ------
    NotReadyError
        When there is no ranking yet.
    ParameterError
        When it was drawn before and no reason is given.
    """
    state = session.current_state()
    kinds = [kind for kind in NOMINEE_KINDS if kind in state.scores.rankings]
    if not kinds:
        raise NotReadyError(
            "会议议程", expected="已有评分和名次", found="没有", advice="完成评分后再排定议程"
        )
    bodies = [make_agenda(state, kind, reason=reason) for kind in kinds]
    session.record_atomically(
        partial(_unless_changed, bodies),
        after=state.events[-1].seq,
        actor=session.access().actor_label(AgendaDrawn),
    )
    state = session.current_state()
    notes = [describe_group(state, kind) for kind in kinds]
    return write_papers(session, on_progress, len(bodies), *notes)


def _unless_changed(bodies: Sequence[EventBody], news: Sequence[Event]) -> Sequence[EventBody]:
    """Return the draws, whose seed is the last event, unless there has been another meanwhile."""
    if find_state_head(news) is not None:
        raise NotReadyError(
            "会议议程", expected="排定期间台账没有新的记录", found="有新的记录", advice="再排定一次"
        )
    return bodies


def record_meeting(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    day: date,
    place: str,
    chair: str,
    recorder: str,
    absent: Sequence[str] = (),
    guests: str = "",
    conclusion: str = "",
) -> StepResult:
    """Record when and where the meeting is held and who is there: all voters but ``absent``.

    Raises
    ------
    ParameterError
        When something is missing or a voter is unknown.
    """
    state = session.current_state()
    voters = [voter.id for voter in list_voters(state)]
    present = [one for one in voters if one not in absent]
    unknown = [one for one in absent if one not in voters]
    body = make_meeting(
        state,
        day=day,
        place=place,
        chair=chair,
        recorder=recorder,
        present=[*present, *unknown],
        guests=guests,
        conclusion=conclusion,
        today=session.now().date(),
    )
    return _record(session, on_progress, body, f"会议已登记，到会{len(present)}名")


def note_discussion(
    session: RoundSession, on_progress: ProgressCallback, *, case: str, text: str
) -> StepResult:
    """Record what was said of a case; who has to leave is noted as having left.

    Raises
    ------
    ParameterError
        When the case is unknown or nothing was said.
    """
    body = make_note(session.current_state(), case=case, text=text)
    left = f"，{len(body.left)}名退场" if body.left else ""
    return _record(session, on_progress, body, f"讨论已记录{left}")


def rule_on_voter(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    voter: str,
    case: str,
    bars: bool,
    reason: str,
    by: Sequence[str],
) -> StepResult:
    """Record whether a voter outside the panel leaves the room for a case.

    Raises
    ------
    ParameterError
        When the voter or the case is unknown, or something is missing.
    """
    state = session.current_state()
    body = make_voter_ruling(state, voter=voter, case=case, bars=bars, reason=reason, by=by)
    who = f"{voter_name(state, voter)} 对 {case} {VOTER_RULINGS[bars]}"
    return _record(session, on_progress, body, f"{who}已记录")


def write_papers(
    session: RoundSession, on_progress: ProgressCallback, made: int = 0, *notes: str
) -> StepResult:
    """Write the papers that are due now: agenda, projector page, ballots, results, minutes."""
    written = write_documents(session, "meeting", session.current_state(), on_progress)
    papers = "、".join(sorted(name.removeprefix("meeting/") for name in written.changed))
    lines = (*notes, *([f"文件在 meeting/：{papers}"] if papers else []))
    return StepResult(made or len(written.changed), notes=lines)


def _record(
    session: RoundSession, on_progress: ProgressCallback, body: EventBody, note: str
) -> StepResult:
    (event,) = session.record(body)
    return write_papers(session, on_progress, 1, f"{note}（台账第{event.seq}条）")
