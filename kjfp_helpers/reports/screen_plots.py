"""The plots of the overall report for screens, drawn from the review as it stands now.

To an account that may not open the screen above them they show nothing.
"""

from typing import TYPE_CHECKING

from markupsafe import Markup

from kjfp_helpers.core.records import KINDS
from kjfp_helpers.reports import html_blocks
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.figures.figure import Picture
from kjfp_helpers.reports.html_blocks import Html
from kjfp_helpers.reports.sections import overall_report

if TYPE_CHECKING:
    from kjfp_helpers.state import Desk

NOTHING = Html(Markup(""), "")


def completion_plot(desk: "Desk") -> Picture | Html:
    """Return every province's three completion rates."""
    if not desk.access().may_open("stocktake"):
        return NOTHING
    return overall_report.completion_plot(overall_data.overall_slice(desk.review()))


def province_map(desk: "Desk") -> Picture | Html:
    """Return the provinces as tiles."""
    if not desk.access().may_open("stocktake"):
        return NOTHING
    return overall_report.map_plot(overall_data.overall_slice(desk.review()))


def member_plot(desk: "Desk") -> Html:
    """Return each member's marks and severity, teams first."""
    if not desk.access().may_open("results"):
        return NOTHING
    whole = overall_data.overall_slice(desk.review())
    return html_blocks.gallery(overall_report.panel_plot(whole, kind) for kind in KINDS)


def cut_plot(desk: "Desk", kind: str) -> Picture | Html:
    """Return the cut of one kind, ``team`` or ``individual``, with its uncertainty."""
    if not desk.access().may_open("results"):
        return NOTHING
    return overall_report.cut_plot(overall_data.overall_slice(desk.review()), kind)
