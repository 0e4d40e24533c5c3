"""Chart of each member's scores and severity."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.reports.charts.chart import (
    GOOD,
    INK,
    LINE,
    MUTED,
    SHORT,
    RenderedChart,
    add_title,
    band_rows,
    draw_intervals,
    draw_points,
    label_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_member_scores(
    rows: Sequence[Mapping[str, Any]], *, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw every member's marks as box and points, and the severity beside them.

    Parameters
    ----------
    rows : sequence of mappings
        ``label`` (neutral number), ``totals`` (marks 0-100), ``severity`` with
        ``severity_low`` and ``severity_high`` (marks above or below the panel; may be missing).
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    ordered = sorted(rows, key=lambda row: (row["severity"] is None, -(row["severity"] or 0)))
    labels = [f"{row['label']}（{len(row['totals'])}件）" for row in ordered]

    def paint(figure: "Figure") -> None:
        marks, severity = figure.subplots(
            1, 2, gridspec_kw={"width_ratios": [2.2, 1], "wspace": 0.06}
        )
        set_margins(figure, 1.1, 0.25, 1.1, 0.55)
        label_rows(marks, labels)
        band_rows(severity, len(labels))
        _draw_boxes(marks, ordered)
        _draw_severities(severity, ordered)
        add_title(
            figure,
            heading,
            "左：每点一件，盒为中间一半，竖线为中位数。右：比全体偏高或偏低多少分，横线为95%区间。",
        )

    height = 1.65 + 0.27 * max(len(ordered), 4)
    alt = f"{heading}：{len(rows)}名评委，由宽到严排列"
    return render_chart(paint, width=9.2, height=height, alt=alt, rehearsal=rehearsal)


def _draw_boxes(axes: "Axes", rows: Sequence[Mapping[str, Any]]) -> None:
    filled = [(index, row["totals"]) for index, row in enumerate(rows) if row["totals"]]
    if filled:
        axes.boxplot(
            [totals for _, totals in filled],
            positions=[index for index, _ in filled],
            orientation="horizontal",
            widths=0.62,
            showfliers=False,
            manage_ticks=False,
            patch_artist=True,
            whis=(5, 95),
            boxprops={"facecolor": "#D6E4F0", "edgecolor": GOOD, "linewidth": 0.9},
            medianprops={"color": INK, "linewidth": 1.4},
            whiskerprops={"color": GOOD, "linewidth": 0.9},
            capprops={"linewidth": 0},
        )
    # a fixed zigzag in place of random jitter: equal marks stay apart, bytes stay the same
    spots = [
        (total, place + 0.09 * (index % 5 - 2))
        for place, totals in filled
        for index, total in enumerate(sorted(totals))
    ]
    if spots:
        marks, offsets = zip(*spots, strict=True)
        axes.scatter(marks, offsets, s=5, color=GOOD, alpha=0.55, linewidths=0, zorder=3)
    axes.set_title("评分", fontsize=10.5, pad=6)
    axes.grid(axis="x", color="#E3E6EA", linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_severities(axes: "Axes", rows: Sequence[Mapping[str, Any]]) -> None:
    spans, dots = [], []
    for index, row in enumerate(rows):
        value, low, high = row["severity"], row["severity_low"], row["severity_high"]
        if value is None:
            axes.text(
                0, index, "评分不足，不估计", ha="center", va="center", fontsize=8, color=LINE
            )
            continue
        sure = low is not None and high is not None and (low > 0 or high < 0)
        colour = (GOOD if value > 0 else SHORT) if sure else LINE
        if low is not None and high is not None:
            spans.append((index, low, high, colour))
        dots.append((value, index, colour))
    draw_intervals(axes, spans, width=1.8)
    draw_points(axes, dots, size=5)
    axes.axvline(0, color=MUTED, linewidth=0.9, zorder=0)
    for text, side, shift in (("‹ 偏严", "right", -6), ("偏宽 ›", "left", 6)):
        axes.annotate(
            text,
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(shift, 7),
            ha=side,
            textcoords="offset points",
            fontsize=9.5,
        )
    axes.set_xlabel("分", fontsize=9, labelpad=1)
