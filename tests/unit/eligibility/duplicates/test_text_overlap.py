"""Shared passages are those of the plain definition, pair by pair."""

import random
from collections import defaultdict
from itertools import combinations, pairwise
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from kjfp_helpers.eligibility.duplicates import ngram_index, text_overlap
from kjfp_helpers.eligibility.duplicates.ngram_index import (
    MAX_HOLDER_SHARE,
    NgramIndex,
    normalize_texts,
)
from support.thoroughness import times

DRAW = random.Random(15)
PIECES = [
    "".join(chr(DRAW.randrange(0x4E00, 0x9000)) for _ in range(n)) for n in (9, 14, 30, 60, 130)
]
"""Passages that texts are made of; some are long enough to be reported by themselves."""
STORIES = st.lists(
    st.lists(st.sampled_from(PIECES) | st.text("甲乙丙丁戊12，", max_size=40), max_size=6).map(
        "".join
    ),
    max_size=14,
)


def plain_counts(texts, stock, size):
    """Return pairs of texts to the number of n-grams that they share, by sets."""
    known = {phrase[at : at + size] for phrase in stock for at in range(len(phrase) - size + 1)}
    holders = defaultdict(list)
    for number, text in enumerate(texts):
        for ngram in {text[at : at + size] for at in range(len(text) - size + 1)} - known:
            holders[ngram].append(number)
    counts = defaultdict(int)
    for own in holders.values():
        for pair in pairwise(own) if len(own) > MAX_HOLDER_SHARE else combinations(own, 2):
            counts[pair] += 1
    return dict(counts)


def plain_overlaps(texts, stock):
    """Return ``one other share reworded`` of every pair that is reported, each asked by itself."""
    names = sorted(texts)
    normalized = normalize_texts([*(texts[name] for name in names), *stock])
    stories, phrases = normalized[: len(names)], normalized[len(names) :]
    letters = [str(text) for text in stories]
    known = [str(phrase) for phrase in phrases]
    found = {}
    for rewording, size in ((False, 13), (True, 6)):
        index = NgramIndex(stories, phrases, size)
        for pair, count in plain_counts(letters, known, size).items():
            one, other = sorted(pair, key=lambda number: (len(letters[number]), number))
            length = len(letters[one])
            if pair in found or (rewording and (length < 100 or count < 0.05 * length)):
                continue
            if rewording:
                share = Indel.normalized_similarity(letters[one], letters[other])
                if share >= 0.6:
                    found[pair] = names[one], names[other], share, True
                continue
            if count < min(max(0.3 * length, 40) / 13, 108):
                continue
            own = [
                index.count_own_letters(one, start, run)
                for start, _, run in index.shared_runs(one, other)
                if run >= 40 or not index.is_phrase(one, start, run)
            ]
            share = sum(own) / max(length, 1)
            if max(own, default=0) >= 120 or (share >= 0.3 and sum(own) >= 40):
                found[pair] = names[one], names[other], share, False
    return [found[pair] for pair in sorted(found)]


@settings(deadline=None)
@given(
    STORIES,
    st.lists(st.sampled_from(PIECES), max_size=1),
    st.sampled_from([6, 13]),
    st.sampled_from([4, 1 << 20]),
)
def test_the_index_counts_what_every_two_texts_share(stories, stock, size, part):
    normalized = normalize_texts([*stories, *stock])
    with patch.object(ngram_index, "PART_ROWS", part):  # in many parts as in one
        index = NgramIndex(normalized[: len(stories)], normalized[len(stories) :], size)
    plain = plain_counts(
        [str(text) for text in index.texts], [str(t) for t in normalized[len(stories) :]], size
    )
    every = np.zeros(max(map(len, index.texts), default=0) + 1)
    with patch.object(ngram_index, "PART_ROWS", part):
        found = list(index.pairs_sharing(every))
    assert dict(found) == plain
    assert found == sorted(found)


@pytest.mark.slow
@settings(max_examples=times(66, 200), deadline=None)
@given(STORIES, st.lists(st.sampled_from(PIECES), max_size=1), st.sampled_from([50, 1 << 20]))
def test_pairs_are_reported_as_by_asking_each_by_itself(stories, stock, part):
    texts = {f"T{number}": story for number, story in enumerate(stories)}
    with patch.object(ngram_index, "PART_ROWS", part):
        found = text_overlap.find_overlaps(texts, stock)
    said = [(one.one, one.other, one.share, one.reworded) for one in found]
    assert said == plain_overlaps(texts, stock)


@pytest.mark.parametrize("texts", [{}, {"a": ""}, {"a": "甲", "b": "甲"}])
def test_texts_too_few_or_too_short_share_nothing(texts):
    assert text_overlap.find_overlaps(texts) == ()
