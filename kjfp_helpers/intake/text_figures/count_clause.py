"""One count within its clause: the words around it, and what they hold."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from kjfp_helpers.intake.fields.quantities import Quantity
from kjfp_helpers.intake.text_figures.masked_sentence import MaskedSentence, Word
from kjfp_helpers.intake.text_figures.word_classes import (
    BUILD,
    COMPLETE,
    MOBILISE,
    OTHER_VERBS,
    OWN_MEASURES,
)

NOUNS = ("assoc", "federations", "experts")
JOINTS = ("和", "及", "与", "以及")
BETWEEN = ("glue", "number", "verb", "colon", "neutral", "open", "close")
"""Classes of what may stand between a noun and its count."""
MAX_UNKNOWN = 2
"""Characters of no known class that may stand between a noun and its count."""
OTHER = frozenset(OTHER_VERBS)
OWN_VERBS: Mapping[str, frozenset[str]] = {
    "assoc": frozenset({*BUILD, *COMPLETE}),
    "federations": frozenset({*BUILD, *COMPLETE}),
    "experts": frozenset({*MOBILISE, *COMPLETE}),
}
"""Verbs that tell a number of the indicator as the notice asks for it."""
_HAN = re.compile("[\u4e00-\u9fff]")


class CountClause:
    """A count, by its number in a sentence, and the words of its clause.

    ``at`` is the index of the count among the words of the sentence, ``first`` and ``last`` those
    of the first and the last word of its clause.
    """

    def __init__(self, sentence: MaskedSentence, number: int) -> None:
        self.sentence = sentence
        self.number = number
        self.words = sentence.words
        self.quantity: Quantity = sentence.counts[number]
        self.at = sentence.places[number]
        self.first = self._edge(-1)
        self.last = self._edge(1)

    def _edge(self, step: int) -> int:
        at, depth = self.at, 0
        opens, closes = ("open", "close") if step > 0 else ("close", "open")
        while 0 <= at + step < len(self.words):
            kind = self.words[at + step].kind
            depth += (kind == opens) - (kind == closes)
            if depth < 0 or (kind == "stop" and not depth):
                break
            at += step
        return at

    @cached_property
    def start(self) -> int:
        """The offset at which the clause begins."""
        return self.words[self.first - 1].end if self.first else 0

    @property
    def clause(self) -> tuple[Word, ...]:
        """The words of the clause."""
        return self.words[self.first : self.last + 1]

    def fits(self, indicator: str) -> bool:
        """Whether the measure of the count may be one of the indicator."""
        return self.quantity.measure in OWN_MEASURES[indicator]

    def gap(self, left: Word, right: Word) -> int:
        """Return the number of unknown characters between two neighbouring words."""
        return len(self.sentence.masked[left.end : right.start].strip())

    def unknown(self, first: int, last: int) -> int:
        """Return the number of unknown characters from one word to another, by their indices."""
        pairs = zip(self.words[first:last], self.words[first + 1 : last + 1], strict=True)
        return sum(self.gap(left, right) for left, right in pairs)

    def without_remarks(self, first: int, last: int) -> list[int]:
        """Return the indices of the words from one to another that stand in no brackets."""
        outside, depth = [], 0
        for index in range(first, last):
            kind = self.words[index].kind
            depth += kind == "open"
            if not depth:
                outside.append(index)
            depth -= kind == "close" and depth > 0
        return outside

    def verb_before(self, at: int, own: frozenset[str]) -> str:
        """Return the last verb of the clause before a word that decides, ``""`` for none.

        The items of a list share the verb before the first.
        """
        is_item = False
        for index in range(at - 1, self.first - 1, -1):
            word = self.words[index]
            if word.text in own or word.text in OTHER:
                return word.text
            is_item = is_item or word.kind == "item" or word.text in JOINTS
            if word.kind == "count" and not is_item:
                return ""
        return ""

    def is_difference(self) -> bool:
        """Whether the count tells by how many something is more: 比任务多12个, 农技协+9."""
        clause = self.sentence.masked[self.start : self.words[self.at].start]
        if clause.endswith(("+", "增加", "增长", "减少", "多", "少", "新增")):
            return True
        if re.search("(?:超过?|超出|多于)(?:任务|目标|计划|指标)数?$", clause):
            return True
        return "比" in clause[-14:] and "比例" not in clause

    def is_pure(self) -> bool:
        """Whether the item that the count stands in holds function words and own verbs besides."""
        if self._has_noun_beside():
            return False
        words = self._item_words()
        others = [word for word in words if word is not self.words[self.at]]
        return (
            {word.kind for word in others} <= {*BETWEEN}
            and not any(word.text in OTHER for word in others)
            and self._unknown_of(words) <= 2 * MAX_UNKNOWN
        )

    def _has_noun_beside(self) -> bool:
        """Whether an unknown word stands right before or behind the count, which is of that."""
        masked, own = self.sentence.masked, self.words[self.at]
        left = self.words[self.at - 1].end if self.at > self.first else self.start
        right = self.words[self.at + 1].start if self.at < self.last else own.end + 1
        return bool(_HAN.search(masked[left : own.start]) or _HAN.match(masked[own.end : right]))

    def _item_words(self) -> list[Word]:
        first, last = self.at, self.at
        while first > self.first and self.words[first - 1].kind not in ("item", "count"):
            first -= 1
        while last < self.last and self.words[last + 1].kind not in ("item", "count", "open"):
            last += 1
        return list(self.words[first : last + 1])

    def _unknown_of(self, words: list[Word]) -> int:
        start = self.start if words[0] is self.words[self.first] else words[0].start
        length = sum(word.end - word.start for word in words)
        return len(self.sentence.masked[start : words[-1].end].replace(" ", "")) - length

    def begins_item(self, noun: int) -> bool:
        """Whether a noun is the first word of its item or clause: a label of its number."""
        first = self.first
        while self.words[first].kind == "glue" and not self.words[first].text.strip():
            first += 1
        if noun == first:
            return not _HAN.search(self.sentence.masked[self.start : self.words[noun].start])
        before = self.words[noun - 1]
        is_edge = before.kind in ("item", "colon", "close", "open", "neutral")
        between = self.sentence.masked[before.end : self.words[noun].start]
        return (is_edge or before.text in JOINTS) and not _HAN.search(between)

    def texts(self, indices: Iterable[int]) -> set[str]:
        """Return the texts of some words."""
        return {self.words[index].text for index in indices}
