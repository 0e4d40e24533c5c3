"""Eligibility (clause 二 and 四): versions, quota, earlier commendation, limits, deadlines."""

from kjfp_helpers.eligibility.document_completeness import DOCUMENTS, tabulate_completeness
from kjfp_helpers.eligibility.duplicates.text_overlap import Overlap, Passage
from kjfp_helpers.eligibility.screening import CaseScreening, screen_submissions
from kjfp_helpers.eligibility.submissions import Submissions, collect_submissions
from kjfp_helpers.eligibility.unreadable_nominations import UnreadableForm

__all__ = [
    "DOCUMENTS",
    "CaseScreening",
    "Overlap",
    "Passage",
    "Submissions",
    "UnreadableForm",
    "collect_submissions",
    "screen_submissions",
    "tabulate_completeness",
]
