"""Chart of how long the members take for a case."""

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from kjfp_helpers.panel_review.scoring.scoring_anomalies import QUICK_SECONDS
from kjfp_helpers.reports.charts.chart import (
    ALERT,
    GOOD,
    INK,
    RenderedChart,
    add_title,
    label_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_reading_times(
    rows: Sequence[tuple[str, Sequence[float]]], *, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw one row a member: a point for each case, a stroke for the median.

    Parameters
    ----------
    rows : sequence of (str, sequence of float)
        Neutral number and the seconds of each case; not empty.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    ordered = sorted(rows, key=lambda row: median(row[1]))

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 1.1, 0.3, 1.0, 0.55)
        label_rows(axes, [f"{label}（{len(spans)}件）" for label, spans in ordered])
        points = [
            (seconds / 60, place + 0.08 * (number % 5 - 2))
            for place, (_, spans) in enumerate(ordered)
            for number, seconds in enumerate(sorted(spans))
        ]
        across, down = zip(*points, strict=True)
        axes.scatter(across, down, s=7, color=GOOD, alpha=0.5, linewidths=0, zorder=3)
        for place, (_, spans) in enumerate(ordered):
            middle = median(spans) / 60
            axes.plot([middle, middle], [place - 0.34, place + 0.34], color=INK, linewidth=1.8)
        axes.axvline(QUICK_SECONDS / 60, color=ALERT, linewidth=1.1, linestyle=(0, (5, 3)))
        axes.set_xlim(left=0)
        axes.set_xlabel("分钟", fontsize=9, labelpad=1)
        axes.grid(axis="x", color="#E3E6EA", linewidth=0.6)
        axes.set_axisbelow(True)
        add_title(figure, heading, f"每点一件，竖线为中位数；红虚线为{QUICK_SECONDS}秒。")

    every = [seconds for _, spans in rows for seconds in spans]
    alt = f"{heading}：{len(rows)}名评委，每件中位数{median(every) / 60:.1f}分钟"
    return render_chart(
        paint,
        width=8.6,
        height=1.65 + 0.27 * max(len(rows), 4),
        alt=alt,
        rehearsal=rehearsal,
    )
