"""Character n-grams of normalized texts, and an index of the n-grams that texts share.

Spaces, punctuation and width are no letters, and every figure counts as the same one, so that a
copy with other numbers is a copy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kjfp_helpers.core.normalize import alnum_key

MAX_HOLDER_SHARE = 8
"""Texts that may hold the same row of letters before it counts as a phrase in use."""

Signs = NDArray[np.uint32]
Places = NDArray[np.intp]
Hashes = NDArray[np.uint64]
_FIGURE = ord("0")
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class NormalizedText:
    """The letters of a text and the place of each in it."""

    text: str
    signs: Signs
    places: Places

    def __len__(self) -> int:
        return len(self.signs)

    def __str__(self) -> str:
        return self.signs.astype("<u4").tobytes().decode("utf-32-le", "replace")

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Return where a row of letters begins and ends in the text; a figure is whole."""
        end = int(self.places[start + length - 1]) + 1
        while end < len(self.text) and self.text[end - 1 : end + 1].isdecimal():
            end += 1
        return int(self.places[start]), end


def normalize_texts(texts: Sequence[str]) -> list[NormalizedText]:
    """Return the letters of all texts, by one table of the signs that occur in any."""
    codes = [np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32) for text in texts]
    present = np.zeros(0x110000, np.bool_)
    for code in codes:
        present[code] = True
    table = np.zeros(0x110000, np.uint32)
    for sign in np.flatnonzero(present).tolist():
        table[sign] = _letter(chr(sign))
    return [_letters(text, table[code]) for text, code in zip(texts, codes, strict=True)]


def _letter(sign: str) -> int:
    """Return the number of a sign as it is compared, 0 for what is no letter."""
    letter = alnum_key(sign)
    return (_FIGURE if letter[0].isdecimal() else ord(letter[0])) if letter else 0


def _letters(text: str, signs: Signs) -> NormalizedText:
    places = np.flatnonzero(signs)
    signs = signs[places]
    once = np.ones(len(signs), np.bool_)
    once[1:] = (signs[1:] != _FIGURE) | (signs[:-1] != _FIGURE)
    return NormalizedText(text, signs[once], places[once])


class NgramIndex:
    """Every row of ``size`` letters that two texts share (Broder's shingles, 1997).

    ``counts`` tells how many different rows two texts share, by their numbers. Of a phrase in
    use a text is held against the next one only: one that stands in a hundred forms is found on
    each of them, in time that grows with their number.
    """

    def __init__(
        self, texts: Sequence[NormalizedText], stock: Iterable[NormalizedText], size: int
    ) -> None:
        self.texts, self.size = texts, size
        known = np.unique(_joined([self._rows(phrase) for phrase in stock]))
        hashes, holders, places = self._repeated()
        first = np.ones(len(hashes), np.bool_)  # of a row in a text, in which it may stand twice
        first[1:] = (hashes[1:] != hashes[:-1]) | (holders[1:] != holders[:-1])
        _, group = np.unique(hashes, return_inverse=True)
        held = np.bincount(group, first, minlength=1).astype(int)[group]
        stocked = np.isin(hashes, known)
        kept = first & ~stocked & (held > 1)
        self.counts = _counts(
            hashes[kept], holders[kept], held[kept] > MAX_HOLDER_SHARE, len(texts)
        )
        met = np.flatnonzero(held > 1)
        met = met[np.argsort(holders[met], kind="stable")]
        self._columns = (
            hashes[met],
            places[met],
            (stocked | (held > MAX_HOLDER_SHARE))[met],
            stocked[met],
        )
        self._starts = np.searchsorted(holders[met], np.arange(len(texts) + 1))
        self._read: dict[int, _SharedNgrams] = {}

    def _rows(self, letters: NormalizedText) -> Hashes:
        number = max(len(letters) - self.size + 1, 0)
        hashes = np.zeros(number, np.uint64)
        for place in range(self.size):
            hashes = hashes * _BASE + letters.signs[place : place + number]
        return hashes

    def _repeated(self) -> tuple[Hashes, Places, Places]:
        """Return the rows that stand more than once, sorted, with the text and place of each."""
        rows = [self._rows(text) for text in self.texts]
        hashes = _joined(rows)
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        again = hashes[1:] == hashes[:-1]
        twice = np.zeros(len(hashes), np.bool_)
        twice[1:] = again
        twice[:-1] |= again
        order = order[twice]
        starts = np.cumsum([0, *map(len, rows)])
        holders = np.searchsorted(starts, order, side="right") - 1
        return hashes[twice], holders, order - starts[holders]

    def shared_runs(self, one: int, other: int) -> Iterator[tuple[int, int, int]]:
        """Yield start in the one, start in the other and length of each run of shared letters.

        They follow the one text and do not overlap in it; each is the longest at its place.
        """
        ours, theirs = self._shared(one).rows, self._shared(other).rows
        signs, beside = self.texts[one].signs, self.texts[other].signs
        end = 0
        met = ((start, row) for row in ours.keys() & theirs.keys() for start in ours[row])
        for start, row in sorted(met):
            if start >= end:
                length, at = max((_length(signs[start:], beside[at:]), -at) for at in theirs[row])
                if length >= self.size:
                    yield start, -at, length
                    end = start + length

    def is_phrase(self, text: int, start: int, length: int) -> bool:
        """Whether a run is made of phrases in use."""
        rows = range(start, start + length - self.size + 1)
        return self._shared(text).usual.issuperset(rows)

    def count_own_letters(self, text: int, start: int, length: int) -> int:
        """Return how many letters of a run stand in no stock phrase."""
        rows = range(start, start + length - self.size + 1)
        places = self._shared(text).stock.intersection(rows)
        return length - len({place + step for place in places for step in range(self.size)})

    def _shared(self, text: int) -> "_SharedNgrams":
        if text not in self._read:
            part = slice(*self._starts[text : text + 2])
            hashes, places, usual, stock = (column[part] for column in self._columns)
            rows: dict[int, list[int]] = {}
            for row, place in zip(hashes.tolist(), places.tolist(), strict=True):
                rows.setdefault(row, []).append(place)
            self._read[text] = _SharedNgrams(
                rows, {*places[usual].tolist()}, {*places[stock].tolist()}
            )
        return self._read[text]


class _SharedNgrams(NamedTuple):
    """Where in a text the rows that it shares stand, those in use, and those that do not count."""

    rows: dict[int, list[int]]
    usual: set[int]
    stock: set[int]


def _joined(parts: list[Hashes]) -> Hashes:
    return np.concatenate([*parts, np.empty(0, np.uint64)])


def _counts(
    hashes: Hashes, holders: Places, common: NDArray[np.bool_], texts: int
) -> dict[tuple[int, int], int]:
    counts: Counter[int] = Counter()
    for step in range(1, MAX_HOLDER_SHARE):
        same = hashes[step:] == hashes[:-step]
        same &= ~common[step:] | (step == 1)
        pairs = holders[:-step][same] * texts + holders[step:][same]
        keys, numbers = np.unique(pairs, return_counts=True)
        counts.update(dict(zip(keys.tolist(), numbers.tolist(), strict=True)))
    return {divmod(key, texts): counts[key] for key in sorted(counts)}


def _length(one: Signs, other: Signs) -> int:
    """Return how many letters two rows have in common from their beginning."""
    size = min(len(one), len(other))
    differing = np.flatnonzero(one[:size] != other[:size])
    return int(differing[0]) if len(differing) else size
