"""Folders that a process makes once for all its tests; each test takes a copy."""

import atexit
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp


@cache
def made_in_process(make: Callable[..., None], *given) -> Path:
    """Return a folder that ``make(folder, *given)`` has filled; nobody may change it."""
    folder = Path(mkdtemp(prefix=make.__name__))
    atexit.register(_remove, folder, os.getpid())
    make(folder, *given)
    return folder


def _remove(folder: Path, owner: int) -> None:
    """Remove what a process made, unless a process that it forked comes to its end."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
