"""The panel's work: who may read what, who reads what, and what their marks say."""

from kjfp_helpers.panel_review.assignment.adaptive_rounds import (
    adaptive,
    band,
    newcomers,
    read_band,
)
from kjfp_helpers.panel_review.assignment.reading_assignment import (
    assign,
    reading_table,
    readings_digest,
)
from kjfp_helpers.panel_review.assignment.reading_matrix import Assignment, Board
from kjfp_helpers.panel_review.conflicts.conflict_register import (
    certain_ties,
    find_conflicts,
    settle_conflicts,
)
from kjfp_helpers.panel_review.conflicts.relationship_detection import (
    FoundTie,
    find_ties,
    tied_units,
)
from kjfp_helpers.panel_review.roster import (
    Departure,
    Roster,
    fold_roster,
    require_members,
    seat_panel,
)
from kjfp_helpers.panel_review.scoring.phrase_usage import phrase_use
from kjfp_helpers.panel_review.scoring.scores import Marks, fold_marks
from kjfp_helpers.panel_review.scoring.scoring_anomalies import watch

__all__ = [
    "Assignment",
    "Board",
    "Departure",
    "FoundTie",
    "Marks",
    "Roster",
    "adaptive",
    "assign",
    "band",
    "certain_ties",
    "find_conflicts",
    "find_ties",
    "fold_marks",
    "fold_roster",
    "newcomers",
    "phrase_use",
    "read_band",
    "reading_table",
    "readings_digest",
    "require_members",
    "seat_panel",
    "settle_conflicts",
    "tied_units",
    "watch",
]
