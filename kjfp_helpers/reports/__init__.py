"""Papers and pages made from a derived round.

``office`` writes Word and Excel, ``batch`` runs the notebooks, ``site`` makes the exhibition,
``plots`` draws. What a report says is cut from the review by ``slicing``, ``case_slice``,
``member_slice`` and ``overall``, and put into tables by ``unit_report``, ``overall_report``,
``case_report`` and ``member_report`` for notebooks 07 to 10, in the Chinese of ``words``.

What stands here is loaded when it is first used: a report's notebook draws plots and needs
neither openpyxl nor python-docx, a letter needs no matplotlib.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.lazy import lazily

if TYPE_CHECKING:
    from kjfp_helpers.reports.batch.desk import prepare_packets, prepare_workbook, regenerate
    from kjfp_helpers.reports.batch.outcome import Failure, Outcome
    from kjfp_helpers.reports.office.decision_book import shortlist_book
    from kjfp_helpers.reports.office.findings_list import findings_book
    from kjfp_helpers.reports.office.issue import issue_forms
    from kjfp_helpers.reports.office.letters import letters
    from kjfp_helpers.reports.office.public_notice import publication_papers
    from kjfp_helpers.reports.office.register import register
    from kjfp_helpers.reports.screens import completion_plot, cut_plot, member_plot, province_map
    from kjfp_helpers.reports.site.build import exhibition_site
    from kjfp_helpers.reports.slicing import slices

__all__ = [
    "Failure", "Outcome", "completion_plot", "cut_plot", "exhibition_site", "findings_book",
    "issue_forms", "letters", "member_plot", "prepare_packets", "prepare_workbook",
    "province_map", "publication_papers", "regenerate", "register", "shortlist_book", "slices",
]  # fmt: skip

__getattr__ = lazily(
    __name__,
    {
        "batch.outcome": ("Failure", "Outcome"),
        "batch.desk": ("prepare_packets", "prepare_workbook", "regenerate"),
        "office.decision_book": ("shortlist_book",),
        "office.findings_list": ("findings_book",),
        "office.issue": ("issue_forms",),
        "office.letters": ("letters",),
        "office.public_notice": ("publication_papers",),
        "office.register": ("register",),
        "screens": ("completion_plot", "cut_plot", "member_plot", "province_map"),
        "site.build": ("exhibition_site",),
        "slicing": ("slices",),
    },
)
