"""Checks between the tables of a round: units that are named, rows that repeat."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules.tables.reader import Table
from kjfp_helpers.rules.tables.rows import (
    Commendation,
    Member,
    PoorPopulation,
    RoleHolder,
    SelfScore,
    Target,
    Unit,
    VoterRow,
)
from kjfp_helpers.rules.tables.table_texts import cell_location
from kjfp_helpers.rules.terms.assessment_scheme import AssessmentScheme

NamedRow = TypeVar("NamedRow", bound=Target | Commendation | SelfScore)


def with_unit_codes(table: Table[NamedRow], units: Sequence[Unit]) -> Table[NamedRow]:
    """Return a table with the code of each unit that it names by its full or short name or alias.

    A name that several units share stays as it is, and so does one that no unit has.
    """
    codes: dict[str, set[str]] = {}
    for unit in units:
        for name in (unit.name, unit.short_name, *unit.aliases):
            codes.setdefault(name, set()).add(unit.code)
    known = {unit.code for unit in units}
    rows: list[Any] = []
    for row in table.rows:
        written: str = row.unit
        named = codes.get(re.sub(r"\s", "", written), set())
        is_name = written not in known and len(named) == 1
        rows.append(replace(row, unit=next(iter(named))) if is_name else row)
    return replace(table, rows=tuple(rows))


def check_references(
    units: Table[Unit],
    targets: Table[Target],
    commended: Table[Commendation],
    panel: Table[Member],
    roles: Table[RoleHolder] | None = None,
    populations: Table[PoorPopulation] | None = None,
) -> Iterator[RuleError]:
    """Check that every unit and every region named in a table is in ``units.csv``."""
    codes = [unit.code for unit in units.rows]
    if not codes:
        yield RuleError(
            "units.csv",
            expected="至少一个单位",
            found="只有表头",
            advice="从 data/2020 复制单位名册",
        )
        return
    references = [(location, "unit", row.unit) for row, location in targets]
    references += [(location, "unit", row.unit) for row, location in commended]
    regions = [unit.region for unit in units.rows]
    for row, location in panel:
        yield from check_member(row, location, units.rows)
    for holder, location in roles or ():
        references += [(location, "ties", tie) for tie in holder.ties]
        if holder.region:
            names = [*regions, *(unit.short_name for unit in units.rows)]
            yield from _check_region(location, holder.region, names)
    for region, location in populations or ():
        yield from _check_region(location, region.region, regions)
    for location, column, code in references:
        yield from _check_code(location, column, code, codes)


def check_member(row: Member, location: str, units: Sequence[Unit]) -> Iterator[RuleError]:
    """Check that a panel member's region and ties are those of units."""
    regions = [*(unit.region for unit in units), *(unit.short_name for unit in units)]
    if row.region:
        yield from _check_region(location, row.region, regions)
    for tie in row.ties:
        yield from _check_code(location, "ties", tie, [unit.code for unit in units])


def _check_region(location: str, region: str, regions: Sequence[str]) -> Iterator[RuleError]:
    if region not in regions:
        yield RuleError(
            cell_location(location, "region"),
            expected="units.csv 中的地区",
            found=f"“{region}”",
            advice=f"更正地区（不在其中的留空），{suggest(region, regions)}",
        )


def _check_code(location: str, column: str, code: str, codes: Sequence[str]) -> Iterator[RuleError]:
    if code not in codes:
        advice = f"更正单位代码，{suggest(code, codes)}"
        yield RuleError(
            cell_location(location, column),
            expected="units.csv 中的单位代码",
            found=f"“{code}”",
            advice=advice,
        )


def check_repeats(
    units: Table[Unit],
    targets: Table[Target],
    panel: Table[Member],
    roles: Table[RoleHolder],
    populations: Table[PoorPopulation],
) -> Iterator[RuleError]:
    """Check that what names a row names one row; case does not tell two file names apart."""
    columns: tuple[tuple[Table[Any], tuple[str, ...]], ...] = (
        (units, ("code", "name")),
        (targets, ("unit",)),
        (panel, ("member", "user")),
        (populations, ("region",)),
    )
    for table, names in columns:
        for name in names:
            seen: dict[str, str] = {}
            for row, location in table:
                value = getattr(row, name)
                first = seen.setdefault(value.casefold(), location)
                if value and first != location:
                    yield _repeated(location, name, value, first)
    seen_roles: dict[tuple[str, str], str] = {}
    for holder, location in roles:
        first = seen_roles.setdefault((holder.user, holder.role), location)
        if first != location:
            yield _repeated(location, "user", f"{holder.user} {holder.role}", first)


def check_voters(
    voters: Table[VoterRow], units: Table[Unit], panel: Table[Member]
) -> Iterator[RuleError]:
    """Check that a voter is named once, by number and by name, and that what a row names is there.

    Persons of the same name are told apart by the position written with it (张三（司长）).
    """
    members, codes = [row.member for row in panel.rows], [unit.code for unit in units.rows]
    seen: dict[tuple[str, str], str] = {}
    for row, location in voters:
        for column in ("voter", "name", "member"):
            value = getattr(row, column)
            first = seen.setdefault((column, value.casefold()), location)
            if value and first != location:
                yield _repeated(location, column, value, first)
        if row.member and row.member not in members:
            yield RuleError(
                cell_location(location, "member"),
                expected="panel.csv 中的评委编号",
                found=f"“{row.member}”",
                advice=f"更正评委编号（不是评委的留空），{suggest(row.member, members)}",
            )
        for tie in row.ties:
            yield from _check_code(location, "ties", tie, codes)


def check_self_scores(
    units: Table[Unit], scheme: AssessmentScheme | None, scores: Table[SelfScore]
) -> Iterator[RuleError]:
    """Check that self-scores are of known units and indicators, not above their points, once."""
    codes = [unit.code for unit in units.rows]
    asked = {one.id: one for one in scheme.indicators if one.source == "self"} if scheme else {}
    seen: dict[tuple[str, str], str] = {}
    for row, location in scores:
        yield from _check_code(location, "unit", row.unit, codes)
        indicator = asked.get(row.indicator)
        if indicator is None:
            yield RuleError(
                cell_location(location, "indicator"),
                expected='assessment.toml 中 source = "self" 的指标',
                found=f"“{row.indicator}”",
                advice=f"更正指标，{suggest(row.indicator, list(asked))}",
            )
        elif row.points > indicator.points:
            yield RuleError(
                cell_location(location, "points"),
                expected=f"不超过该指标的分值 {indicator.points:g}",
                found=f"{row.points:g}",
                advice="核对单位报来的自评分",
            )
        first = seen.setdefault((row.unit, row.indicator), location)
        if first != location:
            yield _repeated(location, "unit", f"{row.unit} {row.indicator}", first)


def _repeated(location: str, name: str, value: str, first: str) -> RuleError:
    return RuleError(
        cell_location(location, name),
        expected="不与别行重复",
        found=f"“{value}”（同{first.split()[-1]}）",
        advice="删去重复的一行或更正此格",
    )
