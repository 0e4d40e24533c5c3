"""Passages that texts share: every one of 13 letters and more is found, whoever holds it.

Exact and not estimated: an index of all runs of letters (Broder's shingles, 1997) misses none,
where hashing by likeness (MinHash) leaves out a third of the copies that take over a third of a
text. Spaces, punctuation and width do not count as letters, and every figure counts as the same
one, so that a copy with other numbers is a copy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kjfp_helpers.names import plain

SHINGLE = 13
"""Letters in a row that two writers hardly ever share by chance."""
SHARED = 0.3
"""Share of the shorter text's letters from which shared passages are told..."""
LEAST = 40
"""...where they hold at least so many letters in all."""
LONG = 120
"""Letters of a single passage that is told, however long the texts are."""
COMMON = 8
"""Texts that may hold the same 13 letters before they count as a phrase in use."""

Hashes = NDArray[np.uint64]
Signs = NDArray[np.uint32]
_FIGURE = ord("0")
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A shared passage: where it begins and ends in each text, as for slices."""

    one_start: int
    one_end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two texts that share passages.

    ``one`` and ``other`` name the texts (case ids for deeds), ``one`` the shorter; ``share``
    (0-1) is the part of its letters that stand in ``passages``, which follow its order.
    """

    one: str
    other: str
    share: float
    passages: tuple[Passage, ...]

    def beside(self, name: str) -> str:
        """Return the name of the other text."""
        return self.other if name == self.one else self.one


@dataclass(slots=True)
class _Letters:
    """What of a text is compared: its letters, the place of each, and its shared shingles.

    ``shared`` maps a shingle that another text holds too to where it stands among the letters;
    ``usual`` holds those places at which a phrase in use stands.
    """

    text: str
    letters: Signs
    places: NDArray[np.intp]
    shared: dict[int, list[int]] = field(default_factory=dict)
    usual: set[int] = field(default_factory=set)


def find_overlaps(texts: Mapping[str, str], stock: Iterable[str] = ()) -> tuple[Overlap, ...]:
    """Return every two texts that share long passages, sorted by name.

    Parameters
    ----------
    texts : Mapping
        Name to text.
    stock : Iterable of str
        Phrases that everybody uses, such as titles of the notice: they count for nothing. Nor
        does a short run that stands in more than ``COMMON`` texts.
    """
    names = sorted(texts)
    phrases = list(stock)
    read = _read([*(texts[name] for name in names), *phrases])
    read, phrases_read = read[: len(names)], read[len(names) :]
    known = np.unique(_joined([_shingles(one.letters) for one in phrases_read], np.uint64))
    found = (_overlap(names[one], read[one], names[other], read[other])
             for one, other in _candidates(read, known))  # fmt: skip
    return tuple(sorted(filter(None, found), key=lambda item: sorted((item.one, item.other))))


def _read(texts: list[str]) -> list[_Letters]:
    """Return the letters of all texts, by one table of the signs that occur in any."""
    codes = [np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32) for text in texts]
    present = np.zeros(0x110000, np.bool_)
    for code in codes:
        present[code] = True
    table = np.zeros(0x110000, np.uint32)
    for sign in np.flatnonzero(present).tolist():
        table[sign] = _letter(chr(sign))
    read = []
    for text, code in zip(texts, codes, strict=True):
        letters = table[code]
        places = np.flatnonzero(letters)
        letters = letters[places]
        once = np.ones(len(letters), np.bool_)
        once[1:] = (letters[1:] != _FIGURE) | (letters[:-1] != _FIGURE)
        read.append(_Letters(text, letters[once], places[once]))
    return read


def _letter(sign: str) -> int:
    """Return the number of a sign as it is compared, 0 for what is no letter."""
    letter = plain(sign)
    return (_FIGURE if letter[0].isdecimal() else ord(letter[0])) if letter else 0


def _shingles(letters: Signs) -> Hashes:
    number = max(len(letters) - SHINGLE + 1, 0)
    hashes = np.zeros(number, np.uint64)
    for place in range(SHINGLE):
        hashes = hashes * _BASE + letters[place : place + number]
    return hashes


def _joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([*parts, np.empty(0, kind)]).astype(kind)


def _candidates(read: list[_Letters], known: Hashes) -> list[tuple[int, int]]:
    """Note in each text what it shares; return those that may share enough.

    Of a phrase in use each text is held against the next one only: a text that stands in a
    hundred forms is found on each of them, in time that grows with their number.
    """
    parts = [_shingles(one.letters) for one in read]
    hashes, sizes = _joined(parts, np.uint64), [len(part) for part in parts]
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    twice = np.zeros(len(hashes), np.bool_)
    twice[1:] = hashes[1:] == hashes[:-1]
    twice[:-1] |= twice[1:]
    order, hashes = order[twice], hashes[twice]
    starts = np.cumsum([0, *sizes])
    holders = np.searchsorted(starts, order, side="right") - 1
    places = order - starts[holders]
    first = np.ones(len(hashes), np.bool_)  # of a shingle in a text, in which it may stand twice
    first[1:] = (hashes[1:] != hashes[:-1]) | (holders[1:] != holders[:-1])
    _, group = np.unique(hashes, return_inverse=True)
    held = np.bincount(group, first, minlength=1).astype(int)[group]
    stock = np.isin(hashes, known)
    usual = stock | (held > COMMON)
    met = held > 1
    for one, place, shingle, phrase in zip(
        *(row[met].tolist() for row in (holders, places, hashes, usual)), strict=True
    ):
        read[one].shared.setdefault(shingle, []).append(place)
        if phrase:
            read[one].usual.add(place)
    kept = first & ~stock & met
    counts = _counts(hashes[kept], holders[kept], held[kept] > COMMON, len(read))
    return [
        (one, other) for (one, other), number in counts.items()
        if number >= _enough(len(read[one].letters), len(read[other].letters))
    ]  # fmt: skip


def _counts(
    hashes: Hashes, holders: NDArray[np.intp], common: NDArray[np.bool_], texts: int
) -> dict[tuple[int, int], int]:
    """Return how many shingles two texts share."""
    counts: Counter[int] = Counter()
    for step in range(1, COMMON):
        same = hashes[step:] == hashes[:-step]
        same &= ~common[step:] | (step == 1)
        keys, numbers = np.unique(holders[:-step][same] * texts + holders[step:][same],
                                  return_counts=True)  # fmt: skip
        counts.update(dict(zip(keys.tolist(), numbers.tolist(), strict=True)))
    return {divmod(key, texts): counts[key] for key in sorted(counts)}


def _enough(one: int, other: int) -> int:
    """Return how many shingles two texts of so many letters share at least if they are told."""
    least = max(SHARED * min(one, other), LEAST) / SHINGLE
    return int(min(least, LONG - SHINGLE + 1))


def _overlap(name: str, text: _Letters, other: str, beside: _Letters) -> Overlap | None:
    if len(beside.letters) < len(text.letters):
        name, text, other, beside = other, beside, name, text
    runs = [run for run in _runs(text, beside) if not _is_phrase(run, text.usual)]
    letters = sum(length for _start, _at, length in runs)
    longest = max((length for _start, _at, length in runs), default=0)
    share = letters / max(len(text.letters), 1)
    if longest < LONG and (share < SHARED or letters < LEAST):
        return None
    passages = tuple(
        Passage(**_span("one", text, start, length), **_span("other", beside, at, length))
        for start, at, length in runs
    )
    return Overlap(one=name, other=other, share=share, passages=passages)


def _is_phrase(run: tuple[int, int, int], usual: set[int]) -> bool:
    start, _at, length = run
    return length < LEAST and usual.issuperset(range(start, start + length - SHINGLE + 1))


def _runs(text: _Letters, beside: _Letters) -> Iterator[tuple[int, int, int]]:
    """Yield start in the one, start in the other and length of each run, the longest at a place."""
    met = text.shared.keys() & beside.shared.keys()
    starts = sorted((start, shingle) for shingle in met for start in text.shared[shingle])
    end = 0
    for start, shingle in starts:
        if start < end:
            continue
        length, at = max(
            (_length(text.letters[start:], beside.letters[at:]), -at)
            for at in beside.shared[shingle]
        )
        if length >= SHINGLE:
            yield start, -at, length
            end = start + length


def _length(one: Signs, other: Signs) -> int:
    """Return how many letters two rows have in common from their beginning."""
    size = min(len(one), len(other))
    differing = np.flatnonzero(one[:size] != other[:size])
    return int(differing[0]) if len(differing) else size


def _span(side: str, letters: _Letters, start: int, length: int) -> dict[str, int]:
    """Return where a run begins and ends in the text; a figure at its end is whole."""
    end = int(letters.places[start + length - 1]) + 1
    while end < len(letters.text) and letters.text[end - 1 : end + 1].isdecimal():
        end += 1
    return {f"{side}_start": int(letters.places[start]), f"{side}_end": end}
