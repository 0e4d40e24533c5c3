"""Texts that public pages print about a unit, to be left out of anonymized texts.

A member may search the exhibition: a number, a village or a firm that stands both in a nominee's
deeds and on the page of its unit names the unit. Subject and course of the work may be alike as
well; that cannot be masked without taking the deeds away. Deeds that the page repeats in whole
passages are found by their words anyhow: of those only the unit's totals are masked, and the
office is told (:meth:`PublicTraces.repeats`).
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

import pandas as pd

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Exhibit, Record
from kjfp_helpers.core.searchable_text import Span
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.duplicates.text_overlap import MIN_SHARED_LETTERS, NGRAM_SIZE
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.text_cleanup import to_half_width
from kjfp_helpers.intake.fields.quantities import PEOPLE_MEASURES, find_quantities

DIGITS = 3
"""Digits from which a number is looked for; shorter ones stand everywhere."""
_NUMBER = lazy_pattern(r"\d[\d,，]*(?:\.\d+)?")
_REPEATED = MIN_SHARED_LETTERS - NGRAM_SIZE + 1
"""Rows of letters that a passage of 40 letters holds."""
_ROUND = lazy_pattern("[万千余多]")
_COUNTED = {*PEOPLE_MEASURES, "个", "家", ""}
"""Measure words of what a stock-take counts."""
NEAR = 0.03
"""How far a rounded number may be from a total that it tells (part of the total)."""
_YEAR = lazy_pattern(r"(?:19|20)\d\d")
_NAMED = lazy_pattern(
    "乡|镇|村|街道|社区|农场|林场|牧场|苏木|嘎查|合作社|公司|基地|学校|医院|示范园|产业园|水库|灌区"
    "|同志|老师|教授|研究员|农艺师|书记|主任|院士|博士"
)
_HAN = lazy_pattern("[\u3400-\u9fff]+")
_LONGEST, _SHORTEST = 6, 2
"""Characters before such a word that may be the name."""
_COMMON = 2
"""Units whose pages hold a name, beyond which it tells none of them."""


class PublicTraces:
    """Numbers and names on every unit's public page: exhibition text, captions, stock-take."""

    def __init__(self, records: Iterable[Record], stocktake: pd.DataFrame) -> None:
        self._texts: dict[str, str] = {}
        self._rows: dict[str, frozenset[str]] = {}
        for record in records:
            if isinstance(record.body, Exhibit):
                text = "\n".join(_texts(record.body))
                self._texts[record.unit] = self._texts.get(record.unit, "") + "\n" + text
        rows: list[dict[str, Any]] = stocktake.to_dict("records")  # type: ignore[assignment]
        self._figures = {str(row["unit"]): set(_figures(row)) for row in rows}

    @cached_property
    def _numbers(self) -> dict[str, frozenset[str]]:
        units = {*self._texts, *self._figures}
        return {
            unit: frozenset(
                {
                    *(number for number, _ in _found(self._texts.get(unit, ""))),
                    *self._figures.get(unit, ()),
                }
            )
            for unit in units
        }

    def repeats_story(self, unit: str, deeds: str | None) -> bool:
        """Whether a unit's page holds passages of deeds, of 40 letters together at least."""
        if unit not in self._rows:
            self._rows[unit] = frozenset(_rows(self._letters.get(unit, "")))
        known = (row for row in _rows(alnum_key(deeds)) if row in self._rows[unit])
        told = (row for row in known if self._tells(row, self._letters))
        return sum(1 for _ in islice(told, _REPEATED)) == _REPEATED

    def prints_number(self, unit: str, value: int | None) -> bool:
        """Whether a unit's page prints a number of the form."""
        return value is not None and len(str(value)) >= DIGITS and self._holds(unit, str(value))

    def find_spans(self, unit: str, text: str, *, totals_alone: bool = False) -> Iterator[Span]:
        """Yield where a text holds a number or a name that stands on a unit's page.

        ``totals_alone`` leaves all but the unit's totals.
        """
        figures = self._figures.get(unit, set())
        held = figures if totals_alone else self._numbers.get(unit, set())
        yield from (span for number, span in _found(text) if number in held)
        yield from _rounded(text, figures)
        if not totals_alone:
            yield from self._named(unit, text)

    def _named(self, unit: str, text: str) -> Iterator[Span]:
        """Yield the names of places, bodies and persons that a unit's page holds and few others."""
        page = self._texts.get(unit, "")
        for match in _NAMED.finditer(text if page else ""):
            end = match.end()
            for start in range(max(match.start() - _LONGEST, 0), match.start() - _SHORTEST + 1):
                name = text[start:end]
                if name in page and _HAN.fullmatch(name) and self._tells(name, self._texts):
                    yield start, end
                    break

    def _holds(self, unit: str, number: str) -> bool:
        return number in self._numbers.get(unit, frozenset())

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {unit: alnum_key(text) for unit, text in self._texts.items()}

    @staticmethod
    def _tells(words: str, pages: Mapping[str, str]) -> bool:
        return sum(words in page for page in pages.values()) <= _COMMON


def _rows(letters: str) -> Iterator[str]:
    return (letters[at : at + NGRAM_SIZE] for at in range(len(letters) - NGRAM_SIZE + 1))


def _texts(exhibit: Exhibit) -> Iterator[str]:
    for section in exhibit.sections:
        yield from (section.heading, section.text)
    yield from exhibit.captions.values()
    yield from (picture.name for picture in exhibit.pictures)


def _figures(row: dict[str, Any]) -> Iterator[str]:
    for prefix, _ in STOCKTAKE_ROWS:
        for name in (f"{prefix}_target", f"{prefix}_done"):
            if not pd.isna(row[name]):
                yield str(int(row[name]))
        done, target = row[f"{prefix}_done"], row[f"{prefix}_target"]
        if not pd.isna(done) and not pd.isna(target) and target > 0:
            share = 100 * done / target
            yield from (f"{share:.1f}", f"{math.floor(10 * share) / 10:.1f}")


def _rounded(text: str, figures: Iterable[str]) -> Iterator[Span]:
    """Yield where a text tells one of the unit's totals roundly: 4.2万人, 近五万人."""
    totals = [float(figure) for figure in figures if figure.isdigit() and len(figure) >= DIGITS]
    for quantity in find_quantities(text):
        said = text[quantity.start : quantity.end]
        value = quantity.value if quantity.is_approximate or _ROUND.search(said) else None
        if (
            value
            and quantity.measure in _COUNTED
            and any(abs(value - total) <= NEAR * total for total in totals)
        ):
            yield quantity.start, quantity.end - len(quantity.measure)


def _found(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the numbers of a text, in digits or in Chinese, and where they stand."""
    flat = to_half_width(text)
    for match in _NUMBER.finditer(flat if len(flat) == len(text) else text):
        number = re.sub("[,，]", "", match.group())
        if len(number.replace(".", "")) >= DIGITS and not _YEAR.fullmatch(number):
            yield number, match.span()
    for quantity in find_quantities(text):
        if quantity.value is not None and quantity.value >= 10 ** (DIGITS - 1):
            yield str(quantity.value), (quantity.start, quantity.end - len(quantity.measure))
