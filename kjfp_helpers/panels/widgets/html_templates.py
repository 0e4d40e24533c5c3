"""HTML of the screens: every value is escaped by the template engine, none is trusted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from pathlib import Path
from types import EllipsisType
from typing import Any, Literal

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.state_labels import BLANK, NO_TARGET, tone_of
from kjfp_helpers.infra.exact_decimals import round_half_up
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.infra.templating import css_text, template_environment

CellFormat = Literal[
    "text", "count", "decimal", "rate", "percent", "pair", "share", "chip", "nowrap"
]


@dataclass(frozen=True)
class Column:
    """A column of a screen table: field of the row, Chinese heading, how it is shown.

    ``blank`` stands for a missing value: 未填 where a unit left it out, — where there is none. The
    ``heading`` names the row: it stays in view and opens it. ``order`` is the field by which the
    column is sorted, its own by default.
    """

    field: str
    title: str
    look: CellFormat = "text"
    blank: str = BLANK
    heading: bool = False
    order: str = ""

    @property
    def is_right_aligned(self) -> bool:
        """Whether the values stand at the right."""
        return self.look in ("count", "decimal", "rate", "percent", "pair", "share")

    def sort_key(self, row: Mapping[str, Any]) -> float | str | EllipsisType | None:
        """Return what a row is sorted by: ``None`` last, ``...`` for the text that is shown."""
        value = row.get(self.order or self.field)
        if self.look == "share" and not self.order:
            value = value[0] / value[1] if value and value[1] else None
        elif self.look == "pair" and not self.order:
            value = value[0] if value else None
        if is_missing(value) or (self.is_right_aligned and isinstance(value, str)):
            return None
        if isinstance(value, Real):
            return float(value)
        return str(value) if self.order else ...


@dataclass(frozen=True)
class Across:
    """Words in place of a column's value that fill the columns after it too."""

    words: Markup


def render_template(template: str, **values: Any) -> str:
    """Return a template of ``panels/templates`` filled with escaped values."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


def render_message(
    problem: str,
    advice: str = "",
    *,
    title: str = "",
    tone: Literal["bad", "info"] = "bad",
    setup: bool = False,
    to_start: bool = False,
) -> str:
    """Return a card that says what is wrong, or not there yet, and what to do.

    ``setup`` leaves the bars of the hidden cells on the page, for a parameter to be mended;
    ``to_start`` leads to the start page, where most of what is missing is made.
    """
    return render_template(
        "message",
        problem=problem,
        advice=advice,
        title=title,
        tone=tone,
        setup=setup,
        to_start=to_start,
    )


def render_table(
    rows: pd.DataFrame | Iterable[Mapping[str, Any]],
    columns: Iterable[Column],
    *,
    total: Mapping[str, Any] | None = None,
    title: str = "表格",
    empty: str = "没有内容",
) -> Markup:
    """Return a small table within other text, with a fixed heading; ``total`` is a last row.

    Whatever is a table by itself is a :class:`~kjfp_helpers.panels.tables.data_table.DataTable`;
    ``title`` names this one to screen readers.
    """
    page = render_template(
        "table",
        rows=read_rows(rows),
        columns=tuple(columns),
        total=total,
        title=title,
        empty=empty,
    )
    return Markup(page)


def describe_row(row: Mapping[str, Any], columns: Iterable[Column]) -> str:
    """Return a row of a table in full, a line for each column."""
    return render_template("row_detail", row=row, columns=columns)


def read_rows(rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows as mappings of field to value."""
    return [*(rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows)]


def format_cell(value: Any, look: CellFormat = "text", blank: str = BLANK) -> Markup:
    """Return a value as a person reads it; what is missing says so."""
    if look == "pair":
        return _pair(*value)
    if look == "share":
        return _share(*value)
    if is_missing(value):
        look_of = "kj-muted" if blank == "—" else "kj-absent"
        return Markup('<span class="{}">{}</span>').format(look_of, blank)
    if isinstance(value, Markup):
        return value
    if look == "chip":
        return render_chip(value)
    if look == "rate":
        return _bar(float(value))
    if look == "decimal":
        return Markup("{}").format(round_half_up(value, 2))
    pattern = {"count": "{:,.0f}", "percent": "{:.1%}"}.get(look, "{}")
    return Markup("{}").format(pattern.format(value))


def format_quantity(value: Any, unit: str) -> Markup:
    """Return a count with its unit of measure, or that it is missing."""
    words = format_cell(value, "count")
    return words if is_missing(value) else Markup("{} {}").format(words, unit)


def render_chip(word: object) -> Markup:
    """Return a state word in its colour."""
    return Markup('<span class="kj-chip {}">{}</span>').format(tone_of(str(word)), word)


def render_two_lines(word: str, small: str) -> Markup:
    """Return a state word in its colour and, below it, what goes with it in small type."""
    below = Markup('<br><span class="kj-small kj-muted">{}</span>').format(small)
    return render_chip(word) + below if small else render_chip(word)


def _pair(done: float | None, target: float | None) -> Markup:
    """Return done over target, and below it by how much it falls short."""
    words = Markup('{} / <span class="kj-muted">{}</span>').format(
        format_cell(done, "count"), format_cell(target, "count", NO_TARGET)
    )
    if done is None or target is None or not done < target:
        return words
    short = Markup('<br><span class="kj-small kj-short">缺口 {}</span>')
    return words + short.format(format_cell(target - done, "count"))


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
    ).format(low, round(width * 100), f"{rate:,.1%}")


@cache
def _environment() -> Environment:
    environment = template_environment(Path(__file__).with_name("templates"))
    environment.filters.update(
        css_text=css_text,
        shown=format_cell,
        chip=render_chip,
        tone=tone_of,
        masked=mask_personal_numbers,
        quantity=format_quantity,
    )
    environment.tests["absent"] = is_missing
    return environment
