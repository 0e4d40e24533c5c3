"""Reader of the rule tables: checks header, rows and cells, reports every error at once."""

import csv
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules.tables.rows import HEADINGS
from kjfp_helpers.rules.tables.table_texts import (
    RowLocation,
    TableText,
    cell_location,
    read_table_text,
)

Row = TypeVar("Row")

_MAX_QUOTED = 40
"""Characters of a cell that an error quotes."""


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The valid rows of a file, the location of each, the errors, and its content as CSV."""

    rows: tuple[Row, ...] = ()
    locations: tuple[RowLocation, ...] = ()
    problems: tuple[RuleError, ...] = ()
    text: str = ""

    def __iter__(self) -> Iterator[tuple[Row, RowLocation]]:
        """Iterate over the rows, each with its location."""
        return zip(self.rows, self.locations, strict=True)


def read_table(path: Path, row_type: type[Row]) -> Table[Row]:
    """Read a table ``….csv`` into rows of a dataclass; rows without any text are skipped.

    The file is CSV in UTF-8 or GB 18030, or a workbook ``….xlsx`` in its place; its heads are the
    fields of the dataclass or their Chinese names.
    """
    try:
        content = read_table_text(path, [*_field_names(row_type), *HEADINGS.get(row_type, {})])
    except RuleError as error:
        return Table(problems=(error,))
    return _parse_table(content, row_type)  # type: ignore[arg-type] # types are hashable


@lru_cache(maxsize=32)
def _parse_table(content: TableText, row_type: Any) -> Table[Any]:
    """Parse a text once: rounds opened again have the same files, and rows are frozen."""
    validate, chinese = _validator(row_type), HEADINGS.get(row_type, {})
    rows: list[Any] = []
    locations: list[RowLocation] = []
    problems: list[RuleError] = []
    line, header = 1, [""]
    try:
        lines = content.lines()
        _, heads = next(lines)
        header = [chinese.get(name.strip(), name.strip()) for name in heads]
        problems += _check_header(content.file, header, row_type)
        for line, cells in () if problems else lines:
            if not any(cell.strip() for cell in cells):
                continue
            location = content.locate(line, header)
            row, errors = _parse_row(location, header, cells, validate)
            problems += errors
            if row:
                rows.append(row)
                locations.append(location)
    except csv.Error:
        where = content.locate(line + 1, header)
        problems.append(_problem(where, "以逗号隔开的一行", "无法分格", "核对引号和换行"))
    return Table(tuple(rows), tuple(locations), tuple(problems), content.text)


def _field_names(row_type: Any) -> list[str]:
    return [column.name for column in dataclasses.fields(row_type)]


def read_row(
    where: str, cells: Mapping[str, str], row_type: type[Row]
) -> tuple[Row | None, list[RuleError]]:
    """Read one row given as column and cell, as :func:`read_table` reads a file's.

    Examples
    --------
    >>> from kjfp_helpers.rules.tables.rows import Target
    >>> cells = dict(unit="11", assoc_target="", experts_target="约3", people_target="5")
    >>> row, errors = read_row("表 第2行", cells | {"document": ""}, Target)
    >>> print(errors[0])
    表 第2行“experts_target”：应为不带逗号和单位的整数，实为“约3”。请更正此格。
    """
    return _parse_row(where, list(cells), list(cells.values()), _validator(row_type))  # type: ignore[arg-type]


@cache
def _validator(row_type: Any) -> Callable[[Any], Any]:
    return TypeAdapter(row_type).validate_python


def _check_header(file: str, header: Sequence[str], row_type: type) -> Iterator[RuleError]:
    columns = dataclasses.fields(row_type)
    known = _field_names(row_type)
    where = f"{file} 表头"
    if not set(header) & set(known):
        advice = "用英文逗号隔开各列，第一行照 data/2020 的模板写列名"
        yield _problem(where, f"列名{'、'.join(known)}", f"“{'，'.join(header)[:40]}”", advice)
        return
    for name in dict.fromkeys(header):
        if name not in known:
            yield _problem(where, "已知列名", f"“{name}”", f"更正列名，{suggest(name, known)}")
        elif header.count(name) > 1:
            found = f"“{name}”出现{header.count(name)}次"
            yield _problem(where, "每列一次", found, "删去多余的列")
    for column in columns:
        if column.name not in header and column.default is dataclasses.MISSING:
            yield _problem(where, f"有“{column.name}”列", "没有", "补上此列")


def _parse_row(
    where: str, header: Sequence[str], cells: Sequence[str], validate: Callable[[Any], Row]
) -> tuple[Row | None, list[RuleError]]:
    if len(cells) != len(header):
        advice = "核对这一行的逗号和引号"
        return None, [_problem(where, f"{len(header)}格", f"{len(cells)}格", advice)]
    texts = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    try:
        row = validate(texts)
    except ValidationError as error:
        return None, [_cell_problem(where, dict(item)) for item in error.errors()]
    return row, []


def _cell_problem(where: str, item: Mapping[str, Any]) -> RuleError:
    """Return the error of one cell from an error of pydantic."""
    column, text = item["loc"][0], str(item["input"])
    expected = item.get("ctx", {}).get("expected", "填有此项")
    found = f"“{text[:_MAX_QUOTED]}”" if text else "未填"
    return _problem(cell_location(where, str(column)), expected, found, "更正此格")


def _problem(where: str, expected: str, found: str, advice: str) -> RuleError:
    return RuleError(where, expected=expected, found=found, advice=advice)
