"""Frames for people: Chinese headings and words, numbers as an office writes them."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.state_labels import TONE_COLOURS, tone_of
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.library.schemas.frame_catalogue import frame_schemas
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from jinja2 import Environment

Looks = Mapping[str, tuple[str, Mapping[str, Any]]]
"""Column to its Chinese heading and what its declaration says of it."""
MAX_ROWS = 20
"""Rows shown of a frame unless more are asked for."""


@dataclass(frozen=True)
class ChineseTable:
    """A frame as people read it.

    ``frame`` has all rows under Chinese headings, Chinese words in place of codes, numbers as
    numbers and times without a zone, so that it may be written to a workbook. ``texts`` are the
    same cells as they are shown; the table on the screen ends after ``rows``.
    """

    frame: pd.DataFrame
    texts: pd.DataFrame
    caption: str
    rows: int
    is_numeric: tuple[bool, ...]

    def _repr_html_(self) -> str:
        return render_template(
            "table",
            caption=self.caption,
            columns=[*zip(map(str, self.texts.columns), self.is_numeric, strict=True)],
            rows=self.texts.head(self.rows).to_numpy().tolist(),
            total=len(self.texts),
            shown=min(self.rows, len(self.texts)),
            empty="没有内容",
        )

    def __repr__(self) -> str:
        return self.texts.head(self.rows).to_string(index=False)


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
    name, titles = str(frame.attrs.get("frame", "")), frame.attrs.get("titles", {})
    table = frame.to_frame() if isinstance(frame, pd.Series) else pd.DataFrame(frame)
    table = _shown_columns(table, name)
    if any(part is not None for part in table.index.names):
        table = table.reset_index(allow_duplicates=True)
    looks = _column_looks(name)
    columns = [
        _show_column(_column_name(key), table.iloc[:, position], looks, titles)
        for position, key in enumerate(table.columns)
    ]
    heads = pd.Index([column.heading for column in columns])
    return ChineseTable(
        frame=pd.DataFrame({n: column.values for n, column in enumerate(columns)}).set_axis(
            heads, axis=1
        ),
        texts=pd.DataFrame({n: column.texts for n, column in enumerate(columns)}).set_axis(
            heads, axis=1
        ),
        caption=str(frame.attrs.get("caption", "")),
        rows=max(rows, 1),
        is_numeric=tuple(column.is_numeric for column in columns),
    )


class _ShownColumn(NamedTuple):
    heading: str
    values: "pd.Series[Any]"
    texts: list[str]
    is_numeric: bool


def _column_name(key: object) -> str:
    """Return the name of a column; of one with several levels, all of them."""
    return "·".join(filter(None, map(str, key))) if isinstance(key, tuple) else str(key)


def _show_column(
    name: str, column: "pd.Series[Any]", looks: "Looks", titles: Mapping[str, str]
) -> _ShownColumn:
    """Return a column under its Chinese heading, its values for a workbook and as texts."""
    title, look = looks.get(name, (name, {}))
    column = column.reset_index(drop=True)
    is_flag = pd.api.types.is_bool_dtype(column)
    values: pd.Series[Any] = column
    if is_flag:
        values = column.astype(object).map({True: "是", False: "否"}).fillna("")
    elif isinstance(column.dtype, pd.DatetimeTZDtype):
        values = column.dt.tz_localize(None)
    elif look.get("words"):
        values = column.map(lambda value: look["words"].get(value, value))
    return _ShownColumn(
        heading=titles.get(name, f"{title}{_measure(title, look)}"),
        values=values,
        texts=[_cell_text(value, look) for value in column],
        is_numeric=pd.api.types.is_numeric_dtype(column) and not is_flag,
    )


def _measure(title: str, look: Mapping[str, Any]) -> str:
    """Return the unit of measure as a heading carries it, blank for none."""
    unit = look.get("unit", "")
    is_told = title.endswith(unit) or look.get("look") not in ("count", "number")
    return "" if not unit or is_told else f"（{unit}）"


def _shown_columns(table: pd.DataFrame, frame: str) -> pd.DataFrame:
    """Return the columns for people of a whole frame; of a part that somebody chose, all."""
    if frame not in frame_schemas():
        return table
    schema = frame_schemas()[frame]
    shown = [name for name in schema.metadata["shown"] if name in table]
    is_whole = {name for name, column in schema.columns.items() if not column.regex} <= {*table}
    return table[shown] if shown and is_whole else table


@cache
def _column_looks(frame: str) -> Looks:
    """Return heading and look of each column: the frame's own, else what most frames have.

    A frame that was made from another may no longer say from which; the words of a column are then
    those of all frames.
    """
    columns = [item for schema in frame_schemas().values() for item in schema.columns.items()]
    titles: dict[str, Counter[str]] = {}
    words: dict[str, dict[str, str]] = {}
    for name, column in columns:
        titles.setdefault(name, Counter())[column.title] += 1
        words.setdefault(name, {}).update(column.metadata.get("words", {}))
    usual = {name: counts.most_common(1)[0][0] for name, counts in titles.items()}
    looks = {
        name: (column.title, {**column.metadata, "words": words[name]})
        for name, column in columns
        if column.title == usual[name]
    }
    own = frame_schemas()[frame].columns.items() if frame in frame_schemas() else ()
    return looks | {name: (column.title, column.metadata) for name, column in own}


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
