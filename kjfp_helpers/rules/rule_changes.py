"""Differences between two versions of a round's rule files, value by value."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

ROW_KEYS: Mapping[str, tuple[str, ...]] = {
    "units.csv": ("code",),
    "targets.csv": ("unit",),
    "commended.csv": ("year", "name", "unit"),
    "panel.csv": ("member",),
}
"""Columns that name a row of a table; other tables are named by their first column."""
_LONGEST = 40
"""Characters of a value that a message quotes."""


class RuleChange(NamedTuple):
    """One value of a rule file that differs; a value is ``""`` where it is absent."""

    file: str
    key: str
    before: str
    after: str

    def __str__(self) -> str:
        """Say it in Chinese.

        Examples
        --------
        >>> str(RuleChange("notice.toml", "commended.individuals", "50", "51"))
        'notice.toml 的 commended.individuals：冻结时为“50”，现为“51”'
        """
        before, after = (f"“{_short(text)}”" if text else "（无）" for text in self[2:])
        return f"{self.file} 的 {self.key}：冻结时为{before}，现为{after}"


def compare_rules(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[RuleChange, ...]:
    """Return what differs between the texts of rule files, in the order of files and keys.

    A file that differs in comments or layout alone gives one row that says so.

    Examples
    --------
    >>> compare_rules({"a.toml": "x = 1"}, {"a.toml": "x = 2"})
    (RuleChange(file='a.toml', key='x', before='1', after='2'),)
    """
    changes: list[RuleChange] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        rows = list(_changed_values(name, _values(name, old), _values(name, new)))
        layout = RuleChange(name, "注释、空白或排列", "原文", "有改动")
        changes += rows or [layout]
    return tuple(changes)


def _changed_values(
    name: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[RuleChange]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, ""), after.get(key, "")
        if old != new:
            yield RuleChange(name, key, old, new)


def _values(name: str, text: str) -> dict[str, str]:
    if name.endswith(".toml"):
        try:
            return dict(_toml_values("", tomllib.loads(text.lstrip("\ufeff"))))
        except tomllib.TOMLDecodeError:
            return {}
    return _table_values(name, text.lstrip("\ufeff"))


def _toml_values(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Walk a TOML value; members of a list of tables are named by ``id``, else by number."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _toml_values(f"{path}.{key}" if path else key, part)
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for number, part in enumerate(value, start=1):
            label = part.get("id", number) if isinstance(part, dict) else number
            yield from _toml_values(f"{path}[{label}]", part)
    elif isinstance(value, list):
        yield path, "、".join(map(str, value))
    else:
        yield path, str(value)


def _table_values(name: str, text: str) -> dict[str, str]:
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    if not rows:
        return {}
    header = [cell.strip() for cell in rows[0]]
    keys = ROW_KEYS.get(name, (header[0],))
    values: dict[str, str] = {"列名": "，".join(header)}
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        label = " ".join(row.get(key, "") for key in keys) or f"第{number}行"
        for column, cell in row.items():
            values[_unused(values, f"{label}“{column}”")] = cell
    return values


def _unused(values: Mapping[str, str], key: str) -> str:
    """Return a key that no earlier row of the same name has taken."""
    number, free = 1, key
    while free in values:
        number += 1
        free = f"{key}（同名第{number}行）"
    return free


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def describe_changes(changes: Sequence[RuleChange], shown: int = 6) -> str:
    """Return changes as one Chinese phrase, the first ones in full."""
    more = f"等{len(changes)}处" if len(changes) > shown else ""
    return "；".join(map(str, changes[:shown])) + more
