"""Near-duplicate texts: shared passages, and reworded texts.

Passages come from an exact index of character 13-grams; MinHash misses a third of the copies that
take over a third of a text. Reworded texts share no 13-gram: pairs that share enough 6-grams are
compared as a whole by rapidfuzz.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from kjfp_helpers.eligibility.duplicates.ngram_index import (
    NgramIndex,
    NormalizedText,
    Pair,
    Span,
    normalize_texts,
)

NGRAM_SIZE = 13
"""Characters of an n-gram that two writers hardly ever share by chance."""
MIN_SHARED_SHARE = 0.3
"""Share of the shorter text's letters from which shared passages are reported..."""
MIN_SHARED_LETTERS = 40
"""...if they have at least so many letters in all."""
LONG_PASSAGE_LETTERS = 120
"""Letters from which a single passage is reported, however long the texts are."""

SHORT_NGRAM_SIZE = 6
"""Characters of an n-gram that survives between two changes of a reworded text."""
MIN_SIMILARITY = 0.6
"""Similarity (0-1) from which a text counts as reworded; two writers stay below 0.45..."""
MIN_REWORDED_LETTERS = 100
"""...in texts of at least so many letters."""
MIN_SHARED_SHORT_NGRAMS = 0.05
"""Minimum of distinct 6-grams shared by reworded texts, per letter of the shorter text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A shared passage: its start and end in each text, as for slices."""

    one_start: int
    one_end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two texts that share passages, or of which one is a reworded version of the other.

    ``one`` and ``other`` name the texts (case ids for stories), ``one`` the shorter; ``passages``
    are in its order. ``share`` (0-1) is the part of its letters inside passages, for a
    ``reworded`` text the similarity of the two.
    """

    one: str
    other: str
    share: float
    passages: tuple[Passage, ...]
    reworded: bool = False

    def other_than(self, name: str) -> str:
        """Return the name of the other text."""
        return self.other if name == self.one else self.one


def find_copied_passages(
    texts: Mapping[str, str],
    stock: Iterable[str] = (),
    hidden: Mapping[str, Sequence[Span]] = MappingProxyType({}),
) -> tuple[Overlap, ...]:
    """Return the pairs of texts that share long passages, as :func:`find_overlaps` does.

    Reworded texts are left out: of long official texts every two are worded alike somewhere. What
    is ``hidden`` of a text is shared with no other.
    """
    names, phrases = sorted(texts), list(stock)
    normalized = normalize_texts(
        [*(texts[name] for name in names), *phrases], [hidden.get(name, ()) for name in names]
    )
    index = NgramIndex(normalized[: len(names)], normalized[len(names) :], NGRAM_SIZE)
    copied = _find_copied(names, index)
    return tuple(copied[pair] for pair in sorted(copied))


def find_overlaps(texts: Mapping[str, str], stock: Iterable[str] = ()) -> tuple[Overlap, ...]:
    """Return the pairs of texts that share long passages or are reworded, sorted by name.

    Parameters
    ----------
    texts : Mapping
        Name to text.
    stock : Iterable of str
        Stock phrases, such as titles of the notice: they are ignored, as is a short run that
        occurs in many texts.
    """
    names, phrases = sorted(texts), list(stock)
    normalized = normalize_texts([*(texts[name] for name in names), *phrases])
    stories, stock_phrases = normalized[: len(names)], normalized[len(names) :]
    copied = _find_copied(names, NgramIndex(stories, stock_phrases, NGRAM_SIZE))
    short_index = NgramIndex(stories, stock_phrases, SHORT_NGRAM_SIZE)
    overlaps = {**_find_reworded(names, short_index, copied), **copied}
    return tuple(overlaps[pair] for pair in sorted(overlaps))


def decode_overlaps(rows: Iterable[Mapping[str, Any]]) -> tuple[Overlap, ...]:
    """Restore overlaps from their JSON values."""
    return tuple(
        Overlap(**{**row, "passages": tuple(Passage(**passage) for passage in row["passages"])})
        for row in rows
    )


def _shorter_first(texts: Sequence[NormalizedText], pair: Pair) -> Pair:
    first, second = pair
    if len(texts[second]) < len(texts[first]):
        return second, first
    return pair


def _find_copied(names: Sequence[str], index: NgramIndex) -> dict[Pair, Overlap]:
    overlaps = {}
    least = _min_shared_ngrams(_letter_counts(index))
    for pair, _ in index.pairs_sharing(least):
        one, other = _shorter_first(index.texts, pair)
        if not _is_copy(len(index.texts[one]), *index.bound_runs(one, other, MIN_SHARED_LETTERS)):
            continue
        runs = [
            run
            for run in index.shared_runs(one, other)
            if run[2] >= MIN_SHARED_LETTERS or not index.is_phrase(one, run[0], run[2])
        ]
        counts = [index.count_own_letters(one, start, length) for start, _at, length in runs]
        if _is_copy(len(index.texts[one]), max(counts, default=0), sum(counts)):
            share = sum(counts) / max(len(index.texts[one]), 1)
            counted_runs = [run for run, count in zip(runs, counts, strict=True) if count]
            passages = _passages(index, one, other, counted_runs)
            overlaps[pair] = Overlap(
                one=names[one], other=names[other], share=share, passages=passages
            )
    return overlaps


def _is_copy(letters: int, longest: int, shared: int) -> bool:
    """Whether a longest shared passage, or all of them, are to be reported for a text."""
    return longest >= LONG_PASSAGE_LETTERS or (
        shared / max(letters, 1) >= MIN_SHARED_SHARE and shared >= MIN_SHARED_LETTERS
    )


def _letter_counts(index: NgramIndex) -> NDArray[np.intp]:
    """Return all numbers of letters that a text of the index may have."""
    return np.arange(max(map(len, index.texts), default=0) + 1)


def _min_shared_ngrams(letters: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return a lower bound of shared n-grams for texts of so many letters to be reported."""
    share = np.maximum(MIN_SHARED_SHARE * letters, MIN_SHARED_LETTERS) / NGRAM_SIZE
    return np.asarray(np.minimum(share, LONG_PASSAGE_LETTERS - NGRAM_SIZE + 1), float)


def _find_reworded(
    names: Sequence[str], index: NgramIndex, known: Mapping[Pair, Overlap]
) -> dict[Pair, Overlap]:
    overlaps: dict[Pair, Overlap] = {}
    letters_by_index: dict[int, str] = {}
    letters = _letter_counts(index)
    least = np.where(letters < MIN_REWORDED_LETTERS, np.inf, MIN_SHARED_SHORT_NGRAMS * letters)
    for pair, _ in index.pairs_sharing(least):
        if pair in known:
            continue
        one, other = _shorter_first(index.texts, pair)
        for position in (one, other):
            if position not in letters_by_index:
                letters_by_index[position] = str(index.texts[position])
        first, second = letters_by_index[one], letters_by_index[other]
        share = Indel.normalized_similarity(first, second, score_cutoff=MIN_SIMILARITY)
        if share >= MIN_SIMILARITY:
            passages = _passages(index, one, other, index.shared_runs(one, other))
            overlaps[pair] = Overlap(
                one=names[one], other=names[other], share=share, passages=passages, reworded=True
            )
    return overlaps


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
