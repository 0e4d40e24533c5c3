"""Documents and pages written from a round's state.

``office`` writes Word and Excel, ``batch`` runs the notebooks, ``site`` makes the exhibition,
``plots`` draws. What a report says is cut from the state by ``slicing``, ``case_slice``,
``member_slice`` and ``overall``, and put into tables by ``unit_report``, ``overall_report``,
``case_report`` and ``member_report`` for notebooks 07 to 10, in the Chinese of ``words``.

What stands here is loaded when it is first used: a report's notebook draws plots and needs
neither openpyxl nor python-docx, a letter needs no matplotlib.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.reports.batch.batch_result import BatchResult, ReportFailure
    from kjfp_helpers.reports.batch.notebook_outputs import (
        regenerate_reports,
        write_packet_notebooks,
        write_workbook_notebooks,
    )
    from kjfp_helpers.reports.data.report_data_writer import write_report_data
    from kjfp_helpers.reports.exhibition_site.site_builder import write_exhibition_site
    from kjfp_helpers.reports.live_charts import (
        plot_completion,
        plot_cutoff,
        plot_member_scores,
        plot_province_map,
        plot_stocktake,
    )
    from kjfp_helpers.reports.office.assessment.assessment_documents import (
        write_assessment_documents,
    )
    from kjfp_helpers.reports.office.decision.decision_workbook import write_decision_workbook
    from kjfp_helpers.reports.office.decision.proposed_list import write_proposed_list
    from kjfp_helpers.reports.office.decision.public_notice import write_public_notice
    from kjfp_helpers.reports.office.forms.form_issue import issue_forms
    from kjfp_helpers.reports.office.letters.letter_writing import write_letters
    from kjfp_helpers.reports.office.meeting.meeting_documents import write_meeting_documents
    from kjfp_helpers.reports.office.registers.findings_list import write_findings_workbook
    from kjfp_helpers.reports.office.registers.submission_register import write_register
    from kjfp_helpers.reports.office.spot_check.check_documents import write_spot_check_documents
    from kjfp_helpers.reports.office.stocktake.gap_letter import write_gap_letters
    from kjfp_helpers.reports.office.stocktake.stocktake_workbook import write_stocktake_workbook

__all__ = [
    "BatchResult",
    "ReportFailure",
    "issue_forms",
    "plot_completion",
    "plot_cutoff",
    "plot_member_scores",
    "plot_province_map",
    "plot_stocktake",
    "regenerate_reports",
    "write_assessment_documents",
    "write_decision_workbook",
    "write_exhibition_site",
    "write_findings_workbook",
    "write_gap_letters",
    "write_letters",
    "write_meeting_documents",
    "write_packet_notebooks",
    "write_proposed_list",
    "write_public_notice",
    "write_register",
    "write_report_data",
    "write_spot_check_documents",
    "write_stocktake_workbook",
    "write_workbook_notebooks",
]

__getattr__ = lazy_getattr(
    __name__,
    {
        "batch.batch_result": ("ReportFailure", "BatchResult"),
        "batch.notebook_outputs": (
            "write_packet_notebooks",
            "write_workbook_notebooks",
            "regenerate_reports",
        ),
        "office.assessment.assessment_documents": ("write_assessment_documents",),
        "office.decision.decision_workbook": ("write_decision_workbook",),
        "office.registers.findings_list": ("write_findings_workbook",),
        "office.forms.form_issue": ("issue_forms",),
        "office.letters.letter_writing": ("write_letters",),
        "office.meeting.meeting_documents": ("write_meeting_documents",),
        "office.decision.proposed_list": ("write_proposed_list",),
        "office.decision.public_notice": ("write_public_notice",),
        "office.registers.submission_register": ("write_register",),
        "office.spot_check.check_documents": ("write_spot_check_documents",),
        "office.stocktake.gap_letter": ("write_gap_letters",),
        "office.stocktake.stocktake_workbook": ("write_stocktake_workbook",),
        "live_charts": (
            "plot_completion",
            "plot_cutoff",
            "plot_member_scores",
            "plot_province_map",
            "plot_stocktake",
        ),
        "exhibition_site.site_builder": ("write_exhibition_site",),
        "data.report_data_writer": ("write_report_data",),
    },
)
