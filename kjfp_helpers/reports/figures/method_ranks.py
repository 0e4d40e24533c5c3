"""Ranks under each method beside each other: whose place hangs on the method."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.reports.figures.figure import (
    ALERT,
    GOOD,
    INK,
    MUTED,
    SHORT,
    RenderedFigure,
    add_title,
    render_figure,
    set_margins,
)
from kjfp_helpers.rules import METHOD_TITLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RANKS_AROUND_CUTOFF = 10
"""Ranks shown on either side of the places."""


def draw_method_ranks(
    rows: Sequence[Mapping[str, Any]], *, places: int, heading: str, rehearsal: bool = False
) -> RenderedFigure:
    """Draw the ranks of the names around the cut, a line a name from method to method.

    Parameters
    ----------
    rows : sequence of mappings
        ``name``, ``result`` (Chinese), ``moves`` (``随方法而变`` where the place hangs on the
        method) and the rank by each method under its key; a rank may be missing.
    places : int
        Places to be filled.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    methods = list(METHOD_TITLES)
    top, end = max(places - RANKS_AROUND_CUTOFF, 0) + 0.4, places + RANKS_AROUND_CUTOFF + 0.6
    shown = [
        row for row in rows if any(row[one] is not None and top < row[one] < end for one in methods)
    ]

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 2.6, 2.6, 1.25, 0.3)
        for row in shown:
            moving = row["moves"] == "随方法而变"
            ranks = [float("nan") if row[one] is None else row[one] for one in methods]
            inside = row["result"] in ("入围", "增列")
            colour = (GOOD if inside else SHORT) if moving else MUTED
            axes.plot(
                range(len(methods)),
                ranks,
                "-o",
                color=colour,
                markersize=5,
                linewidth=2.4 if moving else 1.1,
                zorder=3 if moving else 2,
            )
            for place, side, shift in ((0, "right", -10), (len(methods) - 1, "left", 10)):
                if top < ranks[place] < end:
                    axes.annotate(
                        f"{_shorten(row['name'])}  {ranks[place]:.0f}"
                        if place == 0
                        else f"{ranks[place]:.0f}  {_shorten(row['name'])}",
                        (place, ranks[place]),
                        xytext=(shift, 0),
                        ha=side,
                        va="center",
                        textcoords="offset points",
                        fontsize=9,
                        color=INK if moving else "#5A606A",
                    )
        axes.axhline(places + 0.5, color=ALERT, linewidth=1.4, linestyle=(0, (5, 3)))
        axes.set_ylim(end, top)
        axes.set_xticks(range(len(methods)), [METHOD_TITLES[one] for one in methods], fontsize=10.5)
        axes.xaxis.tick_top()
        axes.tick_params(axis="both", length=0)
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        add_title(
            figure, heading, "粗线的去留随方法而变（蓝为现入围，橙为现未入围）；红虚线为名额线。"
        )

    alt = f"{heading}：名额线上下各{RANKS_AROUND_CUTOFF}名在四种方法下的名次"
    return render_figure(
        paint, width=9.2, height=2.0 + 0.29 * 2 * RANKS_AROUND_CUTOFF, alt=alt, rehearsal=rehearsal
    )


def _shorten(text: str) -> str:
    return text if len(text) <= 12 else text[:11] + "…"
