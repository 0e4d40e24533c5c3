"""The panel's work: who may read what, who reads what, and what their marks say."""

from kjfp_helpers.review.assignment import assign, reading_table, readings_digest
from kjfp_helpers.review.board import Assignment, Board
from kjfp_helpers.review.conflicts import certain_ties, find_conflicts, settle_conflicts
from kjfp_helpers.review.marks import Marks, fold_marks
from kjfp_helpers.review.phrases import phrase_use
from kjfp_helpers.review.plausibility import watch
from kjfp_helpers.review.roster import Departure, Roster, fold_roster, require_members, seat_panel
from kjfp_helpers.review.rounds import adaptive, band, newcomers, read_band
from kjfp_helpers.review.ties import FoundTie, find_ties, tied_units

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
