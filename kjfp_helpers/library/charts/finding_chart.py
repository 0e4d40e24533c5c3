"""Chart of the most frequent findings, open and settled."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kjfp_helpers.reports.charts.chart import (
    MUTED,
    UNMET,
    RenderedChart,
    add_title,
    label_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class FindingCount(NamedTuple):
    """A type of finding with its number, how many are open, and in how many letters it stands."""

    title: str
    number: int
    open: int
    letters: int


def draw_finding_bars(
    rows: Sequence[FindingCount], *, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw one bar a type: the open ones in colour, the settled ones grey, letters beside."""
    from matplotlib.ticker import MaxNLocator

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 2.35, 0.9, 1.0, 0.45)
        label_rows(axes, [row.title for row in rows])
        places = range(len(rows))
        waiting = [row.open for row in rows]
        axes.barh(places, waiting, height=0.66, color=UNMET, linewidth=0)
        settled = [row.number - row.open for row in rows]
        axes.barh(places, settled, left=waiting, height=0.66, color=MUTED, linewidth=0)
        for place, row in enumerate(rows):
            axes.annotate(
                f"{row.number} 个，{row.letters} 份函",
                (row.number, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        axes.set_xlim(0, max((row.number for row in rows), default=1) * 1.18)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        add_title(figure, heading, "红色未了结，灰色已了结；右为个数和写到它的函件份数。")

    told = "，".join(f"{row.title}{row.number}" for row in rows)
    return render_chart(
        paint,
        width=8.6,
        height=1.55 + 0.29 * max(len(rows), 4),
        alt=f"{heading}：{told}",
        rehearsal=rehearsal,
    )
