"""Derive the assessment again: who reads which summary, and every confirmed result."""

from collections.abc import Sequence

from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    Event,
    EventLog,
    SummaryReadingsAssigned,
)
from kjfp_helpers.panel_review import readings_digest
from kjfp_helpers.state.assessment.assessment_acts import require_assessment
from kjfp_helpers.state.assessment.reader_assignment import plan_summary_readings

MAX_NAMED = 4
"""Units that differ and are named."""


def check_assessment(states: PastStates, events: Sequence[Event]) -> bool:
    """Return whether there is an assessment; readings and results are derived as of their moment.

    Raises
    ------
    DifferenceError
        Where readings or results differ from those in the ledger.
    """
    log = EventLog(events)
    assigned, confirmed = log.of(SummaryReadingsAssigned), log.of(AssessmentConfirmed)
    for event in assigned:  # each in a call of its own: no state is held while the next is derived
        _check_assignment(states, event)
    for done in confirmed:
        _check_results(states, done)
    return bool(assigned or confirmed)


def _check_assignment(states: PastStates, event: Event[SummaryReadingsAssigned]) -> None:
    state = states.state_before(event.seq)
    again = plan_summary_readings(state, require_assessment(state), event.body.seed)
    if not again.digest == event.body.digest == readings_digest(event.body.readings):
        raise verification_error(
            f"总结考核分派（台账第{event.seq}号）",
            f"校验值{again.digest[:12]}",
            f"{event.body.digest[:12]}",
        )


def _check_results(states: PastStates, done: Event[AssessmentConfirmed]) -> None:
    before, body = require_assessment(states.state_before(done.seq)), done.body
    results, where = before.results, f"考核结果（台账第{done.seq}号）"
    if body.absent and body.absent != before.absent:
        raise verification_error(
            where, f"没有总结的{len(before.absent)}个单位", f"{len(body.absent)}个单位"
        )
    if dict(results) != dict(body.results):
        units = sorted({*results, *body.results})
        off = [unit for unit in units if results.get(unit) != body.results.get(unit)]
        raise verification_error(
            where,
            "、".join(f"{unit} {results.get(unit)}" for unit in off[:MAX_NAMED]),
            "、".join(f"{unit} {body.results.get(unit)}" for unit in off[:MAX_NAMED]),
        )
