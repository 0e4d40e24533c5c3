"""What the reports' command costs when nothing changed, when one number did, and when it is killed.

    python tests/bench/regenerate.py [--units N] [--times N] [--kills N] [--round DIR --outputs DIR]

Makes a rehearsal round of the real size through the list, makes all reports, then measures the
command as a person runs it, from the start of Python to its end. With ``--kills`` the command is
killed at that many points of a small round's run, and each final tree held against an undisturbed
one's. The machine's load is told with every line.
"""

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from kjfp_helpers import commands  # noqa: E402
from kjfp_helpers.core.events import FieldCorrected  # noqa: E402
from kjfp_helpers.core.records import Stocktake  # noqa: E402
from kjfp_helpers.state import RoundSession  # noqa: E402
from support.processes.regeneration import Command, interrupted, tree  # noqa: E402
from support.rounds.packet_files import small_round  # noqa: E402


def silent(_done: int, _total: int) -> None:
    """Take no notice."""


def make_round(folder: Path, outputs: Path, units: int) -> None:
    """Make a rehearsal round and take it through the list."""
    commands.rehearse(folder, units=units, seed=2020, full=False, on_progress=silent)
    session = RoundSession.open(folder, outputs, create=True)
    for step in (
        commands.register_mail,
        commands.check,
        commands.assign,
        commands.simulate_scores,
        commands.shortlist,
    ):
        step(session, silent)
    session.ledger.close()


def change_one(folder: Path, outputs: Path, place: int) -> tuple[str, int]:
    """Correct one unit's number by one; return the unit and how many reports show it."""
    session = RoundSession.open(folder, outputs)
    state = session.current_state()
    records = [
        one
        for one in state.submissions.records
        if isinstance(one.body, Stocktake) and one.body.people_done
    ]
    record = records[place * 7 % len(records)]
    old = record.body.people_done
    session.record(
        FieldCorrected(record=record.id, field="people_done", old=old, new=old + 1, reason="见原件")
    )
    session.ledger.close()
    return record.unit, 2 + sum(case.unit == record.unit for case in state.screening.cases)


def timed(command: Command) -> tuple[float, int]:
    """Return seconds and reports made of one run."""
    start = time.monotonic()
    said = command.finish()
    return time.monotonic() - start, int(re.search(r"新生成(\d+)份", said)[1])


def told(what: str, seconds: list[float]) -> None:
    """Print the median, the span and the load."""
    load = os.getloadavg()[0]
    print(
        f"{what}: median {statistics.median(seconds):.2f} s "
        f"({min(seconds):.2f} to {max(seconds):.2f}, n={len(seconds)}), load {load:.1f}",
        flush=True,
    )


def measure(folder: Path, outputs: Path, times: int) -> None:
    """Measure the whole batch, then nothing changed, then one number changed."""
    command = Command(folder, outputs)
    seconds, made = timed(command)
    told(f"{made} reports made ({1000 * seconds / max(made, 1):.0f} ms each)", [seconds])
    idle = [timed(command) for _ in range(times)]
    assert not any(made for _, made in idle)
    told("nothing changed", [seconds for seconds, _ in idle])
    changed = []
    for place in range(times):
        unit, due = change_one(folder, outputs, place)
        seconds, made = timed(command)
        changed.append(seconds)
        print(f"  unit {unit}: {made} made, {due} show its number, {seconds:.2f} s", flush=True)
    told("one number changed", changed)


def kill(times: int, scratch: Path) -> None:
    """Kill the command at many points; every final tree must be that of an undisturbed run."""
    small_round(scratch).ledger.close()
    command = Command(scratch / "data" / "practice", scratch / "outputs" / "practice")
    command.finish()
    whole, chance = tree(command.reports), random.Random(50)
    for number in range(times):
        interrupted(command, [command.seconds * (number + chance.random()) / times], whole)
    print(
        f"killed {times} times over {command.seconds:.1f} s: every final tree of {len(whole)} "
        "files the same",
        flush=True,
    )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=240)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--round", type=Path)
    parser.add_argument("--outputs", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if chosen.kills:
            kill(chosen.kills, Path(scratch) / "small")
            return
        folder = chosen.round or Path(scratch) / "full"
        outputs = chosen.outputs or Path(scratch) / "outputs"
        if not folder.exists():
            make_round(folder, outputs, chosen.units)
        measure(folder, outputs, chosen.times)


if __name__ == "__main__":
    main()
