"""Lists of numbers behind a list of quantities: 支持农技协、动员专家分别为126个、900人."""

import re

from kjfp_helpers.intake.text_figures.count_clause import NOUNS
from kjfp_helpers.intake.text_figures.counted_nouns import CountedNoun
from kjfp_helpers.intake.text_figures.masked_sentence import MaskedSentence
from kjfp_helpers.intake.text_figures.word_classes import OWN_MEASURES

MIN_LIST = 2
"""Quantities that a list of numbers is of, at least."""
_RESPECTIVELY = re.compile("分别|依次")


def find_listed_numbers(
    sentence: MaskedSentence, before: MaskedSentence | None
) -> dict[int, CountedNoun]:
    """Return what the counts of lists of numbers are of, by their number.

    Where the sentence names no quantities, those of the one ``before`` are meant; a second list is
    of the same quantities as the first: 任务分别为120个、8个，实际分别完成126个、9个.

    Examples
    --------
    >>> from kjfp_helpers.intake.text_figures.masked_sentence import mask_sentence
    >>> found = find_listed_numbers(mask_sentence("农技协和专家分别达到126个、900人"), None)
    >>> [found[number].indicator for number in (0, 1)]
    ['assoc', 'experts']
    """
    markers = [*_RESPECTIVELY.finditer(sentence.masked)]
    if not markers:
        return {}
    names = _named_indicators(sentence, markers[0].start())
    if len(names) < MIN_LIST and before is not None:
        names = _named_indicators(before, len(before.masked))
    ends = [*(marker.start() for marker in markers[1:]), len(sentence.masked)]
    found: dict[int, CountedNoun] = {}
    for marker, end in zip(markers, ends, strict=True):
        listed = [
            number
            for number, one in enumerate(sentence.counts)
            if marker.end() <= one.start < end and one.measure != "%"
        ]
        named = names[-len(listed) :] if listed else []
        if len(named) >= MIN_LIST and len(named) == len(listed):
            for name, number in zip(named, listed, strict=True):
                one = sentence.counts[number]
                if one.value is not None and one.measure in OWN_MEASURES[name]:
                    found[number] = CountedNoun(name)
    return found


def _named_indicators(sentence: MaskedSentence, end: int) -> list[str]:
    """Return the indicators that a sentence names before an offset, each once, in its order."""
    kinds = [word.kind for word in sentence.words if word.end <= end]
    named = ["people" if kind == "out" else kind for kind in kinds]
    return list(dict.fromkeys(name for name in named if name in (*NOUNS, "people")))
