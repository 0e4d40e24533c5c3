"""Frames for people: Chinese headings and words, numbers as an office writes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.state_labels import TONE_COLOURS, tone_of
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.library.schemas.frame_catalogue import frame_schemas
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from jinja2 import Environment

MAX_ROWS = 20
"""Rows shown of a frame unless more are asked for."""


@dataclass(frozen=True)
class ChineseTable:
    """A frame as people read it; ``frame`` has its Chinese headings and words, all its rows.

    ``frame`` may be written to a workbook; the table on the screen ends after ``rows``.
    """

    frame: pd.DataFrame
    caption: str
    rows: int
    is_numeric: tuple[bool, ...]
    empty: str = "没有内容"

    def _repr_html_(self) -> str:
        return render_template(
            "table",
            caption=self.caption,
            columns=[*zip(map(str, self.frame.columns), self.is_numeric, strict=True)],
            rows=self.frame.head(self.rows).to_numpy().tolist(),
            total=len(self.frame),
            shown=min(self.rows, len(self.frame)),
            empty=self.empty,
        )

    def __repr__(self) -> str:
        return self.frame.head(self.rows).to_string(index=False)


class ReadableFrame(pd.DataFrame):
    """A frame that a notebook shows as a Chinese table; what is made from it is a plain frame."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        return chinese(self)._repr_html_()


def chinese(frame: "pd.DataFrame | pd.Series[Any]", *, rows: int = MAX_ROWS) -> ChineseTable:
    """Return a frame of the library, or one made from it, with Chinese headings and words.

    Parameters
    ----------
    frame
        Columns that the library does not know keep their names; an index with a name is shown as
        the first column.
    rows : int
        Rows shown.

    Raises
    ------
    ParameterError
        When it is no frame and no column of one.
    """
    if not isinstance(frame, pd.DataFrame | pd.Series):
        raise ParameterError(
            "kjfp.chinese",
            expected="一张表或表的一列",
            found=type(frame).__name__,
            advice="把取出的表交给它，如 kjfp.chinese(review.findings)",
        )
    about = dict(frame.attrs)
    table = frame.to_frame() if isinstance(frame, pd.Series) else pd.DataFrame(frame)
    table = _shown_columns(table, str(about.get("frame", "")))
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    looks = _column_looks(str(about.get("frame", "")))
    titles: Mapping[str, str] = about.get("titles", {})
    heads, cells, numeric = [], [], []
    for position, name in enumerate(table.columns):
        title, look = looks.get(str(name), (str(name), {}))
        look = {"look": "flag"} if name in titles else look
        heads.append(titles.get(str(name), f"{title}{_measure(title, look)}"))
        column = table.iloc[:, position]
        cells.append([_cell_text(value, look) for value in column])
        numeric.append(bool(pd.api.types.is_numeric_dtype(column) and not _is_flag(column)))
    shown = pd.DataFrame(dict(enumerate(cells)), dtype=object)
    shown.columns = pd.Index(heads)
    return ChineseTable(shown, str(about.get("caption", "")), rows, tuple(numeric))


def _measure(title: str, look: Mapping[str, Any]) -> str:
    """Return the unit of measure as a heading carries it, blank for none."""
    unit = look.get("unit", "")
    is_told = unit in title or look.get("look") not in ("count", "number")
    return "" if not unit or is_told else f"（{unit}）"


def _shown_columns(table: pd.DataFrame, frame: str) -> pd.DataFrame:
    """Return the columns for people of a whole frame; of a part that somebody chose, all."""
    if frame not in frame_schemas():
        return table
    schema = frame_schemas()[frame]
    shown = [name for name in schema.metadata["shown"] if name in table]
    is_whole = {name for name, column in schema.columns.items() if not column.regex} <= {*table}
    return table[shown] if shown and is_whole else table


def _is_flag(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_bool_dtype(column)


@cache
def _column_looks(frame: str) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return heading and look of each column: the frame's own, else what all frames agree on."""
    known: dict[str, set[tuple[str, str]]] = {}
    looks: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for schema in frame_schemas().values():
        for name, column in schema.columns.items():
            known.setdefault(name, set()).add((column.title, column.metadata["look"]))
            looks[name] = (column.title, column.metadata)
    common = {name: looks[name] for name, titles in known.items() if len(titles) == 1}
    own = frame_schemas()[frame].columns.items() if frame in frame_schemas() else ()
    return common | {name: (column.title, column.metadata) for name, column in own}


def _cell_text(value: Any, look: Mapping[str, Any]) -> str:
    """Return a value as a person reads it; what is missing is a dash, blank text stays blank."""
    if isinstance(value, str):
        words: Mapping[str, str] = look.get("words", {})
        return words.get(value, value)
    if not pd.api.types.is_scalar(value) or pd.isna(value):
        return formatting.MISSING if pd.api.types.is_scalar(value) else str(value)
    if pd.api.types.is_bool(value):
        return "是" if value else "否"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    if not pd.api.types.is_number(value):
        return str(value)
    if look.get("look") in _WRITERS:
        return _WRITERS[look["look"]](value)
    return formatting.format_number(value, _digits(value, look))


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "share": formatting.format_percent,
    "chance": formatting.format_probability,
    "serial": lambda value: str(int(value)),
}
"""How the numbers of a look are written that differ from ordinary ones."""


def _digits(value: Any, look: Mapping[str, Any]) -> int:
    """Return the decimals of a number: as declared, else none for a whole one."""
    if "digits" in look:
        return int(look["digits"])
    return 0 if look.get("look") == "count" or float(value).is_integer() else 2


def render_template(template: str, **values: Any) -> str:
    """Return a template of ``library/templates`` filled with escaped values."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


@cache
def _environment() -> "Environment":
    environment = template_environment(Path(__file__).with_name("templates"))
    environment.filters["chip"] = render_chip
    return environment


def render_chip(word: object) -> Markup | str:
    """Return a state word in its colour, any other text as it is."""
    tone = tone_of(str(word))
    if not tone:
        return str(word)
    ink, ground, _ = TONE_COLOURS[tone]
    return Markup('<span class="kjfp-chip" style="color:{};background:{}">{}</span>').format(
        ink, ground, word
    )
