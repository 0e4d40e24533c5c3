"""HTML of the screens: every value is escaped by the template engine, none is trusted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from kjfp_helpers.templates import templates

TONES: Mapping[str, str] = {
    "已收": "good", "不全": "warn", "逾期": "warn", "未收": "bad", "未推荐": "",
    "须补正": "bad", "请留意": "warn", "待核实": "info",
    "完成": "good", "未完成": "bad", "部分未填": "warn", "未报": "bad",
    "入围": "good", "增列": "good", "候补": "info", "否决": "bad", "未入围": "",
    "未排名": "warn", "表决未通过": "bad",
    "已完成": "good", "进行中": "info", "未开始": "",
    "已声明": "good", "未声明": "", "已封存": "good", "已启封": "warn", "须重签": "warn",
    "已退出": "bad", "已恢复": "good",
    "待答复": "info", "逾期未补正": "bad", "已办结": "good", "已发": "",
    "有效": "good", "无效": "bad", "已作废": "", "待计票": "info", "待第二人计票": "info",
    "两人所计不一致": "bad", "通过": "good", "未通过": "bad", "当选": "good", "未当选": "",
    "仍并列": "warn", "齐全": "good", "有": "good", "缺": "bad",
}  # fmt: skip
"""Colour of a state word; a word not listed is shown plain."""

Look = Literal["text", "count", "decimal", "rate", "percent", "pair", "share", "chip", "nowrap"]


@dataclass(frozen=True)
class Column:
    """A column of a screen table: field of the row, Chinese heading, how it is shown.

    ``blank`` stands for a missing value: 未填 where a unit left it out, — where there is none.
    """

    field: str
    title: str
    look: Look = "text"
    blank: str = "未填"

    @property
    def right(self) -> bool:
        """Whether the values stand at the right."""
        return self.look in ("count", "decimal", "rate", "percent", "pair", "share")


def render(template: str, **values: Any) -> str:
    """Return a template of ``panels/templates`` filled with escaped values."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


def table(
    rows: pd.DataFrame | Iterable[Mapping[str, Any]],
    columns: Iterable[Column],
    *,
    total: Mapping[str, Any] | None = None,
    empty: str = "没有内容",
) -> Markup:
    """Return a scrolling table with a fixed heading; ``total`` is a last row that stays."""
    records = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else list(rows)
    page = render("table", rows=records, columns=tuple(columns), total=total, empty=empty)
    return Markup(page)


def absent(value: Any) -> bool:
    """Whether a value is missing: None, NaN or blank text, and never 0."""
    if value is None or value is pd.NA or value is pd.NaT or value == "":
        return True
    return isinstance(value, float) and value != value


def shown(value: Any, look: Look = "text", blank: str = "未填") -> Markup:
    """Return a value as a person reads it; what is missing says so."""
    if look == "pair":
        return _pair(*value)
    if look == "share":
        return _share(*value)
    if absent(value):
        tone = "kj-muted" if blank == "—" else "kj-absent"
        return Markup('<span class="{}">{}</span>').format(tone, blank)
    if isinstance(value, Markup):
        return value
    if look == "chip":
        return chip(value)
    if look == "rate":
        return _bar(float(value))
    pattern = {"count": "{:,.0f}", "decimal": "{:.2f}", "percent": "{:.1%}"}.get(look, "{}")
    return Markup("{}").format(pattern.format(value))


def quantity(value: Any, unit: str) -> Markup:
    """Return a count with its unit of measure, or that it is missing."""
    words = shown(value, "count")
    return words if absent(value) else Markup("{} {}").format(words, unit)


def chip(word: object) -> Markup:
    """Return a state word in its colour."""
    return Markup('<span class="kj-chip {}">{}</span>').format(TONES.get(str(word), ""), word)


def _pair(done: float | None, target: float | None) -> Markup:
    """Return done over target, and below it by how much it falls short."""
    words = Markup('{} / <span class="kj-muted">{}</span>').format(
        shown(done, "count"), shown(target, "count")
    )
    if done is None or target is None or not done < target:
        return words
    short = Markup('<br><span class="kj-small kj-short">差 {}</span>')
    return words + short.format(shown(target - done, "count"))


def _share(done: int, total: int) -> Markup:
    """Return done of all as a bar and in figures."""
    width = round(100 * done / total) if total else 0
    return Markup('<span class="kj-bar"><i style="width:{}%"></i></span>{}/{}').format(
        width, done, total
    )


def _bar(rate: float) -> Markup:
    width, low = min(max(rate, 0.0), 1.0), "low" if rate < 1 else ""
    return Markup(
        '<span class="kj-bar {}"><i style="width:{}%"></i></span><span class="kj-rate">{}</span>'
    ).format(low, round(width * 100), f"{rate:.1%}")


@cache
def _environment() -> Environment:
    environment = templates(Path(__file__).with_name("templates"))
    environment.filters.update(shown=shown, chip=chip, quantity=quantity)
    environment.tests["absent"] = absent
    return environment
