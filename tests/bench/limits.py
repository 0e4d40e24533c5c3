"""Lists of 550 cases under random crossing limits, and whether a second solver agrees.

    python tests/bench/limits.py [--sets 200] [--first 0] [--jobs 1] [--certificates]

Every set draws a panel of known truth (``selection_panels.py``), attributes of the cases, and two
to six limits on region, class, sex and level beside the units' quotas: caps, floors or both, on
named values or on each value. A set that no list keeps is drawn again. By each of the four methods
the list is made, and its greatest sum is held against ``scipy.optimize.milp`` (HiGHS, floating
point, all cases free): the list of HiGHS may not have a greater sum, reckoned in integers, nor may
it fall short by more than its tolerance. With ``--certificates`` the whole analysis is made as
``kjfp shortlist`` makes it.

Prints the CPU seconds a list and an analysis take (median, 95th percentile, maximum) by method, how
many lists and questions were not proved, and every mismatch.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np

sys.path[:0] = [str(folder) for folder in list(Path(__file__).parents)[:3]]

from selection import reachable, totals  # noqa: E402

from kjfp_helpers.core.errors import SelectionError, UnprovedError  # noqa: E402
from kjfp_helpers.rules import Scale  # noqa: E402
from kjfp_helpers.selection import rank_cases  # noqa: E402
from kjfp_helpers.selection.allocation.constrained_selection import select_candidates  # noqa: E402
from kjfp_helpers.selection.allocation.seat_allocation import QUOTA_TITLE, AllocationProblem  # noqa: E402
from kjfp_helpers.selection.allocation.selection_problem import Limit  # noqa: E402
from kjfp_helpers.selection.sensitivity import METHODS, SensitivityAnalysis  # noqa: E402
from support.selection_panels import Design, draw  # noqa: E402

CASES, PLACES, UNITS = 550, 50, 72
VALUES = {
    "region": [f"R{number:02}" for number in range(31)],
    "class": ["priority", "other", "society"],
    "sex": ["男", "女"],
    "level": ["基层", "县", "省"],
}
SCALE = Scale(least=0, most=100, step=1, comment_below=60, comment_from=95)
TOLERANCE = 1e-3
"""Points of a sum by which the floating-point solver may fall short."""


@dataclass(frozen=True)
class Trial:
    """What one set of limits gave by one method."""

    seed: int
    method: str
    seconds: float
    whole: float
    tied: int
    unproved: int
    mismatch: str


def attributes_of(cases: list[str], random: np.random.Generator) -> dict[str, dict[str, object]]:
    """Return attribute to case to value; a tenth of the societies has no region."""
    unit = {
        case: f"U{number:02}"
        for case, number in zip(cases, random.integers(UNITS, size=len(cases)), strict=True)
    }
    region = {
        case: VALUES["region"][int(unit[case][1:]) % 31]
        for case in cases
        if int(unit[case][1:]) < 62
    }
    classes = {
        case: "society"
        if case not in region
        else "priority"
        if int(unit[case][1:]) % 3
        else "other"
        for case in cases
    }
    drawn = {
        name: dict(
            zip(cases, random.choice(VALUES[name], len(cases), p=share).tolist(), strict=True)
        )
        for name, share in (("sex", [0.7, 0.3]), ("level", [0.5, 0.3, 0.2]))
    }
    return {"unit": unit, "region": region, "class": classes, **drawn}


def limits_of(random: np.random.Generator) -> Iterator[Limit]:
    """Yield the units' quotas and two to six further limits."""
    for number in range(UNITS):
        yield Limit(f"{QUOTA_TITLE}（通知二）", "unit", frozenset([f"U{number:02}"]), 0, 3)
    for number in range(int(random.integers(2, 7))):
        attribute = str(random.choice(list(VALUES)))
        values, title = VALUES[attribute], f"限制{number}"
        if random.random() < 0.3:
            most = -(-PLACES // len(values)) + int(random.integers(0, 4))
            for value in values:
                yield Limit(title, attribute, frozenset([value]), 0, most)
            continue
        some = random.choice(values, int(random.integers(1, max(len(values) // 2, 1) + 1)), False)
        share = PLACES * len(some) / len(values)
        least = int(share * random.uniform(0.3, 1.6)) if random.random() < 0.6 else 0
        most = (
            None
            if least and random.random() < 0.5
            else (max(int(share * random.uniform(0.4, 1.5)), least))
        )
        yield Limit(title, attribute, frozenset(some.tolist()), least, most)


def second_list(
    scores: np.ndarray, problem: AllocationProblem, cases: list[str]
) -> np.ndarray | None:
    """Return the best list by HiGHS, all cases free, ``None`` where it finds none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = [np.ones(len(cases))]
    low, high = [float(problem.open_seats)], [float(problem.open_seats)]
    for limit in problem.limits:
        held = problem.attributes[limit.attribute]
        rows.append(np.array([held.get(case) in limit.values for case in cases], dtype=float))
        low.append(limit.minimum)
        high.append(np.inf if limit.maximum is None else limit.maximum)
    worth = (scores - scores.min()) / (scores.max() - scores.min())
    found = milp(
        -worth,
        integrality=np.ones(len(cases)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), low, high),
        options={"mip_rel_gap": 0.0, "time_limit": 120.0},
    )
    return None if found.x is None else np.rint(found.x).astype(bool)


def compared(question: SensitivityAnalysis) -> tuple[float, str]:
    """Return the seconds a list takes, and how HiGHS's differs in worth, ``""`` where it does not."""
    problem = question.problem
    order = problem.order(question.values)
    cases = [case for tied in order for case in tied.cases]
    scores = np.array([round(question.values[case] * 10**9) for case in cases])
    attributes = {
        name: [held.get(case) for case in cases] for name, held in problem.attributes.items()
    }
    start = time.process_time()
    first = select_candidates(scores, attributes, problem.limits, problem.open_seats).total
    took = time.process_time() - start
    second = second_list(scores, problem, cases)
    if second is None:
        return took, "HiGHS finds no list"
    other = int(scores[second].sum())
    if other > first:
        return took, f"HiGHS has {other - first} more than {first}"
    short = (first - other) / 1e9
    return took, f"HiGHS falls short by {short:.3g}" if short > TOLERANCE else ""


def random_problem(panel_seed: int) -> tuple[AllocationProblem, object]:
    """Return a problem whose limits some list keeps, and the scores."""
    random = np.random.default_rng(panel_seed)
    marks = totals(reachable(draw(Design(cases=CASES, places=PLACES), panel_seed)))
    cases = sorted(set(marks["case"]))
    attributes = attributes_of(cases, random)
    lifted = dict(zip(cases, random.integers(20, 60, len(cases)).tolist(), strict=True))
    while True:
        problem = AllocationProblem(
            kind="individual",
            plan=PLACES,
            reserves=5,
            limits=tuple(limits_of(random)),
            attributes=attributes,
            tie_break_values={"mean": dict.fromkeys(cases), "people_lifted": lifted},
            tie_break_steps=("people_lifted",),
            vetoes={},
            added={},
            rejected={},
        )
        try:
            problem.allocate({case: float(random.normal()) for case in cases})
        except SelectionError:
            continue
        return problem, marks


def trials(job: tuple[int, bool]) -> list[Trial]:
    """Return what one set of limits gives by each method."""
    seed, whole = job
    problem, marks = random_problem(seed)
    found = []
    for method in METHODS:
        ranking = rank_cases(marks, seats=PLACES, method=method, quorum=1)
        start = time.process_time()
        try:
            question = SensitivityAnalysis(problem, marks, method, 1, SCALE, ranking)
        except UnprovedError as error:
            print(f"set {seed}, {method}: {error}", flush=True)
            took = time.process_time() - start
            found.append(Trial(seed, method, took, took, 0, 1, ""))
            continue
        unproved = len(question.analyze().unproved) if whole else 0
        took = time.process_time() - start
        seconds, wrong = compared(question)
        found.append(
            Trial(seed, method, seconds, took, len(question.allocation.tied), unproved, wrong)
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--certificates", action="store_true")
    chosen = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {chosen.sets} sets of limits")
    jobs = [(seed, chosen.certificates) for seed in range(chosen.first, chosen.first + chosen.sets)]
    with Pool(chosen.jobs) as pool:
        rows = []
        for number, some in enumerate(pool.imap(trials, jobs), 1):
            rows += some
            for row in some:
                if row.mismatch or row.unproved:
                    print(f"set {row.seed}, {row.method}: {row.mismatch}, {row.unproved} unproved")
            if number % 50 == 0 or number == len(jobs):
                report(rows, number, chosen.certificates)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def report(rows: list[Trial], sets: int, certificates: bool) -> None:
    """Print what the sets so far gave, by method."""
    print(f"{sets} sets, load {os.getloadavg()[0]:.1f}", flush=True)
    what = "list and analysis" if certificates else "list with reserves"
    for method in METHODS:
        some = [row for row in rows if row.method == method]
        lists, wholes = [row.seconds for row in some], [row.whole for row in some]
        print(
            f"{method:9} list {spread(lists)}; {what} {spread(wholes)}; "
            f"{sum(row.tied > 0 for row in some)} with ties, "
            f"{sum(row.unproved for row in some)} unproved, "
            f"{sum(row.mismatch != '' for row in some)} mismatches",
            flush=True,
        )


def spread(seconds: list[float]) -> str:
    """Return median, 95th percentile and greatest of some times."""
    return f"{np.median(seconds):.2f}, {np.percentile(seconds, 95):.2f}, {max(seconds):.2f} s"


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
