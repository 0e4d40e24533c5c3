"""The tables of a round: units, targets, earlier commendations, panel."""

import csv
import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from kjfp_helpers.errors import RuleError

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


CHOICES: dict[tuple[type, str], tuple[str, ...]] = {
    (Unit, "kind"): ("province", "society"),
    (Commendation, "kind"): ("team", "individual"),
    (Commendation, "level"): ("全国", "省级"),
}


PATTERNS: dict[tuple[type, str], tuple[str, str]] = {
    (Unit, "code"): (r"[0-9A-Za-z_-]+", "字母、数字、下划线或连字符"),
    (Member, "member"): (r"[0-9A-Za-z_-]+", "字母、数字、下划线或连字符"),
}
"""Ids that name files and cases: pattern and its words."""


def nearest(word: str, known: object) -> str:
    """Return a Chinese hint at the nearest of the known names, or all of them."""
    names = [str(name) for name in known]  # type: ignore[attr-defined]
    match = get_close_matches(word, names, n=1, cutoff=0.5)
    return f"是否要写“{match[0]}”" if match else "可用：" + "、".join(names)


def read_table(path: Path, row_type: type[Row]) -> tuple[tuple[Row, ...], list[RuleError]]:
    """Read a CSV file into rows of a dataclass.

    Returns
    -------
    tuple
        The rows that hold, and an error for every cell or column that does not.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return (), [_problem(path.name, "有此文件", "没有找到", "从 data/2020 复制模板后填写")]
    except (OSError, UnicodeDecodeError) as error:
        return (), [_problem(path.name, "UTF-8 文本", f"无法读取（{error}）", "另存为 UTF-8")]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    problems = list(_columns(path, reader.fieldnames or (), row_type))
    if problems:
        return (), problems
    rows = []
    for cells in reader:
        row, wrong = _row(f"{path.name} 第{reader.line_num}行", cells, row_type)
        problems += wrong
        rows += [row] if row else []
    return tuple(rows), problems


def _problem(where: str, expected: str, found: str, advice: str) -> RuleError:
    return RuleError(where, expected=expected, found=found, advice=advice)


def _columns(path: Path, header: object, row_type: type) -> Iterator[RuleError]:
    known = [field.name for field in dataclasses.fields(row_type)]
    names = list(header)  # type: ignore[call-overload]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _problem(f"{path.name} 表头", f"“{name}”列只有一个", "有多个", "删去重复的列")
    for name in names:
        if name not in known:
            where = f"{path.name} 表头"
            yield _problem(where, "已知列名", f"“{name}”", f"更正列名，{nearest(str(name), known)}")
    for name in known:
        if name not in names:
            yield _problem(f"{path.name} 表头", f"有“{name}”列", "没有", "补上此列")


def _row(
    where: str, cells: dict[str, Any], row_type: type[Row]
) -> tuple[Row | None, list[RuleError]]:
    values, problems = {}, []
    if None in cells or None in cells.values():
        return None, [_problem(where, "与表头同数的格", "格数不符", "核对逗号和引号")]
    for name, kind in get_type_hints(row_type).items():
        text = cells[name].strip()
        choices, pattern = CHOICES.get((row_type, name)), PATTERNS.get((row_type, name))
        try:
            if choices and text not in choices:
                raise ValueError("、".join(choices))
            if pattern and not re.fullmatch(pattern[0], text):
                raise ValueError(pattern[1])
            values[name] = _READERS[_plain(kind)](text) if text or not _optional(kind) else None
        except ValueError as error:
            expected = str(error) if choices or pattern else _EXPECTED[_plain(kind)]
            problems.append(_problem(f"{where}“{name}”", expected, f"“{text}”", "更正此格"))
    return (None, problems) if problems else (row_type(**values), [])


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(text)
    return text == "yes"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _optional(kind: Any) -> bool:
    return NoneType in get_args(kind)


def _plain(kind: Any) -> Any:
    return (
        next(part for part in get_args(kind) if part is not NoneType) if _optional(kind) else kind
    )


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    bool: _yes,
    tuple[str, ...]: _split,
}
_EXPECTED = {int: "整数", bool: "yes 或 no", str: "文字", tuple[str, ...]: "以分号隔开的文字"}
