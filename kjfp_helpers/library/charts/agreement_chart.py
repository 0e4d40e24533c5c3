"""Chart of how far two members lie apart on the cases that both scored."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from kjfp_helpers.reports.charts.chart import (
    INK,
    RenderedChart,
    add_title,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MIN_SHARED = 3
"""Cases that two members must share before their difference is drawn."""


def draw_agreement(
    labels: Sequence[str],
    pairs: Mapping[tuple[int, int], Sequence[float]],
    *,
    heading: str,
    rehearsal: bool = False,
) -> RenderedChart:
    """Draw the mean distance of every two members, severity taken off, as a grid.

    Parameters
    ----------
    labels : sequence of str
        Neutral numbers of the members.
    pairs : mapping
        Two indices, the smaller first, to the distances in points on the cases both scored.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    known = {pair: fmean(gaps) for pair, gaps in pairs.items() if len(gaps) >= MIN_SHARED}
    low, top = min(known.values(), default=0.0), max(known.values(), default=1.0)

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 0.7, 0.3, 1.15, 0.3)
        for (one, other), gap in known.items():
            depth = (gap - low) / ((top - low) or 1)
            colour = (1 - 0.28 * depth, 0.96 - 0.68 * depth, 0.94 - 0.66 * depth)
            for x, y in ((one, other), (other, one)):
                axes.fill(
                    [x - 0.5, x + 0.5, x + 0.5, x - 0.5],
                    [y - 0.5, y - 0.5, y + 0.5, y + 0.5],
                    color=colour,
                    linewidth=0,
                )
                ink = "white" if depth > 0.62 else INK
                axes.text(x, y, f"{gap:.0f}", ha="center", va="center", fontsize=7.5, color=ink)
        places = range(len(labels))
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xticks(places, labels, fontsize=8)
        axes.set_yticks(places, labels, fontsize=8)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_aspect("equal")
        for spine in axes.spines.values():
            spine.set_visible(False)
        note = f"格内为两人评同一件平均相差几分（已扣除宽严）；同评不足{MIN_SHARED}件的空白。"
        add_title(figure, heading, note)

    widest = max(known, key=lambda pair: known[pair], default=None)
    told = f"相差最大的是{labels[widest[0]]}与{labels[widest[1]]}" if widest else "没有可比的"
    size = 1.2 + 0.36 * max(len(labels), 8)
    return render_chart(
        paint,
        width=max(size, 6.4),
        height=size + 0.6,
        alt=f"{heading}：{told}",
        rehearsal=rehearsal,
    )
