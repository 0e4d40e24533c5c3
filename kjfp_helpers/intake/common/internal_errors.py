"""Telling our own bugs from the complaints of a parser about a hostile file."""

import traceback
import warnings
from pathlib import Path

PACKAGE_FOLDER = Path(__file__).resolve().parents[2]


def warn_internal_error(error: Exception) -> None:
    """Warn where an error that intake survives arose in this package's own lines.

    What lxml, Pillow or zipfile raise on a broken file is expected, and so is nesting beyond every
    limit; any other error that begins here is a bug, and a warning, which the tests refuse. The
    words name the type only, never the content.
    """
    if isinstance(error, RecursionError):
        return
    frames = traceback.extract_tb(error.__traceback__)
    if frames and PACKAGE_FOLDER in Path(frames[-1].filename).parents:
        warnings.warn(
            f"读取来件时程序出错（{type(error).__name__}），已按无法读取登记，请告知维护人员",
            RuntimeWarning,
            stacklevel=2,
        )
