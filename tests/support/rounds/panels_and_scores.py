"""Cases, panels and marks for tests of review and selection; everybody is made up."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import Case
from kjfp_helpers.rules import Member
from kjfp_helpers.selection.ranking.raters.rater_likelihood import Ratings
from support.rounds import builders as make


def case(kind="team", unit="61", serial=1, name=None, eligible=True, **fields):
    name = name or f"{'团队' if kind == 'team' else '测试'}{unit}-{serial}"
    build = make.team if kind == "team" else make.person
    letter = "T" if kind == "team" else "P"
    record = build(name, unit, serial=serial)
    return Case(
        id=f"{letter}{unit}-{serial}",
        kind=kind,
        unit=unit,
        name=name,
        rank=serial,
        record=replace(record, body=replace(record.body, **fields)),
        eligible=eligible,
    )


def cases_of(round, kind):
    """As many cases of every unit as its quota allows."""
    return [
        case(kind, unit.code, serial)
        for unit in round.units
        for serial in range(
            1,
            round.quota(unit).of(kind).most + 1,
        )
    ]


def member(number, **fields):
    values = {
        "member": f"E{number:02}",
        "name": f"评委{number}",
        "employer": f"第{number}研究所",
        "region": "",
        "field": "",
        "user": "",
        "ties": (),
    }
    return Member(**values | fields)


def panel(round, *members):
    return replace(round, panel=tuple(members))


def events(*bodies):
    at = datetime(2020, 9, 1, tzinfo=UTC)
    return tuple(
        Event(seq=seq, at=at, actor="测试", body=body) for seq, body in enumerate(bodies, 1)
    )


def table(rows):
    """Marks from ``{case: {member: total}}``."""
    return pd.DataFrame(
        [(m, c, t) for c, marks in rows.items() for m, t in marks.items()],
        columns=["member", "case", "total"],
    ).astype({"total": float})


def simulated(cases, members, each, seed, severity=5.0, noise=6.0, quality=8.0):
    """Marks of a made-up panel with known truth: totals, true quality, true severities."""
    random = np.random.default_rng(seed)
    truth = random.normal(0, quality, cases)
    lean = random.normal(0, severity, members)
    order = np.concatenate(
        [random.permutation(members) for _ in range(cases * each // members + 2)]
    )
    rows = {}
    for number in range(cases):
        readers = list(dict.fromkeys(order[number * each :]))[:each]
        rows[f"T{number:03}"] = {
            f"E{m:02}": round(75 + truth[number] + lean[m] + random.normal(0, noise), 2)
            for m in readers
        }
    return table(rows), truth, lean


def coded(totals):
    case, member = pd.Categorical(totals["case"]), pd.Categorical(totals["member"])
    return case.codes.astype(np.intp), member.codes.astype(np.intp), totals["total"].to_numpy()


def sorted_marks(totals, scale=10.0):
    """The marks as the model sees them, from 75 and in units of ``scale``."""
    case, member, total = coded(totals.sort_values(["case", "member"]))
    start = np.flatnonzero(np.diff(case, prepend=-1))
    load = np.bincount(member).astype(float)
    return Ratings(case, member, (total - 75) / scale, start, load)


def some_habits(members, seed=0):
    random = np.random.default_rng(seed)
    return np.stack(
        [
            random.normal(0, 0.5, members),
            np.exp(random.normal(0, 0.3, members)),
            random.normal(-0.3, 0.3, members),
        ]
    )
