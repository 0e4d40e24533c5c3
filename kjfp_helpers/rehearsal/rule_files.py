"""Rule files of the simulated year, and the answer key that tests compare with."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, fields
from datetime import date
from io import StringIO
from itertools import chain, islice, permutations
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Individual
from kjfp_helpers.rehearsal.faults.file_fault_specs import LEAST_UNITS
from kjfp_helpers.rehearsal.generator.synthetic_people import NAME_CHARS
from kjfp_helpers.rehearsal.generator.year_model import PlannedAct, PlantedFault, RehearsalYear
from kjfp_helpers.rules import ROLES_FILE, VOTERS_FILE, Member, RoleHolder, VoterRow
from kjfp_helpers.rules.loader import SCHEME_FILE

POSITIONS = ("组长", "副组长", "副组长", *["成员"] * 6)
"""Positions in the leading group that votes in the meeting."""
NUMERALS = "一二三四五六七八九十"
CLOCK = "2020-08-20T09:00:00+08:00"
CLOCK_DAY = date(2020, 8, 20)
REAL_UNITS, PANEL_SIZE = 240, 15
"""Units of the real round and members of its panel; a larger round has as many more members."""
CARELESS_SHARE = 0.1
MEETING, DECISION = "meeting", "decision"
"""How far a rehearsal goes by itself: to the eve of the meeting, or through it to the decision."""
FEWEST_SEATS = {"teams": 4, "individuals": 5}
"""Seats of a small year that goes through the meeting."""
ROLE_HOLDERS = tuple(
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
SUBSTITUTE = RoleHolder(user="assessor3", role="考核", name="测试考核员三")
"""Takes over from an assessor who leaves, in a year of so many units that somebody does."""
FIELDS = ("作物栽培", "园艺", "畜牧兽医", "植物保护", "农业经济", "水产", "农产品加工", "健康科普")


def write_rules(
    source: Path, folder: Path, year: RehearsalYear, panel: Iterable[Member], *, to: str = MEETING
) -> None:
    """Write every rule file of a rehearsal beside the rules of the round in ``source``."""
    notice = (source / "notice.toml").read_text("utf-8")
    line = "\nrehearsal = false\n"
    assert notice.count(line) == 1, line
    notice = notice.replace(line, f"\nrehearsal = true\nclock = {CLOCK}\n")
    notice = _fill_in_office(notice)
    notice = _enlarge_seats(notice, len(year.submissions))
    if to == DECISION:
        notice = _prepare_meeting(notice, len(year.submissions))
    (folder / "notice.toml").write_text(notice, "utf-8", newline="\n")
    for name in ("rubric.toml", SCHEME_FILE):
        (folder / name).write_bytes((source / name).read_bytes())
    _write_csv(folder / "units.csv", [submission.unit for submission in year.submissions])
    _write_csv(
        folder / "targets.csv",
        [submission.target for submission in year.submissions if submission.target],
    )
    _write_csv(folder / "commended.csv", year.commended)
    members = tuple(panel)
    _write_csv(folder / "panel.csv", members)
    is_small = len(year.submissions) < LEAST_UNITS
    _write_csv(folder / ROLES_FILE, ROLE_HOLDERS if is_small else (*ROLE_HOLDERS, SUBSTITUTE))
    if to == DECISION:
        _write_csv(folder / VOTERS_FILE, _draw_voters(members))


def _draw_voters(panel: Sequence[Member]) -> Iterator[VoterRow]:
    """Yield the leading group of the meeting: its own people, and two members of the panel."""
    for number, (position, member) in enumerate(
        [(position, None) for position in POSITIONS] + [("专家代表", one) for one in panel[:2]],
        start=1,
    ):
        yield VoterRow(
            voter=f"V{number:02d}",
            name=member.name if member else f"测试委员{NUMERALS[number - 1]}",
            position=position,
            employer=member.employer if member else "演练领导小组",
            member=member.member if member else "",
        )


def _fill_in_office(notice: str) -> str:
    """Return the notice with whom to ask; nobody can be called by phone."""
    for name, value in (("contact", "测试秘书"), ("phone", "演练不设电话")):
        notice, found = re.subn(rf'(?m)^{name} = ""$', f'{name} = "{value}"', notice)
        assert found == 1, name
    return notice


def _enlarge_seats(notice: str, units: int) -> str:
    """Return the notice with as many more seats as there are more units than in the real round."""
    if units <= REAL_UNITS:
        return notice
    enlarged, found = re.subn(
        r"(?m)^((?:teams|individuals) = )(\d+)$",
        lambda match: f"{match[1]}{int(match[2]) * units // REAL_UNITS}",
        notice,
    )
    assert found == 2, found
    return enlarged


def _prepare_meeting(notice: str, units: int) -> str:
    """Return the notice of a year that is played through the meeting.

    A small year has seats for a part of its nominees only. Cases are ranked by their mean and ties
    go to the vote after it, so that one can be planted.
    """
    for name, least in FEWEST_SEATS.items():
        notice = re.sub(
            rf"(?m)^({name} = )(\d+)$",
            lambda match, least=least: (  # type: ignore[misc]
                f"{match[1]}{min(int(match[2]), max(least, int(match[2]) * units // REAL_UNITS))}"
            ),
            notice,
        )
    for name, value in (("method", '"mean"'), ("ties", '["mean"]')):
        notice, found = re.subn(
            rf"(\[ruling\.{name}\]\nquestion = .*\nvalue = ).*", rf"\g<1>{value}", notice
        )
        assert found == 1, name
    return notice


def draw_panel(year: RehearsalYear, rng: np.random.Generator) -> tuple[Member, ...]:
    """Return the fictitious members; some come from a nominee's employer or a unit.

    Fifteen, or more where there are more units than in the real round, so that nobody has more to
    read. Regions differ and none is 北京市, where most societies sit.
    """
    units = [submission.unit for submission in year.submissions]
    regions = [unit.region for unit in units if unit.kind == "province" and unit.code != "11"]
    regions = rng.permutation(regions or [""]).tolist()
    bodies = [entry.body for submission in year.submissions for entry in submission.people()]
    employers = [body.employer or "" for body in bodies if isinstance(body, Individual)]
    members = []
    size = max(PANEL_SIZE, ceil(PANEL_SIZE * len(units) / REAL_UNITS))
    marks = list(islice(chain(NAME_CHARS, map("".join, permutations(NAME_CHARS, 2))), size + 1))
    for number in range(1, size + 1):
        tied = rng.random() < 0.3
        ties = tuple(rng.permutation([unit.code for unit in units])[: int(tied)].tolist())
        close = number in (3, 11) and employers
        employer = str(rng.choice(employers)) if close else f"模拟{marks[number]}农业大学"
        members.append(
            Member(
                member=f"M{number:02d}",
                name=f"测试评委{marks[number]}",
                employer=employer,
                region=regions[number % len(regions)],
                field=FIELDS[number % len(FIELDS)],
                user=f"pw{number:02d}",
                ties=ties,
            )
        )
    return tuple(members)


def draw_habits(rng: np.random.Generator, members: Iterable[Member]) -> dict[str, dict[str, Any]]:
    """Draw each member's severity, spread and noise; a tenth of them are careless."""
    ids = [member.member for member in members]
    careless = set(rng.permutation(ids)[: max(1, round(CARELESS_SHARE * len(ids)))].tolist())
    drawn = {}
    for name in ids:
        severity, spread, noise = rng.normal(0, 0.5), rng.normal(0, 0.2), rng.normal(0, 0.2)
        is_careless = name in careless
        drawn[name] = {
            "severity": float(severity),
            "spread": float(np.exp(spread)) * (0.2 if is_careless else 1),
            "noise": float(0.8 * np.exp(noise)) * (1.5 if is_careless else 1),
            "careless": is_careless,
        }
    return drawn


def write_answers(
    folder: Path,
    year: RehearsalYear,
    members: dict[str, dict[str, Any]],
    ties: Iterable[Any],
    *,
    to: str = MEETING,
) -> None:
    """Write ``answers.json``: faults, relationships, acts, true qualities, rater effects."""
    qualities = {
        f"{entry.unit}/{entry.kind}/{entry.name}": entry.quality
        for submission in year.submissions
        for entry in submission.nominations
        if entry.is_readable
    }
    answers = {
        "seed": year.seed,
        "units": len(year.submissions),
        "to": to,
        "planted": [_answer_row(row) for row in year.planted],
        "acts": [_answer_row(row) for row in year.acts],
        "ties": [asdict(tie) for tie in ties],
        "qualities": qualities,
        "members": members,
    }
    text = json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "answers.json").write_text(text + "\n", "utf-8", newline="\n")


def _answer_row(row: PlantedFault | PlannedAct) -> dict[str, Any]:
    """Return a row of the answers, its message as a file of the inbox."""
    answer: dict[str, Any] = asdict(row)
    mail = answer.pop("mail")
    return answer | {"file": f"inbox/{mail}.eml" if mail else ""}


def _write_csv(path: Path, rows: Iterable[Any]) -> None:
    listed = list(rows)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(listed[0])])
    writer.writerows([_csv_cell(value) for value in astuple(row)] for row in listed)
    path.write_text(out.getvalue(), "utf-8", newline="\n")


def _csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else value
