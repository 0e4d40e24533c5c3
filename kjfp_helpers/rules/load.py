"""A round's rules, read once and refused as a whole when anything in them is not known."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kjfp_helpers.errors import RuleError, RuleErrors
from kjfp_helpers.rules.notice import Notice, Quota, Rubric
from kjfp_helpers.rules.tables import (
    Commendation,
    Member,
    Target,
    Unit,
    nearest,
    read_table,
)

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
        hint = nearest(folder.name, names) if names else "先用 kjfp rehearse 生成演练轮次"
        raise RuleErrors(
            [
                RuleError(
                    folder.name, expected="轮次文件夹", found="没有找到", advice=f"核对名称，{hint}"
                )
            ]
        )
    notice, problems = _read_toml(folder / "notice.toml", Notice)
    rubric, more = _read_toml(folder / "rubric.toml", Rubric)
    units, wrong_units = read_table(folder / "units.csv", Unit)
    targets, wrong_targets = read_table(folder / "targets.csv", Target)
    commended, wrong_rows = read_table(folder / "commended.csv", Commendation)
    panel, wrong_members = read_table(folder / "panel.csv", Member)
    problems += more + wrong_units + wrong_targets + wrong_rows + wrong_members
    if not wrong_units:
        problems += _references(units, targets, commended, panel)
    if problems or notice is None or rubric is None:
        raise RuleErrors(problems)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in RULE_FILES}
    return Round(folder, notice, rubric, units, targets, commended, panel, files)


def _read_toml(path: Path, model: type[Model]) -> tuple[Model | None, list[RuleError]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None, [
            RuleError(
                path.name, expected="有此文件", found="没有找到", advice="从 data/2020 复制后修改"
            )
        ]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        advice = "按所指行列改正引号、括号或等号"
        return None, [
            RuleError(path.name, expected="TOML 格式", found=f"无法解析（{error}）", advice=advice)
        ]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_explain(path.name, model, dict(item)) for item in error.errors()]


def _explain(name: str, model: type[BaseModel], item: dict[str, Any]) -> RuleError:
    """Turn one pydantic error into a sentence for a clerk."""
    trail = item["loc"]
    where = f"{name} [{'.'.join(str(step) for step in trail)}]" if trail else name
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known(model, trail[:-1])
        advice = f"更正名称，{nearest(str(trail[-1]), known)}"
        return RuleError(where, expected="已知名称", found=f"“{trail[-1]}”", advice=advice)
    if kind == "missing":
        return RuleError(where, expected="填有此项", found="没有", advice="补上此项")
    if kind == "literal_error":
        expected = str(context["expected"]).replace(" or ", " 或 ")
        return RuleError(
            where, expected=expected, found=f"“{item['input']}”", advice="改为所列之一"
        )
    if kind == "value_error":
        return RuleError(where, expected=str(context["error"]), found="不符", advice="更正")
    expected = _TYPES.get(kind.split("_")[0], "符合规定的值")
    limits = "、".join(
        f"{_LIMITS[key]}{value:g}" for key, value in context.items() if key in _LIMITS
    )
    return RuleError(
        where, expected=limits or expected, found=f"“{item['input']}”", advice="更正此值"
    )


_TYPES = {"int": "整数", "float": "数字", "bool": "true 或 false", "string": "文字", "date": "日期",
          "datetime": "时间", "tuple": "列表", "model": "一组设置"}  # fmt: skip
_LIMITS = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于"}


def _known(model: type[BaseModel], trail: Iterable[Any]) -> list[str]:
    """Return the names a rule file may use at a place in it."""
    for step in trail:
        if isinstance(step, int):
            continue
        kind: Any = model.model_fields[step].annotation
        for part in getattr(kind, "__args__", ()):
            kind = part if isinstance(part, type) and issubclass(part, BaseModel) else kind
        model = kind
    return list(model.model_fields)


def _references(
    units: tuple[Unit, ...],
    targets: tuple[Target, ...],
    commended: tuple[Commendation, ...],
    panel: tuple[Member, ...],
) -> list[RuleError]:
    """Check that codes are unique and that every unit named in a table is in ``units.csv``."""
    codes = [unit.code for unit in units]
    named = [("targets.csv", row.unit) for row in targets]
    named += [("commended.csv", row.unit) for row in commended]
    named += [("panel.csv", tie) for row in panel for tie in row.ties]
    problems = [
        RuleError(table, expected="units.csv 中的单位代码", found=f"“{code}”",
                  advice=f"更正单位代码，{nearest(code, codes)}")
        for table, code in dict.fromkeys(named) if code not in set(codes)
    ]  # fmt: skip
    once = [("units.csv", "code", codes), ("targets.csv", "unit", [row.unit for row in targets]),
            ("panel.csv", "member", [row.member for row in panel])]  # fmt: skip
    for table, column, values in once:
        for value in sorted({value for value in values if values.count(value) > 1}):
            problems.append(
                RuleError(f"{table} “{column}”列", expected="不重复", found=f"“{value}”出现多次",
                          advice="删去重复行")
            )  # fmt: skip
    return problems
