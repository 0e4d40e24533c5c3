"""Table of who checks which unit when: read from ``.csv`` or ``.xlsx``, every fault at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import RuleError, RuleErrors
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules import Round
from kjfp_helpers.rules.tables.reader import Table, read_table
from kjfp_helpers.rules.tables.rows import CheckerRow


def read_teams(path: Path, round: Round) -> list[dict[str, Any]]:
    """Return ``unit day checkers reason`` of each unit of the table, in its order.

    Columns: 单位, 检查日期, 姓名, 工作单位, 所在省份, 关联单位 (codes, divided by ``;``), 核实理由;
    one row a person. All rows of a unit name one day.

    Raises
    ------
    RuleErrors
        Naming every cell that is wrong.
    """
    table = read_table(path.with_suffix(".csv"), CheckerRow)
    codes = {unit.code: unit.code for unit in round.units}
    codes |= {name: unit.code for unit in round.units for name in (unit.short_name, unit.name)}
    problems = [*table.problems, *_wrong_rows(table, codes)]
    if problems:
        raise RuleErrors(problems)
    teams: dict[str, dict[str, Any]] = {}
    for row in table.rows:
        team = teams.setdefault(
            codes[row.unit],
            {"unit": codes[row.unit], "day": row.day, "checkers": [], "reason": ""},
        )
        team["checkers"].append((row.name, row.employer, row.region, row.ties))
        team["reason"] = "；".join(filter(None, (team["reason"], row.reason)))
    return list(teams.values())


def _wrong_rows(table: Table[CheckerRow], codes: dict[str, str]) -> Iterator[RuleError]:
    days: dict[str, str] = {}
    for row, location in table:
        if row.unit not in codes:
            yield RuleError(
                location.cell("unit"),
                expected="推荐单位的代码或简称",
                found=f"“{row.unit}”",
                advice=f"更正（{suggest(row.unit, sorted(codes))}）",
            )
        elif days.setdefault(codes[row.unit], row.day) != row.day:
            yield RuleError(
                location.cell("day"),
                expected=f"同一单位同一天（{days[codes[row.unit]]}）",
                found=f"“{row.day}”",
                advice="改为一致",
            )
