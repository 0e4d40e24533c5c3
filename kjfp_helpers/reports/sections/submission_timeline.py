"""Time axis of a unit's report: mails and letters against the days that bind the unit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.records import format_receipt_number

WIDTH, HEIGHT, INSET, AXIS = 680, 66, 20, 40
"""Size of the picture, its blank ends, and the height at which the axis stands, in pixels."""
_LEAST_GAP = 13
"""Pixels between mails, below which the later one stands higher."""


def draw_timeline(facts: Mapping[str, Any]) -> Markup:
    """Return the axis: a dot a mail, a triangle a letter, a line a binding day."""
    first, last = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"])
    span = max((last - first).days, 1)

    def x(day: str) -> float:
        share = (date.fromisoformat(day) - first).days / span
        return round(INSET + share * (WIDTH - 2 * INSET), 1)

    parts = [
        Markup('<line class="reach" x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="#b8bdc6"/>').format(
            INSET, WIDTH - INSET, y=AXIS
        )
    ]
    parts += [_day_line(x(day), f"{_short(day)} {name}期限") for day, name in facts["days"]]
    parts += _mail_dots(facts, x)
    parts += [
        Markup('<path class="letter" d="M{} {} l5 9 h-10 z" fill="#7A68B8"/>').format(
            x(letter["day"]), AXIS + 4
        )
        for letter in facts["letters"]
    ]
    words = f"时间轴：来件{len(facts['mails'])}封，函件{len(facts['letters'])}份"
    legend = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
        WIDTH - INSET, HEIGHT - 4, "● 来件" + ("　▲ 办公室函件" if facts["letters"] else "")
    )
    return Markup(
        '<svg class="timeline" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"'
        ' aria-label="{}" font-size="11">{}</svg>'
    ).format(words, Markup("").join([*parts, legend]), w=WIDTH, h=HEIGHT)


def _mail_dots(facts: Mapping[str, Any], x: Any) -> list[Markup]:
    """Return a dot a mail with its number; dots of near days stand one above the other."""
    dots: list[Markup] = []
    before, level = -100.0, 0
    for mail in sorted(facts["mails"], key=lambda mail: (mail["day"], mail["receipt"])):
        at = x(mail["day"])
        level = level + 1 if at - before < _LEAST_GAP else 0
        before = at
        colour = "#B8493C" if mail["late"] else "#2B6CA3"
        told = f"{format_receipt_number(mail['receipt'])}，{mail['day']}"
        dots.append(
            Markup(
                '<circle class="own" cx="{}" cy="{}" r="5" fill="{}"><title>{}</title></circle>'
            ).format(at, AXIS - 11 * level, colour, told)
        )
    return dots


def _day_line(at: float, text: str) -> Markup:
    anchor = "end" if at > WIDTH - 120 else "start"
    return Markup(
        '<line class="target" x1="{x}" x2="{x}" y1="14" y2="{}" stroke="#22262b"'
        ' stroke-dasharray="3 2"/><text x="{}" y="11" text-anchor="{}">{}</text>'
    ).format(AXIS + 8, at - 3 if anchor == "end" else at + 3, anchor, text, x=at)


def _short(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment.month}月{moment.day}日"
