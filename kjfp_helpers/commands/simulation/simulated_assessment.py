"""The office at the assessment of a rehearsal: it assigns, rules and confirms."""

from kjfp_helpers.commands.assessment.assessment_steps import assess, is_assignment_due
from kjfp_helpers.core.events import ExperienceTagged
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.rehearsal.actors.summary_assessors import (
    MEETING,
    TWO,
    plan_assessments,
    plan_points_rulings,
    plan_reader_release,
    plan_summary_rulings,
)
from kjfp_helpers.rehearsal.faults.answer_key import office_actor_label, read_answers
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.assessment.assessment_acts import make_confirmation, make_experience_tag

TITLE = "把课堂设在棚里"
MIN_PASSAGE = 40
MAX_PASSAGE = 160


def simulate_summary_assignment(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Assign the summaries before anybody reads."""
    state = session.current_state()
    if _is_played(state) and is_assignment_due(state):
        assess(session, on_progress)


def simulate_results(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Rule on what is open, tag an experience, confirm the results and write the papers."""
    state = session.current_state()
    if not _is_played(state):
        return
    if state.assessment is not None and state.assessment.confirmed is None:
        actor = office_actor_label(session.round, "组长")
        state = _replace_reader(session, state, on_progress)
        if decided := tuple(plan_summary_rulings(state)):
            session.record(*decided, actor=actor)
            state = session.current_state()
        rulings = plan_points_rulings(state)
        if rulings:
            session.record(*rulings, actor=actor)
        if tag := _plan_tag(state):
            session.record(tag, actor=office_actor_label(session.round, "考核"))
        body = make_confirmation(
            session.current_state(), document=MEETING, reason="全部评定", by=TWO
        )
        session.record(body, actor=actor)
    assess(session, on_progress)


def _replace_reader(
    session: RoundSession, state: RoundState, on_progress: ProgressCallback
) -> RoundState:
    """Release the assessor who leaves, and let others read what is left."""
    release = plan_reader_release(state)
    if release is None:
        return state
    session.record(release, actor=office_actor_label(session.round, "组长"))
    assess(session, on_progress)
    for body, actor, _ in plan_assessments(session.current_state()):
        session.record(body, actor=actor)
    return session.current_state()


def _is_played(state: RoundState) -> bool:
    """Whether the year has acts, a scheme and summaries."""
    return (
        state.assessment is not None
        and "acts" in read_answers(state.round)
        and bool(state.submissions.record_by_unit("summary"))
    )


def _plan_tag(state: RoundState) -> ExperienceTagged | None:
    """Return the first passage on experience that can be tagged."""
    for unit, record in sorted(state.submissions.record_by_unit("summary").items()):
        for section in getattr(record.body, "sections", ()):
            lines = [line for line in section.text.split("\n") if len(line) >= MIN_PASSAGE]
            if "经验" in section.heading and lines:
                reader = next(row.user for row in state.round.roles if row.role == "考核")
                return make_experience_tag(
                    state, unit=unit, excerpt=lines[0][:MAX_PASSAGE], title=TITLE, reader=reader
                )
    return None
