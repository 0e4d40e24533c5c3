"""Eligibility (clause 二 and 四): versions, quota, earlier commendation, limits, deadlines."""

from kjfp_helpers.eligibility.passages import Overlap, Passage
from kjfp_helpers.eligibility.screen import DOCUMENTS, Screening, screen

__all__ = ["DOCUMENTS", "Overlap", "Passage", "Screening", "screen"]
