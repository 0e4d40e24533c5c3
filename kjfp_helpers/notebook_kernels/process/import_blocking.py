"""Modules that count as not installed for a while, to save their import."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hidden_modules(*names: str) -> Iterator[None]:
    """Make modules count as not installed within a ``with`` block.

    A module that is loaded already stays as it is.

    Parameters
    ----------
    *names : str
        Modules that others import only if they are there.

    Examples
    --------
    >>> with hidden_modules("antigravity"):
    ...     import antigravity
    Traceback (most recent call last):
    ...
    ModuleNotFoundError: import of antigravity halted; None in sys.modules
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
