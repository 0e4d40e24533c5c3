"""Character n-grams of normalized texts, and an index of the n-grams that texts share.

Spaces and punctuation are dropped, width is normalized, and every number becomes one ``0``, so that
a copy with other numbers is found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kjfp_helpers.core.text_normalization import alnum_key

MAX_HOLDER_SHARE = 8
"""Maximum of texts that share an n-gram before it counts as a common phrase."""

Codes = NDArray[np.uint32]
Positions = NDArray[np.integer[Any]]
Hashes = NDArray[np.uint64]
_FIGURE = ord("0")
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class NormalizedText:
    """The letters of a text, as code points, and the position of each in it."""

    text: str
    codes: Codes
    positions: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.codes)

    def __str__(self) -> str:
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Return start and end in the text of a run of letters; a number is not split."""
        end = int(self.positions[start + length - 1]) + 1
        while end < len(self.text) and self.text[end - 1 : end + 1].isdecimal():
            end += 1
        return int(self.positions[start]), end


def normalize_texts(texts: Sequence[str]) -> list[NormalizedText]:
    """Normalize texts; every character that occurs is normalized once."""
    encoded = [np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32) for text in texts]
    present = np.zeros(0x110000, np.bool_)
    for codes in encoded:
        present[codes] = True
    table = np.zeros(0x110000, np.uint32)
    for code in np.flatnonzero(present).tolist():
        table[code] = _normalize_char(chr(code))
    return [_drop_blanks(text, table[codes]) for text, codes in zip(texts, encoded, strict=True)]


def _normalize_char(char: str) -> int:
    """Return the code point that a character is compared by, 0 for one that is dropped."""
    key = alnum_key(char)
    if not key:
        return 0
    if key[0].isdecimal():
        return _FIGURE
    return ord(key[0])


def _drop_blanks(text: str, codes: Codes) -> NormalizedText:
    """Drop the zeros, and all but the first of successive digits."""
    positions = np.flatnonzero(codes)
    codes = codes[positions]
    kept = np.ones(len(codes), np.bool_)
    kept[1:] = (codes[1:] != _FIGURE) | (codes[:-1] != _FIGURE)
    return NormalizedText(text, codes[kept], positions[kept].astype(np.uint32))


class NgramIndex:
    """Index of the n-grams of ``size`` letters shared by texts (Broder's shingles, 1997).

    ``pairs`` holds, sorted, every two texts that share n-grams; a row each. ``shorter`` is the
    number of letters of the shorter of the two, and ``counts`` the number of distinct n-grams they
    share. For a common phrase a text is compared with the next holder only, so that time grows
    linearly with the number of holders.
    """

    def __init__(
        self, texts: Sequence[NormalizedText], stock: Iterable[NormalizedText], size: int
    ) -> None:
        self.texts, self.size = texts, size
        known = np.unique(_joined([self._hash_ngrams(phrase) for phrase in stock]))
        hashes, holders, positions = self._repeated()
        first = _is_new(hashes) | _is_new(holders)  # occurrence of an n-gram in a text
        group = np.cumsum(_is_new(hashes), dtype=np.int32) - 1  # number of each n-gram
        holder_counts = np.bincount(group, first, minlength=1).astype(np.int32)[group]
        stocked = _is_in(hashes, known)
        kept = first & ~stocked & (holder_counts > 1)
        self.pairs, self.counts = _count_pairs(
            hashes[kept], holders[kept], holder_counts[kept] > MAX_HOLDER_SHARE, len(texts)
        )
        lengths = np.array([len(text) for text in texts], np.intp)
        self.shorter = lengths[self.pairs].min(1)
        shared = np.flatnonzero(holder_counts > 1)
        shared = shared[np.argsort(holders[shared], kind="stable")]
        self._columns = (
            hashes[shared],
            positions[shared],
            (stocked | (holder_counts > MAX_HOLDER_SHARE))[shared],
            stocked[shared],
        )
        self._starts = np.searchsorted(holders[shared], np.arange(len(texts) + 1))
        self._marked: dict[int, _MarkedLetters] = {}

    def _hash_ngrams(self, letters: NormalizedText) -> Hashes:
        number = self._count_ngrams(letters)
        hashes = np.zeros(number, np.uint64)
        for offset in range(self.size):
            hashes = hashes * _BASE + letters.codes[offset : offset + number]
        return hashes

    def _count_ngrams(self, letters: NormalizedText) -> int:
        return max(len(letters) - self.size + 1, 0)

    def _repeated(self) -> tuple[Hashes, Positions, Positions]:
        """Return the n-grams that occur more than once, sorted, with text and position of each."""
        starts = np.cumsum([0, *map(self._count_ngrams, self.texts)])
        hashes = np.empty(starts[-1], np.uint64)  # filled in place: all rows at once are as much
        for text, start, end in zip(self.texts, starts, starts[1:], strict=False):
            hashes[start:end] = self._hash_ngrams(text)
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        equals_previous = ~_is_new(hashes)[1:]
        repeated = np.zeros(len(hashes), np.bool_)
        repeated[1:] = equals_previous
        repeated[:-1] |= equals_previous
        order = order[repeated]
        holders = (np.searchsorted(starts, order, side="right") - 1).astype(np.int32)
        return hashes[repeated], holders, (order - starts[holders]).astype(np.int32)

    def shared_runs(self, one: int, other: int) -> Iterator[tuple[int, int, int]]:
        """Yield start in ``one``, start in ``other`` and length of each run of shared letters.

        Runs are in the order of ``one`` and do not overlap in it; each is the longest at its start.
        """
        codes, other_codes = self.texts[one].codes, self.texts[other].codes
        end = 0
        for start, places in self._shared_places(one, other):
            if start >= end:
                length, at = max(
                    (_common_prefix(codes[start:], other_codes[at:]), -at) for at in places
                )
                if length >= self.size:
                    yield start, -at, length
                    end = start + length

    def bound_runs(self, one: int, other: int, least: int) -> tuple[int, int]:
        """Return how many letters the longest of their shared runs, and all of them, have at most.

        Letters are those of ``one``; no run need be looked for. Left out are runs of fewer letters
        than ``least`` that consist of common phrases.
        """
        ours, theirs = self._shared(one), self._shared(other)
        first, last = _find_equal(theirs.hashes, ours.hashes)
        starts = np.sort(ours.positions[first < last])
        if not len(starts):
            return 0, 0
        heads = np.flatnonzero(np.diff(starts, prepend=-2) > 1)  # a run lies between two of them
        letters = np.diff(heads, append=len(starts)) + self.size - 1
        is_own = np.logical_or.reduceat(~self._marks(one).usual[starts], heads)
        letters = letters[is_own | (letters >= least)]
        return int(letters.max(initial=0)), int(letters.sum())

    def _shared_places(self, one: int, other: int) -> Iterator[tuple[int, list[int]]]:
        """Yield each start in ``one`` of a shared n-gram, and its starts in ``other``."""
        ours, theirs = self._shared(one), self._shared(other)
        first, last = _find_equal(theirs.hashes, ours.hashes)
        shared = np.flatnonzero(first < last)
        shared = shared[np.argsort(ours.positions[shared])]
        columns = (ours.positions[shared], first[shared], last[shared])
        for start, low, high in zip(*(column.tolist() for column in columns), strict=True):
            yield start, theirs.positions[low:high].tolist()

    def is_phrase(self, text: int, start: int, length: int) -> bool:
        """Whether a run consists of common phrases."""
        usual = self._marks(text).usual
        return bool(usual[start : start + length - self.size + 1].all())

    def count_own_letters(self, text: int, start: int, length: int) -> int:
        """Return the number of letters of a run outside stock phrases."""
        stock = self._marks(text).stock
        if stock is None:
            return length
        starts = np.flatnonzero(stock[start : start + length - self.size + 1])
        return length - len(np.unique(starts[:, None] + np.arange(self.size)))

    def _marks(self, text: int) -> "_MarkedLetters":
        """Return where common and stock n-grams begin in a text, worked out once for each."""
        if text not in self._marked:
            shared, letters = self._shared(text), len(self.texts[text])
            self._marked[text] = _MarkedLetters(
                _mark(letters, shared.positions[shared.usual]),
                _mark(letters, shared.positions[shared.stock]) if shared.stock.any() else None,
            )
        return self._marked[text]

    def _shared(self, text: int) -> "_SharedNgrams":
        part = slice(*self._starts[text : text + 2])
        hashes, positions, usual, stock = self._columns
        return _SharedNgrams(hashes[part], positions[part], usual[part], stock[part])


class _SharedNgrams(NamedTuple):
    """The shared n-grams of a text, sorted: position of each, whether common or in a stock phrase.

    Four arrays: as dictionaries they took a quarter of a gigabyte for five thousand texts.
    """

    hashes: Hashes
    positions: Positions
    usual: NDArray[np.bool_]
    stock: NDArray[np.bool_]


class _MarkedLetters(NamedTuple):
    """Letters of a text at which a common n-gram begins, and one of a stock phrase, if any does."""

    usual: NDArray[np.bool_]
    stock: NDArray[np.bool_] | None


def _mark(letters: int, positions: Positions) -> NDArray[np.bool_]:
    marks = np.zeros(letters, np.bool_)
    marks[positions] = True
    return marks


def _is_new(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a value differs from the one before it; the first one does."""
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new


def _is_in(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Return which hashes are among sorted ones; ``np.isin`` takes several times their memory."""
    if not len(known):
        return np.zeros(len(hashes), np.bool_)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: NDArray[np.bool_] = known[places] == hashes
    return found


def _find_equal(hashes: Hashes, wanted: Hashes) -> tuple[Positions, Positions]:
    """Return where those equal to each wanted one begin and end among sorted hashes."""
    return np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")


def _joined(parts: list[Hashes]) -> Hashes:
    return np.concatenate([*parts, np.empty(0, np.uint64)])


def _count_pairs(
    hashes: Hashes, holders: Positions, common: NDArray[np.bool_], texts: int
) -> tuple[Positions, Positions]:
    """Return every two holders of an n-gram (pairs x 2), and how many they share (pairs)."""
    pair = np.int32 if texts**2 < 1 << 31 else np.int64  # one number tells two holders
    found = [np.empty(0, pair)]
    for step in range(1, MAX_HOLDER_SHARE):
        same = hashes[step:] == hashes[:-step]
        same &= ~common[step:] | (step == 1)
        found.append(holders[:-step][same].astype(pair) * texts + holders[step:][same].astype(pair))
    keys, counts = np.unique(np.concatenate(found), return_counts=True)
    return np.stack(divmod(keys, max(texts, 1)), axis=1), counts


def _common_prefix(one: Codes, other: Codes) -> int:
    """Return the number of equal letters from the beginning."""
    size = min(len(one), len(other))
    differing = np.flatnonzero(one[:size] != other[:size])
    if len(differing) == 0:
        return size
    return int(differing[0])
