"""Chart of the stock-take figures against each other: whose proportions are unlike the others'."""

import math
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from kjfp_helpers.reports.charts.chart import (
    GOOD,
    MUTED,
    UNMET,
    RenderedChart,
    add_title,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAR = 3.5
"""Robust standard deviations of the ratio from which a unit is named."""
_NORMAL = 1.4826
"""Median deviations of a normal distribution in one standard deviation."""


class UnitFigures(NamedTuple):
    """The figures of a unit, all above zero; units are compared within their kind."""

    unit: str
    kind: str
    assoc: float
    experts: float
    people: float


Point = tuple[str, str, float, float]
"""Unit, its kind, and the two figures."""


def find_unusual_ratios(ratios: Sequence[float]) -> list[bool]:
    """Say which ratios lie far from the others, on the logarithmic scale.

    A ratio is unusual that lies more than :data:`FAR` robust standard deviations (by the median
    deviation, at least a tenth) from the median.

    Examples
    --------
    >>> find_unusual_ratios([10, 11, 9, 10.5, 9.5, 300])
    [False, False, False, False, False, True]
    """
    if not ratios:
        return []
    logs = [math.log(ratio) for ratio in ratios]
    middle = median(logs)
    spread = max(_NORMAL * median(abs(value - middle) for value in logs), 0.1)
    return [abs(value - middle) > FAR * spread for value in logs]


def draw_stocktake_ratios(
    rows: Sequence[UnitFigures], *, heading: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw people against experts, and experts against associations; odd units are named."""
    people: list[Point] = [(row.unit, row.kind, row.experts, row.people) for row in rows]
    experts: list[Point] = [(row.unit, row.kind, row.assoc, row.experts) for row in rows]

    def paint(figure: "Figure") -> None:
        left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.32})
        set_margins(figure, 0.85, 0.35, 1.15, 0.6)
        _draw_pairs(left, people)
        left.set_xlabel("组织动员专家（人）", fontsize=9)
        left.set_title("带动脱贫（人）", fontsize=10.5, pad=6)
        _draw_pairs(right, experts)
        right.set_xlabel("支持建设农技协（个）", fontsize=9)
        right.set_title("组织动员专家（人）", fontsize=10.5, pad=6)
        note = "圆为省级办公室，方为全国学会，斜线为同类单位之比的中位数；红色的与同类相差很远。"
        add_title(figure, heading, note)

    odd = dict.fromkeys(unit for points in (people, experts) for unit in _odd_units(points))
    alt = f"{heading}：{len(rows)}个单位，比例异常的{'、'.join(odd) or '没有'}"
    return render_chart(paint, width=9.2, height=4.3, alt=alt, rehearsal=rehearsal)


def _odd_units(points: Sequence[Point]) -> set[str]:
    """Return the units whose proportion is unlike that of the others of their kind."""
    odd: set[str] = set()
    for kind in {kind for _, kind, _, _ in points}:
        alike = [(unit, y / x) for unit, own, x, y in points if own == kind]
        far = find_unusual_ratios([ratio for _, ratio in alike])
        odd |= {unit for (unit, _), unusual in zip(alike, far, strict=True) if unusual}
    return odd


def _draw_pairs(axes: "Axes", points: Sequence[Point]) -> None:
    odd = _odd_units(points)
    axes.set_xscale("log")
    axes.set_yscale("log")
    for kind, marker in (("province", "o"), ("society", "s")):
        alike = [(unit, x, y) for unit, own, x, y in points if own == kind]
        if not alike:
            continue
        across = [x for _, x, _ in alike]
        usual = median(y / x for _, x, y in alike)
        ends = (min(across) / 1.3, max(across) * 1.3)
        axes.plot(ends, [end * usual for end in ends], color=MUTED, linewidth=1)
        colours = [UNMET if unit in odd else GOOD for unit, _, _ in alike]
        down = [y for _, _, y in alike]
        axes.scatter(across, down, s=20, c=colours, marker=marker, alpha=0.8, lw=0, zorder=3)
    for unit, _, x, y in points:
        if unit in odd:
            axes.annotate(unit, (x, y), xytext=(5, 3), textcoords="offset points", fontsize=8.5)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axis.set_minor_formatter("")
    axes.grid(color="#E3E6EA", linewidth=0.6)
    axes.set_axisbelow(True)
