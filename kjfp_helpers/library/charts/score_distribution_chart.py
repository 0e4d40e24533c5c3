"""Chart of how the scores of one kind are spread: totals, and each criterion."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import TYPE_CHECKING

from kjfp_helpers.reports.charts.chart import (
    ALERT,
    GOOD,
    INK,
    RenderedChart,
    add_title,
    band_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEP = 2.5
"""Points of one bar of the histogram."""


def draw_score_distribution(
    totals: Sequence[float],
    criteria: Mapping[str, Sequence[float]],
    *,
    heading: str,
    rehearsal: bool = False,
) -> RenderedChart:
    """Draw the histogram of the totals and a box of each criterion.

    Parameters
    ----------
    totals : sequence of float
        Totals in points, one a score; not empty.
    criteria : mapping
        Title of a criterion to its scores.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """

    def paint(figure: "Figure") -> None:
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1.25, 1], "wspace": 0.5})
        set_margins(figure, 0.6, 0.3, 1.25, 0.55)
        _draw_histogram(left, totals)
        _draw_boxes(right, criteria)
        add_title(figure, heading, "左：每份总分；虚线为平均。右：盒为中间一半，竖线为中位数。")

    alt = f"{heading}：{len(totals)}份，平均{fmean(totals):.1f}，中位数{median(totals):.1f}"
    return render_chart(paint, width=9.2, height=3.9, alt=alt, rehearsal=rehearsal)


def _draw_histogram(axes: "Axes", totals: Sequence[float]) -> None:
    first, last = math.floor(min(totals) / STEP), math.ceil(max(totals) / STEP)
    edges = [STEP * step for step in range(first, max(last, first + 1) + 1)]
    axes.hist(totals, bins=edges, color=GOOD, edgecolor="white", linewidth=0.8)
    mean = fmean(totals)
    axes.axvline(mean, color=ALERT, linewidth=1.2, linestyle=(0, (5, 3)))
    axes.annotate(
        f"平均 {mean:.1f}",
        (mean, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        color=ALERT,
        fontsize=9,
        ha="center",
    )
    axes.set_title("总分（份数）", fontsize=10.5, pad=16)
    axes.set_xlabel("分", fontsize=9, labelpad=1)


def _draw_boxes(axes: "Axes", criteria: Mapping[str, Sequence[float]]) -> None:
    band_rows(axes, len(criteria))
    axes.boxplot(
        list(criteria.values()),
        positions=range(len(criteria)),
        orientation="horizontal",
        widths=0.6,
        manage_ticks=False,
        patch_artist=True,
        whis=(5, 95),
        flierprops={"markersize": 2.5, "markeredgecolor": GOOD, "alpha": 0.5},
        boxprops={"facecolor": "#D6E4F0", "edgecolor": GOOD, "linewidth": 0.9},
        medianprops={"color": INK, "linewidth": 1.4},
        whiskerprops={"color": GOOD, "linewidth": 0.9},
        capprops={"linewidth": 0},
    )
    axes.set_yticks(range(len(criteria)), list(criteria), fontsize=9)
    axes.set_title("各项评分", fontsize=10.5, pad=16)
    axes.set_xlabel("分", fontsize=9, labelpad=1)
