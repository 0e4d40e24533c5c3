"""Kept stages: a stage is derived once for each digest of what it depends on."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Stage = TypeVar("Stage")


class StageKeep(Protocol):
    """Returns a stage that is kept under a digest of its inputs, or derives it."""

    def __call__(self, key: Callable[[], str], derive: Callable[[], Stage]) -> Stage:
        """Return the stage of the digest that ``key`` returns."""


def derive_anew(key: Callable[[], str], derive: Callable[[], Stage]) -> Stage:
    """Derive a stage and keep nothing; no digest is asked for."""
    return derive()


class MemoryKeep:
    """The last of each stage, for as long as a session is open.

    Examples
    --------
    >>> keep = MemoryKeep()
    >>> keep(lambda: "scores 1", lambda: ["first"]), keep(lambda: "scores 1", lambda: ["second"])
    (['first'], ['first'])
    >>> keep(lambda: "scores 2", lambda: ["third"])
    ['third']
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Any]] = {}

    def copy(self) -> "MemoryKeep":
        """Return a keep with the same stages; what it goes on to keep is its own."""
        other = MemoryKeep()
        other._kept = dict(self._kept)
        return other

    def holds(self, key: str) -> bool:
        """Return whether the stage of a digest is kept."""
        return self._kept.get(key.partition(" ")[0], ("",))[0] == key

    def __call__(self, key: Callable[[], str], derive: Callable[[], Stage]) -> Stage:
        """Return the stage of a digest; ``key`` is the stage's name, a space and the digest."""
        wanted = key()
        name = wanted.partition(" ")[0]
        if not self.holds(wanted):
            self._kept.pop(name, None)  # not held beside the one that takes its place
            self._kept[name] = (wanted, derive())
        stage: Stage = self._kept[name][1]
        return stage
