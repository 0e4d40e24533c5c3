"""Eligibility (clause 二 and 四): versions, quota, earlier commendation, limits, deadlines."""

from kjfp_helpers.eligibility.completeness import DOCUMENTS, tabulate_completeness
from kjfp_helpers.eligibility.passages import Overlap, Passage
from kjfp_helpers.eligibility.screen import Screening, screen

__all__ = ["DOCUMENTS", "Overlap", "Passage", "Screening", "screen", "tabulate_completeness"]
