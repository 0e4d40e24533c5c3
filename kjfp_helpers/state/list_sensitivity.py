"""Sensitivity analysis of the shortlists of a round."""

from collections.abc import Mapping

from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.selection.allocation.problem_builder import build_problem
from kjfp_helpers.selection.allocation.seat_allocation import AllocationProblem
from kjfp_helpers.selection.sensitivity import ListSensitivity, SensitivityAnalysis
from kjfp_helpers.selection.shortlist import column_by_case
from kjfp_helpers.state.round_state import RoundState


def analyze_lists(state: RoundState) -> Mapping[str, ListSensitivity]:
    """Return the analysis of every kind that has a list."""
    listed = set(state.decision.shortlist["kind"])
    return {kind: analyze_list(state, kind) for kind in NOMINEE_KINDS if kind in listed}


def analyze_list(state: RoundState, kind: str) -> ListSensitivity:
    """Return the analysis of the list of one kind, which must have one."""
    return _question(state, kind).analyze()


def build_kind_problem(state: RoundState, kind: str) -> AllocationProblem:
    """Return what rule files, cases and the meeting's standing decisions say of a kind's places."""
    return build_problem(
        state.round,
        kind,
        state.screening.cases,
        state.standing_events,
        means=column_by_case(state.scores.rankings[kind].table, "mean"),
        commendations={case: len(rows) for case, rows in state.screening.prior_awards.items()},
    )


def _question(state: RoundState, kind: str) -> SensitivityAnalysis:
    ranking, totals = state.scores.rankings[kind], state.scores.tables.totals
    eligible = [
        case.id
        for case in state.screening.eligible_cases
        if case.kind == kind and case.id not in ranking.set_aside
    ]
    return SensitivityAnalysis(
        build_kind_problem(state, kind),
        totals[totals["case"].isin(eligible)],
        ranking.method,
        state.round.notice.ruling.quorum.value,
        state.round.rubric.scale,
        ranking,
    )
