"""What a derived round's lists hang on: asked of the selection with the round's own marks."""

from collections.abc import Mapping

from kjfp_helpers.core.records import KINDS
from kjfp_helpers.selection.allocation.allocation_problem import contest_of
from kjfp_helpers.selection.allocation.seat_allocation import Contest
from kjfp_helpers.selection.sensitivity import Analysis, WhatIf
from kjfp_helpers.selection.shortlist import column
from kjfp_helpers.state.round_state import Review


def analyse(review: Review) -> Mapping[str, Analysis]:
    """Return the analysis of every kind that has a list."""
    listed = set(review.shortlist["kind"])
    return {kind: _question(review, kind).analysis() for kind in KINDS if kind in listed}


def contest(review: Review, kind: str) -> Contest:
    """Return what rule files, cases and the meeting's standing decisions say of a kind's places."""
    return contest_of(
        review.round,
        kind,
        review.cases,
        review.standing,
        means=column(review.rankings[kind].table, "mean"),
        commendations={case: len(rows) for case, rows in review.earlier.items()},
    )


def _question(review: Review, kind: str) -> WhatIf:
    ranking, totals = review.rankings[kind], review.marks.totals
    eligible = [case.id for case in review.eligible if case.kind == kind]
    return WhatIf(
        contest(review, kind),
        totals[totals["case"].isin(eligible)],
        ranking.method,
        review.round.notice.ruling.quorum.value,
        review.round.rubric.scale,
        ranking,
    )
