"""Files of a rule table: CSV as text editors or Excel save it, or a workbook, as rows of texts.

A table ``targets.csv`` may also be a workbook ``targets.xlsx``. Whatever the file is, its content
stands in the ledger as one CSV text, so that a table saved in another format is the same rules.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.rules.tables.text_files import read_rule_bytes, read_rule_text

MAX_WORKBOOK_BYTES = 20_000_000
MAX_ROWS, MAX_COLUMNS = 20_000, 100
_MAX_TITLE_ROWS = 10
"""Rows above the heads of a workbook's table, such as a title."""


class RowLocation(str):
    """Location of a row in its file, such as ``targets.csv 第3行``; knows the cells of the row.

    >>> RowLocation.in_csv("targets.csv", 3).cell("unit")
    'targets.csv 第3行“unit”'
    >>> RowLocation.in_sheet("targets.xlsx", "目标", 3, {"unit": 1}).cell("unit")
    'targets.xlsx 目标!A3“unit”'
    """

    cells: Mapping[str, str]

    @classmethod
    def in_csv(cls, file: str, line: int) -> "RowLocation":
        """Return the location of a line of a CSV file."""
        location = cls(f"{file} 第{line}行")
        location.cells = {}
        return location

    @classmethod
    def in_sheet(cls, file: str, sheet: str, row: int, columns: Mapping[str, int]) -> "RowLocation":
        """Return the location of a row of a sheet; ``columns`` are numbered from 1 by heading."""
        location = cls(f"{file} {sheet} 第{row}行")
        location.cells = {
            name: f"{file} {sheet}!{column_letters(number)}{row}"
            for name, number in columns.items()
        }
        return location

    def cell(self, column: str) -> str:
        """Return the location of the row's cell in a column."""
        return f"{self.cells.get(column, self)}“{column}”"


def cell_location(row: str, column: str) -> str:
    """Return the location of a cell of a row that is located by words or by its file."""
    return row.cell(column) if isinstance(row, RowLocation) else f"{row}“{column}”"


def column_letters(number: int) -> str:
    """Return the letters of a column of a sheet, numbered from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True)
class TableText:
    """The content of a table's file.

    ``text`` is CSV: the file's own text, or what a workbook's sheet holds, in UTF-8 the bytes that
    are hashed. ``sheet``, ``first_row`` and ``first_column`` say where a workbook's heads stand.
    """

    file: str
    text: str
    sheet: str = ""
    first_row: int = 1
    rows: tuple[int, ...] = field(default=())
    """Row of the sheet of each line of the text after the heads."""

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the cells of each line with its line in the file, or its row in the sheet.

        Raises
        ------
        csv.Error
            When a line cannot be split.
        """
        reader = csv.reader(io.StringIO(self.text, newline=""))
        for index, cells in enumerate(reader):
            if self.sheet:
                yield (self.rows[index - 1] if index else self.first_row), cells
            else:
                yield reader.line_num, cells

    def locate(self, line: int, header: Sequence[str]) -> RowLocation:
        """Return the location of a line, whose cells stand under these heads."""
        if not self.sheet:
            return RowLocation.in_csv(self.file, line)
        columns = {name: number for number, name in enumerate(header, start=1)}
        return RowLocation.in_sheet(self.file, self.sheet, line, columns)


def find_table_file(path: Path) -> Path:
    """Return the file of a table ``….csv``: itself, or the workbook beside it where it is absent.

    Raises
    ------
    RuleError
        When both stand there: nobody could tell which one counts.
    """
    book = path.with_suffix(".xlsx")
    if not book.exists():
        return path
    if path.exists():
        raise RuleError(
            path.name,
            expected="一份表",
            found=f"另有 {book.name}",
            advice="核对后留下一份，另一份移出本轮次的文件夹",
        )
    return book


def read_table_text(path: Path, headings: Sequence[str]) -> TableText:
    """Read the file of a table named ``….csv``.

    Parameters
    ----------
    path : Path
        The CSV file; a workbook of the same name with ``.xlsx`` is read where it is absent.
    headings : sequence of str
        Known heads, by which a workbook's sheet and row of heads are found.

    Raises
    ------
    RuleError
        When there is no file, both, or one that cannot be read.
    """
    file = find_table_file(path)
    if file.suffix == ".csv":
        return TableText(file.name, read_rule_text(file, ("gb18030",)))
    return _read_workbook(file, headings)


def _read_workbook(path: Path, headings: Sequence[str]) -> TableText:
    data = read_rule_bytes(path)
    if len(data) > MAX_WORKBOOK_BYTES:
        raise _refused(path.name, "不超过20MB的工作簿", f"{len(data) // 1_000_000}MB")
    known = set(headings)
    found = []
    for name, rows in _sheets(path.name, data):
        starts = (at for at, row in enumerate(rows[:_MAX_TITLE_ROWS]) if known & set(row))
        start = next(starts, None)
        if start is not None:
            found.append((name, start, rows))
    if len(found) != 1:
        names = "、".join(f"“{name}”" for name, _, _ in found)
        what = f"工作表{names}都有" if found else "没有一张表有已知的列名"
        raise _refused(path.name, "一张有列名的工作表", what)
    ((name, start, rows),) = found
    return _sheet_text(path.name, name, start, rows)


def _sheet_text(file: str, sheet: str, start: int, rows: Sequence[Sequence[str]]) -> TableText:
    """Return the rows from the heads on as a table; columns without a head and cells are cut."""
    filled = (index for row in rows[start:] for index, text in enumerate(row, start=1) if text)
    width = max(filled, default=0)
    out, numbers = io.StringIO(), []
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(rows[start:], start=start + 1):
        if number > start + 1 and not any(row):
            continue
        writer.writerow([*row, *[""] * width][:width])
        numbers.append(number)
    return TableText(file, out.getvalue(), sheet, start + 1, tuple(numbers[1:]))


def _sheets(file: str, data: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the visible sheets that hold anything, by name, cells as text from the first on."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.visible == SheetVisibleEnum.Visible:
                values = book.get_sheet_by_name(about.name).to_python(
                    skip_empty_area=False, nrows=MAX_ROWS
                )
                rows = [[_cell_text(value) for value in row[:MAX_COLUMNS]] for row in values]
                if any(map(any, rows)):
                    yield about.name, rows
    except (CalamineError, OSError, ValueError) as error:
        raise _refused(file, "可以打开的工作簿", "打不开的文件") from error


def _cell_text(value: Any) -> str:
    """Return what a cell holds as text; a whole number without a point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value).strip()


def _refused(where: str, expected: str, found: str) -> RuleError:
    advice = "用 Excel 另存为“Excel 工作簿（.xlsx）”或“CSV”，第一行照 data/2020 的模板写列名"
    return RuleError(where, expected=expected, found=found, advice=advice)
