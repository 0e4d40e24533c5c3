"""Whether a cell of a table holds a value."""

from typing import Any


def is_missing(value: Any) -> bool:
    """Whether there is no value; zero, ``False`` and empty lists are values.

    Missing are None, blank text, NaN of any kind, and pandas' NaT and NA, also as text.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing(""), is_missing(0), is_missing([])
    (True, True, False, False)
    """
    if value is None or isinstance(value, str):
        return value in (None, "", "NaT", "<NA>")
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA is neither equal nor unequal to itself
        return True
    except ValueError:  # an array is no single value
        return False
