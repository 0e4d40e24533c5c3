"""Which counts are of people who left poverty: where the same clause says so."""

import itertools
from bisect import bisect_left

from kjfp_helpers.intake.text_figures.count_clause import (
    BETWEEN,
    MAX_UNKNOWN,
    NOUNS,
    OTHER,
    CountClause,
)
from kjfp_helpers.intake.text_figures.word_classes import LIFT

MAX_AWAY = 30
"""Characters between a count of people and what says that they left poverty."""
_LIFT = frozenset(LIFT)
_AIDS = ("支持", "扶持")


def counts_people(clause: CountClause) -> bool:
    """Whether a count is of people who left poverty.

    Examples
    --------
    >>> from kjfp_helpers.intake.text_figures.masked_sentence import mask_sentence
    >>> sentence = mask_sentence("12名干部帮助300人脱贫")
    >>> [counts_people(CountClause(sentence, number)) for number in (0, 1)]
    [False, True]
    """
    if not clause.fits("people") or clause.is_difference():
        return False
    if any(word.kind == "remain" for word in clause.clause):
        return False
    out = _out_before(clause)
    if out is None:
        out = _out_behind(clause)
    if out is None:
        out = _bare_persons(clause)
    if out is None or _is_agent(clause):
        return False
    is_told = any(
        word.text in _LIFT or word.kind in ("persons", "number") for word in clause.clause
    )
    is_near = clause.words[out].start - clause.words[clause.at].end <= MAX_UNKNOWN
    return is_told or out < clause.at or is_near


def _out_before(clause: CountClause) -> int | None:
    """Return what says before a count that it left poverty: 脱贫人数达5200人."""
    own = clause.words[clause.at]
    for at in range(clause.at - 1, clause.first - 1, -1):
        word = clause.words[at]
        if word.kind == "out":
            is_near = own.start - word.end <= MAX_AWAY and _is_direct(clause, at)
            return at if is_near else None
        if word.kind == "count" and _measure_at(clause, at) != "户":
            return None
    return None


def _is_direct(clause: CountClause, out: int) -> bool:
    between = clause.words[out + 1 : clause.at]
    return (
        all(one.kind in (*BETWEEN, "persons") and one.text not in OTHER for one in between)
        and clause.unknown(out, clause.at) <= 2 * MAX_UNKNOWN
        and "、"
        not in clause.sentence.masked[clause.words[out].end : clause.words[clause.at].start]
    )


def _out_behind(clause: CountClause) -> int | None:
    """Return what says behind a count that it left poverty: 5200人脱贫."""
    own = clause.words[clause.at]
    for at in range(clause.at + 1, _last_word(clause) + 1):
        word = clause.words[at]
        if word.kind == "out" and word.start - own.end <= MAX_AWAY:
            return at
        if word.kind in NOUNS or word.text in OTHER:
            return None
        if word.kind == "count" and clause.quantity.measure != "户":
            return None
    return None


def _last_word(clause: CountClause) -> int:
    """Return where to look for the verb: a next clause that only says so counts as well."""
    words = clause.words
    if clause.last + 1 >= len(words) or words[clause.last + 1].text != "，":
        return clause.last
    at = clause.last + 2
    while at < len(words) and words[at].kind in ("glue", "verb", "neutral"):
        at += 1
    if at >= len(words) or words[at].kind != "out":
        return clause.last
    rest = itertools.takewhile(lambda word: word.kind != "stop", words[at:])
    return clause.last if any(word.kind == "count" for word in rest) else at


def _bare_persons(clause: CountClause) -> int | None:
    """Return the persons before a count that ends its clause: 带动建档立卡贫困人口5200人."""
    if clause.at != clause.last or clause.quantity.measure in ("户", "人次"):
        return None
    words, at = clause.words, clause.at - 1
    while at >= clause.first and words[at].kind in ("glue", "colon", "neutral", "number"):
        at -= 1
    if at <= clause.first or words[at].kind != "persons":
        return None
    verb = at - 1
    while verb > clause.first and words[verb].kind in ("glue", "neutral", "count"):
        verb -= 1
    return at if words[verb].text in ("带动", "帮带") else None


def _is_agent(clause: CountClause) -> bool:
    """Whether the counted are those who help: 12名干部帮助300人脱贫."""
    for at in range(clause.at + 1, clause.last + 1):
        word = clause.words[at]
        if word.kind == "out":
            return False
        if word.kind == "verb" and word.text in _LIFT and word.text not in _AIDS:
            return any(one.kind == "count" for one in clause.words[at + 1 : clause.last + 1])
    return False


def _measure_at(clause: CountClause, at: int) -> str:
    """Return the measure of the count that is a word of the sentence, by its index."""
    return clause.sentence.counts[bisect_left(clause.sentence.places, at)].measure
