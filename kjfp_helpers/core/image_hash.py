"""Pictures that look alike although their bytes differ, by a short print of each."""

from collections import defaultdict
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_HAMMING_DISTANCE = 12
"""Prints that differ in no more bits are of one picture, saved twice."""
_CHUNK = 16


class PerceptualHashIndex(Generic[T]):
    """Prints seen so far, each with what it belongs to; ``""`` is the print of no picture."""

    def __init__(self) -> None:
        self._index: dict[tuple[int, int], list[tuple[int, T]]] = defaultdict(list)

    def find(self, look: str) -> T | None:
        """Return what the first print belongs to that is as good as the same."""
        print_ = int(look or "0", 16)
        for at, chunk in enumerate(_chunks(look)):
            # Prints that near each other share at least one of their sixteen pieces whole.
            for other, owner in self._index.get((at, chunk), ()):
                if (other ^ print_).bit_count() <= MAX_HAMMING_DISTANCE:
                    return owner
        return None

    def add(self, look: str, owner: T) -> None:
        """Remember a print."""
        for at, chunk in enumerate(_chunks(look)):
            self._index[at, chunk].append((int(look, 16), owner))


def _chunks(look: str) -> list[int]:
    width = _CHUNK // 4
    return [int(look[at : at + width], 16) for at in range(0, len(look), width)]
