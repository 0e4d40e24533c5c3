"""Counts that stand beside an indicator, where no word tells what they are of.

A reader of words does not know every verb. What it cannot place may still be the unit's own number;
whether it is, likeness to the return decides.
"""

from collections.abc import Mapping, Sequence
from itertools import dropwhile

from kjfp_helpers.intake.text_figures.count_clause import NOUNS, CountClause
from kjfp_helpers.intake.text_figures.counted_nouns import CountedNoun
from kjfp_helpers.intake.text_figures.masked_sentence import MaskedSentence, Word
from kjfp_helpers.intake.text_figures.word_classes import OWN_MEASURES

LEAST = 10
"""The least count that is kept: single figures stand everywhere."""


def find_mentioned_counts(
    sentence: MaskedSentence, before: MaskedSentence | None, known: Mapping[int, CountedNoun]
) -> list[tuple[int, CountedNoun]]:
    """Return the counts that are not ``known``, with each indicator that they may be of.

    Examples
    --------
    >>> from kjfp_helpers.intake.text_figures.masked_sentence import mask_sentence
    >>> found = find_mentioned_counts(mask_sentence("专家力量雄厚，达900人之多"), None, {})
    >>> [(number, one.indicator) for number, one in found]
    [(0, 'experts')]
    """
    topic = before.words if before is not None and not before.counts else ()
    return [
        (number, CountedNoun(indicator, is_told=False, is_mentioned=True))
        for number, count in enumerate(sentence.counts)
        if number not in known
        and count.measure
        and not count.is_rate
        and (count.value or 0) >= LEAST
        for indicator in _named_beside(CountClause(sentence, number), topic)
        if count.measure in OWN_MEASURES[indicator]
    ]


def _named_beside(clause: CountClause, topic: Sequence[Word]) -> list[str]:
    """Return the indicators that are named last: in the clause, or before it without a count."""
    if named := _named(clause.clause):
        return named
    earlier = clause.words[: clause.first]
    counted = max((at for at, word in enumerate(earlier) if word.kind == "count"), default=None)
    if counted is None:
        return _named(earlier) or _named(topic)
    return _named([*dropwhile(lambda word: word.kind != "stop", earlier[counted:])])


def _named(words: Sequence[Word]) -> list[str]:
    kinds = {word.kind for word in words}
    is_poor = "out" in kinds or any("贫困" in one.text for one in words if one.kind == "persons")
    return [*(noun for noun in NOUNS if noun in kinds), *(["people"] if is_poor else [])]
