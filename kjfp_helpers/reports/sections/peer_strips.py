"""Strips: a unit's own value on the range of its peers, as a small picture in a cell of a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kjfp_helpers.reports import formatting

WIDTH, HEIGHT, INSET = 230, 22, 8
"""Size of a strip and its blank ends, in pixels."""
_LABEL_WIDTH = 44
"""Pixels that a label of the axis takes; an end nearer to the target has none."""
_LOWEST_RATE, _HIGHEST_RATE = 0.8, 1.3
"""A scale of completion rates holds these at the least."""
_MOST_RATE = 2.0
"""Rates beyond, as of a figure with a digit too many, stand at the end of the scale."""


@dataclass(frozen=True)
class StripScale:
    """Values at both ends of a strip; an open one has values beyond its upper end."""

    low: float
    high: float
    is_open: bool = False

    def x(self, value: float) -> float:
        """Return where a value stands, in pixels."""
        share = (value - self.low) / (self.high - self.low)
        return round(INSET + min(max(share, 0), 1) * (WIDTH - 2 * INSET), 1)


def rate_scale(rows: Iterable[Mapping[str, Any]]) -> StripScale:
    """Return one scale for all rows of completion rates, so that they can be compared."""
    ends = [_LOWEST_RATE, _HIGHEST_RATE]
    for row in rows:
        if row["peers"]["range"]:
            ends += [row["peers"]["range"]["low"], row["peers"]["range"]["high"]]
        if row["value"] is not None:
            ends.append(row["value"])
    high = max(ends)
    return StripScale(min(ends), min(high, _MOST_RATE), is_open=high > _MOST_RATE)


def count_scale(row: Mapping[str, Any]) -> StripScale:
    """Return the scale of a count: from 0 to the highest."""
    ends = [row["value"] or 0]
    if row["peers"]["range"]:
        ends.append(row["peers"]["range"]["high"])
    return StripScale(0, max(1, *ends))


def draw_axis(scale: StripScale) -> Markup:
    """Return the axis of completion rates, with its ends and the target."""
    beyond = "以上" if scale.is_open else ""
    marks = ((scale.low, "start", ""), (1.0, "middle", ""), (scale.high, "end", beyond))
    texts = Markup("").join(
        Markup('<text x="{}" y="13" text-anchor="{}">{}{}</text>').format(
            scale.x(value), anchor, formatting.format_percent(value), more
        )
        for value, anchor, more in marks
        if value == 1.0 or abs(scale.x(value) - scale.x(1.0)) > _LABEL_WIDTH
    )
    return _svg(texts, 16, "坐标：目标为100%")


def draw_strip(row: Mapping[str, Any], scale: StripScale) -> Markup:
    """Return a strip: line from lowest to highest, band of the middle half, median, target, own."""
    peers, value, parts = row["peers"]["range"], row["value"], []
    middle = HEIGHT / 2
    if peers:
        low, first, median, third, high = (
            scale.x(peers[name]) for name in ("low", "first", "median", "third", "high")
        )
        parts.append(
            Markup(
                '<line class="reach" x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="#b8bdc6"'
                ' stroke-width="2"/><rect class="half" x="{}" y="{}" width="{}" height="10"'
                ' fill="#d3dbe5"/><line class="median" x1="{m}" x2="{m}" y1="4" y2="18"'
                ' stroke="#5a606a" stroke-width="2"/>'
            ).format(low, high, first, middle - 5, max(third - first, 1), y=middle, m=median)
        )
    if peers and peers["high"] > scale.high:
        parts.append(
            Markup(
                '<path class="beyond" d="M{x},{top} L{end},{y} L{x},{bottom}" fill="none"'
                ' stroke="#5a606a" stroke-width="2"/>'
            ).format(x=high - 6, end=high, top=middle - 5, y=middle, bottom=middle + 5)
        )
    if row["scale"] == "rate":
        at = scale.x(1.0)
        parts.append(
            Markup(
                '<line class="target" x1="{x}" x2="{x}" y1="1" y2="21" stroke="#22262b"'
                ' stroke-dasharray="2 2"/>'
            ).format(x=at)
        )
    if value is not None:
        parts.append(
            Markup(
                '<circle class="own" cx="{}" cy="{}" r="5.5" fill="{}" stroke="#fff"'
                ' stroke-width="1.5"/>'
            ).format(scale.x(value), middle, "#D9822B" if _is_short(row) else "#2B6CA3")
        )
    return _svg(Markup("").join(parts), HEIGHT, _describe(row))


def _is_short(row: Mapping[str, Any]) -> bool:
    return bool(row["scale"] == "rate" and row["value"] < 1)


def _svg(content: Markup, height: int, label: str) -> Markup:
    return Markup(
        '<svg class="strip" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"'
        ' aria-label="{}">{}</svg>'
    ).format(label, content, w=WIDTH, h=height)


def _describe(row: Mapping[str, Any]) -> str:
    """Return in words what a strip shows."""
    own = f"本单位{row['shown'] or row['own']}"
    peers = row["peers"]["range"]
    if not peers:
        return f"{row['label']}：{own}，不作比较"
    ends = (format_scaled(row, peers[name]) for name in ("low", "high", "median"))
    return "{}：{}，同类{}至{}，中位数{}".format(row["label"], own, *ends)


def format_scaled(row: Mapping[str, Any], value: float) -> str:
    """Return a value of a row as its scale has it."""
    if row["scale"] == "rate":
        return formatting.format_percent(value)
    return formatting.format_number(value)
