"""Build the cells of a grid from raw values and their formats, for every workbook format."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell
from kjfp_helpers.intake.documents.workbooks.number_formats import shown_text
from kjfp_helpers.intake.documents.workbooks.picture_positions import (
    CellPosition,
    MergedSpans,
    count_pictures_by_cell,
)

_ERROR_VALUE = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}")
MAX_ROWS, MAX_COLUMNS = 500, 60
_CELL_PICTURE = re.compile(r"^\s*=?\s*(?:_xlfn\.)?DISPIMG\s*\(", re.IGNORECASE)
"""WPS stores a picture inside a cell as this formula."""


@dataclass(slots=True)
class RawCell:
    """A cell as stored: its value, number format and the effects of its font.

    ``is_white`` is white text on white ground, ``shown`` what is seen where the file says it.
    """

    value: Any
    number_format: str = ""
    is_struck: bool = False
    is_white: bool = False
    has_comment: bool = False
    shown: str = ""


@dataclass
class RawSheet:
    """Cells, merged ranges, pictures and hidden rows and columns of a sheet, all from 1."""

    title: str
    cells: dict[CellPosition, RawCell] = field(default_factory=dict)
    merged: dict[CellPosition, tuple[int, int]] = field(default_factory=dict)
    pictures: list[CellPosition] = field(default_factory=list)
    text_boxes: list[tuple[CellPosition, str]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    last_row: int = 0
    uncached: set[str] = field(default_factory=set)
    """Locations of formulas without a result, or with an error as result."""

    def add_merged(self, first: CellPosition, last: CellPosition) -> None:
        """Add a merged range, cut at the largest row and column that are read."""
        (top, left), (bottom, right) = first, last
        if 1 <= top <= MAX_ROWS and 1 <= left <= MAX_COLUMNS and bottom >= top and right >= left:
            height, width = min(bottom, MAX_ROWS) - top + 1, min(right, MAX_COLUMNS) - left + 1
            self.merged[top, left] = (height, width)

    def location(self, position: CellPosition) -> str:
        """Return the location of a cell as a clerk would name it: 盘点!C4."""
        return f"{self.title}!{column_letters(position[1])}{position[0]}"

    def to_grid(self, *, is_hidden: bool = False) -> Grid:
        """Return the sheet as a grid."""
        cells = self.grid_cells()
        return Grid(self.title, cells, is_hidden, frozenset(self.uncached))

    def grid_cells(self) -> tuple[GridCell, ...]:
        """Return the cells of the filled range, cells covered by a merged range excluded."""
        drawn = _place_cell_pictures(self)
        _drop_errors(self)
        _place_text_boxes(self)
        filled = [position for position, cell in self.cells.items() if cell.value is not None]
        filled += drawn
        rows = max([row for row, _ in filled] + [min(self.last_row, MAX_ROWS)], default=0)
        columns = max((column for _, column in filled), default=0)
        covered = covered_positions(self.merged)
        positions = [
            (row, column)
            for row in range(1, rows + 1)
            for column in range(1, columns + 1)
            if (row, column) not in covered
        ]
        pictures = count_pictures_by_cell(self.pictures, self.merged, positions)
        return tuple(self._grid_cell(position, pictures) for position in positions)

    def _grid_cell(self, position: CellPosition, pictures: Mapping[CellPosition, int]) -> GridCell:
        row, column = position
        raw = self.cells.get(position) or RawCell(None)
        height, width = self.merged.get(position, (1, 1))
        value, shown, markers = _seen_value(raw)
        return GridCell(
            location=self.location(position),
            row=row,
            column=column,
            value=value,
            height=height,
            picture_count=pictures.get(position, 0),
            width=width,
            shown=shown,
            markers=markers,
            is_hidden=self.hidden_rows.issuperset(range(row, row + height))
            or self.hidden_columns.issuperset(range(column, column + width)),
        )


def _seen_value(raw: RawCell) -> tuple[Any, str, str]:
    """Return the value of a cell, the text shown in its place, and the markers of the cell."""
    markers = text_markers.COMMENT if raw.has_comment else ""
    if raw.value is None:
        return None, "", markers
    shown = raw.shown or shown_text(raw.value, raw.number_format)
    is_zero = isinstance(raw.value, int | float) and raw.value == 0
    if shown == "" and is_zero:  # a format that leaves the zero out
        return None, "", markers
    if shown == "" or raw.is_white:
        return None, "", f"{markers}{text_markers.HIDDEN_TEXT}"
    if raw.is_struck and isinstance(raw.value, int | float | str):
        text = shown or f"{raw.value}"
        return f"{text_markers.STRUCK}{text}{text_markers.STRUCK_END}", "", markers
    if isinstance(raw.value, str):
        return (shown or raw.value), "", markers
    return raw.value, shown or "", markers


def _place_cell_pictures(sheet: RawSheet) -> list[CellPosition]:
    """Count the picture formulas of WPS as pictures of their cells; return these."""
    drawn = [
        position
        for position, cell in sheet.cells.items()
        if isinstance(cell.value, str) and _CELL_PICTURE.match(cell.value)
    ]
    for position in drawn:
        sheet.cells[position].value = None
    sheet.pictures += drawn
    return drawn


def _drop_errors(sheet: RawSheet) -> None:
    """Leave out the errors that formulas have as results, as formulas without a result."""
    for position, cell in sheet.cells.items():
        if isinstance(cell.value, str) and _ERROR_VALUE.fullmatch(cell.value.strip()):
            cell.value = None
            sheet.uncached.add(sheet.location(position))


def _place_text_boxes(sheet: RawSheet) -> None:
    """Add the text of each text box to the cell that it lies over."""
    for (row, column), text in sheet.text_boxes:
        position = next(
            (
                (top, left)
                for (top, left), (height, width) in sheet.merged.items()
                if top <= row < top + height and left <= column < left + width
            ),
            (row, column),
        )
        if position[0] > MAX_ROWS or position[1] > MAX_COLUMNS:
            continue
        cell = sheet.cells.setdefault(position, RawCell(None))
        cell.value = text if cell.value is None else f"{cell.value}\n{text}"


def covered_positions(merged: MergedSpans) -> set[CellPosition]:
    """Return the positions inside merged ranges, except their first cells."""
    return {
        (row + row_offset, column + column_offset)
        for (row, column), (height, width) in merged.items()
        for row_offset in range(height)
        for column_offset in range(width)
        if row_offset or column_offset
    }


def column_letters(column: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


def parse_reference(reference: str) -> CellPosition | None:
    """Return row and column of a cell reference, ``None`` for any other text.

    Examples
    --------
    >>> parse_reference("AB3")
    (3, 28)
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


def iter_range(reference: str) -> Iterator[CellPosition]:
    """Yield the first and the last position of a range such as ``A1:C3``."""
    positions: Iterable[CellPosition | None] = map(parse_reference, reference.split(":"))
    yield from (position for position in positions if position is not None)
