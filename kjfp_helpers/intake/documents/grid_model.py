"""Grid model of tables: worksheets, PDF and HTML tables as cells in rows and columns."""

import csv
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Cell, Document, Table

REPORTED_MARKERS = (text_markers.TRACKED_CHANGE, text_markers.HIDDEN_TEXT, text_markers.COMMENT)
"""Markers that are told even where they belong to no field."""
_VALUE_MARKERS = (
    text_markers.STRUCK,
    text_markers.STRUCK_END,
    text_markers.RAISED,
    text_markers.RAISED_END,
)
_MAX_CAPTIONS = 4
_OTHER_MARKERS = re.compile(f"(?![{''.join(_VALUE_MARKERS)}]){text_markers.MARKERS.pattern}")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell; ``row`` and ``column`` from 1, ``height`` and ``width`` in merged cells.

    ``value`` is as typed; text may contain inline markers. ``shown`` is what the number format
    makes of a value whose meaning it changes (a unit, leading zeros, part of a date), ``markers``
    are those of the cell as a whole (hidden, commented on). ``is_hidden`` is whether its row or
    column is hidden.
    """

    location: str
    row: int
    column: int
    value: Any
    height: int = 1
    picture_count: int = 0
    width: int = 1
    shown: str = ""
    markers: str = ""
    is_hidden: bool = False

    @property
    def text(self) -> str:
        """The value as text, without the markers of the cell."""
        return self.shown or format_cell_value(self.value)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table; ``cells`` row by row, empty ones included."""

    name: str
    cells: tuple[GridCell, ...]
    hidden: bool = False
    uncached_formulas: frozenset[str] = frozenset()
    """Locations of formulas that were saved without a result."""
    captions: tuple[str, ...] = ()
    """The lines above a table of a document, the nearest last."""

    @property
    def filled_cells(self) -> list[GridCell]:
        """Cells that are not empty."""
        return [cell for cell in self.cells if cell.value not in (None, "")]

    @property
    def markers(self) -> frozenset[str]:
        """Markers of hidden cells, comments and hidden text in the grid."""
        texts = [f"{cell.text}{cell.markers}" for cell in self.cells if cell.value or cell.markers]
        return frozenset(
            marker for marker in REPORTED_MARKERS if any(marker in text for text in texts)
        )

    def without_hidden_cells(self) -> "Grid":
        """Return the grid with hidden cells blank, each filled one marked as hidden text."""
        if not any(cell.is_hidden for cell in self.cells):
            return self
        cells = tuple(_blanked(cell) if cell.is_hidden else cell for cell in self.cells)
        return replace(self, cells=cells)


def _blanked(cell: GridCell) -> GridCell:
    """Return a hidden cell as it is seen: blank, and marked where it is filled."""
    markers = "" if cell.value in (None, "") else text_markers.HIDDEN_TEXT
    return replace(cell, value=None, shown="", picture_count=0, markers=markers)


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
                marked_text=f"{cell.text}{cell.markers}",
                own_location=cell.location,
            )
        )
    return Table(number, tuple(cells))


def grids_from_document(document: Document) -> list[Grid]:
    """Convert the tables of a document to grids, each with the lines above it as captions."""
    grids: list[Grid] = []
    captions: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            nearest = tuple(captions[-_MAX_CAPTIONS:])
            grids.append(replace(grid_from_table(block), captions=nearest))
            captions = []
        elif block.text:
            captions.append(block.text)
    return grids


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
            _value_markers_only(cell.marked_text),
            len(cell.row_span),
            cell.picture_count,
            max(next_columns.get((cell.row, cell.column), cell.column + 1) - cell.column, 1),
            markers="".join(
                marker
                for marker in (*REPORTED_MARKERS, text_markers.NOTE)
                if marker in cell.marked_text
            ),
        )
        for cell in table.cells
    )
    return Grid(f"表{table.number}", tuple(grid_cells))


def _value_markers_only(marked_text: str) -> str:
    """Return a marked text with the markers that bear on its value: struck out, raised."""
    return _OTHER_MARKERS.sub("", text_markers.strip_notes(marked_text)).replace("\t", " ").strip()


def grid_from_csv(text: str, name: str) -> Grid:
    """Parse text with commas, tabs or semicolons as a grid; malformed text gives one without cells.

    Examples
    --------
    >>> [cell.location for cell in grid_from_csv("单位,数量", "盘点.csv").cells]
    ['第1行第1列', '第1行第2列']
    """
    lines = text.splitlines()
    try:
        head = "".join(lines[:20])
        separator = max(",\t;", key=head.count)
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        rows = []
    cells = (
        GridCell(f"第{row}行第{column}列", row, column, value or None)
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
    )
    return Grid(name, tuple(cells))
