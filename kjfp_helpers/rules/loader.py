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
from kjfp_helpers.rules.tables.table_set import read_table_set
from kjfp_helpers.rules.tables.text_files import read_rule_text
from kjfp_helpers.rules.terms.assessment_scheme import AssessmentScheme
from kjfp_helpers.rules.validation_messages import syntax_error, validation_error

Model = TypeVar("Model", bound=BaseModel)

RULE_FILES = (
    "notice.toml",
    "rubric.toml",
    "units.csv",
    "targets.csv",
    "commended.csv",
    "panel.csv",
)
"""The files that make a round; their bytes are what freezing hashes."""
SCHEME_FILE = "assessment.toml"
"""How units are assessed; in a round without it a reader gives one level for each summary."""


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
    rubric, of_rubric = _read_toml(folder / "rubric.toml", Rubric)
    scheme, of_scheme = _read_scheme(folder / SCHEME_FILE)
    tables = read_table_set(folder)
    problems += [*of_rubric, *of_scheme, *tables.find_problems(scheme)]
    if problems or notice is None or rubric is None:
        raise RuleErrors(problems)
    models = ["notice.toml", "rubric.toml", *([SCHEME_FILE] if scheme else [])]
    data = {name: (folder / name).read_bytes() for name in models} | tables.read_bytes(folder)
    return Round(
        folder,
        notice,
        rubric,
        **tables.rows(),
        assessment=scheme,
        files={name: hashlib.sha256(content).hexdigest() for name, content in data.items()},
        texts={name: content.decode() for name, content in data.items()},
    )


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


def _read_scheme(path: Path) -> tuple[AssessmentScheme | None, list[RuleError]]:
    """Read how units are assessed, which a round need not tell."""
    return _read_toml(path, AssessmentScheme) if path.exists() else (None, [])


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
