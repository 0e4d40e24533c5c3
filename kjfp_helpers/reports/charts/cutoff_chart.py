"""Chart of the cases around the cutoff rank, with the uncertainty of each."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.state_labels import TONE_COLOURS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.chart import (
    ALERT,
    GOOD,
    LINE,
    RenderedChart,
    add_title,
    draw_intervals,
    draw_points,
    label_rows,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROWS_AROUND_CUTOFF = 12
"""Cases shown on either side of the cutoff."""
_COLOURS = {"listed": GOOD, "added": GOOD, "reserve": TONE_COLOURS["info"][2]}


def cutoff_message(title: str, rows: Sequence[Mapping[str, Any]], places: int) -> str:
    """Return how sure the last case above the line and the first below it are.

    Examples
    --------
    >>> rows = [{"status": "listed", "p_in": 0.62}, {"status": "reserve", "p_in": 0.41}]
    >>> cutoff_message("先进团队名额线", rows, 1)
    '先进团队名额线：线上末位入围概率62%，线下首位41%'
    """
    cutoff = _cutoff_index(rows, places)
    beside = rows[cutoff - 1 : cutoff + 1] if cutoff else []
    chances = [row["p_in"] for row in beside if row["p_in"] is not None]
    if len(chances) < 2:
        return title
    above, below = map(formatting.format_probability, chances)
    return f"{title}：线上末位入围概率{above}，线下首位{below}"


def draw_cutoff_chart(
    rows: Sequence[Mapping[str, Any]], *, places: int, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw ranked cases around the cutoff with their intervals and top-k probabilities.

    Parameters
    ----------
    rows : sequence of mappings
        In order of rank: ``rank``, ``name``, ``unit_name`` (short), ``status``, ``value``,
        ``low``, ``high`` (points; ends of the interval may be missing), ``p_in`` (0-1).
    places : int
        Seats to be filled.
    heading : str
        Title of the figure.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    cutoff = _cutoff_index(rows, places)
    first = max(0, cutoff - ROWS_AROUND_CUTOFF)
    shown = rows[first : cutoff + ROWS_AROUND_CUTOFF]

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 3.45, 0.95, 1.05, 0.55)
        label_rows(axes, [_row_label(row) for row in shown])
        _draw_score_intervals(axes, shown)
        if 0 < cutoff - first < len(shown):
            _draw_cutoff_line(axes, cutoff - first - 0.5, f"{places}个名额")
        axes.set_xlabel("得分（点为估计值，横线为95%区间）", fontsize=9)
        add_title(
            figure,
            heading,
            "蓝色入围，紫色候补，灰色未入围；右列为按评分的不确定性估计的入围概率。",
        )

    alt = f"{heading}：名额线上下各{ROWS_AROUND_CUTOFF}件的得分与区间"
    height = 1.65 + 0.265 * max(len(shown), 4)
    return render_chart(paint, width=9.2, height=height, alt=alt, rehearsal=rehearsal)


def _draw_cutoff_line(axes: "Axes", height: float, label: str) -> None:
    axes.axhline(height, color=ALERT, linewidth=1.4, linestyle=(0, (5, 3)))
    axes.annotate(  # beside the intervals, not over them
        label,
        (1, height),
        xytext=(10, 0),
        color=ALERT,
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=8,
    )


def _cutoff_index(rows: Sequence[Mapping[str, Any]], places: int) -> int:
    """Return the number of rows above the cutoff line: up to the last one listed."""
    listed = [index for index, row in enumerate(rows, start=1) if row["status"] == "listed"]
    return max(listed, default=min(places, len(rows)))


def _row_label(row: Mapping[str, Any]) -> str:
    name = _shorten(formatting.remove_control_chars(row["name"]), 14)
    unit = _shorten(row["unit_name"], 8)
    return f"{name}（{unit}）  {formatting.format_number(row['rank'])}"


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _draw_score_intervals(axes: "Axes", rows: Sequence[Mapping[str, Any]]) -> None:
    colours = [_COLOURS.get(row["status"], LINE) for row in rows]
    spans = [
        (index, row["low"], row["high"], colours[index])
        for index, row in enumerate(rows)
        if row["low"] is not None and row["high"] is not None
    ]
    draw_intervals(axes, spans, width=2.2, alpha=0.55)
    draw_points(
        axes, [(row["value"], index, colours[index]) for index, row in enumerate(rows)], size=6
    )
    for index, row in enumerate(rows):
        axes.annotate(
            formatting.format_probability(row["p_in"]),
            (1, index),
            xytext=(10, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.annotate(
        "入围概率",
        (1, 1),
        xycoords="axes fraction",
        xytext=(10, 4),
        fontsize=8.5,
        textcoords="offset points",
        color="#5A606A",
    )
    axes.grid(axis="x", color="#E3E6EA", linewidth=0.6)
    axes.set_axisbelow(True)
