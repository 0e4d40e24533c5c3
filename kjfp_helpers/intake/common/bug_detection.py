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
    if isinstance(error, RecursionError):
        return
    frames = traceback.extract_tb(error.__traceback__)
    if frames and PACKAGE_FOLDER in Path(frames[-1].filename).parents:
        show_warning(
            f"读取来件时程序出错（{type(error).__name__}），已按无法读取登记，请告知维护人员"
        )
