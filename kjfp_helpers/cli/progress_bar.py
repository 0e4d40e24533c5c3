"""Progress bar with counts for anything that takes over a second."""

import os
import sys
from collections.abc import Callable
from typing import Any

INTERVAL = "KJFP_PROGRESS_SECONDS"
"""Environment variable with the seconds between two lines where output goes into a file."""


class Bar:
    """A progress bar on the terminal; the context gives the callback ``(done, total)``."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None

    def __enter__(self) -> Callable[[int, int], None]:
        return self._on_progress

    def _on_progress(self, done: int, total: int) -> None:
        if self._bar is None:
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # its thread would keep this process from being forked
            self._bar = tqdm(
                total=total,
                desc=f"  {self._title}",
                delay=1,
                leave=False,
                dynamic_ncols=True,
                mininterval=_interval(),
                bar_format="{desc} {bar:30} {n}/{total} 剩余{remaining}",
            )
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _interval() -> float:
    """Return the seconds between two lines: few in a log, unless somebody reads along."""
    asked = os.environ.get(INTERVAL)
    return float(asked) if asked else 0.1 if sys.stderr.isatty() else 10
