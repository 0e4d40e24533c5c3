"""Progress of a long step, as whoever shows it is told."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Called with the number done and the total."""


def ignore_progress(done: int, total: int) -> None:
    """Show nothing."""
