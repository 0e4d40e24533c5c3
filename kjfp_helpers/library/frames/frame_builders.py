"""What makes the rows of each frame from a round's state."""

from collections.abc import Callable, Mapping
from typing import Any

from kjfp_helpers.library.frames import (
    decision_tables,
    score_tables,
    screening_tables,
    submission_tables,
)

BUILDERS: Mapping[str, Callable[..., Any]] = {
    "submissions": submission_tables.tabulate_submissions,
    "cases": submission_tables.tabulate_cases,
    "letter_items": submission_tables.tabulate_letter_items,
    "versions": submission_tables.tabulate_versions,
    "completeness": screening_tables.tabulate_completeness,
    "findings": screening_tables.tabulate_findings,
    "stocktake": screening_tables.tabulate_stocktake,
    "spot_check": screening_tables.tabulate_spot_check,
    "summaries": screening_tables.tabulate_summaries,
    "exhibits": screening_tables.tabulate_exhibits,
    "story_lengths": screening_tables.tabulate_story_lengths,
    "overlaps": screening_tables.tabulate_overlaps,
    "prior_awards": screening_tables.tabulate_prior_awards,
    "members": score_tables.tabulate_members,
    "conflicts": score_tables.tabulate_conflicts,
    "readings": score_tables.tabulate_readings,
    "scores": score_tables.tabulate_scores,
    "criterion_scores": score_tables.tabulate_criterion_scores,
    "ranking": score_tables.tabulate_ranking,
    "rater_effects": score_tables.tabulate_rater_effects,
    "shortlist": decision_tables.tabulate_shortlist,
    "sensitivity": decision_tables.tabulate_sensitivity,
    "reweighted": decision_tables.tabulate_reweighted,
    "gates": decision_tables.tabulate_gates,
    "events": decision_tables.tabulate_events,
}
"""Frame to the function that makes its rows from the round state, and what else it is asked.

``units`` follows from the rules alone and is not among them.
"""
