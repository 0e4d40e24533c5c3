"""Modules that count as not installed for a while, or are loaded when used, to save the import."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

FORMAT_CHECKS = ("rfc3987_syntax", "isoduration")
"""What jsonschema imports, if it is there, to check addresses and durations: it takes a second, and
no schema of notebooks has such a check."""


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


class _DeferredModule(ModuleType):
    """Stands for a module until something of it is called, or asked for after the block."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            return partial(_call, self.__name__, name)
        return getattr(import_module(self.__name__), name)


def _call(module: str, name: str, *arguments: Any, **settings: Any) -> Any:
    return getattr(import_module(module), name)(*arguments, **settings)


@contextmanager
def deferred_modules(*names: str) -> Iterator[None]:
    """Let those that import modules within a ``with`` block load them when they call something.

    A module that is loaded already stays as it is.

    Parameters
    ----------
    *names : str
        Modules of which others import functions and classes, and use none while they are loaded.

    Examples
    --------
    >>> with deferred_modules("colorsys"):
    ...     from colorsys import rgb_to_hsv
    >>> "colorsys" in sys.modules, rgb_to_hsv(1, 0, 0), "colorsys" in sys.modules
    (False, (0.0, 1.0, 1), True)
    """
    deferred = {name: _DeferredModule(name) for name in names if name not in sys.modules}
    sys.modules.update(deferred)
    try:
        yield
    finally:
        for name in deferred:
            del sys.modules[name]
