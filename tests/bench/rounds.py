"""Readings in rounds on simulated panels of known truth, and the time an assignment takes.

    python tests/bench/rounds.py [--runs 40] [--only recall|time]

The panels are those of selection.md: true quality standard normal; severity N(0, .5), spread
exp(N(0, .2)), noise .8 exp(N(0, .2)) of each member, a tenth of them careless (spread a fifth,
noise half as much again), 6% of pairs recused; five criteria (.30 .25 .20 .15 .10) whose noise is
to 85% of its variance common, marks rounded and cut to 0-100. Readings go through the project's
own assignment, marks through its own ranking.
"""

import argparse
import os
import time

import numpy as np
import pandas as pd

from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.core.records import Case, Individual, Record, Team
from kjfp_helpers.panel_review import (
    ReadingMatrix,
    assign_adaptive_round,
    assign_band_round,
    assign_readings,
)
from kjfp_helpers.selection import rank_cases

WEIGHTS = np.array([0.30, 0.25, 0.20, 0.15, 0.10])
NONE = pd.DataFrame({"member": [], "case": []}, dtype=str)
KINDS = {"team": (250, 20), "individual": (290, 50)}
DESIGNS = {
    "uniform 5": ("uniform", 0, 1),
    "adaptive, 2 rounds": ("adaptive", 0, 2),
    "adaptive, 3 rounds": ("adaptive", 0, 3),
    "adaptive, 5 rounds": ("adaptive", 0, 5),
    "band": ("band", 0, 2),
    "uniform 5, 3 anchors": ("uniform", 3, 1),
    "adaptive, 2 rounds, 3 anchors": ("adaptive", 3, 2),
}
"""Plan, anchors, rounds: three readings a case first, five on average in all, anchors by all."""
FIRST, ALL = 3, 5


def case(kind: str, number: int) -> Case:
    blank = {"regions": (), "service_types": (), "service_modes": ()}
    body = Team(**blank) if kind == "team" else Individual(**blank)
    record = Record(
        id=str(number), kind=kind, unit="11", receipt=1, source="", sha256="", body=body
    )
    return Case(
        id=f"{kind[0]}{number:03d}",
        kind=kind,
        unit="11",
        name="",
        rank=1,
        record=record,
        eligible=True,
    )


class Panel:
    """One kind's cases with their truth, and the mark each member would give each case."""

    def __init__(self, kind: str, members: int, seed: int) -> None:
        count, self.places = KINDS[kind]
        random = np.random.default_rng((seed, count, members))
        self.cases = [case(kind, number) for number in range(count)]
        self.members = [f"M{number:02d}" for number in range(members)]
        careless = random.permutation(members) < round(0.1 * members)
        severity = random.normal(0, 0.5, members)
        spread = np.exp(random.normal(0, 0.2, members)) * np.where(careless, 0.2, 1)
        noise = 0.8 * np.exp(random.normal(0, 0.2, members)) * np.where(careless, 1.5, 1)
        self.quality = random.standard_normal(count)
        common = random.standard_normal((count, members, 1)) * np.sqrt(0.85)
        own = random.standard_normal((count, members, 5)) * np.sqrt(0.15)
        worth = (severity + spread * self.quality[:, None])[:, :, None]
        worth = worth + noise[:, None] * (common + own)
        self.marks = np.clip(np.round(75 + 10 * worth), 0, 100) @ WEIGHTS
        away = np.argwhere(random.random((count, members)) < 0.06)
        pairs = [(self.members[m], self.cases[c].id) for c, m in away]
        self.conflicts = pd.DataFrame(pairs, columns=["member", "case"])

    def ranked(self, readings, seed):
        rows = {one.id: row for row, one in enumerate(self.cases)}
        totals = pd.DataFrame(
            [(m, c, self.marks[rows[c], int(m[1:])]) for m, ids in readings.items() for c in ids],
            columns=["member", "case", "total"],
        ).drop_duplicates(["member", "case"])
        found = rank_cases(totals, seats=self.places, method="adjusted", quorum=3, seed=seed)
        return found.table, len(totals)

    def recall(self, plan: str, anchors: int, rounds: int, seed: int) -> tuple[float, float]:
        """Return recall of the true first places and readings a case."""
        board = ReadingMatrix.build(self.cases, self.members, self.conflicts)
        first = ALL if plan == "uniform" else FIRST
        one = assign_readings(board, readings=first, anchors=anchors, seed=seed)
        readings = dict(one.readings)
        for number in range(2, rounds + 1):
            table, _ = self.ranked(readings, seed)
            chances = dict(zip(table["case"], table["p_in"], strict=True))
            board = ReadingMatrix.build(self.cases, self.members, self.conflicts, readings)
            mean = FIRST + (ALL - FIRST) * (number - 1) / (rounds - 1)
            given = {"anchors": one.anchors, "chances": chances, "readings": mean, "seed": seed}
            if plan == "band":
                done = assign_band_round(board, **given)
                readings = {m: (*readings[m], *ids) for m, ids in done.readings.items()}
                continue
            done = assign_adaptive_round(board, minimum=FIRST, round=number, **given)
            assert max(done.loads.values()) - min(done.loads.values()) <= 1
            readings = done.readings
        table, count = self.ranked(readings, seed)
        right = {self.cases[row].id for row in np.argsort(-self.quality)[: self.places]}
        found = set(table["case"].head(self.places))
        return len(right & found) / self.places, count / len(self.cases)


def recalls(runs: int, members: int) -> None:
    print(f"recall of the true first places, {runs} panels of {members}, ± one standard error")
    for kind in KINDS:
        panels = [Panel(kind, members, seed) for seed in range(runs)]
        for name, design in DESIGNS.items():
            found = np.array([panel.recall(*design, seed) for seed, panel in enumerate(panels)])
            error = found[:, 0].std() / np.sqrt(runs)
            print(
                f"  {kind:10} {name:30} {found[:, 0].mean():.3f} ± {error:.3f}"
                f"  {found[:, 1].mean():.2f} readings a case",
                flush=True,
            )


def times() -> None:
    print(f"assignment of 550 cases to 40 members, best of 5 warm (load {os.getloadavg()[0]:.1f})")
    cases = [case("team", n) for n in range(264)] + [case("individual", n) for n in range(286)]
    members = [f"M{number:02d}" for number in range(40)]
    random = np.random.default_rng(1)
    home = random.integers(0, 32, 40)[:, None] == random.integers(0, 32, 550)
    scattered = random.random((40, 550)) < 0.06
    idle = scattered.copy()
    idle[3] = True
    crowded = scattered.copy()
    crowded[4:, 17] = True
    sorts = {
        "home provinces": home,
        "6% anywhere": scattered,
        "a member who may read nothing": idle,
        "a case with 4 free members": crowded,
    }
    for name, away in sorts.items():
        pairs = [(members[m], cases[c].id) for m, c in np.argwhere(away)]
        board = ReadingMatrix.build(cases, members, pd.DataFrame(pairs, columns=["member", "case"]))
        for anchors in (0, 3):
            proved, told, said = measured(board, anchors)
            print(
                f"  {name:30} {anchors} anchors: {proved * 1000:6.0f} ms {said}"
                + (f", {told:.2f} s with the limits to relax" if told else "")
            )


def measured(board: ReadingMatrix, anchors: int) -> tuple[float, float, str]:
    """Return seconds to a design or to the proof that there is none, and seconds to the advice."""
    from kjfp_helpers.panel_review.assignment import reading_assignment

    common = reading_assignment.choose_anchors(board, anchors, 1)
    best, new = np.inf, None
    for _ in range(5):
        start = time.perf_counter()
        new = board.find_best_design(reading_assignment.build_first_round(board, 5, common), (1,))
        best = min(best, time.perf_counter() - start)
    if new is not None:
        done = board.make_assignment(new, 1, anchors=common)
        return best, 0.0, f"assigned, connectivity {done.connectivity:.2f}"
    start = time.perf_counter()
    try:
        assign_readings(board, readings=5, anchors=anchors, seed=1)
    except AssignmentError as error:
        return best, time.perf_counter() - start, f"impossible: {error.advice[:60]}"
    raise AssertionError("no design, and none refused")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--members", type=int, default=15)
    parser.add_argument("--only", choices=("recall", "time"))
    chosen = parser.parse_args()
    if chosen.only != "recall":
        times()
    if chosen.only != "time":
        recalls(chosen.runs, chosen.members)
