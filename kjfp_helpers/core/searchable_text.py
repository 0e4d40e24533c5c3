"""Text folded for searching, with the position of each character in the original.

Folding removes white space, the dot of a name and the accents of Latin letters, normalizes width
and case, and converts traditional characters to simplified ones.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

Span = tuple[int, int]
"""Start and stop of a part of the original, as for slices."""

_DOTS = frozenset("·•．.・‧∙⋅᛫･")
_JOINERS = frozenset("-‐‑'’`")
"""Characters inside a name in Latin letters: Jian-guo, Xi'an."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """``text`` is folded; ``starts`` holds the index in ``source`` of each of its characters."""

    source: str
    text: str
    starts: tuple[int, ...]

    def original_span(self, start: int, stop: int) -> Span:
        """Return the span in the original of a span of the folded text."""
        return self.starts[start], self.starts[stop - 1] + 1

    def is_whole_word(self, start: int, stop: int) -> bool:
        """Whether a span is not part of a longer Latin word; always true of other characters."""
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
    chars, starts = [], []
    for index, char in enumerate(source):
        if char in _JOINERS and _is_latin(source[max(index - 1, 0) : index]):
            continue
        folded = _fold_char(char)
        if folded:
            chars.append(folded)
            starts.append(index)
    return FoldedText(source, "".join(chars), tuple(starts))


class TermIndex:
    """Finds many terms in one pass over a folded text, the longest match at each position."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        folded = {_fold_term(term) for term in terms}
        for term in sorted(folded, key=lambda term: (-len(term), term)):
            if len(term) > 1:
                self._by_start.setdefault(term[:2], []).append(term)

    def spans(self, folded: FoldedText) -> Iterator[Span]:
        """Yield the spans of the terms in the original."""
        text, start = folded.text, 0
        while start < len(text) - 1:
            for term in self._by_start.get(text[start : start + 2], ()):
                stop = start + len(term)
                if text.startswith(term, start) and folded.is_whole_word(start, stop):
                    yield folded.original_span(start, stop)
                    start = stop - 1
                    break
            start += 1


def replace_spans(text: str, spans: Iterable[Span], mask: str) -> str:
    """Return a text with every span replaced; adjacent and overlapping spans get one mask."""
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
def _fold_term(term: str) -> str:
    return fold_text(term).text


@cache
def common_words(kind: str) -> frozenset[str]:
    """Return the names (``places``, ``given_names``) that are ordinary words as well."""
    text = Path(__file__).with_name("ordinary_words.json").read_text("utf-8")
    return frozenset(word for line in json.loads(text)[kind] for word in line.split())


def _is_latin(char: str) -> bool:
    return char.isalpha() and unicodedata.normalize("NFD", char)[:1].isascii()


@cache
def _fold_char(char: str) -> str:
    """Return the folded character, ``""`` for one that is removed."""
    if char.isspace() or char in _DOTS or unicodedata.category(char) in ("Cf", "Mn"):
        return ""
    base = char
    normalized = unicodedata.normalize("NFKC", char).casefold()
    if len(normalized) == 1:
        base = unicodedata.normalize("NFD", normalized)[:1]
    if "\u3400" <= base <= "\u9fff":
        return _simplify(base)
    return base


def simplify_text(text: str) -> str:
    """Return a text in simplified characters.

    Examples
    --------
    >>> simplify_text("畢節市赫章縣")
    '毕节市赫章县'
    """
    words = _traditional_words()
    signs = words.keys() & set(text)
    if not any(word in text for sign in signs for word in words[sign]):
        return text
    return str(_converter().convert(text))


@cache
def _traditional_words() -> Mapping[str, Sequence[str]]:
    """Return the words that the converter changes by a sign of each: 覆 alone stays, 反覆 not."""
    by_sign: dict[str, list[str]] = {}
    for _, _, words in _converter().dict_cache.values():
        for word, others in words.items():
            simplified = others.partition(" ")[0]
            if simplified != word:
                sign = next((one for one in word if one not in simplified), word[0])
                by_sign.setdefault(sign, []).append(word)
    return by_sign


def _simplify(char: str) -> str:
    simplified: str = _converter().convert(char)
    if len(simplified) != 1:
        return char
    return simplified


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
