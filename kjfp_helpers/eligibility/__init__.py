"""Eligibility (clause 二 and 四): versions, quota, earlier commendation, limits, deadlines.

The names of this package are loaded on first use: intake asks it for receipts alone.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
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

__getattr__ = lazy_getattr(
    __name__,
    {
        "document_completeness": ("DOCUMENTS", "tabulate_completeness"),
        "duplicates.text_overlap": ("Overlap", "Passage"),
        "screening": ("CaseScreening", "screen_submissions"),
        "submissions": ("Submissions", "collect_submissions"),
        "unreadable_nominations": ("UnreadableForm",),
    },
)
