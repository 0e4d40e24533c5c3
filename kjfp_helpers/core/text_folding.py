"""A text folded for searching, with the way back to where each character stands in the original.

Folding takes out white space and the dot of a name, evens width and case, takes the accents off
Latin letters and writes traditional characters as simplified ones. So one spelling finds all.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

Span = tuple[int, int]
"""Where a stretch of the original begins and ends, as for slices."""

_DOTS = frozenset("·•．.・‧∙⋅᛫･")
_JOINERS = frozenset("-‐‑'’`")
"""Signs inside a name in Latin letters: Jian-guo, Xi'an."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """``text`` is folded; ``starts`` holds for each of its characters the place in ``source``."""

    source: str
    text: str
    starts: tuple[int, ...]

    def original_span(self, start: int, stop: int) -> Span:
        """Return where a stretch of the folded text stands in the original."""
        return self.starts[start], self.starts[stop - 1] + 1

    def is_whole_word(self, start: int, stop: int) -> bool:
        """Whether a stretch in Latin letters is no part of a longer word; others always are."""
        first, last = self.original_span(start, stop)
        before, after = self.source[max(first - 1, 0) : first], self.source[last : last + 1]
        joined = (self.text[start].isascii() and _is_latin(before)) or (
            self.text[stop - 1].isascii() and _is_latin(after)
        )
        return not joined


def fold_text(source: str) -> FoldedText:
    """Return a text folded for searching.

    >>> fold_text("王 建國、阿·買買提、Wáng Jiàn-guó").text
    '王建国、阿买买提、wangjianguo'
    """
    signs, starts = [], []
    for place, sign in enumerate(source):
        if sign in _JOINERS and _is_latin(source[max(place - 1, 0) : place]):
            continue
        folded = _fold(sign)
        if folded:
            signs.append(folded)
            starts.append(place)
    return FoldedText(source, "".join(signs), tuple(starts))


class TermIndex:
    """Many words to be found in one walk over a folded text, at each place the longest."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        folded = {_fold_word(word) for word in words}
        for word in sorted(folded, key=lambda word: (-len(word), word)):
            if len(word) > 1:
                self._by_start.setdefault(word[:2], []).append(word)

    def spans(self, folded: FoldedText) -> Iterator[Span]:
        """Yield where the words stand in the original."""
        text, place = folded.text, 0
        while place < len(text) - 1:
            for word in self._by_start.get(text[place : place + 2], ()):
                stop = place + len(word)
                if text.startswith(word, place) and folded.is_whole_word(place, stop):
                    yield folded.original_span(place, stop)
                    place = stop - 1
                    break
            place += 1


def replace_spans(text: str, spans: Iterable[Span], mask: str) -> str:
    """Return a text with every stretch replaced, neighbours and overlaps by one mask."""
    parts: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        if start > end or not parts:
            parts += [text[end:start], mask]
        end = stop
    return "".join([*parts, text[end:]])


@lru_cache(maxsize=2**15)
def _fold_word(word: str) -> str:
    return fold_text(word).text


@cache
def common_words(kind: str) -> frozenset[str]:
    """Return the names (``places``, ``given_names``) that are ordinary words as well."""
    text = Path(__file__).with_name("ordinary_words.json").read_text("utf-8")
    return frozenset(word for line in json.loads(text)[kind] for word in line.split())


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and unicodedata.normalize("NFD", sign)[:1].isascii()


@cache
def _fold(sign: str) -> str:
    """Return a character as it is searched for, ``""`` for one that is passed over."""
    if sign.isspace() or sign in _DOTS or unicodedata.category(sign) in ("Cf", "Mn"):
        return ""
    plain = unicodedata.normalize("NFKC", sign).casefold()
    base = unicodedata.normalize("NFD", plain)[:1] if len(plain) == 1 else sign
    return _simplified(base) if "\u3400" <= base <= "\u9fff" else base


def _simplified(sign: str) -> str:
    simplified: str = _converter().convert(sign)
    return simplified if len(simplified) == 1 else sign


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
