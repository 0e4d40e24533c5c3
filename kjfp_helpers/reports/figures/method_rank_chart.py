"""Chart of the ranks by each method side by side: whose selection depends on the method."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RANKS_AROUND_CUTOFF = 10
"""Ranks shown on either side of the cutoff."""


def draw_method_ranks(
    rows: Sequence[Mapping[str, Any]], *, places: int, heading: str, rehearsal: bool = False
) -> RenderedFigure:
    """Draw the ranks around the cutoff, one line per name across the methods.

    Parameters
    ----------
    rows : sequence of mappings
        ``name``, ``result`` (Chinese), ``moves`` (``随方法而变`` where the selection depends on
        the method) and the rank by each method under its key; a rank may be missing.
    places : int
        Seats to be filled.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    window = (max(places - RANKS_AROUND_CUTOFF, 0) + 0.4, places + RANKS_AROUND_CUTOFF + 0.6)
    lines = [line for line in map(_RankLine.from_row, rows) if line.is_visible(window)]

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 2.6, 2.6, 1.25, 0.3)
        for line in lines:
            _draw_line(axes, line)
            _label_ends(axes, line, window)
        axes.axhline(places + 0.5, color=ALERT, linewidth=1.4, linestyle=(0, (5, 3)))
        _set_axes(axes, window)
        add_title(
            figure, heading, "粗线的去留随方法而变（蓝为现入围，橙为现未入围）；红虚线为名额线。"
        )

    alt = f"{heading}：名额线上下各{RANKS_AROUND_CUTOFF}名在四种方法下的名次"
    return render_figure(
        paint, width=9.2, height=2.0 + 0.29 * 2 * RANKS_AROUND_CUTOFF, alt=alt, rehearsal=rehearsal
    )


@dataclass(frozen=True)
class _RankLine:
    """The ranks of one name, method by method; NaN where a method gives none."""

    name: str
    ranks: Sequence[float]
    is_listed: bool
    is_moving: bool

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "_RankLine":
        ranks = [row[method] for method in METHOD_TITLES]
        return cls(
            name=_shorten(row["name"]),
            ranks=[math.nan if rank is None else rank for rank in ranks],
            is_listed=row["result"] in ("入围", "增列"),
            is_moving=row["moves"] == "随方法而变",
        )

    def is_visible(self, window: tuple[float, float]) -> bool:
        """Whether any method ranks the name within the window."""
        top, end = window
        return any(top < rank < end for rank in self.ranks)


def _draw_line(axes: "Axes", line: _RankLine) -> None:
    colour = MUTED
    if line.is_moving:
        colour = GOOD if line.is_listed else SHORT
    axes.plot(
        range(len(line.ranks)),
        line.ranks,
        "-o",
        color=colour,
        markersize=5,
        linewidth=2.4 if line.is_moving else 1.1,
        zorder=3 if line.is_moving else 2,
    )


def _label_ends(axes: "Axes", line: _RankLine, window: tuple[float, float]) -> None:
    """Write name and rank beside the first and the last point, where they lie in the window."""
    top, end = window
    first, last = line.ranks[0], line.ranks[-1]
    labels = (
        (0, first, f"{line.name}  {first:.0f}", "right", -10),
        (len(line.ranks) - 1, last, f"{last:.0f}  {line.name}", "left", 10),
    )
    for index, rank, text, alignment, offset in labels:
        if top < rank < end:
            axes.annotate(
                text,
                (index, rank),
                xytext=(offset, 0),
                ha=alignment,
                va="center",
                textcoords="offset points",
                fontsize=9,
                color=INK if line.is_moving else "#5A606A",
            )


def _set_axes(axes: "Axes", window: tuple[float, float]) -> None:
    top, end = window
    axes.set_ylim(end, top)
    axes.set_xticks(range(len(METHOD_TITLES)), list(METHOD_TITLES.values()), fontsize=10.5)
    axes.xaxis.tick_top()
    axes.tick_params(axis="both", length=0)
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _shorten(text: str) -> str:
    return text if len(text) <= 12 else text[:11] + "…"
