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
class GridCell:
    """A cell; ``row`` and ``column`` from 1, ``height`` and ``width`` as merged, ``value`` as typed.

    Words may hold the signs of ``marks``.
    """

    location: str
    row: int
    column: int
    value: Any
    height: int = 1
    picture_count: int = 0
    width: int = 1

    @property
    def text(self) -> str:
        """The value as words."""
        return format_cell_value(self.value)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table; ``cells`` row by row, the empty ones included."""

    name: str
    cells: tuple[GridCell, ...]
    hidden: bool = False
    uncached_formulas: frozenset[str] = frozenset()
    """Places of formulas whose result was not saved."""

    @property
    def filled_cells(self) -> list[GridCell]:
        """Squares that hold something."""
        return [one for one in self.cells if one.value not in (None, "")]


@dataclass(frozen=True, slots=True)
class PlacedCell(Cell):
    """A cell of a form whose place is not counted as Word counts."""

    own_location: str = ""

    @property
    def location(self) -> str:
        """Spot in the file."""
        return self.own_location


def format_cell_value(value: Any) -> str:
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


def table_from_grid(grid: Grid, number: int) -> Table:
    """Return a grid as the form reader takes tables."""
    cells: list[Cell] = []
    row = nth = 0
    for one in grid.cells:
        nth = nth + 1 if one.row == row else 1
        row = one.row
        cells.append(
            PlacedCell(
                table=number,
                row=row,
                position=nth,
                column=one.column - 1,
                row_span=range(row, row + one.height),
                text=inline_markers.strip_markers(one.text),
                picture_count=one.picture_count,
                marked_text=one.text,
                own_location=one.location,
            )
        )
    return Table(number, tuple(cells))


def grid_from_table(table: Table) -> Grid:
    """Return a document's table as the stock-take reader takes grids."""
    ends = {
        (row, one.column): two.column
        for row, cells in table.by_row.items()
        for one, two in pairwise(cells)
    }
    squares = (
        GridCell(
            cell.location,
            cell.row,
            cell.column + 1,
            cell.text,
            len(cell.row_span),
            cell.picture_count,
            max(ends.get((cell.row, cell.column), cell.column + 1) - cell.column, 1),
        )
        for cell in table.cells
    )
    return Grid(f"表{table.number}", tuple(squares))


def grid_from_csv(text: str, name: str) -> Grid:
    """Return a text of values between commas, or tabs, as a sheet; a broken one has no cells."""
    lines = text.splitlines()
    try:
        rows = list(csv.reader(lines, "excel-tab" if "\t" in "".join(lines[:1]) else "excel"))
    except csv.Error:
        rows = []
    squares = (
        GridCell(f"第{row}行第{column}列", row, column, value or None)
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
    )
    return Grid(name, tuple(squares))
