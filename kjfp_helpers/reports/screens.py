"""The plots of the overall report for screens, drawn from the review as it stands now."""

from typing import TYPE_CHECKING

from kjfp_helpers.records import KINDS
from kjfp_helpers.reports import overall, overall_report, tables
from kjfp_helpers.reports.plots.canvas import Picture
from kjfp_helpers.reports.tables import Html

if TYPE_CHECKING:
    from kjfp_helpers.derivation import Review


def completion_plot(review: "Review") -> Picture:
    """Return every province's three completion rates."""
    return overall_report.completion_plot(overall.overall_slice(review))


def province_map(review: "Review") -> Picture:
    """Return the provinces as tiles."""
    return overall_report.map_plot(overall.overall_slice(review))


def member_plot(review: "Review") -> Html:
    """Return each member's marks and severity, teams first."""
    whole = overall.overall_slice(review)
    return tables.gallery(overall_report.panel_plot(whole, kind) for kind in KINDS)


def cut_plot(review: "Review", kind: str) -> Picture | Html:
    """Return the cut of one kind, ``team`` or ``individual``, with its uncertainty."""
    return overall_report.cut_plot(overall.overall_slice(review), kind)
