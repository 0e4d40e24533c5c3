"""All tables of a round, read together and checked against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.rules.tables.cross_references import (
    check_references,
    check_repeats,
    check_self_scores,
    check_voters,
    with_unit_codes,
)
from kjfp_helpers.rules.tables.reader import Table, read_table
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
from kjfp_helpers.rules.tables.table_texts import find_table_file
from kjfp_helpers.rules.terms.assessment_scheme import AssessmentScheme

Row = TypeVar("Row")

ROLES_FILE = "roles.csv"
"""Which account has which role; a round without the file is a round of earlier years."""
POPULATION_FILE = "poor_population.csv"
"""Published registered poor population by region, against which reported figures are held."""
VOTERS_FILE = "voters.csv"
"""Who votes in the meeting; without the file the panel does."""
SELF_SCORE_FILE = "self_scores.csv"
"""Points that units gave themselves, where the scheme asks for them."""

TABLE_FILES = (
    "units.csv",
    "targets.csv",
    "commended.csv",
    "panel.csv",
    ROLES_FILE,
    POPULATION_FILE,
    VOTERS_FILE,
    SELF_SCORE_FILE,
)
"""The tables among the rule files; each may be a workbook ``….xlsx`` in its place."""


@dataclass(frozen=True)
class TableSet:
    """The tables in the order of ``TABLE_FILES``; where a unit was named, its code stands."""

    units: Table[Unit]
    targets: Table[Target]
    commended: Table[Commendation]
    panel: Table[Member]
    roles: Table[RoleHolder]
    populations: Table[PoorPopulation]
    voters: Table[VoterRow]
    self_scores: Table[SelfScore]

    def by_file(self) -> Mapping[str, Table[Any]]:
        """Return each table by the name of its file."""
        tables = [getattr(self, each.name) for each in fields(self)]
        return dict(zip(TABLE_FILES, tables, strict=True))

    def rows(self) -> dict[str, Any]:
        """Return the rows of each table by the name of its field."""
        return {each.name: getattr(self, each.name).rows for each in fields(self)}

    def find_problems(self, scheme: AssessmentScheme | None) -> list[RuleError]:
        """Return what is wrong in any table, and between them where units could be read."""
        problems = [problem for table in self.by_file().values() for problem in table.problems]
        if self.units.problems:
            return problems
        units, targets, commended, panel = self.units, self.targets, self.commended, self.panel
        roles, populations = self.roles, self.populations
        return [
            *problems,
            *check_references(units, targets, commended, panel, roles, populations),
            *check_repeats(units, targets, panel, roles, populations),
            *check_voters(self.voters, units, panel),
            *check_self_scores(units, scheme, self.self_scores),
        ]

    def read_bytes(self, folder: Path) -> dict[str, bytes]:
        """Return by file the bytes that freezing hashes; of a table that is not there, none."""
        tables = self.by_file().items()
        return {name: _content(folder / name, table) for name, table in tables if table.text}


def read_table_set(folder: Path) -> TableSet:
    """Read every table in a round's folder; those that a round need not have may be missing."""
    units = read_table(folder / "units.csv", Unit)

    def coded(table: Table[Any]) -> Table[Any]:
        return with_unit_codes(table, units.rows)

    return TableSet(
        units=units,
        targets=coded(read_table(folder / "targets.csv", Target)),
        commended=coded(read_table(folder / "commended.csv", Commendation)),
        panel=read_table(folder / "panel.csv", Member),
        roles=_read_optional(folder / ROLES_FILE, RoleHolder),
        populations=_read_optional(folder / POPULATION_FILE, PoorPopulation),
        voters=_read_optional(folder / VOTERS_FILE, VoterRow),
        self_scores=coded(_read_optional(folder / SELF_SCORE_FILE, SelfScore)),
    )


def _read_optional(path: Path, row_type: type[Row]) -> Table[Row]:
    """Read a table that a round need not have."""
    present = path.exists() or path.with_suffix(".xlsx").exists()
    return read_table(path, row_type) if present else Table()


def _content(path: Path, table: Table[Any]) -> bytes:
    """Return the bytes of a table that freezing hashes: CSV in UTF-8, whatever its file is."""
    file = find_table_file(path)
    raw = file.read_bytes() if file.suffix == ".csv" else b""
    try:
        return raw if raw and raw.decode() else table.text.encode()
    except UnicodeDecodeError:
        return table.text.encode()
