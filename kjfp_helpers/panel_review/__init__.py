"""Panel review: members, conflicts of interest, reading assignment and scores."""

from kjfp_helpers.panel_review.assignment.adaptive_rounds import (
    assign_adaptive_round,
    assign_band_newcomers,
    assign_band_round,
    assign_replacements,
    count_missing_readers,
)
from kjfp_helpers.panel_review.assignment.reading_assignment import (
    assign_readings,
    reading_table,
    readings_digest,
)
from kjfp_helpers.panel_review.assignment.reading_matrix import Assignment, ReadingMatrix
from kjfp_helpers.panel_review.conflicts.conflict_register import (
    find_conflicts,
    select_certain_conflicts,
    settle_conflicts,
)
from kjfp_helpers.panel_review.conflicts.relationship_detection import (
    DetectedRelationship,
    describe_barred_units,
    detect_relationships,
)
from kjfp_helpers.panel_review.roster import (
    Departure,
    Roster,
    fold_roster,
    require_known_members,
    with_substitutes,
)
from kjfp_helpers.panel_review.scoring.rubric_phrase_counts import count_phrases
from kjfp_helpers.panel_review.scoring.score_tables import ScoreTables, fold_scores
from kjfp_helpers.panel_review.scoring.scoring_anomalies import detect_anomalies

__all__ = [
    "Assignment",
    "Departure",
    "DetectedRelationship",
    "ReadingMatrix",
    "Roster",
    "ScoreTables",
    "assign_adaptive_round",
    "assign_band_newcomers",
    "assign_band_round",
    "assign_readings",
    "assign_replacements",
    "count_missing_readers",
    "count_phrases",
    "describe_barred_units",
    "detect_anomalies",
    "detect_relationships",
    "find_conflicts",
    "fold_roster",
    "fold_scores",
    "reading_table",
    "readings_digest",
    "require_known_members",
    "select_certain_conflicts",
    "settle_conflicts",
    "with_substitutes",
]
