"""Distinguish bugs in this package from the errors of parsers on broken or hostile files."""

import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
_collectors: list[list[str]] = []
"""Where warnings of this process are collected, the last first."""


@contextmanager
def collect_warnings() -> Iterator[list[str]]:
    """Collect what :func:`warn_internal_error` says, for another process to show."""
    _collectors.append([])
    try:
        yield _collectors[-1]
    finally:
        _collectors.pop()


def show_warning(text: str) -> None:
    """Show or collect a warning."""
    if _collectors:
        _collectors[-1].append(text)
    else:
        warnings.warn(text, RuntimeWarning, stacklevel=2)


def warn_internal_error(error: Exception) -> None:
    """Warn if a caught exception was raised by a line of this package.

    Errors that lxml, Pillow or zipfile raise on a broken file are expected, and so is a recursion
    limit reached by deep nesting. Any other error raised in this package is a bug; the tests turn
    the warning into a failure. The message names the type of the error, never its text.
    """
    if not isinstance(error, RecursionError) and _is_raised_here(error):
        show_internal_error(type(error).__name__)


def show_internal_error(name: str) -> None:
    """Show the warning of a bug; ``name`` is the type of its error."""
    show_warning(f"读取来件时程序出错（{name}），已按无法读取登记，请告知维护人员")


def is_bug(error: BaseException) -> bool:
    """Whether a line of this package failed, and raised neither its own nor a library's error.

    Examples
    --------
    >>> is_bug(ValueError("raised elsewhere"))
    False
    """
    is_expected = isinstance(error, RecursionError | MemoryError)
    return type(error).__module__ == "builtins" and not is_expected and _is_raised_here(error)


def _is_raised_here(error: BaseException) -> bool:
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and PACKAGE_FOLDER in Path(frames[-1].filename).parents
