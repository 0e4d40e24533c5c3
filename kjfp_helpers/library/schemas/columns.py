"""Kinds of columns: each function declares one column with its Chinese heading and its bounds.

Text is blank, never missing; a number that is not known is NaN. What a column may hold is checked
by pandera, whose messages are replaced by Chinese ones (``error``).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa

Words = Mapping[str, str]
"""Stored value to the Chinese word that stands for it."""


def text(
    title: str, meaning: str = "", *, values: Iterable[str] = (), optional: bool = True
) -> Any:
    """Declare a text; ``values`` are the only ones it may have, ``""`` too where ``optional``."""
    allowed, checks = list(values), []
    if allowed:
        shown = "、".join(allowed)
        checks.append(_one_of(allowed + [""] * optional, f"{shown}之一"))
        meaning = "；".join(filter(None, (meaning, f"取值 {shown}")))
    elif not optional:
        checks.append(pa.Check.str_length(min_value=1, error="不空白的文字"))
    return _column("str", title, meaning, checks, look="text")


def code(title: str, meaning: str = "", *, optional: bool = False) -> Any:
    """Declare an identifier, which is never masked; it holds no blank and no personal number."""
    pattern = r"^[^\s]*$" if optional else r"^[^\s]+$"
    check = pa.Check.str_matches(pattern, error="不含空白的编号")
    return _column("str", title, meaning, [check], look="code")


def word(title: str, words: Words, meaning: str = "", *, optional: bool = False) -> Any:
    """Declare a code word that is shown by its Chinese one."""
    shown = "、".join(f"{value}（{chinese}）" for value, chinese in words.items())
    checks = [_one_of([*words] + [""] * optional, f"{'、'.join(words)}之一")]
    note = "；".join(filter(None, (meaning, f"取值 {shown}")))
    return _column("str", title, note, checks, look="word", words=dict(words))


def whole(title: str, meaning: str = "", unit: str = "", *, least: int = 0) -> Any:
    """Declare a whole number that is always known."""
    check = pa.Check.ge(least, error=f"不小于{least}的整数")
    return _column("int64", title, meaning, [check], look="count", unit=unit, range=f"≥ {least}")


def serial(title: str, meaning: str = "", *, least: int = 1) -> Any:
    """Declare a number that only names or orders something: no digits are set apart."""
    column = whole(title, meaning, least=least)
    column.metadata["look"] = "serial"
    return column


def count(title: str, meaning: str = "", unit: str = "", *, least: int | None = 0) -> Any:
    """Declare a whole number that may be missing."""
    checks = [pa.Check(lambda values: values == values.round(), error="整数", ignore_na=True)]
    if least is not None:
        checks.append(pa.Check.ge(least, error=f"不小于{least}的数"))
    bounds = f"≥ {least}" if least is not None else ""
    return _column(
        "float64", title, meaning, checks, look="count", unit=unit, range=bounds, missing=True
    )


def number(
    title: str,
    meaning: str = "",
    unit: str = "",
    *,
    least: float | None = None,
    most: float | None = None,
    missing: bool = True,
    digits: int = 1,
) -> Any:
    """Declare a number with bounds, both included."""
    checks = []
    if least is not None:
        checks.append(pa.Check.ge(least, error=f"不小于{least:g}的数"))
    if most is not None:
        checks.append(pa.Check.le(most, error=f"不大于{most:g}的数"))
    bounds = " ".join(
        f"{sign} {bound:g}" for sign, bound in (("≥", least), ("≤", most)) if bound is not None
    )
    return _column(
        "float64",
        title,
        meaning,
        checks,
        look="number",
        unit=unit,
        digits=digits,
        range=bounds,
        missing=missing,
    )


def share(title: str, meaning: str = "", *, most: float | None = 1.0, missing: bool = True) -> Any:
    """Declare a share, 1.0 for the whole; ``most`` is None where it may exceed the whole."""
    column = number(title, meaning, "1.0 为全部", least=0, most=most, missing=missing)
    column.metadata["look"] = "share"
    return column


def chance(title: str, meaning: str = "") -> Any:
    """Declare a probability, shown as every list shows it."""
    column = share(title, meaning)
    column.metadata |= {"look": "chance", "unit": "0–1"}
    return column


def flag(title: str, meaning: str = "", *, missing: bool = False) -> Any:
    """Declare yes or no; where that may be unknown the type is pandas' own ``boolean``."""
    kind = "boolean" if missing else "bool"
    return _column(kind, title, meaning, [], look="flag", missing=missing)


def flags(title: str, meaning: str) -> Any:
    """Declare several columns of yes, no or unknown; their key is a pattern of their names."""
    column = flag(title, meaning, missing=True)
    column.regex, column.required = True, False
    return column


def moment(title: str, meaning: str = "", *, missing: bool = True) -> Any:
    """Declare a point of time in any zone."""
    check = pa.Check(_has_zone, error="带时区的时刻", ignore_na=False)
    return _column(None, title, meaning, [check], look="moment", missing=missing)


def day(title: str, meaning: str = "") -> Any:
    """Declare a day as ISO 8601 text, blank for none."""
    check = pa.Check.str_matches(r"^(\d{4}-\d\d-\d\d)?$", error="年-月-日")
    return _column("str", title, meaning, [check], look="code")


def _has_zone(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.DatetimeTZDtype)


def _one_of(values: list[str], words: str) -> pa.Check:
    return pa.Check.isin(values, error=words)


def _column(
    kind: Any,
    title: str,
    meaning: str,
    checks: list[pa.Check],
    *,
    missing: bool = False,
    **metadata: Any,
) -> Any:
    metadata["type"] = kind or "datetime64[us, 时区]"
    return pa.Column(
        kind,
        checks,
        nullable=missing,
        title=title,
        description=meaning,
        metadata=metadata,
    )


def frame(
    name: str,
    title: str,
    row: str,
    columns: Mapping[str, Any],
    *,
    screens: tuple[str, ...],
    unique: list[str] | None = None,
    shown: str = "",
    note: str = "",
) -> pa.DataFrameSchema:
    """Declare a frame.

    Parameters
    ----------
    name, title
        Its name in the library and in Chinese.
    row : str
        What a row is, in Chinese.
    columns : mapping
        Name to column, in order.
    screens : tuple of str
        Screens of ``SCREEN_PERMISSIONS``; who may open one of them may read the frame.
    unique : list of str, optional
        Columns that together tell the rows apart.
    shown : str
        Columns that the Chinese view of the whole frame shows, all where blank.
    note : str
        What else to know, in Chinese.
    """
    return pa.DataFrameSchema(
        dict(columns),
        name=name,
        title=title,
        description=note,
        metadata={"row": row, "screens": screens, "shown": tuple(shown.split())},
        unique=unique,
        strict=True,
        ordered=True,
    )
