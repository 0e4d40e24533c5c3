"""A sentence with its counts masked, and the words that it is made of."""

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.text_cleanup import to_half_width
from kjfp_helpers.intake.fields.quantities import Quantity, find_quantities
from kjfp_helpers.intake.text_figures.word_classes import WORDS

KEPT_SENTENCES = 512
"""Sentences that are kept: one is asked for its words, its counts and as a heading."""
_DIGIT = lazy_pattern(r"\d")
_HAN = lazy_pattern("[\u4e00-\u9fff]")
_DIGITS = "0123456789 （(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳\t"
_MASKS = "\x01\x02"
_PERIODS = frozenset("年 月 周 星期 季度 天 日".split())
"""Measures of time: such a number stays a part of the words around it."""
_OWN = frozenset("个 家 人 名 位 户 口 人次".split())
_MEASURE_BEHIND = lazy_pattern("人次|[人名位户口个家]")
_AT_LEAST = lazy_pattern("不少于|不低于|不下于?|至少")
"""What is said of a target; it stays a word of the sentence."""
_ENUMERATOR = lazy_pattern(
    r"(?:^|[;；])\s*(?:[（(]\s*[\d一二三四五六七八九十]{1,3}\s*[)）]|\d{1,2}\s*[.．、)）](?!\d)|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a known class: ``kind`` is its class, ``start`` and ``end`` are its offsets."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class MaskedSentence:
    """A sentence read into counts and words when these are asked for; offsets are of ``text``.

    ``masked`` has one of two characters for each character of a count, in turn, and half-width
    signs; ``counts`` are the counts that are no period of time.
    """

    text: str

    @cached_property
    def counts(self) -> tuple[Quantity, ...]:
        """The counts, in order."""
        plain = self._plain
        return tuple(
            _trim(one, self.text)
            for one in find_quantities(plain)
            if not _is_part_of_word(one, plain)
        )

    @cached_property
    def masked(self) -> str:
        """The sentence with its counts masked."""
        masked = to_half_width(self._plain.replace("，", "\0")).replace("\0", "，")
        for number, one in enumerate(self.counts):
            masked = (
                masked[: one.start] + _MASKS[number % 2] * (one.end - one.start) + masked[one.end :]
            )
        return masked

    @cached_property
    def _plain(self) -> str:
        """The text without the numbers that only tell the items of a list apart."""
        return _ENUMERATOR.sub(
            lambda match: match[0][0].strip(_DIGITS).ljust(len(match[0])), self.text
        )

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of known classes, in order."""
        return tuple(
            Word(match.lastgroup or "", match[0], match.start(), match.end())
            for match in WORDS.finditer(self.masked)
        )

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The index in ``words`` of each count."""
        return tuple(index for index, word in enumerate(self.words) if word.kind == "count")


@lru_cache(KEPT_SENTENCES)
def mask_sentence(text: str) -> MaskedSentence:
    """Return a sentence with its counts masked.

    Examples
    --------
    >>> sentence = mask_sentence("支持农技协126个，2019年30个")
    >>> [(word.kind, word.text) for word in sentence.words if word.kind in ("verb", "assoc")]
    [('verb', '支持'), ('assoc', '农技协')]
    >>> [count.value for count in sentence.counts]
    [126, 30]
    """
    return MaskedSentence(text)


def _is_part_of_word(quantity: Quantity, text: str) -> bool:
    """Whether a numeral is a time or a part of a word: 三年, 三级专家, 第一书记, 这一项."""
    if quantity.measure in _PERIODS:
        return True
    if _DIGIT.search(text, quantity.start, quantity.end):
        return False
    said = text[quantity.start : quantity.end]
    if not quantity.measure:
        return len(said) == 1 or _HAN.match(text, quantity.end) is not None
    return len(said) - len(quantity.measure) == 1 and quantity.measure not in _OWN


def _trim(quantity: Quantity, text: str) -> Quantity:
    """Return a quantity whose measure leaves the noun behind 个 to the sentence: 126个农技协."""
    least = _AT_LEAST.match(text, quantity.start)
    if least:
        quantity = replace(quantity, start=least.end())
    if quantity.measure.startswith("个") and len(quantity.measure) > 1:
        end = quantity.end - (len(quantity.measure) - 1)
        about = re.match("左右|上下|以上|有余", text[end : end + 2])
        return replace(quantity, measure="个", end=end + 2 if about else end)
    behind = _MEASURE_BEHIND.match(text, quantity.end)
    if not quantity.measure and behind and text[quantity.end - 1] in "余多":  # 1.3万多人
        return replace(quantity, measure=behind[0], end=behind.end())
    return quantity
