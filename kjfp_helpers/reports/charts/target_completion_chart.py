"""Completion against target, all provinces side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.state_labels import MET
from kjfp_helpers.core.state_labels import UNMET as UNMET_WORD
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.chart import (
    GOOD,
    INK,
    MUTED,
    UNMET,
    RenderedChart,
    add_title,
    band_rows,
    draw_bars,
    label_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_RATE = 1.5
"""Bars end here; what lies beyond is written beside the bar."""


def draw_completion_bars(
    rows: Sequence[Mapping[str, Any]], *, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw the completion rate of the three quantities, one row per unit.

    Parameters
    ----------
    rows : sequence of mappings
        ``short_name``, ``rate`` (1.0 is the target, ``None`` when not fully reported, orders
        the rows), ``state`` and for each indicator ``*_rate`` (may be missing) and ``*_state``.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    ordered = sorted(rows, key=lambda row: (row["rate"] is None, -(row["rate"] or 0)))
    labels = [row["short_name"] for row in ordered]
    height = 1.55 + 0.235 * max(len(ordered), 4)

    def paint(figure: "Figure") -> None:
        panels = figure.subplots(1, 3, gridspec_kw={"wspace": 0.08})
        set_margins(figure, 0.95, 0.2, 1.12, 0.5)
        label_rows(panels[0], labels)
        for axes in panels[1:]:
            band_rows(axes, len(labels))
        for axes, (prefix, (label, _)) in zip(panels, formatting.INDICATORS.items(), strict=True):
            _draw_rates(axes, [(row[f"{prefix}_rate"], row[f"{prefix}_state"]) for row in ordered])
            axes.set_title(label, fontsize=10.5, pad=6)
        add_title(
            figure, heading, "竖线为下达的任务目标（100%）；蓝色已完成，红色未完成，斜纹不能判断。"
        )

    alt = f"{heading}：{_alt_text(rows)}"
    return render_chart(paint, width=9.6, height=height, alt=alt, rehearsal=rehearsal)


def _alt_text(rows: Sequence[Mapping[str, Any]]) -> str:
    done = sum(row["rate"] is not None and row["rate"] >= 1 for row in rows)
    open = Counter(row["state"] for row in rows if row["rate"] is None)
    short = len(rows) - done - sum(open.values())
    others = "".join(f"，{count}个{state}" for state, count in open.items())
    return f"{len(rows)}个单位中{done}个{MET}，{short}个{UNMET_WORD}{others}"


def _draw_rates(axes: "Axes", figures: Sequence[tuple[float | None, str]]) -> None:
    """Draw rates; a figure is a rate, which may be missing, and the state of the quantity."""
    known = {index: rate for index, (rate, _) in enumerate(figures) if rate is not None}
    absent = [index for index in range(len(figures)) if index not in known]
    draw_bars(
        axes,
        [
            (index, min(rate, MAX_RATE), GOOD if rate >= 1 else UNMET)
            for index, rate in known.items()
        ],
        height=0.66,
    )
    if absent:
        axes.barh(
            absent,
            0.16,
            height=0.62,
            facecolor="white",
            edgecolor=MUTED,
            hatch="////",
            linewidth=0.6,
        )
    for index, (rate, state) in enumerate(figures):
        _write_rate(axes, index, rate, state)
    axes.axvline(1, color=INK, linewidth=0.9)
    axes.set_xlim(0, MAX_RATE + 0.05)
    axes.set_xticks([0, 0.5, 1, 1.5], ["0", "50%", "100%", "150%"], fontsize=8)


def _write_rate(axes: "Axes", index: int, rate: float | None, state: str) -> None:
    """Write at the foot of a bar: a column of figures that the target line never crosses."""
    if rate is None:
        text = "目标为0" if state in (MET, UNMET_WORD) else state
        axes.text(0.19, index, text, va="center", fontsize=8, color="#6A707A")
        return
    inside = rate >= 0.3
    colour = "white"
    axes.text(
        0.03 if inside else rate + 0.03,
        index,
        formatting.format_percent(rate) + ("›" if rate > MAX_RATE else ""),
        va="center",
        fontsize=8,
        color=colour if inside else INK,
    )
