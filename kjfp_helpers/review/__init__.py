"""The panel's work: who may read what, who reads what, and what their marks say."""

from kjfp_helpers.review.assignment import Assignment, assign, reading_table, readings_digest
from kjfp_helpers.review.conflicts import find_conflicts, tied_units
from kjfp_helpers.review.marks import Marks, fold_marks

__all__ = [
    "Assignment",
    "Marks",
    "assign",
    "find_conflicts",
    "fold_marks",
    "reading_table",
    "readings_digest",
    "tied_units",
]
