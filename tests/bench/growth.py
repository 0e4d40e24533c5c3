"""What every step of a review costs as the number of units grows: CPU, wall time, memory.

    python tests/bench/growth.py SIZES... [--folder DIR] [--passes N] [--steps STEP...]

Each step runs in a process of its own, as the command does. Printed by step and size: CPU seconds
of all its processes, wall seconds, peak memory in MB of the largest process and (in brackets) of
all together, what they share counted once; then the exponent of CPU between the sizes: 1 is linear.
What is measured stands in DIR/results.jsonl, so that the same command goes on where it was ended;
a step that failed is run again, a size whose folder is deleted begins anew. Later passes repeat the
steps on rounds in which nothing changed.
"""

import argparse
import ctypes
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
STEPS = (
    "rehearse",
    "intake",
    "rule",
    "check",
    "assign",
    "score",
    "shortlist",
    "regenerate",
    "exhibit",
    "verify",
)
ONCE = ("rehearse", "rule", "score")
"""Steps that an unchanged round does not repeat."""
SAMPLE_SECONDS = 0.5
_PR_SET_CHILD_SUBREAPER = 36


def main():
    """Measure what is not measured yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", type=int, nargs="+", metavar="SIZES")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "growth")
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "linux":  # what a step's processes leave behind is waited for here
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    table = options.folder / "results.jsonl"
    for size in options.sizes:
        for turn in range(1, options.passes + 1):
            for step in STEPS:
                if step in options.steps and not (turn > 1 and step in ONCE):
                    measure_once(table, options.folder / f"{size}", size, turn, step)
    print_tables(read_rows(table), options.sizes, options.passes)


def read_rows(table):
    """Return the newest measurement by size, pass and step."""
    lines = table.read_text("utf-8").splitlines() if table.exists() else []
    rows = [json.loads(line) for line in lines]
    return {(row["size"], row["pass"], row["step"]): row for row in rows}


def measure_once(table, folder, size, turn, step):
    """Run a step, unless it was measured in this folder, and add its row to the table."""
    known = read_rows(table).get((size, turn, step))
    begun = folder / "round"
    if known and known["status"] == 0 and begun.exists():
        return
    folder.mkdir(exist_ok=True)
    if step == "rehearse":
        command = [sys.executable, "-m", "kjfp_helpers.cli", "rehearse", begun, "--units", size]
    else:
        command = [sys.executable, __file__, "--run-step", step, begun, folder / "outputs"]
    with (folder / f"{step}-{turn}.log").open("w") as log:
        row = {"size": size, "pass": turn, "step": step, "version": version()}
        row |= measure(list(map(str, command)), log)
    with table.open("a") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{time.strftime('%H:%M:%S')} {size} {step}: {format_row(row)}", flush=True)


def version():
    """Return the commit that is measured."""
    command = ["git", "-C", ROOT, "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def measure(command, log):
    """Run a command; return its status and what it took."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.monotonic()
    process = psutil.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    tree, cpu, largest, status = 0.0, 0.0, 0.0, None
    while True:
        try:
            pid, code, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid:
            cpu += used.ru_utime + used.ru_stime
            largest = max(largest, used.ru_maxrss / 1024)
            status = os.waitstatus_to_exitcode(code) if pid == process.pid else status
        else:
            tree = max(tree, memory_of(process))
            time.sleep(SAMPLE_SECONDS)
    wall = time.monotonic() - start
    return {"status": status, "cpu": cpu, "wall": wall, "largest": largest, "tree": tree}


def memory_of(process):
    """Return the megabytes of a process and its descendants, what they share counted once."""
    found = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            try:
                found += one.memory_full_info().pss
            except psutil.Error:
                continue
    except psutil.Error:
        pass
    return found / 2**20


def run_step(step, round_folder, outputs):
    """Run a step of the review in this process, as ``kjfp run`` does."""
    from kjfp_helpers import commands
    from kjfp_helpers.cli.main import collect_garbage_seldom, use_one_thread
    from kjfp_helpers.cli.options import RoundChoice
    from kjfp_helpers.cli.step_runner import lock_round, report_step

    collect_garbage_seldom()
    use_one_thread()
    with lock_round(RoundChoice(round_folder, outputs), "run") as session:
        function = getattr(commands, commands.STEPS[step])
        return int(bool(report_step(step, function, session).failed))


def format_row(row):
    """Return a measurement as ``CPU / wall / largest (tree)``."""
    failed = "" if row["status"] == 0 else f" ✗{row['status']}"
    memory = f"{row['largest']:.0f} ({row['tree']:.0f})"
    return f"{row['cpu']:.1f} / {row['wall']:.0f} / {memory}{failed}"


def print_tables(rows, sizes, passes):
    """Print a table for each pass, in Markdown."""
    spans = list(pairwise(sizes))
    for turn in range(1, passes + 1):
        heads = ["step", *map(str, sizes), *(f"exp {one}-{two}" for one, two in spans)]
        print(f"\npass {turn}: CPU s / wall s / peak MB of the largest process (of all)\n")
        print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        for step in STEPS:
            found = [rows.get((size, turn, step)) for size in sizes]
            if any(found):
                cells = [format_row(row) if row else "-" for row in found]
                cells += [
                    exponent(row, later, *span)
                    for row, later, span in zip(found, found[1:], spans, strict=False)
                ]
                print("| " + " | ".join([step, *cells]) + " |")


def exponent(row, later, size, larger):
    """Return how CPU grows between two sizes, as a power of the number of units."""
    if not (row and later) or row["status"] or later["status"]:
        return "-"
    return f"{math.log(later['cpu'] / row['cpu']) / math.log(larger / size):.2f}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run-step"]:
        sys.exit(run_step(*sys.argv[2:]))
    main()
