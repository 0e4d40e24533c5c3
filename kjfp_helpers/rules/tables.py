"""The tables of a round: units, targets, earlier commendations, panel, roles."""

import csv
import dataclasses
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules.text_files import read_text

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A recommending unit; ``domains`` and ``aliases`` help to tell whose mail it is."""

    code: str
    name: str
    short_name: str
    kind: str
    region: str
    priority: bool
    domains: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def quota(self) -> str:
        """Which quota of the notice holds: ``priority``, ``other`` or ``society``."""
        if self.kind == "society":
            return "society"
        return "priority" if self.priority else "other"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A unit's assigned targets (counts, may be blank) and the document they come from."""

    unit: str
    assoc_target: int | None
    experts_target: int | None
    people_target: int | None
    document: str


@dataclass(frozen=True, kw_only=True)
class Commendation:
    """One row of the register of earlier commendations; ``level`` 全国 or 省级."""

    year: int
    level: str
    kind: str
    name: str
    unit: str
    employer: str
    document: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """A panel member; ``ties`` are codes of units the member is tied to."""

    member: str
    name: str
    employer: str
    region: str
    field: str
    user: str
    ties: tuple[str, ...]


ROLES = ("秘书", "组长", "计票人", "评委", "纪检", "考核")
"""What an account may be: secretary, chair, teller, panel member, inspector, summary assessor."""


@dataclass(frozen=True, kw_only=True)
class RoleHolder:
    """An account and a role that it has, one of :data:`ROLES`; an account may have several rows.

    ``employer`` and ``ties`` (codes of units) are columns that a table may leave out.
    """

    user: str
    role: str
    name: str
    employer: str = ""
    ties: tuple[str, ...] = ()


CHOICES: dict[tuple[type, str], tuple[str, ...]] = {
    (Unit, "kind"): ("province", "society"),
    (Commendation, "kind"): ("team", "individual"),
    (Commendation, "level"): ("全国", "省级"),
    (RoleHolder, "role"): ROLES,
}
PATTERNS: dict[tuple[type, str], tuple[str, str]] = {
    (Unit, "code"): (r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}", "字母、数字、连字符组成的代码（至多20个）"),
    (Member, "member"): (
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}",
        "字母、数字、连字符组成的编号（至多20个）",
    ),
    (Unit, "name"): (r".+", "单位全称"),
    (Unit, "short_name"): (r".+", "单位简称"),
    (Member, "name"): (r".+", "评委姓名"),
    (RoleHolder, "user"): (r".+", "登录的账号"),
    (RoleHolder, "name"): (r".+", "姓名"),
    (Commendation, "name"): (r".+", "团队名称或个人姓名"),
    (Commendation, "year"): (r"(?:19|20)[0-9]{2}", "四位数的年份"),
}
"""Cells that must be filled in a form of their own. Codes and ids become names of files."""
RESERVED = re.compile(
    r"overall|index|unknown|manifest|data|con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE
)
"""Codes that would be another file, or no file at all on some machine."""


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The rows of a file that hold, the place of each, and what does not hold."""

    rows: tuple[Row, ...] = ()
    places: tuple[str, ...] = ()
    problems: tuple[RuleError, ...] = ()

    def __iter__(self) -> Iterator[tuple[Row, str]]:
        """Walk the rows, each with its place."""
        return zip(self.rows, self.places, strict=True)


def read_table(path: Path, row_type: type[Row]) -> Table[Row]:
    """Read a CSV file into rows of a dataclass; rows without any text are passed over."""
    try:
        text = read_text(path)
    except RuleError as error:
        return Table(problems=(error,))
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[Row] = []
    places: list[str] = []
    problems: list[RuleError] = []
    try:
        header = [name.strip() for name in next(reader)]
        problems += _columns(path, header, row_type)
        for cells in [] if problems else reader:
            if not any(cell.strip() for cell in cells):
                continue
            place = f"{path.name} 第{reader.line_num}行"
            row, wrong = _row(place, header, cells, row_type)
            problems += wrong
            if row:
                rows.append(row)
                places.append(place)
    except csv.Error:
        where = f"{path.name} 第{reader.line_num}行"
        problems.append(_problem(where, "以逗号隔开的一行", "无法分格", "核对引号和换行"))
    return Table(tuple(rows), tuple(places), tuple(problems))


def _problem(where: str, expected: str, found: str, advice: str) -> RuleError:
    return RuleError(where, expected=expected, found=found, advice=advice)


def _columns(path: Path, header: Sequence[str], row_type: type) -> Iterator[RuleError]:
    known = [field.name for field in dataclasses.fields(row_type)]
    where = f"{path.name} 表头"
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
    optional = {one.name for one in dataclasses.fields(row_type) if _has_default(one)}
    for name in known:
        if name not in header and name not in optional:
            yield _problem(where, f"有“{name}”列", "没有", "补上此列")


def _has_default(column: dataclasses.Field[Any]) -> bool:
    return column.default is not dataclasses.MISSING


def read_row(
    where: str, cells: Mapping[str, str], row_type: type[Row]
) -> tuple[Row | None, list[RuleError]]:
    """Read one row given as column and cell, as :func:`read_table` reads a file's."""
    return _row(where, list(cells), list(cells.values()), row_type)


def _row(
    where: str, header: Sequence[str], cells: Sequence[str], row_type: type[Row]
) -> tuple[Row | None, list[RuleError]]:
    if len(cells) != len(header):
        return None, [
            _problem(where, f"{len(header)}格", f"{len(cells)}格", "核对这一行的逗号和引号")
        ]
    texts = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    values, problems = {}, []
    for name, kind in get_type_hints(row_type).items():
        if name not in texts:
            continue  # a column that may be left out
        try:
            values[name] = _cell(texts[name], kind, (row_type, name))
        except ValueError as error:
            found = f"“{texts[name][:40]}”" if texts[name] else "未填"
            problems.append(_problem(f"{where}“{name}”", str(error), found, "更正此格"))
    return (None, problems) if problems else (row_type(**values), [])


def _cell(text: str, kind: Any, place: tuple[type, str]) -> Any:
    """Return a cell's value; the error of one that does not hold says what was expected."""
    choices = CHOICES.get(place)
    if choices and text not in choices:
        raise ValueError(" 或 ".join(choices))
    pattern, expected = PATTERNS.get(place, ("", ""))
    if pattern and not re.fullmatch(pattern, text):
        raise ValueError(expected)
    if place[1] in ("code", "member") and RESERVED.fullmatch(text):
        raise ValueError(f"不是系统留用的名称（{text}）")
    if not text and NoneType in get_args(kind):
        return None
    return _READERS[_plain(kind)](text)


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("不带逗号和单位的整数")
    return int(text)


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("yes 或 no")
    return text == "yes"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _plain(kind: Any) -> Any:
    return next((part for part in get_args(kind) if part is int), kind)


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: _count,
    bool: _yes,
    tuple[str, ...]: _split,
}
