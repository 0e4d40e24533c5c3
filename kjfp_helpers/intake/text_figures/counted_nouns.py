"""What a count in a sentence is a number of: which of the indicators, or none.

Chinese counts in four ways, and each is read as such: the noun behind the count (126个农技协), the
noun before it (农技协126个, 农技协总数达126个, 农技协：126个), the noun of the clause before
(农技协建设，全省完成126个), and the number taken up again (应完成120个，实际126个). People count
where the same clause says that they left poverty.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.intake.text_figures.count_clause import (
    BETWEEN,
    JOINTS,
    MAX_UNKNOWN,
    NOUNS,
    OTHER,
    OWN_VERBS,
    CountClause,
)
from kjfp_helpers.intake.text_figures.counted_people import counts_people
from kjfp_helpers.intake.text_figures.masked_sentence import MaskedSentence
from kjfp_helpers.intake.text_figures.word_classes import ANY_MEASURE, OWN_MEASURES, SUBSET

_GROWS = re.compile("(?:增加|增长|发展|扩大|上升|提高|壮大|扩充|跃升)(?:到|至)|增至")
_TRANSITIVE = frozenset("建立 建设 发展 培育 创办 创建 兴办 新建".split())
"""Verbs behind an association that tell what it did itself: 12家农技协建立了党支部."""
MAX_MODIFIER = 16
"""Characters that may stand between a count and its noun: 900名农业、林业科技专家."""


@dataclass(frozen=True, slots=True)
class CountedNoun:
    """What a count is of.

    ``is_told`` is whether verb, label or number word tell it as the number that the notice asks
    for; ``is_subset`` whether an adjective or relative clause restricts it to a part;
    ``is_mentioned`` whether it only stands beside the noun, and may be of something else.
    """

    indicator: str
    is_told: bool = True
    is_subset: bool = False
    is_mentioned: bool = False


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
        if quantity.value is None or quantity.is_rate or quantity.measure not in ANY_MEASURE:
            continue
        clause = CountClause(sentence, number)
        one = (
            _noun_of_count(clause)
            or (CountedNoun("people") if counts_people(clause) else None)
            or _taken_up(clause, found)
            or _grown(clause)
            or _noun_of_clause_before(clause, before)
        )
        if one and quantity.measure in OWN_MEASURES[one.indicator]:
            found[number] = one
    return dict(_without_households(sentence, found))


def _without_households(
    sentence: MaskedSentence, found: Mapping[int, CountedNoun]
) -> Iterator[tuple[int, CountedNoun]]:
    """Yield what was found, without households that stand beside their people: 20户83人脱贫."""
    for number, one in found.items():
        beside = found.get(number + 1)
        is_beside = beside is not None and beside.indicator == "people"
        if not (sentence.counts[number].measure == "户" and is_beside):
            yield number, one


def _noun_of_count(clause: CountClause) -> CountedNoun | None:
    """Return the association or expert that is counted, by the noun before or behind."""
    left = _left_noun(clause)
    is_label = left is not None and not any(
        clause.words[at].kind == "verb" for at in range(left + 1, clause.at)
    )
    right = None if is_label else _right_noun(clause)
    if right is not None and not _heads_next_count(clause, right):
        return _told_right(clause, right)
    return None if left is None else _told_left(clause, left)


def _left_noun(clause: CountClause) -> int | None:
    """Return the noun before a count with nothing but function words and verbs between."""
    outside = clause.without_remarks(clause.first, clause.at)
    unknown, right = 0, clause.at
    for at in reversed(outside):
        word = clause.words[at]
        unknown += clause.gap(word, clause.words[right]) if right == at + 1 else 0
        right = at
        if unknown > MAX_UNKNOWN:
            return None
        if word.kind in NOUNS:
            is_joined = bool(clause.texts(range(at + 1, clause.at)) & {*JOINTS})
            return None if is_joined and _is_counted_behind(clause, at) else at
        if word.kind not in BETWEEN or word.text in OTHER:
            return None
    return None


def _is_counted_behind(clause: CountClause, noun: int) -> bool:
    """Whether a noun has its count before it: 126个农技协和8个联合会."""
    at = noun - 1
    while at > clause.first and clause.words[at].kind in ("glue", "neutral"):
        at -= 1
    return at >= clause.first and clause.words[at].kind == "count"


def _right_noun(clause: CountClause) -> int | None:
    """Return the noun behind a count with nothing but its modifiers between."""
    for at in range(clause.at + 1, clause.last + 1):
        word = clause.words[at]
        if word.kind in NOUNS:
            is_near = word.start - clause.words[clause.at].end <= MAX_MODIFIER
            return at if is_near else None
        if word.kind not in ("glue", "neutral", "open", "close") and word.text != "、":
            return None
    return None


def _heads_next_count(clause: CountClause, noun: int) -> bool:
    """Whether a noun behind a count belongs to the count after it: 9个、专家30名."""
    for at in range(noun + 1, clause.last + 1):
        word = clause.words[at]
        if word.kind == "count":
            return any(one.kind == "item" for one in clause.words[clause.at : noun])
        if word.kind not in ("glue", "number", "colon"):
            return False
    return False


def _told_right(clause: CountClause, noun: int) -> CountedNoun | None:
    indicator = clause.words[noun].kind
    own = OWN_VERBS[indicator]
    governing = clause.verb_before(clause.at, own)
    if not clause.fits(indicator) or governing in OTHER:
        return None
    before = clause.words[clause.at - 1].text if clause.at > clause.first else ""
    is_led = before in ("、", *JOINTS, "累计", "共", "共计", "总计", "合计")
    behind = clause.texts(range(noun + 1, clause.last + 1))
    is_passive = bool(behind & (own - _TRANSITIVE)) or (is_led and not behind & OTHER)
    if not (governing in own or is_passive):
        return None
    return CountedNoun(indicator, True, _is_subset(clause, noun))


def _told_left(clause: CountClause, noun: int) -> CountedNoun | None:
    indicator = clause.words[noun].kind
    own = OWN_VERBS[indicator]
    governing = clause.verb_before(noun, own)
    if not clause.fits(indicator) or governing in OTHER or clause.is_difference():
        return None
    between = clause.words[noun + 1 : clause.at]
    is_told = (
        governing in own
        or any(word.text in own or word.kind in ("number", "colon") for word in between)
        or bool(clause.texts(range(clause.at + 1, clause.last + 1)) & own)
        or clause.begins_item(noun)
    )
    exists = governing not in own and any(word.text in ("有", "现有") for word in between)
    if not is_told and not exists:
        return None
    return CountedNoun(indicator, is_told and not exists, _is_subset(clause, noun))


def _is_subset(clause: CountClause, noun: int) -> bool:
    """Whether a noun is restricted: 女专家, 参与网上答疑的专家."""
    start = clause.words[noun].start
    if SUBSET.search(clause.sentence.masked[max(start - 6, 0) : start]):
        return True
    if noun == clause.first or clause.words[noun - 1].text != "的":
        return False
    for at in range(noun - 2, clause.first - 1, -1):
        word = clause.words[at]
        if word.kind == "verb":
            return clause.unknown(at, noun - 1) > MAX_UNKNOWN or word.text in OTHER
        if word.kind in ("count", "item"):
            return False
    return False


def _taken_up(clause: CountClause, found: Mapping[int, CountedNoun]) -> CountedNoun | None:
    """Return what the count before was of, where this goes on with it."""
    last = found.get(clause.number - 1)
    if last is None or clause.is_difference() or not clause.is_pure():
        return None
    own = clause.quantity.measure
    other = clause.sentence.counts[clause.number - 1].measure
    is_alike = own == other or bool(own) or not other
    return last if is_alike and own in OWN_MEASURES[last.indicator] else None


def _grown(clause: CountClause) -> CountedNoun | None:
    """Return the noun of a number that another has grown to: 专家从16人增加到累计900人."""
    places = [at for at in clause.sentence.places if clause.first <= at < clause.at]
    if not places:
        return None
    between = clause.sentence.masked[clause.words[places[-1]].end : clause.words[clause.at].start]
    named = [word.kind for word in clause.words[clause.first : places[0]]]
    kinds = [kind for kind in named if kind in NOUNS]
    if not kinds or not _GROWS.search(between) or not clause.fits(kinds[-1]):
        return None
    return CountedNoun(kinds[-1])


def _noun_of_clause_before(
    clause: CountClause, before: MaskedSentence | None
) -> CountedNoun | None:
    """Return the one indicator that the clause before names without a number of its own."""
    earlier = clause.words[clause.first : clause.at]
    if any(word.kind == "count" for word in earlier) or not clause.is_pure():
        return None
    named = _named_before(clause, before)
    if len(named) != 1:
        return None
    (indicator,) = named
    return CountedNoun(indicator) if clause.fits(indicator) else None


def _named_before(clause: CountClause, before: MaskedSentence | None) -> set[str]:
    """Return the indicators that the last clause with one names, if no count stands between."""
    named: set[str] = set()
    for at in range(clause.first - 1, -1, -1):
        word = clause.words[at]
        is_over = word.kind == "stop" and (named or word.text != "，")
        if word.kind == "count" or is_over:
            return named
        named |= _indicator_of_word(word.kind)
    if not named and before is not None and not before.counts:
        named = set().union(*(_indicator_of_word(word.kind) for word in before.words))
    return named


def _indicator_of_word(kind: str) -> set[str]:
    return {"people"} if kind == "out" else {kind} & {*NOUNS}
