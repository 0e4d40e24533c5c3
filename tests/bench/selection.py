"""How often each way from marks to a list finds the true best, on the same made-up panels.

    python tests/bench/selection.py [--runs 20] [--jobs 2] [--only listed|thin|small|raised|stacked|large]

Prints, on panels drawn as the design notes say: recall of the true first K by an oracle who knows
every member's habits, the adjusted model of ``kjfp rank``, plain two-way REML, standard scores,
the trimmed mean and the mean, with the standard error of adjusted minus mean; Brier score and
calibration error of the chance of a place beside the oracle's; how often the 95% interval holds.
Then small panels; how often a raised mark lowers its own case; the fits of a list's questions by
rows and stacked, side by side; 290 x 15 and 100,000 x 5.
The record: ``--runs 300``.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

sys.path[:0] = [str(folder) for folder in list(Path(__file__).parents)[:3]]

from kjfp_helpers.selection import rank_cases  # noqa: E402
from kjfp_helpers.selection.ranking.raters import rater_effects  # noqa: E402
from kjfp_helpers.selection.ranking.raters.rater_effects import MAX_STACKED_MEMBERS  # noqa: E402
from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix  # noqa: E402
from kjfp_helpers.selection.ranking.severity_model import estimate_values  # noqa: E402
from kjfp_helpers.selection.ranking.top_k_probability import top_k_probabilities  # noqa: E402
from support.selection_panels import (  # noqa: E402
    LISTED,
    SMALL,
    THIN,
    Design,
    Panel,
    draw,
    oracle,
    recall,
    two_way,
)

METHODS = ("oracle", "adjusted", "REML", "standard", "trimmed", "mean")
FIRST = 1000
"""Of the seeds: kept apart from those that were looked at while the model was made."""


def totals(panel: Panel) -> pd.DataFrame:
    """Return the marks as ``rank`` takes them."""
    return pd.DataFrame(
        {
            "member": np.char.mod("M%04d", panel.member),
            "case": np.char.mod("C%06d", panel.case),
            "total": panel.total,
        }
    )


def reachable(panel: Panel) -> Panel:
    """Leave out cases that lost every reader."""
    seen, case = np.unique(panel.case, return_inverse=True)
    return Panel(case, panel.member, panel.total, panel.truth[seen], panel.habits, panel.design)


def one_run(job: tuple[Design, int]) -> dict[str, object]:
    """Return everything measured on one panel."""
    design, seed = job
    panel = reachable(draw(design, seed))
    marks = totals(panel)
    start = time.process_time()
    ranking = rank_cases(marks, seats=design.places, method="adjusted", quorum=1)
    took = time.process_time() - start
    table = ranking.table.sort_values("case")
    known, doubt = oracle(panel)
    found = {name: table[name].to_numpy() for name in ("adjusted", "standard", "trimmed", "mean")}
    found |= {"oracle": known, "REML": two_way(panel)}
    top = np.zeros(len(known))
    top[np.argsort(-panel.truth)[: design.places]] = 1
    severity, spread, _ = panel.habits
    heard = np.unique(panel.member)  # who gave a mark; the panel that the value speaks of
    truth = design.centre + 10 * (severity[heard].mean() + spread[heard].mean() * panel.truth)
    held = (table["low"] < truth) & (truth < table["high"])
    return {
        "recall": [recall(np.nan_to_num(found[name], nan=-9e9), panel) for name in METHODS],
        "chance": (table["p_in"].to_numpy(), top_k_probabilities(known, doubt, design.places), top),
        "held": float(held.mean()),
        "seconds": took,
    }


def calibration(chance: np.ndarray, top: np.ndarray) -> float:
    """Return the mean distance of said and happened over ten equal bins, by their size."""
    place = np.minimum((chance * 10).astype(int), 9)
    away = [abs((chance - top)[place == bin].sum()) for bin in range(10)]
    return float(sum(away) / len(top))


def table_of(designs: dict[str, Design], runs: int, pool: Pool) -> None:
    """Print one row a design."""
    print(
        f"{'design':26}"
        + "".join(f"{name:>9}" for name in METHODS)
        + "  ±(adj-mean)   Brier  oracle  calib.  oracle  95% holds  cpu ms"
    )
    means = []
    for name, design in designs.items():
        rows = pool.map(one_run, [(design, FIRST + seed) for seed in range(runs)], chunksize=2)
        found = np.array([row["recall"] for row in rows])
        means.append(found.mean(0))
        error = (found[:, 1] - found[:, -1]).std() / np.sqrt(runs)
        told = [row for row in rows if not np.isnan(row["chance"][0]).any()]
        rest = f"{'none said: groups that cannot be compared':>43}"
        if told:
            said, known, top = (
                np.concatenate(part) for part in zip(*(r["chance"] for r in told), strict=True)
            )
            rest = (
                f"{((said - top) ** 2).mean():8.4f}{((known - top) ** 2).mean():8.4f}"
                f"{calibration(said, top):8.4f}{calibration(known, top):8.4f}"
                f"{np.mean([r['held'] for r in told]):11.3f}"
            )
        print(
            f"{name:26}"
            + "".join(f"{x:9.3f}" for x in found.mean(0))
            + f"{error:13.4f}"
            + rest
            + f"{1000 * np.median([r['seconds'] for r in rows]):8.0f}",
            flush=True,
        )
    print(f"{'mean of the rows':26}" + "".join(f"{x:9.3f}" for x in np.mean(means, axis=0)))


def raised(runs: int) -> None:
    """Say how often a raised mark lowers its own case in the adjusted model."""
    lower, rank_lower, tries, most = 0, 0, 0, 0.0
    for seed in range(runs):
        panel = draw(Design(), FIRST + seed)
        random, marks = np.random.default_rng(seed), totals(panel)
        before = rank_cases(marks, seats=20, method="adjusted", quorum=1).table.set_index("case")
        for row in random.integers(len(marks), size=20):
            more = marks.copy()
            more.loc[row, "total"] += 5
            after = rank_cases(more, seats=20, method="adjusted", quorum=1).table.set_index("case")
            fall = before.loc[marks["case"][row]] - after.loc[marks["case"][row]]
            tries, lower, most = tries + 1, lower + (fall["value"] > 0), max(most, fall["value"])
            rank_lower += fall["rank"] < 0
    print(
        f"a mark raised by 5: value lower in {lower} of {tries} (at most {most:.3f} marks), "
        f"rank worse in {rank_lower}"
    )


def large() -> None:
    """Time 290 x 15 through ``rank``, and 100,000 x 5 through the command."""
    panel = totals(draw(Design(cases=290, places=50), 1))
    rank_cases(panel, seats=50, method="adjusted", quorum=1)
    times = []
    for _ in range(9):
        start = time.perf_counter()
        rank_cases(panel, seats=50, method="adjusted", quorum=1)
        times.append(time.perf_counter() - start)
    print(
        f"290 x 15, warm, with intervals: median {np.median(times):.3f} s, least {min(times):.3f} s"
    )
    with tempfile.TemporaryDirectory() as folder:
        for cases, members in ((10_000, 200), (100_000, 1000), (100_000, 2000)):
            marks = totals(draw(Design(cases=cases, members=members), 1))
            path = Path(folder) / "marks.csv"
            marks.rename(columns={"member": "reviewer", "case": "item", "total": "score"}).to_csv(
                path, index=False
            )
            words = [
                sys.executable,
                "-m",
                "kjfp_helpers.cli",
                "rank",
                str(path),
                "--places",
                str(cases // 100),
                "--json",
            ]
            start = time.perf_counter()
            done = subprocess.Popen(words, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(done.pid, 0)
            wall = time.perf_counter() - start
            print(
                f"{cases:,} x 5 marks, {members} members: {wall:.1f} s wall, {usage.ru_utime:.1f} s cpu, "
                f"{usage.ru_maxrss / 1024:.0f} MB, exit {status}",
                flush=True,
            )


def stacked(rounds: int = 3) -> None:
    """Time twenty fits that differ by one score, by rows as larger panels are, and stacked."""
    for cases in (25, 70, 190):
        panel = draw(Design(cases=cases, places=cases // 4), 1)
        random = np.random.default_rng(1)
        panels = []
        for row in random.integers(len(panel.total), size=20):
            marks = totals(panel)
            marks.loc[row, "total"] += 3
            panels.append(ScoreMatrix.from_totals(marks))
        least = {True: np.inf, False: np.inf}
        values = {}
        for by_rows in (True, False) * rounds:
            rater_effects.MAX_STACKED_MEMBERS = 0 if by_rows else MAX_STACKED_MEMBERS
            start = time.process_time()
            values[by_rows] = estimate_values(panels)
            least[by_rows] = min(least[by_rows], time.process_time() - start)
        rater_effects.MAX_STACKED_MEMBERS = MAX_STACKED_MEMBERS
        pairs = zip(values[True], values[False], strict=True)
        away = max(abs(one - other).max() for one, other in pairs)
        print(
            f"{cases} x 15, a fit by rows {least[True] * 50:.1f} ms, of twenty stacked "
            f"{least[False] * 50:.1f} ms of CPU; values apart by at most {away:.0e} marks"
        )


PARTS = ("listed", "thin", "small", "raised", "stacked", "large")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    chosen = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {chosen.runs} runs a design")
    with Pool(chosen.jobs) as pool:
        for part, designs in (("listed", LISTED), ("thin", THIN), ("small", SMALL)):
            if part in chosen.only:
                table_of(designs, chosen.runs, pool)
    if "raised" in chosen.only:
        raised(min(chosen.runs, 20))
    if "stacked" in chosen.only:
        stacked()
    if "large" in chosen.only:
        large()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
