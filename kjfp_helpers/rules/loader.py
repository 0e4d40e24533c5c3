"""A round's rules, read once and refused as a whole when anything in them is not known."""

import hashlib
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kjfp_helpers.core.errors import NOT_FOUND, RuleError, RuleErrors
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules.notice_terms import Notice, Quota
from kjfp_helpers.rules.rubric import Rubric
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
from kjfp_helpers.rules.tables.text_files import read_rule_text
from kjfp_helpers.rules.terms.assessment_scheme import AssessmentScheme
from kjfp_helpers.rules.validation_messages import syntax_error, validation_error

Model = TypeVar("Model", bound=BaseModel)
Row = TypeVar("Row")

RULE_FILES = (
    "notice.toml",
    "rubric.toml",
    "units.csv",
    "targets.csv",
    "commended.csv",
    "panel.csv",
)
"""The files that make a round; their bytes are what freezing hashes."""
ROLES_FILE = "roles.csv"
"""Which account has which role; a round without the file is a round of earlier years."""
POPULATION_FILE = "poor_population.csv"
"""Published registered poor population by region, against which reported figures are held."""
VOTERS_FILE = "voters.csv"
"""Who votes in the meeting; without the file the panel does."""
SCHEME_FILE = "assessment.toml"
"""How units are assessed; in a round without it a reader gives one level for each summary."""
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
class Round:
    """A folder of rules; every table is a tuple of rows in file order."""

    folder: Path
    notice: Notice
    rubric: Rubric
    units: tuple[Unit, ...]
    targets: tuple[Target, ...]
    commended: tuple[Commendation, ...]
    panel: tuple[Member, ...]
    files: Mapping[str, str]
    """SHA-256 of each rule file."""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Text of each rule file as it was read; in UTF-8 it is the file's bytes."""
    amendments: tuple[str, ...] = ()
    """A Chinese line for each amendment of the frozen rules, oldest first; papers show them."""
    roles: tuple[RoleHolder, ...] = ()
    populations: tuple[PoorPopulation, ...] = ()
    voters: tuple[VoterRow, ...] = ()
    assessment: AssessmentScheme | None = None
    self_scores: tuple[SelfScore, ...] = ()

    @property
    def name(self) -> str:
        """Name of the round: that of its folder."""
        return self.folder.name

    @property
    def rehearsal(self) -> bool:
        """Whether everything made from this round is marked 演练."""
        return self.notice.round.rehearsal

    @property
    def inbox(self) -> Path:
        """Where mail lies as it arrived."""
        return self.folder / "inbox"

    @cached_property
    def digest(self) -> str:
        """One hash over all rule files."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    @cached_property
    def part_digests(self) -> Mapping[str, str]:
        """SHA-256 of the content of each part by the name of its field, and of the round's name."""
        models = {"notice": self.notice, "rubric": self.rubric}
        parts = {name: model.model_dump_json() for name, model in models.items()}
        parts["assessment"] = self.assessment.model_dump_json() if self.assessment else ""
        tables = "units", "targets", "commended", "panel", "populations", "self_scores", "roles"
        parts |= {name: repr(getattr(self, name)) for name in tables}
        parts["name"] = self.name
        return {
            name: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            for name, text in parts.items()
        }

    @cached_property
    def unit_by_code(self) -> Mapping[str, Unit]:
        """Units by their code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def member_by_id(self) -> Mapping[str, Member]:
        """Panel members by their id."""
        return {member.member: member for member in self.panel}

    def quota(self, unit: Unit) -> Quota:
        """Return the quota that holds for a unit (clause 二)."""
        quota: Quota = getattr(self.notice.quota, unit.quota)
        return quota


def load_round(folder: Path) -> Round:
    """Read and check every rule file of a round.

    Raises
    ------
    RuleErrors
        With every problem of every file at once, each with the nearest valid name.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        names = [
            entry.name for entry in folder.parent.glob("*/") if (entry / "notice.toml").exists()
        ]
        hint = suggest(folder.name, names) if names else "先用 kjfp rehearse 生成演练轮次"
        raise RuleErrors(
            [RuleError(f"轮次 {folder.name}", found=NOT_FOUND, advice=f"核对名称（{hint}）")]
        )
    notice, problems = _read_toml(folder / "notice.toml", Notice)
    rubric, more = _read_toml(folder / "rubric.toml", Rubric)
    units = read_table(folder / "units.csv", Unit)
    targets = with_unit_codes(read_table(folder / "targets.csv", Target), units.rows)
    commended = with_unit_codes(read_table(folder / "commended.csv", Commendation), units.rows)
    panel = read_table(folder / "panel.csv", Member)
    roles = _read_optional(folder / ROLES_FILE, RoleHolder)
    populations = _read_optional(folder / POPULATION_FILE, PoorPopulation)
    scores = _read_optional(folder / SELF_SCORE_FILE, SelfScore)
    scores = with_unit_codes(scores, units.rows)
    has_scheme = (folder / SCHEME_FILE).exists()
    scheme, of_scheme = (
        _read_toml(folder / SCHEME_FILE, AssessmentScheme) if has_scheme else (None, [])
    )
    problems += [*more, *of_scheme]
    voters = _read_optional(folder / VOTERS_FILE, VoterRow)
    read = (units, targets, commended, panel, roles, populations, voters, scores)
    tables: dict[str, Table[Any]] = dict(zip(TABLE_FILES, read, strict=True))
    for table in tables.values():
        problems += table.problems
    if not units.problems:
        problems += [
            *check_references(units, targets, commended, panel, roles, populations),
            *check_repeats(units, targets, panel, roles, populations),
            *check_voters(voters, units, panel),
            *check_self_scores(units, scheme, scores),
        ]
    if problems or notice is None or rubric is None:
        raise RuleErrors(problems)
    whole = [name for name in RULE_FILES if name not in tables]
    whole += [SCHEME_FILE] if scheme is not None else []
    data = {name: (folder / name).read_bytes() for name in whole}
    for name, table in tables.items():
        if table.text:
            data[name] = _content(folder / name, table)
    return Round(
        folder,
        notice,
        rubric,
        units.rows,
        targets.rows,
        commended.rows,
        panel.rows,
        roles=roles.rows,
        populations=populations.rows,
        voters=voters.rows,
        assessment=scheme,
        self_scores=scores.rows,
        files={name: hashlib.sha256(content).hexdigest() for name, content in data.items()},
        texts={name: content.decode() for name, content in data.items()},
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


def load_round_texts(texts: Mapping[str, str], folder: Path) -> Round:
    """Read a round from the texts of its rule files, as a freeze in the ledger keeps them.

    Parameters
    ----------
    texts : mapping
        Name of a rule file to its text.
    folder : Path
        The folder of the round to which they belong.

    Raises
    ------
    RuleErrors
        When this version no longer accepts them.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in texts.items():
            (Path(scratch) / name).write_bytes(text.encode())
        return replace(load_round(Path(scratch)), folder=folder)


def _read_toml(path: Path, model: type[Model]) -> tuple[Model | None, list[RuleError]]:
    try:
        text = read_rule_text(path)
        return _parse_toml(text, model), []
    except RuleError as error:
        return None, [error]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [syntax_error(path.name, text, str(error))]
    except ValidationError as error:
        return None, [validation_error(path.name, model, dict(item)) for item in error.errors()]


@lru_cache(maxsize=8)
def _parse_toml(text: str, model: type[Model]) -> Model:
    """Parse a text once: rounds opened again have the same files, and models are frozen."""
    return model.model_validate(_frozen(tomllib.loads(text)))


def _frozen(data: Any) -> Any:
    """Return TOML data with tuples for lists, as strict models want them."""
    if isinstance(data, dict):
        return {name: _frozen(part) for name, part in data.items()}
    return tuple(map(_frozen, data)) if isinstance(data, list) else data
