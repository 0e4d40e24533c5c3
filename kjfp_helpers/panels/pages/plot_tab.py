"""A tab of plots: drawn when it is looked at, so that the tables beside it need not wait."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.panels.widgets.html_templates import render_message
from kjfp_helpers.panels.widgets.screen_frame import html_widget
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.state import RoundSession

TITLE = "图"
Plot = Callable[[RoundSession], HtmlBlock]


def add_figure_tab(
    session: RoundSession,
    tabs: widgets.Tab,
    plots: Sequence[Plot],
    *,
    empty: str,
) -> None:
    """Add the tab behind the others.

    Parameters
    ----------
    session : RoundSession
        The round; after a change of its state the plots are drawn again.
    tabs : Tab
        Where the tab is added.
    plots : sequence of callable
        Session to a plot, blank where there is nothing to draw.
    empty : str
        Sentence that says what is missing where no plot has anything to draw.
    """
    page, place = html_widget('<p class="kj-muted">正在画图……</p>'), len(tabs.children)
    drawn: list[tuple[int, str]] = []

    def draw(_: object) -> None:
        head = session.state_head()
        if tabs.selected_index == place and drawn != [head]:
            drawn[:] = [head]
            shown = "\n".join(str(plot(session).html) for plot in plots).strip()
            page.value = shown or render_message("", empty, title="还没有可画的数据", tone="info")

    tabs.children, tabs.titles = (*tabs.children, page), (*tabs.titles, TITLE)
    tabs.observe(draw, "selected_index")
