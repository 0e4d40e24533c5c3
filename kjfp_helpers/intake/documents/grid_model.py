"""Grid model of tables: worksheets, PDF and HTML tables as cells in rows and columns."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Cell, Table


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell; ``row`` and ``column`` from 1, ``height`` and ``width`` in merged cells.

    ``value`` is as typed; text may contain inline markers.
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
        """The value as text."""
        return format_cell_value(self.value)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table; ``cells`` row by row, empty ones included."""

    name: str
    cells: tuple[GridCell, ...]
    hidden: bool = False
    uncached_formulas: frozenset[str] = frozenset()
    """Locations of formulas that were saved without a result."""

    @property
    def filled_cells(self) -> list[GridCell]:
        """Cells that are not empty."""
        return [cell for cell in self.cells if cell.value not in (None, "")]


@dataclass(frozen=True, slots=True)
class PlacedCell(Cell):
    """A table cell with a location given by its file format, instead of Word's row and cell."""

    own_location: str = ""

    @property
    def location(self) -> str:
        """Location in the file."""
        return self.own_location


def format_cell_value(value: Any) -> str:
    """Format a cell value as a clerk would type it.

    Examples
    --------
    >>> format_cell_value(date(2020, 8, 1)), format_cell_value(12.0)
    ('2020年8月1日', '12')
    """
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
    """Convert a grid to a table of the document model."""
    cells: list[Cell] = []
    row = position = 0
    for cell in grid.cells:
        position = position + 1 if cell.row == row else 1
        row = cell.row
        cells.append(
            PlacedCell(
                table=number,
                row=row,
                position=position,
                column=cell.column - 1,
                row_span=range(row, row + cell.height),
                text=text_markers.strip_markers(cell.text),
                picture_count=cell.picture_count,
                marked_text=cell.text,
                own_location=cell.location,
            )
        )
    return Table(number, tuple(cells))


def grid_from_table(table: Table) -> Grid:
    """Convert a table of the document model to a grid."""
    next_columns = {
        (row, left.column): right.column
        for row, cells in table.by_row.items()
        for left, right in pairwise(cells)
    }
    grid_cells = (
        GridCell(
            cell.location,
            cell.row,
            cell.column + 1,
            cell.text,
            len(cell.row_span),
            cell.picture_count,
            max(next_columns.get((cell.row, cell.column), cell.column + 1) - cell.column, 1),
        )
        for cell in table.cells
    )
    return Grid(f"表{table.number}", tuple(grid_cells))


def grid_from_csv(text: str, name: str) -> Grid:
    """Parse comma- or tab-separated text as a grid; malformed text gives a grid without cells.

    Examples
    --------
    >>> [cell.location for cell in grid_from_csv("单位,数量", "盘点.csv").cells]
    ['第1行第1列', '第1行第2列']
    """
    lines = text.splitlines()
    try:
        rows = list(csv.reader(lines, "excel-tab" if "\t" in "".join(lines[:1]) else "excel"))
    except csv.Error:
        rows = []
    cells = (
        GridCell(f"第{row}行第{column}列", row, column, value or None)
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
    )
    return Grid(name, tuple(cells))
