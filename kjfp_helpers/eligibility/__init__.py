"""Eligibility (clause 二 and 四): versions, quota, earlier commendation, limits, deadlines."""

from kjfp_helpers.eligibility.screen import DOCUMENTS, Screening, screen

__all__ = ["DOCUMENTS", "Screening", "screen"]
