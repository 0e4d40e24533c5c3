"""What a count in a sentence is a number of: which of the indicators, or none.

Chinese counts in four ways, and each is read as such: the noun behind the count (126个农技协), the
noun before it (农技协126个, 农技协总数达126个, 农技协：126个), the noun of the clause before
(农技协建设，全省完成126个), and the number taken up again (应完成120个，实际126个). People count
where the same clause says that they left poverty.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.intake.fields.quantities import Quantity
from kjfp_helpers.intake.text_figures.masked_sentence import MaskedSentence, Word
from kjfp_helpers.intake.text_figures.word_classes import (
    BUILD,
    COMPLETE,
    LIFT,
    MOBILISE,
    OTHER_VERBS,
    OWN_MEASURES,
    SUBSET,
)

NOUNS = ("assoc", "federations", "experts")
MAX_UNKNOWN = 2
"""Characters of no known class that may stand between a noun and its count."""
MAX_MODIFIER = 16
"""Characters that may stand between a count and its noun: 900名农业、林业科技专家."""
MAX_AWAY = 30
"""Characters between a count of people and what says that they left poverty."""
_OWN_VERBS: Mapping[str, frozenset[str]] = {
    "assoc": frozenset({*BUILD, *COMPLETE, "建"}),
    "federations": frozenset({*BUILD, *COMPLETE, "建"}),
    "experts": frozenset({*MOBILISE, *COMPLETE}),
}
_OTHER = frozenset(OTHER_VERBS)
_LIFT = frozenset(LIFT)
_JOINTS = ("和", "及", "与", "以及")
_BETWEEN = ("glue", "number", "verb", "colon", "neutral", "open", "close")
"""Classes of what may stand between a noun and its count."""


@dataclass(frozen=True, slots=True)
class CountedNoun:
    """What a count is of.

    ``is_told`` is whether verb, label or number word tell it as the number that the notice asks
    for; ``is_subset`` whether an adjective or relative clause restricts it to a part.
    """

    indicator: str
    is_told: bool = True
    is_subset: bool = False


def find_counted_nouns(
    sentence: MaskedSentence, before: MaskedSentence | None = None
) -> dict[int, CountedNoun]:
    """Return what the counts of a sentence are of, by their number; those of others are left out.

    ``before`` is the sentence before: it may name what this one counts.

    Examples
    --------
    >>> from kjfp_helpers.intake.text_figures.masked_sentence import mask_sentence
    >>> found = find_counted_nouns(mask_sentence("培训会员300名，动员90名专家帮助800人脱贫"))
    >>> [(number, one.indicator) for number, one in found.items()]
    [(1, 'experts'), (2, 'people')]
    """
    found: dict[int, CountedNoun] = {}
    for number, quantity in enumerate(sentence.counts):
        if quantity.value is None or quantity.is_rate:
            continue
        reading = _Reading(sentence, number)
        one = (
            reading.noun_of_count()
            or reading.people(found)
            or reading.taken_up(found)
            or reading.noun_of_clause_before(before)
        )
        if one and quantity.measure in OWN_MEASURES[one.indicator]:
            found[number] = one
    return dict(_without_households(sentence, found))


def _without_households(
    sentence: MaskedSentence, found: Mapping[int, CountedNoun]
) -> Iterator[tuple[int, CountedNoun]]:
    """Yield what was found, without households that stand beside their people: 20户83人脱贫."""
    for number, one in found.items():
        measure = sentence.counts[number].measure
        beside = found.get(number + 1)
        if not (measure == "户" and beside and beside.indicator == "people"):
            yield number, one


class _Reading:
    """One count within its sentence."""

    def __init__(self, sentence: MaskedSentence, number: int) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.number = number
        self.quantity: Quantity = sentence.counts[number]
        self.at = sentence.places[number]
        self.first = self._edge(-1)
        self.last = self._edge(1)

    def _edge(self, step: int) -> int:
        """Return the index of the first or last word of the clause that the count stands in."""
        at, depth = self.at, 0
        while 0 <= at + step < len(self.words):
            kind = self.words[at + step].kind
            opens, closes = ("open", "close") if step > 0 else ("close", "open")
            depth += (kind == opens) - (kind == closes)
            if depth < 0 or (kind == "stop" and not depth):
                break
            at += step
        return at

    def _gap(self, left: Word, right: Word) -> int:
        """Return the number of unknown characters between two neighbouring words."""
        return len(self.sentence.masked[left.end : right.start].strip())

    # -- nouns ---------------------------------------------------------------------------------

    def noun_of_count(self) -> CountedNoun | None:
        """Return the association or expert that is counted, by the noun before or behind."""
        left, is_label = self._left_noun()
        right = None if left is not None and is_label else self._right_noun()
        if right is not None and not self._heads_next_count(right):
            return self._told_right(right)
        if left is not None:
            return self._told_left(left)
        return None

    def _left_noun(self) -> tuple[int | None, bool]:
        """Return the noun before a count, and if nothing but function words stand between."""
        unknown, depth, right, is_bare = 0, 0, self.words[self.at], True
        for at in range(self.at - 1, self.first - 1, -1):
            word = self.words[at]
            unknown += 0 if depth else self._gap(word, right)
            right = word
            if word.kind in ("close", "open"):
                depth += 1 if word.kind == "close" else -1
                if depth < 0:
                    return None, False
                continue
            if depth:
                continue
            if unknown > MAX_UNKNOWN:
                return None, False
            if word.kind in NOUNS:
                is_joined = any(one.text in _JOINTS for one in self.words[at + 1 : self.at])
                if is_joined and self._is_counted_behind(at):
                    return None, False
                return at, is_bare and not unknown
            if word.kind not in _BETWEEN or word.text in _OTHER:
                return None, False
            is_bare = is_bare and word.kind != "verb"
        return None, False

    def _is_counted_behind(self, noun: int) -> bool:
        """Whether a noun has its count before it: 126个农技协和8个联合会."""
        at = noun - 1
        while at > self.first and self.words[at].kind in ("glue", "neutral"):
            at -= 1
        return at >= self.first and self.words[at].kind == "count"

    def _right_noun(self) -> int | None:
        left, unknown = self.words[self.at], 0
        for at in range(self.at + 1, self.last + 1):
            word = self.words[at]
            unknown += self._gap(left, word)
            if word.kind in NOUNS:
                is_near = word.start - self.words[self.at].end <= MAX_MODIFIER
                return at if is_near else None
            is_list = word.kind == "item" and self.words[at].text == "、"
            if not (word.kind in ("glue", "neutral", "open", "close") or is_list):
                return None
            left = word
        return None

    def _heads_next_count(self, noun: int) -> bool:
        """Whether a noun behind a count belongs to the count after it: 9个、专家30名."""
        for at in range(noun + 1, self.last + 1):
            if self.words[at].kind == "count":
                has_noun = any(word.kind == "item" for word in self.words[self.at : noun])
                return has_noun
            if self.words[at].kind not in ("glue", "number", "colon"):
                return False
        return False

    def _told_right(self, noun: int) -> CountedNoun | None:
        indicator = self.words[noun].kind
        if not self._fits(indicator):
            return None
        own = _OWN_VERBS[indicator]
        governing = self._verb_before(self.at, own)
        if governing in _OTHER:
            return None
        behind = {word.text for word in self.words[noun + 1 : self.last + 1]}
        is_told = governing in own or bool(behind & own) or self._is_listed()
        if not is_told:
            return None
        return CountedNoun(indicator, is_told, self._is_subset(noun))

    def _told_left(self, noun: int) -> CountedNoun | None:
        indicator = self.words[noun].kind
        between = self.words[noun + 1 : self.at]
        own = _OWN_VERBS[indicator]
        governing = self._verb_before(noun, own)
        if not self._fits(indicator) or governing in _OTHER or self._is_difference():
            return None
        behind = {word.text for word in self.words[self.at + 1 : self.last + 1]}
        is_told = (
            governing in own
            or any(word.text in own or word.kind in ("number", "colon") for word in between)
            or bool(behind & own)
            or self._begins_item(noun)
        )
        exists = any(word.text in ("有", "现有") for word in between) and governing not in own
        if not is_told and not exists:
            return None
        return CountedNoun(indicator, is_told and not exists, self._is_subset(noun))

    def _fits(self, indicator: str) -> bool:
        return self.quantity.measure in OWN_MEASURES[indicator]

    def _verb_before(self, at: int, own: frozenset[str]) -> str:
        """Return the last verb of the clause before a word that decides, ``""`` for none."""
        for index in range(at - 1, self.first - 1, -1):
            word = self.words[index]
            if word.text in own or word.text in _OTHER:
                return word.text
            if word.kind == "count":
                return ""
        return ""

    def _is_listed(self) -> bool:
        """Whether a count goes on with a list: 支持126个农技协和8个联合会."""
        before = self.words[self.at - 1] if self.at > self.first else None
        return before is not None and before.text in ("、", *_JOINTS)

    def _begins_item(self, noun: int) -> bool:
        """Whether a noun is the first word of its item or clause: a label of its number."""
        if noun == self.first:
            lead = self.sentence.masked[self._clause_start() : self.words[noun].start]
            return len(lead.strip("·•-●√★>➢◆◇■□ \t0123456789.．*")) <= MAX_UNKNOWN
        before = self.words[noun - 1]
        return (
            before.kind in ("item", "colon", "close", "open", "neutral")
            or (before.kind == "glue" and before.text in _JOINTS)
        ) and self._gap(before, self.words[noun]) <= MAX_UNKNOWN

    def _clause_start(self) -> int:
        return self.words[self.first - 1].end if self.first else 0

    def _is_difference(self) -> bool:
        """Whether a count tells by how many something is more: 比任务多12个, 农技协+9."""
        masked, start = self.sentence.masked, self.words[self.at].start
        clause = masked[self._clause_start() : start]
        if clause.endswith(("+", "增加", "增长", "减少", "多", "少", "新增")):
            return True
        return "比" in clause[-14:] and "比例" not in clause

    def _is_subset(self, noun: int) -> bool:
        """Whether a noun is restricted: 女专家, 参与网上答疑的专家."""
        start = self.words[noun].start
        if SUBSET.search(self.sentence.masked[max(start - 6, 0) : start]):
            return True
        before = self.words[noun - 1] if noun > self.first else None
        if before is None or before.text != "的":
            return False
        unknown, right = 0, before
        for at in range(noun - 2, self.first - 1, -1):
            word = self.words[at]
            unknown += self._gap(word, right)
            right = word
            if word.kind == "verb":
                return unknown > MAX_UNKNOWN or word.text in _OTHER
            if word.kind == "count":
                return False
        return False

    # -- people --------------------------------------------------------------------------------

    def people(self, found: Mapping[int, CountedNoun]) -> CountedNoun | None:
        """Return people who left poverty, where the clause tells it of this count."""
        if not self._fits("people") or self._is_difference():
            return None
        words = self.words[self.first : self.last + 1]
        if any(word.kind == "remain" for word in words):
            return None
        out = self._out_of_count()
        if out is None or self._is_agent():
            return None
        texts = {word.text for word in words}
        is_told = bool(texts & _LIFT) or any(
            word.kind in ("persons", "number") for word in words
        )
        own = self.words[self.at]
        is_label = out < self.at
        if not is_told and not is_label and self.words[out].start - own.end > MAX_UNKNOWN:
            return None
        return CountedNoun("people", True)

    def _out_of_count(self) -> int | None:
        """Return what says that the counted left poverty, ``None`` for nothing."""
        own = self.words[self.at]
        for at in range(self.at - 1, self.first - 1, -1):
            word = self.words[at]
            if word.kind == "out" and own.start - word.end <= MAX_AWAY:
                between = self.sentence.masked[word.end : own.start]
                is_direct = all(
                    one.kind in (*_BETWEEN, "persons") and one.text not in _OTHER
                    for one in self.words[at + 1 : self.at]
                )
                if is_direct and self._unknown_in(at, self.at) <= 4 and "、" not in between:
                    return at
                break
            if word.kind == "count" and self.sentence.counts[self._number_at(at)].measure != "户":
                break
        limit = self._end_of_next_clause()
        for at in range(self.at + 1, limit + 1):
            word = self.words[at]
            if word.kind == "out" and word.start - own.end <= MAX_AWAY:
                return at
            if word.kind in NOUNS or word.text in _OTHER:
                return None
            if word.kind == "count" and self.quantity.measure != "户":
                return None
        return self._bare_people()

    def _bare_people(self) -> int | None:
        """Return the persons before a count that ends its clause: 带动建档立卡贫困人口5200人."""
        if self.at != self.last or self.quantity.measure in ("户", "人次"):
            return None
        at = self.at - 1
        while at >= self.first and self.words[at].kind in ("glue", "colon", "neutral", "number"):
            at -= 1
        if at > self.first and self.words[at].kind == "persons":
            verb = self.words[at - 1]
            while at > self.first + 1 and verb.kind in ("glue", "neutral", "count"):
                at -= 1
                verb = self.words[at - 1]
            if verb.text in ("带动", "帮带"):
                return at
        return None

    def _end_of_next_clause(self) -> int:
        """Return where to look for the verb: a next clause that only says so counts as well."""
        if self.last + 1 >= len(self.words) or self.words[self.last + 1].text != "，":
            return self.last
        at = self.last + 2
        while at < len(self.words) and self.words[at].kind in ("glue", "verb", "neutral"):
            at += 1
        if at >= len(self.words) or self.words[at].kind != "out":
            return self.last
        rest = itertools.takewhile(lambda word: word.kind != "stop", self.words[at:])
        return self.last if any(word.kind == "count" for word in rest) else at

    def _number_at(self, at: int) -> int:
        return self.sentence.places.index(at)

    def _unknown_in(self, first: int, last: int) -> int:
        return sum(
            self._gap(left, right)
            for left, right in zip(
                self.words[first:last], self.words[first + 1 : last + 1], strict=True
            )
        )

    def _is_agent(self) -> bool:
        """Whether the counted are those who help: 12名干部帮助300人脱贫."""
        for at in range(self.at + 1, self.last + 1):
            word = self.words[at]
            if word.kind == "out":
                return False
            if word.kind == "verb" and word.text in _LIFT and word.text not in ("支持", "扶持"):
                return any(one.kind == "count" for one in self.words[at + 1 : self.last + 1])
        return False

    # -- numbers without a noun of their own ---------------------------------------------------

    def taken_up(self, found: Mapping[int, CountedNoun]) -> CountedNoun | None:
        """Return what the count before was of, where this goes on with it."""
        earlier = [number for number in found if number < self.number]
        if not earlier or max(earlier) != self.number - 1 or self._is_difference():
            return None
        last = found[max(earlier)]
        if not self._is_pure() or not self._is_in_measure(last.indicator, max(earlier)):
            return None
        return last

    def _is_in_measure(self, indicator: str, earlier: int) -> bool:
        own, other = self.quantity.measure, self.sentence.counts[earlier].measure
        return own in OWN_MEASURES[indicator] and (own == other or bool(own) or not other)

    def _is_pure(self) -> bool:
        """Whether a clause holds function words and own verbs besides its only count."""
        words = self._item_words()
        kinds = {word.kind for word in words if word is not self.words[self.at]}
        return (
            kinds <= {*_BETWEEN}
            and not any(word.text in _OTHER for word in words)
            and self._unknown_of(words) <= MAX_UNKNOWN
        )

    def _item_words(self) -> list[Word]:
        """Return the words of the item of a list, or of the clause, that the count stands in."""
        first, last = self.at, self.at
        while first > self.first and self.words[first - 1].kind not in ("item", "count"):
            first -= 1
        while last < self.last and self.words[last + 1].kind not in ("item", "count", "open"):
            last += 1
        return list(self.words[first : last + 1])

    def _unknown_of(self, words: list[Word]) -> int:
        start = self._clause_start() if words[0] is self.words[self.first] else words[0].start
        length = sum(word.end - word.start for word in words)
        return len(self.sentence.masked[start : words[-1].end].replace(" ", "")) - length

    def noun_of_clause_before(self, before: MaskedSentence | None) -> CountedNoun | None:
        """Return the one indicator that the clause before names without a number of its own."""
        if not self._is_pure() or any(
            self.words[at].kind == "count" for at in range(self.first, self.at)
        ):
            return None
        named = self._named_before(before)
        if len(named) != 1 or not self._fits(*named):
            return None
        return CountedNoun(*named)

    def _named_before(self, before: MaskedSentence | None) -> set[str]:
        at = self.first - 2
        named: set[str] = set()
        while at >= 0 and self.words[at].kind not in ("stop", "count"):
            named.add(self.words[at].kind)
            at -= 1
        if self.first <= 1 and before is not None and not before.counts:
            named = {word.kind for word in before.words}
        named = {"people" if kind == "out" else kind for kind in named}
        return named & {*NOUNS, "people"}
