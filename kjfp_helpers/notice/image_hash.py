"""Index of perceptual hashes: finds near-duplicate images by Hamming distance."""

from collections import defaultdict
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_HAMMING_DISTANCE = 12
"""Images whose hashes differ in no more bits count as the same image."""
_PARTS = MAX_HAMMING_DISTANCE + 1
"""Parts of a hash, one more than bits may differ: near hashes have at least one in common."""


class PerceptualHashIndex(Generic[T]):
    """Hashes with their owners; ``""`` is the hash of no image."""

    def __init__(self) -> None:
        self._hashes: list[tuple[int, T]] = []
        self._places: dict[tuple[int, str], list[int]] = defaultdict(list)

    def find(self, look: str) -> T | None:
        """Return the owner of the first hash within the maximum distance, ``None`` for none."""
        wanted = int(look or "0", 16)
        found = {place for part in _parts(look) for place in self._places.get(part, ())}
        for place in sorted(found):
            other, owner = self._hashes[place]
            if (other ^ wanted).bit_count() <= MAX_HAMMING_DISTANCE:
                return owner
        return None

    def add(self, look: str, owner: T) -> None:
        """Add a hash with its owner."""
        for part in _parts(look):
            self._places[part].append(len(self._hashes))
        self._hashes.append((int(look or "0", 16), owner))


def _parts(look: str) -> list[tuple[int, str]]:
    """Return the numbered parts of a hash.

    A part takes its bits from all over the image: the rows of a plain sky are alike in thousands.
    """
    if not look:
        return []
    bits = f"{int(look, 16):0{4 * len(look)}b}"
    return [(number, bits[number::_PARTS]) for number in range(_PARTS)]
