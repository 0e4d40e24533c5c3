"""A small made-up round for the papers: every state, hostile text, missing figures."""

import re
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from kjfp_helpers.core.events import (
    Event,
    MemberRecused,
    ReadingsAssigned,
    ScoreGiven,
    ShortlistComputed,
    SpotCheckDrawn,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import (
    Exhibit,
    File,
    Individual,
    Intake,
    Mail,
    Record,
    Section,
    Stocktake,
    Summary,
    Team,
)
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from support.made_in_process import made_in_process
from support.project import RULES

FORMULA = '=HYPERLINK("http://example.com","点此")'
SCRIPT = "<script>alert(1)</script>测试丙"
PHONE = "13812345678"
AT = datetime(2020, 8, 20, 1, tzinfo=UTC)


def make_round(folder: Path, *, societies: int = 24):
    """Copy the rules of 2020, cut to a few societies, with targets, register, panel and clock."""
    folder.mkdir(parents=True)
    shutil.copy(RULES / "rubric.toml", folder)
    text = (RULES / "notice.toml").read_text("utf-8")
    clock = "rehearsal = true\nclock = 2020-08-20T09:00:00+08:00"
    (folder / "notice.toml").write_text(re.sub("rehearsal = false", clock, text), "utf-8")
    lines = (RULES / "units.csv").read_text("utf-8").splitlines()[: 33 + societies]
    _table(folder / "units.csv", lines[0], lines[1:])
    codes = [line.split(",")[0] for line in lines[1:]]
    _table(
        folder / "targets.csv",
        "unit,assoc_target,experts_target,people_target,document",
        [f"{code},100,2000,50000,样例" for code in codes],
    )
    _table(
        folder / "panel.csv",
        "member,name,employer,region,field,user,ties",
        [f"zj{n:02d},测试评委{n},测试大学,北京市,种植,," for n in range(1, 13)],
    )
    register = [
        f'2018,全国,{kind},"{name.replace(chr(34), chr(34) * 2)}",{code},,样例'
        for place, code in enumerate(codes)
        for kind, name in _names(place, code)
        if place % 10 != 7
    ]
    _table(folder / "commended.csv", "year,level,kind,name,unit,employer,document", register)
    return load_round(folder)


def _table(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")


def _names(place, code):
    """Return kind and name of a unit's nominees; priority provinces name two people."""
    team, people = f"测试{code}队", [f"测试{code}甲", f"测试{code}乙"]
    if place == 2:
        team = FORMULA
    if place == 3:
        people = [SCRIPT, people[1]]
    return [("team", team), *(("individual", name) for name in people[: 1 + (place < 32)])]


def _identity(name):
    """Return a number of the right form for each name; nobody can have it."""
    digits = f"110101{crc32(name.encode()) % 10**11:011d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        digits + "10X98765432"[sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11]
    )


def _bodies(place, unit, rng, heads):
    """Return what a unit sent: kind and body; some sent little, one nothing."""
    if place % 9 != 4:
        done = [int(value) for value in rng.normal(1.08, 0.2, 3) * (100, 2000, 50000)]
        people = {3: None, 6: 0}.get(place % 11, done[2])
        yield (
            "stocktake",
            Stocktake(unit=unit.code, assoc_done=done[0], experts_done=done[1], people_done=people),
        )
    if place % 7 != 5:
        sections = tuple(Section(heading=head, text="内容") for head in heads[: 3 + place % 3])
        yield "summary", Summary(sections=sections)
    for kind, name in _names(place, unit.code):
        shared = {"people_lifted": 1200, "service_days": 200, "story": f"{name}的事迹，第{place}件"}
        if kind == "team":
            yield kind, Team(team_name=name, leader_name=f"测试{unit.code}丁", **shared)
        elif not (place < 32 and not unit.priority and name.endswith("乙")):
            yield kind, Individual(name=name, id_number=_identity(name), phone=PHONE, **shared)
    if place % 4 != 3:
        yield "exhibit", Exhibit(sections=(Section(heading="响应中央决策部署", text="内容"),))


def make_intake(round, rng):
    """Return the mail of all units but every thirteenth."""
    heads = [head.title for head in round.notice.summary.heads]
    mails, records = [], []
    for place, unit in enumerate(round.units):
        if place % 13 == 12:
            continue
        receipt, path = place + 1, f"{place:03d}.eml"
        sent = datetime(
            2020, 7 + (place % 8 == 7), 18 if place % 8 == 7 else 1 + place % 14, 2, tzinfo=UTC
        )
        for serial, (kind, body) in enumerate(_bodies(place, unit, rng, heads), start=1):
            found = ()
            if place == 0 and kind == "individual":
                found = (
                    Finding(
                        code="phone_invalid",
                        expected="有效号码",
                        found="位数不符",
                        place="表1 第3行第4列",
                    ),
                )
            records.append(
                Record(
                    id=f"{receipt}-{serial}",
                    kind=kind,
                    unit=unit.code,
                    receipt=receipt,
                    source=f"{path}/{kind}{serial}.docx",
                    sha256=f"{receipt * 100 + serial:064x}",
                    body=body,
                    provenance={"people_done": "盘点!C5"},
                    findings=found,
                )
            )
        files = (
            File(
                path=f"{path}/推荐表{PHONE if place == 3 else ''}.docx",
                sha256="a" * 64,
                size=12345,
                kind="team",
            ),
            File(path=f"{path}/盘点表.xlsx", sha256="b" * 64, size=2345, kind="stocktake"),
        )
        subject = (
            FORMULA if place == 1 else f"{unit.short_name}报送材料{PHONE if place == 3 else ''}"
        )
        mails.append(
            Mail(
                receipt=receipt,
                path=path,
                sha256=f"{place:064d}",
                message_id=f"<{place}>",
                sender=f"office{place}@example.com",
                unit=unit.code,
                subject=subject,
                sent=sent,
                received=sent,
                files=files,
            )
        )
    return Intake(mails=tuple(mails), records=tuple(records))


def _marks(round, cases, rng):
    """Return readings, one recusal and five marks a case from members of known severity."""
    members = [row.member for row in round.panel]
    severity = dict(zip(members, rng.normal(0, 4, len(members)), strict=True))
    readings, marks = {member: [] for member in members}, []
    for place, case in enumerate(cases):
        quality = rng.normal()
        for member in rng.choice(members, 5, replace=False).tolist():
            readings[member].append(case.id)
            base = 75 + 8 * quality + severity[member] + rng.normal(0, 4)
            scores = {
                one.id: float(np.clip(np.round(base + rng.normal(0, 2)), 0, 100))
                for one in round.rubric.criteria(case.kind)
            }
            comment = FORMULA if place == 5 else ""
            marks.append(ScoreGiven(member=member, case=case.id, scores=scores, comment=comment))
    drawn = SpotCheckDrawn(units=("13", "53"), seed="1")
    assigned = ReadingsAssigned(
        readings={m: tuple(ids) for m, ids in readings.items()}, seed=1, digest="d" * 64
    )
    away = MemberRecused(member=members[0], case=readings[members[0]][0], reason="同单位")
    return [drawn, assigned, *marks, away]


def _chain(bodies):
    return tuple(
        Event(seq=seq, at=AT, actor="测试", body=body, hash=f"{seq:064x}")
        for seq, body in enumerate(bodies, start=1)
    )


def make_state(folder: Path, *, societies: int = 24, seed: int = 7):
    """Return the derived state of the simulated round, after the list was computed."""
    rng = np.random.default_rng(seed)
    round = make_round(folder, societies=societies)
    intake = make_intake(round, rng)
    bodies = _marks(round, derive_state(round, intake, ()).screening.eligible_cases, rng)
    return derive_state(
        round, intake, _chain([*bodies, ShortlistComputed(digest="e" * 64, team=(), individual=())])
    )


@cache
def shared_state():
    """Return that state, made once in this process, for tests that only read it."""
    return make_state(made_in_process(_leave_empty) / "round")


def _leave_empty(folder: Path) -> None:
    """The state's own maker fills a folder below."""
