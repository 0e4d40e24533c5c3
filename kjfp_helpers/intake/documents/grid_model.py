"""Cells in rows and columns, whichever program laid them out: sheets, PDF and HTML tables."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.docx.reader import Cell, Table


@dataclass(frozen=True, slots=True)
class Square:
    """A cell; ``row`` and ``column`` from 1, ``depth`` and ``width`` as merged, ``value`` as typed.

    Words may hold the signs of ``marks``.
    """

    place: str
    row: int
    column: int
    value: Any
    depth: int = 1
    pictures: int = 0
    width: int = 1

    @property
    def text(self) -> str:
        """The value as words."""
        return as_text(self.value)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table; ``squares`` row by row, the empty ones included."""

    name: str
    squares: tuple[Square, ...]
    hidden: bool = False
    uncounted: frozenset[str] = frozenset()
    """Places of formulas whose result was not saved."""

    @property
    def filled(self) -> list[Square]:
        """Squares that hold something."""
        return [one for one in self.squares if one.value not in (None, "")]


@dataclass(frozen=True, slots=True)
class SpotCell(Cell):
    """A cell of a form whose place is not counted as Word counts."""

    spot: str = ""

    @property
    def place(self) -> str:
        """Spot in the file."""
        return self.spot


def as_text(value: Any) -> str:
    """Return a value as a clerk would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and abs(value) < 1e20 and value == int(value):
        return str(int(Decimal(f"{value:.15g}")))  # a sheet keeps and shows 15 digits
    return str(value).strip()


def to_table(grid: Grid, number: int) -> Table:
    """Return a grid as the form reader takes tables."""
    cells: list[Cell] = []
    row = nth = 0
    for one in grid.squares:
        nth = nth + 1 if one.row == row else 1
        row = one.row
        cells.append(
            SpotCell(
                table=number,
                row=row,
                nth=nth,
                column=one.column - 1,
                rows=range(row, row + one.depth),
                text=inline_markers.plain(one.text),
                pictures=one.pictures,
                marked=one.text,
                spot=one.place,
            )
        )
    return Table(number, tuple(cells))


def from_table(table: Table) -> Grid:
    """Return a document's table as the stock-take reader takes grids."""
    ends = {
        (row, one.column): two.column
        for row, cells in table.by_row.items()
        for one, two in pairwise(cells)
    }
    squares = (
        Square(
            cell.place,
            cell.row,
            cell.column + 1,
            cell.text,
            len(cell.rows),
            cell.pictures,
            max(ends.get((cell.row, cell.column), cell.column + 1) - cell.column, 1),
        )
        for cell in table.cells
    )
    return Grid(f"表{table.number}", tuple(squares))


def from_lines(text: str, name: str) -> Grid:
    """Return a text of values between commas, or tabs, as a sheet; a broken one has no cells."""
    lines = text.splitlines()
    try:
        rows = list(csv.reader(lines, "excel-tab" if "\t" in "".join(lines[:1]) else "excel"))
    except csv.Error:
        rows = []
    squares = (
        Square(f"第{row}行第{column}列", row, column, value or None)
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
    )
    return Grid(name, tuple(squares))
