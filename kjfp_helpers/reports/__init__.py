"""Papers and pages made from a derived round.

``office`` writes Word and Excel, ``batch`` runs the notebooks, ``site`` makes the exhibition,
``plots`` draws. What a report says is cut from the state by ``slicing``, ``case_slice``,
``member_slice`` and ``overall``, and put into tables by ``unit_report``, ``overall_report``,
``case_report`` and ``member_report`` for notebooks 07 to 10, in the Chinese of ``words``.

What stands here is loaded when it is first used: a report's notebook draws plots and needs
neither openpyxl nor python-docx, a letter needs no matplotlib.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_imports import lazily

if TYPE_CHECKING:
    from kjfp_helpers.reports.batch.batch_result import Failure, Outcome
    from kjfp_helpers.reports.batch.report_regeneration import (
        prepare_packets,
        prepare_workbook,
        regenerate,
    )
    from kjfp_helpers.reports.data.report_data import slices
    from kjfp_helpers.reports.exhibition_site.site_builder import exhibition_site
    from kjfp_helpers.reports.office.decision.decision_workbook import shortlist_book
    from kjfp_helpers.reports.office.decision.notice_papers import publication_papers
    from kjfp_helpers.reports.office.forms.issued_forms import issue_forms
    from kjfp_helpers.reports.office.intake.findings_list import findings_book
    from kjfp_helpers.reports.office.intake.register import register
    from kjfp_helpers.reports.office.letters.letter_writing import letters
    from kjfp_helpers.reports.screen_plots import (
        completion_plot,
        cut_plot,
        member_plot,
        province_map,
    )

__all__ = [
    "Failure",
    "Outcome",
    "completion_plot",
    "cut_plot",
    "exhibition_site",
    "findings_book",
    "issue_forms",
    "letters",
    "member_plot",
    "prepare_packets",
    "prepare_workbook",
    "province_map",
    "publication_papers",
    "regenerate",
    "register",
    "shortlist_book",
    "slices",
]

__getattr__ = lazily(
    __name__,
    {
        "batch.batch_result": ("Failure", "Outcome"),
        "batch.report_regeneration": ("prepare_packets", "prepare_workbook", "regenerate"),
        "office.decision.decision_workbook": ("shortlist_book",),
        "office.intake.findings_list": ("findings_book",),
        "office.forms.issued_forms": ("issue_forms",),
        "office.letters.letter_writing": ("letters",),
        "office.decision.notice_papers": ("publication_papers",),
        "office.intake.register": ("register",),
        "screen_plots": ("completion_plot", "cut_plot", "member_plot", "province_map"),
        "exhibition_site.site_builder": ("exhibition_site",),
        "data.report_data": ("slices",),
    },
)
