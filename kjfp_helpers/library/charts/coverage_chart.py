"""Chart of what the units sent: one bar for each group of units and kind of material."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.core import state_labels as labels
from kjfp_helpers.reports.charts.chart import (
    GOOD,
    INK,
    SHORT,
    UNMET,
    RenderedChart,
    add_title,
    label_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Mapping[str, tuple[str, str]] = {
    labels.IN_TIME: (GOOD, "white"),
    labels.RECEIVED: ("#7FB0D8", INK),
    labels.LATE: (SHORT, "white"),
    labels.UNDATED: ("#F3CF9E", INK),
    labels.NOT_SENT: (UNMET, "white"),
    labels.NOT_DUE: ("#D8DBE1", INK),
    labels.NOT_NOMINATED: ("#ECEEF2", INK),
}
"""Fill of each state, from what is best, and the colour of figures on it."""
Bar = tuple[str, Mapping[str, int]]
"""Label of a bar, and number of units by state."""


def draw_coverage_bars(
    bars: Sequence[Bar], *, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw bars that are filled by the share of units in each state, with their numbers.

    Parameters
    ----------
    bars : sequence of Bar
        From the top; states are those of :data:`COLOURS`.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    states = [state for state in COLOURS if any(counts.get(state) for _, counts in bars)]

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 2.35, 0.3, 1.0, 0.75)
        label_rows(axes, [label for label, _ in bars])
        for row, (_, counts) in enumerate(bars):
            _draw_bar(axes, row, counts)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"], fontsize=8)
        _draw_legend(figure, states)
        add_title(figure, heading, "条内为单位数，长短为占该类单位的比例。")

    told = "；".join(
        f"{label}：{'，'.join(f'{state}{counts[state]}' for state in states if counts.get(state))}"
        for label, counts in bars
    )
    height = 2.0 + 0.3 * max(len(bars), 3)
    return render_chart(
        paint, width=8.6, height=height, alt=f"{heading}：{told}", rehearsal=rehearsal
    )


def _draw_bar(axes: "Axes", row: int, counts: Mapping[str, int]) -> None:
    total, start = sum(counts.values()) or 1, 0.0
    for state, (colour, ink) in COLOURS.items():
        share = counts.get(state, 0) / total
        axes.barh(row, share, left=start, height=0.7, color=colour, linewidth=0)
        if share > 0.03:
            place = (start + share / 2, row)
            axes.text(*place, str(counts[state]), ha="center", va="center", fontsize=8.5, color=ink)
        start += share


def _draw_legend(figure: "Figure", states: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    figure.legend(
        handles=[Patch(facecolor=COLOURS[state][0], label=state) for state in states],
        loc="lower left",
        ncols=len(states),
        frameon=False,
        fontsize=9,
        handlelength=1.2,
        columnspacing=1.2,
    )
