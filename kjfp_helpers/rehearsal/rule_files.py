"""The rule files of the made-up year and the answers that tests hold against it."""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, astuple, fields
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Individual
from kjfp_helpers.rehearsal.generator.model import Act, Planted, Year
from kjfp_helpers.rehearsal.generator.synthetic_people import SIGNS
from kjfp_helpers.rules import ROLES_FILE, Member, RoleHolder

CLOCK = "2020-08-20T09:00:00+08:00"
MEMBERS = 15
CARELESS = 0.1
HOLDERS = tuple(
    RoleHolder(user=user, role=role, name=f"测试{name}")
    for user, role, name in (
        ("secretary", "秘书", "秘书"),
        ("chair", "组长", "组长"),
        ("teller1", "计票人", "计票人一"),
        ("teller2", "计票人", "计票人二"),
        ("assessor", "考核", "考核员"),
        ("assessor2", "考核", "考核员二"),
        ("inspector", "纪检", "纪检员"),
    )
)
"""Accounts to be tried in a rehearsal, beside the members' own of ``panel.csv``."""
FIELDS = ("作物栽培", "园艺", "畜牧兽医", "植物保护", "农业经济", "水产", "农产品加工", "健康科普")


def write_rules(source: Path, folder: Path, year: Year, panel: Iterable[Member]) -> None:
    """Write every rule file of a rehearsal beside the rules of the round in ``source``."""
    notice = (source / "notice.toml").read_text("utf-8")
    line = "\nrehearsal = false\n"
    assert notice.count(line) == 1, line
    notice = notice.replace(line, f"\nrehearsal = true\nclock = {CLOCK}\n")
    (folder / "notice.toml").write_text(notice, "utf-8", newline="\n")
    (folder / "rubric.toml").write_bytes((source / "rubric.toml").read_bytes())
    _write(folder / "units.csv", [papers.unit for papers in year.papers])
    _write(folder / "targets.csv", [papers.target for papers in year.papers if papers.target])
    _write(folder / "commended.csv", year.commended)
    _write(folder / "panel.csv", panel)
    _write(folder / ROLES_FILE, HOLDERS)


def draw_panel(year: Year, rng: np.random.Generator) -> tuple[Member, ...]:
    """Return fifteen made-up members; some come from a nominee's employer or a unit.

    Regions differ and none is 北京市, where most societies sit.
    """
    units = [papers.unit for papers in year.papers]
    regions = [unit.region for unit in units if unit.kind == "province" and unit.code != "11"]
    regions = rng.permutation(regions or ["演练省"]).tolist()
    bodies = [entry.body for papers in year.papers for entry in papers.people()]
    employers = [body.employer or "" for body in bodies if isinstance(body, Individual)]
    members = []
    for number in range(1, MEMBERS + 1):
        tied = rng.random() < 0.3
        ties = tuple(rng.permutation([unit.code for unit in units])[: int(tied)].tolist())
        close = number in (3, 11) and employers
        employer = str(rng.choice(employers)) if close else f"模拟{SIGNS[number]}农业大学"
        members.append(
            Member(
                member=f"M{number:02d}",
                name=f"测试评委{SIGNS[number]}",
                employer=employer,
                region=regions[number % len(regions)],
                field=FIELDS[number % len(FIELDS)],
                user=f"pw{number:02d}",
                ties=ties,
            )
        )
    return tuple(members)


def habits(rng: np.random.Generator, members: Iterable[Member]) -> dict[str, dict[str, Any]]:
    """Draw each member's severity, spread and noise; a tenth of them are careless."""
    ids = [member.member for member in members]
    careless = set(rng.permutation(ids)[: max(1, round(CARELESS * len(ids)))].tolist())
    drawn = {}
    for name in ids:
        severity, spread, noise = rng.normal(0, 0.5), rng.normal(0, 0.2), rng.normal(0, 0.2)
        slack = name in careless
        drawn[name] = {
            "severity": float(severity),
            "spread": float(np.exp(spread)) * (0.2 if slack else 1),
            "noise": float(0.8 * np.exp(noise)) * (1.5 if slack else 1),
            "careless": slack,
        }
    return drawn


def write_answers(
    folder: Path, year: Year, members: dict[str, dict[str, Any]], ties: Iterable[Any]
) -> None:
    """Write ``answers.json``: planted faults, ties and acts, true qualities, members' habits."""
    qualities = {
        f"{entry.unit}/{entry.kind}/{entry.name}": entry.quality
        for papers in year.papers
        for entry in papers.nominations
        if not entry.damaged
    }
    answers = {
        "seed": year.seed,
        "units": len(year.papers),
        "planted": [_answer(row) for row in year.planted],
        "acts": [_answer(row) for row in year.acts],
        "ties": [asdict(tie) for tie in ties],
        "qualities": qualities,
        "members": members,
    }
    text = json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "answers.json").write_text(text + "\n", "utf-8", newline="\n")


def _answer(row: Planted | Act) -> dict[str, str]:
    """Return a row of the answers, its message as a file of the inbox."""
    told: dict[str, str] = asdict(row)
    letter = told.pop("letter")
    return told | {"file": f"inbox/{letter}.eml" if letter else ""}


def _write(path: Path, rows: Iterable[Any]) -> None:
    listed = list(rows)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(listed[0])])
    writer.writerows([_cell(value) for value in astuple(row)] for row in listed)
    path.write_text(out.getvalue(), "utf-8", newline="\n")


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else value
