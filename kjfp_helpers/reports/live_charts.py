"""The charts of the overall report for screens, drawn from the current state.

They are shown as HTML, since Lab leaves a picture's alternative text out, as pages do.
Where there is nothing to draw yet, the account may not open the screen above them, or the round
cannot be derived, they show nothing: the screen says why.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.notice import stocktake
from kjfp_helpers.notice.stocktake.totals import ALL
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.charts.chart import RenderedChart
from kjfp_helpers.reports.charts.target_dot_plot import (
    draw_class_completion,
    draw_national_completion,
)
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.office.stocktake.stocktake_rows import total_rows
from kjfp_helpers.reports.sections import overall_report
from kjfp_helpers.state import UnopenedRound

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundSession

NOTHING = HtmlBlock(Markup(""), "")


def plot_completion(session: "RoundSession | UnopenedRound") -> HtmlBlock:
    """Return every province's three completion rates."""
    return _draw(session, "stocktake", lambda whole: [overall_report.plot_completion(whole)])


def plot_province_map(session: "RoundSession | UnopenedRound") -> HtmlBlock:
    """Return the provinces as tiles."""
    return _draw(session, "stocktake", lambda whole: [overall_report.plot_map(whole)])


def plot_stocktake(session: "RoundSession | UnopenedRound") -> HtmlBlock:
    """Return the whole country against its targets, and the units of each class in order."""
    if isinstance(session, UnopenedRound):
        return NOTHING
    try:
        if not session.access().may_open("stocktake"):
            return NOTHING
        state = session.current_state()
        whole = overall_data.build_overall_data(state)
    except (KjfpError, OSError):
        return NOTHING
    if not whole["assigned"]:
        return NOTHING
    mark, indicators = state.round.rehearsal, stocktake.indicators_of(state.round)
    totals = [row for row in total_rows(state) if row["group"] == ALL]
    figures = []
    if any(row["national"] for row in totals):
        figures.append(draw_national_completion(totals, rehearsal=mark))
    for group in formatting.UNIT_GROUPS.values():
        rows = [row for row in whole["stocktake"] if row["class"] == group]
        if rows:
            titles = {one.name: one.short for one in indicators}
            figures.append(draw_class_completion(group, rows, titles, rehearsal=mark))
    return html_blocks.render_gallery(figures)


def plot_member_scores(session: "RoundSession | UnopenedRound") -> HtmlBlock:
    """Return each member's scores and severity, teams first."""
    return _draw(
        session,
        "results",
        lambda whole: [overall_report.plot_member_scores(whole, kind) for kind in NOMINEE_KINDS],
    )


def plot_cutoff(session: "RoundSession | UnopenedRound", kind: str) -> HtmlBlock:
    """Return the cutoff chart of one kind, ``team`` or ``individual``."""
    return _draw(session, "results", lambda whole: [overall_report.plot_cutoff(whole, kind)])


def _draw(
    session: "RoundSession | UnopenedRound",
    screen: str,
    plot: Callable[[ReportData], Iterable[RenderedChart | HtmlBlock]],
) -> HtmlBlock:
    if isinstance(session, UnopenedRound):
        return NOTHING
    try:
        if not session.access().may_open(screen):
            return NOTHING
        whole = overall_data.build_overall_data(session.current_state())
    except (KjfpError, OSError):
        return NOTHING
    drawn = [one for one in plot(whole) if isinstance(one, RenderedChart)]
    return html_blocks.render_gallery(drawn) if drawn else NOTHING
