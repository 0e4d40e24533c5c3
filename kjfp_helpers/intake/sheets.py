"""The stock-take of the two numbers from a workbook; labels are found by their words."""

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.findings import Finding
from kjfp_helpers.forms import STOCKTAKE_COLUMNS, STOCKTAKE_ROWS
from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.documents import Unreadable
from kjfp_helpers.intake.faults import tell_own_fault
from kjfp_helpers.intake.numbers import PEOPLE, read_count
from kjfp_helpers.intake.values import note
from kjfp_helpers.intake.words import fold, is_blank, quote
from kjfp_helpers.records import Stocktake

MOST_BYTES = 60_000_000
MOST_ROWS, MOST_COLUMNS = 500, 60
_UNIT = re.compile(r"(?:填报|报送|推荐)?单位(?:名称|全称)?")
_LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A stock-take as read, with the spot of each figure."""

    body: Stocktake
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    place: str
    row: int
    column: int
    value: Any


def read_stocktake(package: Package, data: bytes) -> SheetRead | None:
    """Read a stock-take workbook; ``None`` when no sheet holds its row labels.

    A blank cell is ``None``, a zero is ``0``; words in a figure's cell raise ``numeric_cell``.

    Raises
    ------
    Unreadable
        When the workbook is too large or cannot be parsed.
    """
    if package.declared > MOST_BYTES:
        raise Unreadable("size")
    for cells in _sheets(data):
        rows = _rows(cells)
        columns = _columns(cells)
        if len(rows) >= 2 and columns:
            return _read(cells, rows, columns)
    return None


def _sheets(data: bytes) -> Iterator[list[_Cell]]:
    """Yield the filled cells of each sheet, formulas as their stored results."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                yield [
                    _Cell(f"{sheet.title}!{cell.coordinate}", cell.row, cell.column, cell.value)
                    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
                    for cell in row
                    if cell.value is not None
                ]
            book.close()
    except Exception as error:
        tell_own_fault(error)
        # openpyxl lets every parser's own errors through.
        raise Unreadable("workbook") from error


def _rows(cells: list[_Cell]) -> dict[str, _Cell]:
    labels = {fold(label): prefix for prefix, label in STOCKTAKE_ROWS}
    found: dict[str, _Cell] = {}
    for cell in cells:
        word = re.sub(r"^\d+[.、]", "", fold(str(cell.value)))
        if word in labels:
            found.setdefault(labels[word], cell)
    return found


def _columns(cells: list[_Cell]) -> dict[str, int]:
    headings = {fold(heading): suffix for suffix, heading in STOCKTAKE_COLUMNS}
    found: dict[str, int] = {}
    for cell in cells:
        word = fold(str(cell.value))
        if word in headings:
            found.setdefault(headings[word], cell.column)
    return found


def _read(cells: list[_Cell], rows: dict[str, _Cell], columns: dict[str, int]) -> SheetRead:
    at = {(cell.row, cell.column): cell for cell in cells}
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Finding] = []
    for prefix, label in rows.items():
        for suffix, column in columns.items():
            name = f"{prefix}_{suffix}"
            cell = at.get((label.row, column))
            place = cell.place if cell else _beside(label, column)
            values[name], wrong = _figure(cell.value if cell else None)
            provenance[name] = place
            findings += [replace(one, field=name, place=place) for one in wrong]
    unit = _unit(cells)
    if unit:
        provenance["unit"] = unit.place
    values["unit"] = _after_label(str(unit.value)) if unit else None
    return SheetRead(Stocktake(**values), provenance, tuple(findings))


def _beside(label: _Cell, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{label.place.rpartition('!')[0]}!{get_column_letter(column)}{label.row}"


def _figure(value: Any) -> tuple[int | None, tuple[Finding, ...]]:
    """Return a figure and what is wrong with it."""
    expected = "阿拉伯数字"
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None, ()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, note("numeric_cell", expected, quote(str(value)))
    if isinstance(value, str):
        read = read_count(value, (*PEOPLE, "个", "家"))
        plain = re.fullmatch(r"\d+", value.strip()) is not None
        return read.value, read.findings or (
            () if plain else note("numeric_cell", expected, quote(value))
        )
    if value != value or abs(value) >= _LARGEST or value != int(value) or value < 0:
        return None, note("numeric_cell", "不小于0的整数", quote(str(value)))
    return int(value), ()


def _unit(cells: list[_Cell]) -> _Cell | None:
    """Return the cell that names the unit: behind its label, or with the label in it."""
    for index, cell in enumerate(cells):
        text = str(cell.value).strip()
        head, colon, rest = text.replace(":", "：").partition("：")
        if not _UNIT.fullmatch(fold(head)):
            continue
        if colon and rest.strip():
            return cell
        following = cells[index + 1] if index + 1 < len(cells) else None
        if following and following.row == cell.row:
            return following
    return None


def _after_label(text: str) -> str | None:
    head, colon, rest = text.replace(":", "：").partition("：")
    name = rest if colon and _UNIT.fullmatch(fold(head)) else text
    return None if is_blank(name) else name.strip()
