"""Character n-grams of normalized texts, and an index of the n-grams that texts share.

Spaces and punctuation are dropped, width is normalized, and every number becomes one ``0``, so that
a copy with other numbers is found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kjfp_helpers.core.text_normalization import alnum_key

MAX_HOLDER_SHARE = 8
"""Maximum of texts that share an n-gram before it counts as a common phrase."""

Codes = NDArray[np.uint32]
Positions = NDArray[np.integer[Any]]
Hashes = NDArray[np.uint64]
Pair = tuple[int, int]
"""Indices of two texts."""
Span = tuple[int, int]
"""Start and end in a text."""
_FIGURE = ord("0")
_FIRST_HIDDEN = 0x110000
"""What stands for the hidden letters of the first text: beyond all characters."""
PART_ROWS = 1 << 18
"""N-grams, or pairs of texts, that are compared at once."""
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class NormalizedText:
    """The letters of a text, as code points, and a bit for each of its characters that is one."""

    text: str
    codes: Codes
    letter_bits: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.codes)

    def __str__(self) -> str:
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")

    @cached_property
    def _positions(self) -> NDArray[np.uint32]:
        """The position of each letter in the text, worked out where passages are looked for."""
        bits = np.unpackbits(self.letter_bits, count=len(self.text))
        return np.flatnonzero(bits).astype(np.uint32)

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Return start and end in the text of a run of letters; a number is not split."""
        end = int(self._positions[start + length - 1]) + 1
        while end < len(self.text) and self.text[end - 1 : end + 1].isdecimal():
            end += 1
        return int(self._positions[start]), end


def normalize_texts(
    texts: Sequence[str], hidden: Sequence[Sequence[Span]] = ()
) -> list[NormalizedText]:
    """Normalize texts; every character that occurs is normalized once.

    What is ``hidden`` of the first texts is taken for a letter that stands in no other text.
    """
    present = np.zeros(0x110000, np.bool_)
    for text in texts:
        present[_code_points(text)] = True
    table = np.zeros(0x110000, np.uint32)
    for code in np.flatnonzero(present).tolist():
        table[code] = _normalize_char(chr(code))
    normalized = []
    for number, text in enumerate(texts):
        codes = table[_code_points(text)]
        for start, end in hidden[number] if number < len(hidden) else ():
            codes[start:end] = _FIRST_HIDDEN + number
        normalized.append(_drop_blanks(text, codes))
    return normalized


def _code_points(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)


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
    is_letter = codes != 0
    letters = codes[is_letter]
    kept = np.ones(len(letters), np.bool_)
    kept[1:] = (letters[1:] != _FIGURE) | (letters[:-1] != _FIGURE)
    is_letter[is_letter] = kept
    return NormalizedText(text, letters[kept], np.packbits(is_letter))


class NgramIndex:
    """Index of the n-grams of ``size`` letters shared by texts (Broder's shingles, 1997).

    For a common phrase a text is compared with the next holder only, so that time grows linearly
    with the number of holders.
    """

    def __init__(
        self, texts: Sequence[NormalizedText], stock: Iterable[NormalizedText], size: int
    ) -> None:
        self.texts, self.size = texts, size
        known = np.unique(_joined([self._hash_ngrams(phrase) for phrase in stock]))
        starts = np.cumsum([0, *map(self._count_ngrams, texts)])
        hashes = np.empty(starts[-1], np.uint64)  # filled in place: all rows at once are as much
        for text, start, end in zip(texts, starts, starts[1:], strict=False):
            hashes[start:end] = self._hash_ngrams(text)
        marks = np.zeros(len(hashes), np.uint8)
        self._pairs: _PairCounts = np.empty(0, _pair_type(len(texts))), np.empty(0, np.int32)
        for rows in _split_by_hash(hashes):
            found = self._count_shared(rows, hashes[rows], starts, known, marks)
            self._pairs = _add_counts(self._pairs, found)
        self._columns, self._starts = _by_text(hashes, starts, marks)
        self._marked: dict[int, _MarkedLetters] = {}

    def pairs_sharing(self, least: NDArray[np.float64]) -> Iterator[tuple[Pair, int]]:
        """Yield every two texts that share enough, in order, and how many distinct n-grams.

        Parameters
        ----------
        least : array
            The least number of them, by the number of letters of the shorter text.
        """
        keys, counts = self._pairs
        lengths = np.array([len(text) for text in self.texts], np.int32)
        for start in range(0, len(keys), PART_ROWS):
            part = slice(start, start + PART_ROWS)
            first, second = divmod(keys[part], len(lengths))
            enough = counts[part] >= least[np.minimum(lengths[first], lengths[second])]
            pairs = zip(first[enough].tolist(), second[enough].tolist(), strict=True)
            yield from zip(pairs, counts[part][enough].tolist(), strict=True)

    def _hash_ngrams(self, letters: NormalizedText) -> Hashes:
        number = self._count_ngrams(letters)
        hashes = np.zeros(number, np.uint64)
        for offset in range(self.size):
            hashes = hashes * _BASE + letters.codes[offset : offset + number]
        return hashes

    def _count_ngrams(self, letters: NormalizedText) -> int:
        return max(len(letters) - self.size + 1, 0)

    def _count_shared(
        self,
        rows: Positions,
        hashes: Hashes,
        starts: Positions,
        known: Hashes,
        marks: NDArray[np.uint8],
    ) -> "_PairCounts":
        """Mark the shared n-grams among these; return how many of them every two texts share."""
        order = np.argsort(hashes, kind="stable")
        hashes, rows = hashes[order], rows[order]
        new = _is_new(hashes)
        repeated = np.zeros(len(hashes), np.bool_)
        repeated[1:] = ~new[1:]
        repeated[:-1] |= ~new[1:]
        hashes, rows = hashes[repeated], rows[repeated]
        holders = (np.searchsorted(starts, rows, side="right") - 1).astype(np.int32)
        first = _is_new(hashes) | _is_new(holders)  # occurrence of an n-gram in a text
        group = np.cumsum(_is_new(hashes), dtype=np.int32) - 1  # number of each n-gram
        holder_counts = np.bincount(group, first, minlength=1).astype(np.int32)[group]
        stocked, common = _is_in(hashes, known), holder_counts > MAX_HOLDER_SHARE
        marks[rows] = _SHARED * (holder_counts > 1) + _USUAL * (stocked | common) + _STOCK * stocked
        kept = first & ~stocked & (holder_counts > 1)
        return _pair_holders(hashes[kept], holders[kept], common[kept], len(self.texts))

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
            usual, stock = (shared.positions[shared.marks & mark > 0] for mark in (_USUAL, _STOCK))
            self._marked[text] = _MarkedLetters(
                _mark(letters, usual), _mark(letters, stock) if len(stock) else None
            )
        return self._marked[text]

    def _shared(self, text: int) -> "_SharedNgrams":
        part = slice(*self._starts[text : text + 2])
        hashes, positions, marks = self._columns
        return _SharedNgrams(hashes[part], positions[part], marks[part])


_SHARED, _USUAL, _STOCK = np.uint8(1), np.uint8(2), np.uint8(4)
"""Marks of an n-gram: several texts hold it, it is a common phrase or one of the stock."""


class _SharedNgrams(NamedTuple):
    """The shared n-grams of a text, sorted: position and marks of each.

    Three arrays: as dictionaries they took a quarter of a gigabyte for five thousand texts.
    """

    hashes: Hashes
    positions: Positions
    marks: NDArray[np.uint8]


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


_PairCounts = tuple[Positions, Positions]
"""Sorted keys of pairs of texts, the number of one times that of texts plus the other; counts."""


def _pair_holders(
    hashes: Hashes, holders: Positions, common: NDArray[np.bool_], texts: int
) -> _PairCounts:
    """Return every two holders of an n-gram, and how many they share."""
    pair = _pair_type(texts)
    found = [np.empty(0, pair)]
    for step in range(1, MAX_HOLDER_SHARE):
        same = hashes[step:] == hashes[:-step]
        same &= ~common[step:] | (step == 1)
        found.append(holders[:-step][same].astype(pair) * texts + holders[step:][same].astype(pair))
    keys, counts = np.unique(np.concatenate(found), return_counts=True)
    return keys, counts.astype(np.int32)


def _pair_type(texts: int) -> type[np.integer[Any]]:
    """Return the type of a number that tells two of so many texts."""
    return np.int32 if texts**2 < 1 << 31 else np.int64


def _add_counts(all_pairs: _PairCounts, found: _PairCounts) -> _PairCounts:
    """Return the counts of both together, those of known pairs added in place.

    Of thousands of texts nearly all pairs are known soon; to sort both again takes ten times as
    much memory.
    """
    (keys, counts), (new_keys, new_counts) = all_pairs, found
    places = np.searchsorted(keys, new_keys)
    is_known = places < len(keys)
    is_known[is_known] = keys[places[is_known]] == new_keys[is_known]
    counts[places[is_known]] += new_counts[is_known]
    if is_known.all():
        return all_pairs
    places = places[~is_known]
    return (
        np.insert(keys, places, new_keys[~is_known]),
        np.insert(counts, places, new_counts[~is_known]),
    )


def _split_by_hash(hashes: Hashes) -> Iterator[Positions]:
    """Yield the rows of each part of the n-grams; equal ones are in one part.

    What is worked out of all n-grams at once takes several times their memory.
    """
    parts = len(hashes) // PART_ROWS + 1
    if parts == 1:
        yield np.arange(len(hashes))
        return
    edges = [round(part * ((1 << 64) / parts)) for part in range(parts)]
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        inside = hashes >= np.uint64(low)
        if high is not None:
            inside &= hashes < np.uint64(high)
        yield np.flatnonzero(inside)


def _by_text(
    hashes: Hashes, starts: Positions, marks: NDArray[np.uint8]
) -> tuple[_SharedNgrams, Positions]:
    """Return the shared n-grams, those of each text sorted, and where each text's begin.

    Hashes and marks of all n-grams are written over and the rest is given back: no text begins
    later among the shared ones than among all.
    """
    ends = np.zeros(len(starts), np.intp)
    positions = np.empty(np.count_nonzero(marks & _SHARED), np.int32)
    for number, (start, end) in enumerate(pairwise(starts)):
        own = np.flatnonzero(marks[start:end] & _SHARED)
        own = own[np.argsort(hashes[start + own], kind="stable")]
        into = slice(ends[number], ends[number] + len(own))
        for column in (hashes, marks):
            column[into] = column[start + own]
        positions[into], ends[number + 1] = own, into.stop
    for column in (hashes, marks):
        column.resize(len(positions), refcheck=False)
    return _SharedNgrams(hashes, positions, marks), ends


def _common_prefix(one: Codes, other: Codes) -> int:
    """Return the number of equal letters from the beginning."""
    size = min(len(one), len(other))
    differing = np.flatnonzero(one[:size] != other[:size])
    if len(differing) == 0:
        return size
    return int(differing[0])
