"""The charts of the overall report for screens, drawn from the current state.

They are shown as HTML, since Lab leaves a picture's alternative text out. To an account that may
not open the screen above them they show nothing.
"""

from typing import TYPE_CHECKING

from markupsafe import Markup

from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.reports import html_blocks
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.sections import overall_report

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundSession

NOTHING = HtmlBlock(Markup(""), "")


def plot_completion(session: "RoundSession") -> HtmlBlock:
    """Return every province's three completion rates."""
    if not session.access().may_open("stocktake"):
        return NOTHING
    whole = overall_data.build_overall_data(session.current_state())
    return html_blocks.render_gallery([overall_report.plot_completion(whole)])


def plot_province_map(session: "RoundSession") -> HtmlBlock:
    """Return the provinces as tiles."""
    if not session.access().may_open("stocktake"):
        return NOTHING
    whole = overall_data.build_overall_data(session.current_state())
    return html_blocks.render_gallery([overall_report.plot_map(whole)])


def plot_member_scores(session: "RoundSession") -> HtmlBlock:
    """Return each member's scores and severity, teams first."""
    if not session.access().may_open("results"):
        return NOTHING
    whole = overall_data.build_overall_data(session.current_state())
    return html_blocks.render_gallery(
        overall_report.plot_member_scores(whole, kind) for kind in NOMINEE_KINDS
    )


def plot_cutoff(session: "RoundSession", kind: str) -> HtmlBlock:
    """Return the cutoff chart of one kind, ``team`` or ``individual``."""
    if not session.access().may_open("results"):
        return NOTHING
    whole = overall_data.build_overall_data(session.current_state())
    return html_blocks.render_gallery([overall_report.plot_cutoff(whole, kind)])
