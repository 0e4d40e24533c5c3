"""The provinces as a grid of equal tiles, coloured by completion."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.state_labels import NO_TARGET, NOT_ALL_SENT, NOT_SENT, TONE_COLOURS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.chart import (
    INK,
    MUTED,
    RenderedChart,
    add_title,
    render_chart,
    set_margins,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TILES: Mapping[str, tuple[int, int]] = {
    "23": (7, 0),
    "22": (7, 1),
    "15": (4, 2),
    "11": (5, 2),
    "21": (6, 2),
    "65": (0, 3),
    "66": (1, 3),
    "62": (2, 3),
    "64": (3, 3),
    "14": (4, 3),
    "13": (5, 3),
    "12": (6, 3),
    "63": (2, 4),
    "61": (3, 4),
    "41": (4, 4),
    "37": (5, 4),
    "54": (1, 5),
    "51": (2, 5),
    "50": (3, 5),
    "42": (4, 5),
    "34": (5, 5),
    "32": (6, 5),
    "31": (7, 5),
    "53": (2, 6),
    "52": (3, 6),
    "43": (4, 6),
    "36": (5, 6),
    "33": (6, 6),
    "45": (3, 7),
    "44": (4, 7),
    "35": (5, 7),
    "46": (4, 8),
}
"""Column and row of each provincial office, by unit code."""

SHORT_NAMES: Mapping[str, str] = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
    "66": "兵团",
}
"""Names on the tiles of regions that have no unit in the round."""

COLOUR_STEPS = (
    (0.0, TONE_COLOURS["bad"][0], "不足60%", "white"),
    (0.6, TONE_COLOURS["bad"][2], "60%–80%", "white"),
    (0.8, "#EDB9B3", "80%–100%", INK),
    (1.0, TONE_COLOURS["good"][2], "完成（100%及以上）", "white"),
)
"""Least rate of each step, its colour, its words and the colour of text on it."""


def draw_tile_map(
    rows: Sequence[Mapping[str, Any]], *, heading: str, note: str, rehearsal: bool = False
) -> RenderedChart:
    """Draw one tile per provincial office.

    Parameters
    ----------
    rows : sequence of mappings
        ``unit``, ``short_name`` and ``rate`` (1.0 is the target; ``None`` is hatched)
        and ``state``, the word that stands for a missing rate.
    heading, note : str
        Title, and how the rate was made of three quantities.
    rehearsal : bool
        Whether to mark the figure 演练.
    """
    spots = _tile_positions([row["unit"] for row in rows])
    depth = max((row for _, row in spots.values()), default=8) + 1

    def paint(figure: "Figure") -> None:
        axes = figure.subplots()
        set_margins(figure, 0.2, 0.2, 0.75, 0.8)
        for code in sorted(TILES.keys() - {row["unit"] for row in rows}):
            _draw_absent_tile(axes, TILES[code], SHORT_NAMES[code])
        for row in rows:
            _draw_tile(axes, spots[row["unit"]], row)
        axes.set_xlim(-0.05, 8)
        axes.set_ylim(depth, -0.05)
        axes.set_aspect("equal")
        axes.axis("off")
        _draw_legend(figure)
        add_title(figure, heading, note)

    absent = {
        state: [row["short_name"] for row in rows if row["rate"] is None and row["state"] == state]
        for state in (NOT_SENT, NOT_ALL_SENT, NO_TARGET)
    }
    short = [row["short_name"] for row in rows if row["rate"] is not None and row["rate"] < 1]
    alt = f"{heading}：未完成{'、'.join(short) or '无'}" + "".join(
        f"；{state}{'、'.join(names)}" for state, names in absent.items() if names
    )
    return render_chart(paint, width=7.4, height=1.6 + 0.72 * depth, alt=alt, rehearsal=rehearsal)


def _tile_positions(units: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the place of each unit; those without a tile of their own follow below."""
    others = [unit for unit in units if unit not in TILES]
    extra = {unit: (index % 8, 10 + index // 8) for index, unit in enumerate(others)}
    return {**TILES, **extra} if others else dict(TILES)


def colour_step(rate: float) -> tuple[float, str, str, str]:
    """Return the step of the scale that a rate falls in."""
    return [entry for entry in COLOUR_STEPS if rate >= entry[0]][-1]


def _draw_tile(axes: "Axes", position: tuple[int, int], row: Mapping[str, Any]) -> None:
    from matplotlib.patches import FancyBboxPatch

    column, line = position
    rate: float | None = row["rate"]
    _, colour, _, ink = colour_step(rate) if rate is not None else (0, "white", "", "#5A606A")
    look: dict[str, Any] = {"facecolor": colour, "edgecolor": colour}
    if rate is None:
        look = {"facecolor": "white", "edgecolor": MUTED, "hatch": "////"}
    shape = "round,pad=0,rounding_size=0.09"
    axes.add_patch(FancyBboxPatch((column + 0.03, line + 0.03), 0.9, 0.9, shape, lw=0.8, **look))
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if rate is None else None
    rate_text = formatting.format_percent(rate) if rate is not None else row["state"]
    for text, drop, size in ((row["short_name"], 0.38, 10.5), (rate_text, 0.7, 8.5)):
        axes.text(
            column + 0.48,
            line + drop,
            text,
            ha="center",
            va="center",
            fontsize=size,
            color=ink,
            bbox=box,
        )


def _draw_absent_tile(axes: "Axes", position: tuple[int, int], name: str) -> None:
    """Draw a region that is not in this round: grey, its name alone."""
    from matplotlib.patches import FancyBboxPatch

    column, line = position
    shape = "round,pad=0,rounding_size=0.09"
    look: dict[str, Any] = {"facecolor": "#EEF0F3", "edgecolor": "#E1E4E9"}
    axes.add_patch(FancyBboxPatch((column + 0.03, line + 0.03), 0.9, 0.9, shape, lw=0.8, **look))
    axes.text(
        column + 0.48, line + 0.5, name, ha="center", va="center", fontsize=9.5, color="#9AA0A8"
    )


def _draw_legend(figure: "Figure") -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=colour, label=text) for _, colour, text, _ in COLOUR_STEPS]
    handles.append(Patch(facecolor="white", edgecolor=MUTED, hatch="////", label="不能判断"))
    handles.append(Patch(facecolor="#EEF0F3", edgecolor="#E1E4E9", label="不在本轮"))
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=6,
        frameon=False,
        fontsize=9,
        bbox_to_anchor=(0.5, 0.035),
        handlelength=1.4,
        columnspacing=1.3,
    )
    figure.text(
        0.5,
        0.012,
        "按单位排列的方格示意，不表示地理位置和面积。",
        ha="center",
        va="bottom",
        fontsize=7.5,
        color="#7A808A",
    )
