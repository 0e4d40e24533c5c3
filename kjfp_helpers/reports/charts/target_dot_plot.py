"""Completion against target: every unit of a class in order, and the whole country."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.state_labels import MET, NO_TASK, UNMET
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.chart import (
    GOOD,
    INK,
    MUTED,
    RenderedChart,
    add_title,
    draw_bars,
    draw_intervals,
    draw_points,
    label_rows,
    render_chart,
    set_margins,
)
from kjfp_helpers.reports.charts.chart import UNMET as UNMET_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_RATE = 1.6
"""Dots beyond stand at the edge."""
MIN_WIDTH = 7.6
"""Inches that a title of one line needs, beside the mark of a rehearsal."""
ROWS_A_COLUMN = 44
"""Units below each other; more go into further columns."""
MOST_COLUMNS = 3
"""Columns that a screen is wide enough for."""


def completion_message(group: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what a class came to, in one sentence.

    >>> rows = [{"state": "已完成"}, {"state": "未完成"}, {"state": "未报送"}]
    >>> completion_message("其他省份", rows)
    '其他省份3个单位：1个完成，1个未完成，1个不能判断'
    >>> completion_message("其他省份", rows[:1])
    '其他省份1个单位：1个完成'
    """
    met = sum(row["state"] == MET for row in rows)
    short = sum(row["state"] == UNMET for row in rows)
    counts = {"完成": met, "未完成": short, "不能判断": len(rows) - met - short}
    told = "，".join(f"{count}个{word}" for word, count in counts.items() if count)
    return f"{group}{len(rows)}个单位：{told}"


def draw_class_completion(
    group: str,
    rows: Sequence[Mapping[str, Any]],
    indicators: Mapping[str, str],
    *,
    rehearsal: bool = False,
) -> RenderedChart:
    """Draw the units of a class by completion, the best first, a dot for each indicator.

    Parameters
    ----------
    group : str
        Name of the class.
    rows : sequence of mappings
        ``short_name``, ``state``, ``rate`` (of the two numbers, 1.0 is the target, ``None`` where
        it cannot be told) and ``<indicator>_rate``, which may be missing.
    indicators : mapping
        Name of each indicator to its short title.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    ordered = sorted(rows, key=lambda row: (row["rate"] is None, -(row["rate"] or 0)))
    columns = min(max(1, math.ceil(len(ordered) / ROWS_A_COLUMN)), MOST_COLUMNS)
    depth = math.ceil(len(ordered) / columns)
    parts = [ordered[start : start + depth] for start in range(0, len(ordered), depth)]
    message = completion_message(group, rows)

    def paint(figure: "Figure") -> None:
        grid = figure.subplots(1, columns, squeeze=False, gridspec_kw={"wspace": 0.75})[0]
        set_margins(figure, 1.5, 0.3, 0.95, 0.5)
        for axes, part in zip(grid, parts, strict=False):
            _draw_units(axes, part, list(indicators), depth)
        add_title(
            figure,
            message,
            "竖线为目标（100%）；灰线为各项完成率的范围，圆点为最低一项：蓝色完成，红色未完成。",
        )

    height = 1.5 + 0.19 * max(depth, 4)
    return render_chart(
        paint, width=max(4.0 * columns, MIN_WIDTH), height=height, alt=message, rehearsal=rehearsal
    )


def _draw_units(
    axes: "Axes", rows: Sequence[Mapping[str, Any]], names: Sequence[str], depth: int
) -> None:
    label_rows(axes, [row["short_name"] for row in rows] + [""] * (depth - len(rows)), size=8)
    spans, dots, words = [], [], []
    for index, row in enumerate(rows):
        rates = [row.get(f"{name}_rate") for name in names if row.get(f"{name}_state") != NO_TASK]
        known = [min(rate, MAX_RATE) for rate in rates if rate is not None]
        if known:
            spans.append((index, min(known), max(known), MUTED))
        if row["rate"] is not None and known:
            colour = GOOD if row["state"] == MET else UNMET_COLOUR
            dots.append((min(known), index, colour))
        else:
            words.append((index, row["state"]))
    draw_intervals(axes, spans, width=2.2)
    draw_points(axes, dots, size=5)
    for index, word in words:
        axes.text(0.03, index, word, va="center", fontsize=7, color="#6A707A")
    axes.axvline(1, color=INK, linewidth=0.9)
    axes.set_xlim(0, MAX_RATE + 0.05)
    axes.set_xticks([0, 0.5, 1, 1.5], ["0", "50%", "100%", "150%"], fontsize=8)


def national_message(totals: Sequence[Mapping[str, Any]]) -> str:
    """Return in one sentence how far the whole country came.

    >>> national_message([{"short": "农技协", "done": 900, "national": 1000}])
    '已报单位合计为全国目标的：农技协90%'
    """
    said = [
        f"{row['short']}{formatting.format_percent(row['done'] / row['national'])}"
        for row in totals
        if row["national"] and row["done"] is not None
    ]
    return f"已报单位合计为全国目标的：{'，'.join(said)}" if said else "本轮没有全国目标"


def draw_national_completion(
    totals: Sequence[Mapping[str, Any]], *, rehearsal: bool = False
) -> RenderedChart:
    """Draw what all units did of the national targets; bars end at twice the target.

    Parameters
    ----------
    totals : sequence of mappings
        ``indicator``, ``short``, ``measure``, ``done``, ``national``, ``units``, ``reporting``;
        rows without a national target are left out.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    rows = [row for row in totals if row["national"] and row["done"] is not None]
    message = national_message(totals)

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 1.75, 2.6, 0.95, 0.45)
        label_rows(axes, [row["indicator"] for row in rows], size=10)
        rates = [min(row["done"] / row["national"], 2) for row in rows]
        bars = [
            (index, rate, GOOD if rate >= 1 else UNMET_COLOUR) for index, rate in enumerate(rates)
        ]
        draw_bars(axes, bars, height=0.6)
        for index, row in enumerate(rows):
            told = (
                f"{row['done']:,} / {row['national']:,} {row['measure']}"
                f"（{row['reporting']}/{row['units']}个单位已报）"
            )
            axes.annotate(
                told,
                (1, index),
                xycoords=("axes fraction", "data"),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )
        axes.axvline(1, color=INK, linewidth=0.9)
        axes.set_xlim(0, 2.05)
        axes.set_xticks([0, 0.5, 1, 1.5, 2], ["0", "50%", "100%", "150%", "200%"], fontsize=8)
        add_title(figure, message, "竖线为全国目标（100%）；未报单位按没有完成计。")

    height = 1.6 + 0.5 * max(len(rows), 1)
    return render_chart(paint, width=9.2, height=height, alt=message, rehearsal=rehearsal)
