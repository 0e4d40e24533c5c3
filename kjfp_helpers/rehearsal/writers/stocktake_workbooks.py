"""Stock-takes as units keep them, beside the blank of the office.

``layout`` of a stock-take says how:

================ ==================================================================
layout           workbook
================ ==================================================================
years            a sheet for each year and none for all of them
sample_first     a sheet 填写示例 before the unit's own
hidden_column    the figures of last year in a hidden column before the present ones
ten_thousands    the number of people in units of ten thousand, as text (0.34万)
================ ==================================================================
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from kjfp_helpers.core.form_schema import INDICATORS, STOCKTAKE_COLUMNS, Indicator
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.reports.office.forms.stocktake_sheet import build_stocktake_sheet
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip

YEARS = (2017, 2018, 2019)
YEAR_SHARES = (20, 35)
"""Percent of the whole in each year but the last."""
TEN_THOUSAND = 10_000
FIGURES = tuple(f"{one.name}_{suffix}" for one in INDICATORS for suffix, _ in STOCKTAKE_COLUMNS)
_DONE_COLUMN = 3


def write_stocktake(body: Stocktake, layout: str = "") -> bytes:
    """Return a stock-take as .xlsx in one of the layouts."""
    data = build_stocktake_sheet(body, asked_of(body))
    if not layout:
        return data
    book = load_workbook(BytesIO(data))
    book = _LAYOUTS[layout](book, body)
    buffer = BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())


def asked_of(body: Stocktake) -> tuple[Indicator, ...]:
    """Return the rows of a unit's sheet: an optional one where it was assigned."""
    return tuple(
        one
        for one in INDICATORS
        if not one.optional or getattr(body, f"{one.name}_target") is not None
    )


def split_years(body: Stocktake) -> list[Stocktake]:
    """Return the figures of each year; their sums are those of the whole period.

    >>> [part.people_done for part in split_years(Stocktake(unit="", people_done=10))]
    [2, 3, 5]
    """
    totals = {name: getattr(body, name) for name in FIGURES if getattr(body, name) is not None}
    parts: list[dict[str, Any]] = [
        {name: total * share // 100 for name, total in totals.items()} for share in YEAR_SHARES
    ]
    parts.append(
        {name: total - sum(part[name] for part in parts) for name, total in totals.items()}
    )
    return [replace(body, **part) for part in parts]


def _in_years(book: Workbook, body: Stocktake) -> Workbook:
    book.remove(book.worksheets[0])
    for year, part in zip(YEARS, split_years(body), strict=True):
        _copy_sheet(book, f"{year}年", part)
    return book


def _with_sample(book: Workbook, body: Stocktake) -> Workbook:
    _copy_sheet(book, "填写示例", _sample(body))
    book.move_sheet("填写示例", -1)
    return book


def _sample(body: Stocktake) -> Stocktake:
    names = [f"{one.name}_{suffix}" for one in asked_of(body) for suffix, _ in STOCKTAKE_COLUMNS]
    figures: dict[str, Any] = dict.fromkeys(names, 1)
    return replace(body, unit="某某省科协", **figures)


def _copy_sheet(book: Workbook, title: str, body: Stocktake) -> None:
    """Add a sheet with the rows of a stock-take."""
    sheet = book.create_sheet(title)
    source = load_workbook(BytesIO(build_stocktake_sheet(body, asked_of(body)))).worksheets[0]
    for row in source.iter_rows(values_only=True):
        sheet.append(row)
    for column, width in {"A": 42, "B": 18, "C": 18}.items():
        sheet.column_dimensions[column].width = width


def _with_hidden_column(book: Workbook, body: Stocktake) -> Workbook:
    sheet = book.worksheets[0]
    asked = asked_of(body)
    for row in range(3, 3 + 1 + len(asked)):
        for column in range(_DONE_COLUMN + 1, _DONE_COLUMN, -1):
            sheet.cell(row, column, sheet.cell(row, column - 1).value)
    for row, one in enumerate(asked, start=4):
        sheet.cell(row, _DONE_COLUMN, (getattr(body, f"{one.name}_done") or 0) * 3 // 4)
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["D"].width = 18
    return book


def _in_ten_thousands(book: Workbook, body: Stocktake) -> Workbook:
    assert body.people_done is not None
    row = 4 + [one.name for one in asked_of(body)].index("people")
    book.worksheets[0].cell(row, _DONE_COLUMN, f"{body.people_done / TEN_THOUSAND:g}万")
    return book


_LAYOUTS: Mapping[str, Callable[[Workbook, Stocktake], Workbook]] = {
    "years": _in_years,
    "sample_first": _with_sample,
    "hidden_column": _with_hidden_column,
    "ten_thousands": _in_ten_thousands,
}
