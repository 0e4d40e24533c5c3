"""Index of perceptual hashes: finds near-duplicate images by Hamming distance."""

from collections import defaultdict
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_HAMMING_DISTANCE = 12
"""Images whose hashes differ in no more bits count as the same image."""
_CHUNK = 16


class PerceptualHashIndex(Generic[T]):
    """Hashes with their owners; ``""`` is the hash of no image."""

    def __init__(self) -> None:
        self._index: dict[tuple[int, int], list[tuple[int, T]]] = defaultdict(list)

    def find(self, look: str) -> T | None:
        """Return the owner of the first hash within the maximum distance, ``None`` for none."""
        wanted = int(look or "0", 16)
        for index, chunk in enumerate(_chunks(look)):
            # Hashes within the maximum distance share at least one of their sixteen chunks.
            for other, owner in self._index.get((index, chunk), ()):
                if (other ^ wanted).bit_count() <= MAX_HAMMING_DISTANCE:
                    return owner
        return None

    def add(self, look: str, owner: T) -> None:
        """Add a hash with its owner."""
        for index, chunk in enumerate(_chunks(look)):
            self._index[index, chunk].append((int(look, 16), owner))


def _chunks(look: str) -> list[int]:
    width = _CHUNK // 4
    return [int(look[start : start + width], 16) for start in range(0, len(look), width)]
