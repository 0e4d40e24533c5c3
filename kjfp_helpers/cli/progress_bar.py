"""Progress bar with counts for anything that takes over a second."""

import sys
from collections.abc import Callable
from typing import Any


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

            self._bar = tqdm(
                total=total,
                desc=f"  {self._title}",
                delay=1,
                leave=False,
                dynamic_ncols=True,
                mininterval=0.1 if sys.stderr.isatty() else 10,  # few lines in a log
                bar_format="{desc} {bar:30} {n}/{total} 剩余{remaining}",
            )
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()
