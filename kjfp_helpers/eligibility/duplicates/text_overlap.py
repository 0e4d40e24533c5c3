"""Near-duplicate texts: shared passages, and texts reworded.

Passages come from an index of every row of 13 letters, which misses none; hashing by likeness
(MinHash) leaves out a third of the copies that take over a third of a text. Reworded texts have
no such row left: those that share enough shorter ones are held against each other whole, by
rapidfuzz.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel

from kjfp_helpers.eligibility.duplicates.ngram_index import (
    NgramIndex,
    NormalizedText,
    normalize_texts,
)

NGRAM_SIZE = 13
"""Letters in a row that two writers hardly ever share by chance."""
MIN_SHARED_SHARE = 0.3
"""Share of the shorter text's letters from which shared passages are told..."""
MIN_SHARED_LETTERS = 40
"""...where they hold at least so many letters in all."""
LONG_PASSAGE_LETTERS = 120
"""Letters of a single passage that is told, however long the texts are."""

SHORT_NGRAM_SIZE = 6
"""Letters in a row that are left between two changes of a reworded text."""
MIN_SIMILARITY = 0.6
"""Likeness (0-1) from which a text is a reworded one; two writers stay below 0.45..."""
MIN_REWORDED_LETTERS = 100
"""...in texts of at least so many letters."""
MIN_SHARED_SHORT_NGRAMS = 0.05
"""Different short rows, by letters of the shorter text, that reworded texts share at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A shared passage: where it begins and ends in each text, as for slices."""

    one_start: int
    one_end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two texts that share passages, or say the same in other words.

    ``one`` and ``other`` name the texts (case ids for deeds), ``one`` the shorter; ``passages``
    follow its order. ``share`` (0-1) is the part of its letters that stand in them, of a
    ``reworded`` text how like the two are; the passages of such a one are short.
    """

    one: str
    other: str
    share: float
    passages: tuple[Passage, ...]
    reworded: bool = False

    def other_than(self, name: str) -> str:
        """Return the name of the other text."""
        return self.other if name == self.one else self.one


def find_overlaps(texts: Mapping[str, str], stock: Iterable[str] = ()) -> tuple[Overlap, ...]:
    """Return every two texts that share long passages or the whole wording, sorted by name.

    Parameters
    ----------
    texts : Mapping
        Name to text.
    stock : Iterable of str
        Phrases that everybody uses, such as titles of the notice: they count for nothing. Nor
        does a short run that stands in many texts.
    """
    names, phrases = sorted(texts), list(stock)
    letters = normalize_texts([*(texts[name] for name in names), *phrases])
    read, known = letters[: len(names)], letters[len(names) :]
    copied = _copied(names, NgramIndex(read, known, NGRAM_SIZE))
    reworded = _reworded(names, NgramIndex(read, known, SHORT_NGRAM_SIZE), copied)
    found = {**reworded, **copied}
    return tuple(found[pair] for pair in sorted(found))


def decode_overlaps(rows: Iterable[Mapping[str, Any]]) -> tuple[Overlap, ...]:
    """Return overlaps of their own values."""
    return tuple(
        Overlap(**{**row, "passages": tuple(Passage(**passage) for passage in row["passages"])})
        for row in rows
    )


Pair = tuple[int, int]


def _shorter_first(read: Sequence[NormalizedText], pair: Pair) -> Pair:
    return pair[::-1] if len(read[pair[1]]) < len(read[pair[0]]) else pair


def _copied(names: Sequence[str], index: NgramIndex) -> dict[Pair, Overlap]:
    found = {}
    for pair, number in index.counts.items():
        one, other = _shorter_first(index.texts, pair)
        if number < _enough(len(index.texts[one])):
            continue
        runs = [
            run
            for run in index.shared_runs(one, other)
            if run[2] >= MIN_SHARED_LETTERS or not index.is_phrase(one, run[0], run[2])
        ]
        own = [index.count_own_letters(one, start, length) for start, _at, length in runs]
        share = sum(own) / max(len(index.texts[one]), 1)
        if max(own, default=0) >= LONG_PASSAGE_LETTERS or (
            share >= MIN_SHARED_SHARE and sum(own) >= MIN_SHARED_LETTERS
        ):
            told = [run for run, number in zip(runs, own, strict=True) if number]
            passages = _passages(index, one, other, told)
            found[pair] = Overlap(
                one=names[one], other=names[other], share=share, passages=passages
            )
    return found


def _enough(letters: int) -> float:
    """Return how many rows are shared at least if a text of so many letters is told."""
    return min(
        max(MIN_SHARED_SHARE * letters, MIN_SHARED_LETTERS) / NGRAM_SIZE,
        LONG_PASSAGE_LETTERS - NGRAM_SIZE + 1,
    )


def _reworded(
    names: Sequence[str], index: NgramIndex, known: Mapping[Pair, Overlap]
) -> dict[Pair, Overlap]:
    found: dict[Pair, Overlap] = {}
    written: dict[int, str] = {}
    for pair, number in index.counts.items():
        one, other = _shorter_first(index.texts, pair)
        letters = len(index.texts[one])
        if (
            pair in known
            or letters < MIN_REWORDED_LETTERS
            or number < MIN_SHARED_SHORT_NGRAMS * letters
        ):
            continue
        ours, theirs = (written.setdefault(at, str(index.texts[at])) for at in (one, other))
        share = Indel.normalized_similarity(ours, theirs, score_cutoff=MIN_SIMILARITY)
        if share >= MIN_SIMILARITY:
            passages = _passages(index, one, other, index.shared_runs(one, other))
            found[pair] = Overlap(
                one=names[one], other=names[other], share=share, passages=passages, reworded=True
            )
    return found


def _passages(
    index: NgramIndex, one: int, other: int, runs: Iterable[tuple[int, int, int]]
) -> tuple[Passage, ...]:
    passages = []
    for start, at, length in runs:
        ours, theirs = index.texts[one].span(start, length), index.texts[other].span(at, length)
        passages.append(
            Passage(one_start=ours[0], one_end=ours[1], other_start=theirs[0], other_end=theirs[1])
        )
    return tuple(passages)
