"""Papers and pages made from a derived round.

``office`` writes Word and Excel, ``batch`` runs the notebooks, ``site`` makes the exhibition,
``plots`` draws. What a report says is cut from the state by ``slicing``, ``case_slice``,
``member_slice`` and ``overall``, and put into tables by ``unit_report``, ``overall_report``,
``case_report`` and ``member_report`` for notebooks 07 to 10, in the Chinese of ``words``.

What stands here is loaded when it is first used: a report's notebook draws plots and needs
neither openpyxl nor python-docx, a letter needs no matplotlib.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_imports import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.reports.batch.batch_result import Failure, Outcome
    from kjfp_helpers.reports.batch.report_regeneration import (
        prepare_packets,
        prepare_workbook,
        regenerate,
    )
    from kjfp_helpers.reports.data.report_data import write_report_data
    from kjfp_helpers.reports.exhibition_site.site_builder import write_exhibition_site
    from kjfp_helpers.reports.office.decision.decision_workbook import shortlist_book
    from kjfp_helpers.reports.office.decision.notice_papers import publication_papers
    from kjfp_helpers.reports.office.forms.issued_forms import issue_forms
    from kjfp_helpers.reports.office.intake.findings_list import findings_book
    from kjfp_helpers.reports.office.intake.register import register
    from kjfp_helpers.reports.office.letters.letter_writing import letters
    from kjfp_helpers.reports.screen_plots import (
        plot_completion,
        plot_cutoff,
        plot_member_scores,
        plot_province_map,
    )

__all__ = [
    "Failure",
    "Outcome",
    "findings_book",
    "issue_forms",
    "letters",
    "plot_completion",
    "plot_cutoff",
    "plot_member_scores",
    "plot_province_map",
    "prepare_packets",
    "prepare_workbook",
    "publication_papers",
    "regenerate",
    "register",
    "shortlist_book",
    "write_exhibition_site",
    "write_report_data",
]

__getattr__ = lazy_getattr(
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
        "screen_plots": (
            "plot_completion",
            "plot_cutoff",
            "plot_member_scores",
            "plot_province_map",
        ),
        "exhibition_site.site_builder": ("write_exhibition_site",),
        "data.report_data": ("write_report_data",),
    },
)
