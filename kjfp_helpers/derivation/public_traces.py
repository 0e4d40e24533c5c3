"""What the public pages print beside a unit's name, so that a blind text can leave it out.

A member may search the exhibition: a number, a village or a firm that stands both in a nominee's
deeds and on the page of its unit names the unit. Subject and course of the work may be alike as
well; that cannot be masked without taking the deeds away.
"""

import math
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from kjfp_helpers.derivation.folded_text import Span
from kjfp_helpers.forms import STOCKTAKE_ROWS
from kjfp_helpers.intake.numbers import find_quantities
from kjfp_helpers.intake.words import half_width
from kjfp_helpers.records import Exhibit, Record

DIGITS = 3
"""Digits from which a number is looked for; shorter ones stand everywhere."""
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_ROUND = re.compile("[万千余多]")
NEAR = 0.03
"""How far a rounded number may be from a total that it tells (part of the total)."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = re.compile(
    "乡|镇|村|街道|社区|农场|林场|牧场|苏木|嘎查|合作社|公司|基地|学校|医院|示范园|产业园|水库|灌区"
)
_LONGEST, _SHORTEST = 8, 2
"""Characters before such a word that may be the name."""
_COMMON = 2
"""Units whose pages hold a name, beyond which it tells none of them."""


class PublicTraces:
    """Numbers and names on every unit's public page: exhibition text, captions, stock-take."""

    def __init__(self, records: Iterable[Record], stocktake: pd.DataFrame) -> None:
        self._texts: dict[str, str] = {}
        for record in records:
            if isinstance(record.body, Exhibit):
                text = "\n".join(_texts(record.body))
                self._texts[record.unit] = self._texts.get(record.unit, "") + "\n" + text
        rows: list[dict[str, Any]] = stocktake.to_dict("records")  # type: ignore[assignment]
        self._figures = {str(row["unit"]): set(_figures(row)) for row in rows}

    @cached_property
    def _numbers(self) -> dict[str, frozenset[str]]:
        units = {*self._texts, *self._figures}
        return {unit: frozenset({*(number for number, _ in _found(self._texts.get(unit, ""))),
                                 *self._figures.get(unit, ())}) for unit in units}  # fmt: skip

    def prints(self, unit: str, value: int | None) -> bool:
        """Whether a unit's page prints a number of the form."""
        return value is not None and len(str(value)) >= DIGITS and self._holds(unit, str(value))

    def spans(self, unit: str, text: str) -> Iterator[Span]:
        """Yield where a text holds a number or a name that stands on a unit's page."""
        yield from (span for number, span in _found(text) if self._holds(unit, number))
        yield from _rounded(text, self._figures.get(unit, ()))
        page = self._texts.get(unit, "")
        for match in _NAMED.finditer(text):
            for length in range(_LONGEST, _SHORTEST - 1, -1):
                name = text[match.start() - length : match.end()] if match.start() >= length else ""
                if name and name in page and self._tells(name):
                    yield match.start() - length, match.end()
                    break

    def _holds(self, unit: str, number: str) -> bool:
        return number in self._numbers.get(unit, frozenset())

    def _tells(self, name: str) -> bool:
        return sum(name in page for page in self._texts.values()) <= _COMMON


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
        value = quantity.value if quantity.about or _ROUND.search(said) else None
        if value and any(abs(value - total) <= NEAR * total for total in totals):
            yield quantity.start, quantity.end - len(quantity.unit)


def _found(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the numbers of a text, in digits or in Chinese, and where they stand."""
    flat = half_width(text)
    for match in _NUMBER.finditer(flat if len(flat) == len(text) else text):
        number = re.sub("[,，]", "", match.group())
        if len(number.replace(".", "")) >= DIGITS and not _YEAR.fullmatch(number):
            yield number, match.span()
    for quantity in find_quantities(text):
        if quantity.value is not None and quantity.value >= 10 ** (DIGITS - 1):
            yield str(quantity.value), (quantity.start, quantity.end - len(quantity.unit))
