"""Record the simulated panel's scores in a rehearsal round."""

from collections.abc import Iterable
from datetime import datetime

from kjfp_helpers import rehearsal
from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.member_withdrawal import withdraw_member
from kjfp_helpers.commands.rule_amendment import amend
from kjfp_helpers.commands.simulation.simulated_assessment import (
    simulate_results,
    simulate_summary_assignment,
)
from kjfp_helpers.commands.simulation.simulated_relationships import simulate_relationship_rulings
from kjfp_helpers.commands.simulation.simulated_spot_check import simulate_freeze
from kjfp_helpers.commands.steps.round_steps import assign
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.events import (
    MemberRecused,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.rehearsal.actors import (
    meeting_acts,
    panel_formalities,
    secretary_rulings,
    summary_assessors,
)
from kjfp_helpers.rehearsal.actors.rule_amendment import amend_rules
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.frozen_rules import has_scores
from kjfp_helpers.state.panel.review_progress import completed_mask, has_next_round

Pair = tuple[str, str]
"""Member and case."""


def simulate_rulings(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Simulate the office's rulings on answers of units; a real office rules in the notebook."""
    if not session.round.rehearsal:
        return StepResult(notes=("由秘书在“收件与核对”页的“待处理”中逐项裁定",))
    made = session.record_series(
        secretary_rulings.plan_rulings(session.current_state(require_frozen=False))
    )
    frozen = simulate_freeze(session)
    notes = ("演练办公室已裁定复函、撤回和逾期来件，已冻结抽查名册",) if made or frozen else ()
    return StepResult(len(made) + frozen, notes=notes)


def simulate_scores(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Simulate all acts of the panel in a rehearsal, as the rules require.

    Members declare, score round after round, seal and sign; one falls ill; relationships are ruled
    on; summaries are assessed; scoring is closed; a resolution amends a rule. What was done before
    is not repeated.
    """
    if not session.round.rehearsal:
        return simulate_readings(session, on_progress)
    state = session.current_state()
    skipped, before = len(state.scores.tables.totals), state.events[-1].seq
    del state  # one state at a time: a large round's takes a quarter of a gigabyte
    simulate_summary_assignment(session, on_progress)
    made = simulate_readings(session, on_progress).made
    if made and simulate_relationship_rulings(session):  # a case that lost its reader gets another
        assign(session, on_progress)
        made += score_round(session, session.current_state(), on_progress)
    _conclude(session, on_progress)
    simulate_results(session, on_progress)
    state = session.current_state()
    if state.events[-1].seq != before:  # documents written before now name the amendment too
        for command in ("intake", "check"):
            write_documents(session, command, state, on_progress)
    notes = ("演练评委已按设定的宽严评分，并已声明、封存、签字",) if made else ()
    return StepResult(made, skipped, notes=notes)


def simulate_readings(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Simulate the scores of the panel, round after round as the rules require."""
    state = session.current_state()
    if not session.round.rehearsal:
        done = len(state.scores.tables.totals)
        return StepResult(notes=(f"已收评分{done}件次，应评{len(state.scores.readings)}件次",))
    made, skipped = 0, len(state.scores.tables.totals)
    del state
    while True:
        made += score_round(session, session.current_state(), on_progress)
        if not has_next_round(session.current_state()):
            break
        assign(session, on_progress, next_round=True)
    return StepResult(made, skipped, notes=("演练评委已按设定的宽严评分",) if made else ())


def score_round(
    session: RoundSession,
    state: RoundState,
    on_progress: ProgressCallback = lambda done, total: None,
) -> int:
    """Simulate declarations and outstanding scores of the current round; return their number."""
    assigned = state.events.last(ReadingsAssigned)
    if assigned is None or not _outstanding_pairs(state):
        return 0
    start = panel_formalities.scoring_start(_assigned_at(state, assigned.round))
    begun = state.events.has(ScoreGiven)
    drawn = _draw_scores(state, assigned.round, recuse=not begun)
    leaving, made = panel_formalities.plan_departure(state), 0
    if leaving:
        if not begun:
            made += _record(
                session,
                state,
                drawn.values(),
                start,
                until=start + panel_formalities.TIME_UNTIL_DEPARTURE,
            )
        withdraw_member(session, on_progress, **leaving)
        (session.outputs / "packets" / f"{leaving['member']}.ipynb").unlink(missing_ok=True)
        state = session.current_state()
        drawn = _draw_scores(state, assigned.round, recuse=False) | drawn
    outstanding = _outstanding_pairs(state)
    rest = [body for pair, body in drawn.items() if pair in outstanding]
    return made + _record(session, state, rest, start)


def _record(
    session: RoundSession,
    state: RoundState,
    bodies: Iterable[ScoreGiven | MemberRecused],
    start: datetime,
    until: datetime | None = None,
) -> int:
    """Record declarations, scores and assessments by time; return the number of scores."""
    entries = (
        *panel_formalities.plan_declarations(state, start),
        *panel_formalities.schedule_scores(state, bodies, start),
        *summary_assessors.plan_assessments(state),
    )
    due = [entry for entry in entries if until is None or entry[2] < until]
    session.record_series(sorted(due, key=lambda entry: entry[2]))
    return sum(isinstance(body, ScoreGiven | MemberRecused) for body, _, _ in due)


def _draw_scores(
    state: RoundState, number: int, *, recuse: bool
) -> dict[Pair, ScoreGiven | MemberRecused]:
    """Return a simulated score or recusal for every outstanding reading."""
    rows, known = state.scores.readings, {case.id for case in state.screening.eligible_cases}
    rows = rows[rows["case"].isin(known)]
    drawn = rehearsal.simulate_scores(
        state.round, state.screening.eligible_cases, rows, number=number, recuse=recuse
    )
    outstanding = _outstanding_pairs(state)
    return {pair: body for body in drawn if (pair := (body.member, body.case)) in outstanding}


def _outstanding_pairs(state: RoundState) -> set[Pair]:
    left = state.scores.readings[~completed_mask(state)]
    return set(zip(left["member"], left["case"], strict=True))


def _assigned_at(state: RoundState, number: int) -> datetime:
    """Return when the readings of a round were first assigned."""
    return next(
        event.at for event in state.events.of(ReadingsAssigned) if event.body.round == number
    )


def _conclude(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Simulate seals, signatures, the close of scoring and a rule amendment, where due."""
    state = session.current_state()
    if not has_scores(state.events):
        return
    if state.events.last(ScoringClosed) is None:
        for act in (
            meeting_acts.plan_tie,
            panel_formalities.plan_seals,
            panel_formalities.plan_signatures,
            panel_formalities.plan_closing,
        ):
            state = session.current_state()
            session.record_series(act(state, _last_panel_action(state)))
    if amendment := amend_rules(session.round, state.events):
        session.reload_rules()
        amend(session, on_progress, **amendment)


def _last_panel_action(state: RoundState) -> datetime:
    """Return when the panel last acted."""
    return max(event.at for event in state.events.of(*panel_formalities.MEMBER_EVENTS))
