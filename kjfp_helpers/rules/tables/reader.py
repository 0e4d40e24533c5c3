"""Reader of the CSV tables: checks header, rows and cells, reports every error at once."""

import csv
import dataclasses
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules.text_files import read_rule_text

Row = TypeVar("Row")

_MAX_QUOTED = 40
"""Characters of a cell that an error quotes."""


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The valid rows of a file, the location of each (file and line), and the errors."""

    rows: tuple[Row, ...] = ()
    locations: tuple[str, ...] = ()
    problems: tuple[RuleError, ...] = ()

    def __iter__(self) -> Iterator[tuple[Row, str]]:
        """Iterate over the rows, each with its location."""
        return zip(self.rows, self.locations, strict=True)


def read_table(path: Path, row_type: type[Row]) -> Table[Row]:
    """Read a CSV file into rows of a dataclass; rows without any text are skipped."""
    try:
        text = read_rule_text(path)
    except RuleError as error:
        return Table(problems=(error,))
    return _parse_table(path.name, text, row_type)  # type: ignore[arg-type] # types are hashable


@lru_cache(maxsize=32)
def _parse_table(file: str, text: str, row_type: Any) -> Table[Any]:
    """Parse a text once: rounds opened again have the same files, and rows are frozen."""
    validate = _validator(row_type)
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[Any] = []
    locations: list[str] = []
    problems: list[RuleError] = []
    try:
        header = [name.strip() for name in next(reader)]
        problems += _check_header(file, header, row_type)
        for cells in [] if problems else reader:
            if not any(cell.strip() for cell in cells):
                continue
            location = f"{file} 第{reader.line_num}行"
            row, errors = _parse_row(location, header, cells, validate)
            problems += errors
            if row:
                rows.append(row)
                locations.append(location)
    except csv.Error:
        where = f"{file} 第{reader.line_num}行"
        problems.append(_problem(where, "以逗号隔开的一行", "无法分格", "核对引号和换行"))
    return Table(tuple(rows), tuple(locations), tuple(problems))


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
    known = [column.name for column in columns]
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
    return _problem(f"{where}“{column}”", expected, found, "更正此格")


def _problem(where: str, expected: str, found: str, advice: str) -> RuleError:
    return RuleError(where, expected=expected, found=found, advice=advice)
