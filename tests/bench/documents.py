"""What the documents of a round cost, in CPU seconds, and how that grows with its size.

    python tests/bench/documents.py ROUND OUTPUTS [--before CHECKOUT] [--times N]

Works on copies. Each book is written with the style of every look copied and with that of every
cell set by itself; shared passages are looked for in the round's stories once, and in ten times as
many. With ``--before`` the commands themselves are run from that older checkout and from this one,
turn by turn, each from the same copy of the round: what counts is the ratio.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from math import log10
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from kjfp_helpers import reports  # noqa: E402
from kjfp_helpers.eligibility.duplicates.text_overlap import find_overlaps  # noqa: E402
from kjfp_helpers.state import RoundSession, RoundState  # noqa: E402
from support.rounds.workbooks import unshared_styles  # noqa: E402

BOOKS = ("write_register", "write_findings_workbook", "write_decision_workbook")
COMMANDS = ("check", "assign", "shortlist", "exhibit")


def cpu_of(work: Callable[[], object], times: int) -> float:
    """Return the least CPU seconds of some runs in this process."""
    seconds = []
    for _ in range(times):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def measure_books(state: RoundState, folder: Path, times: int) -> None:
    """Write every book both ways; the bytes must be the same."""
    for name in BOOKS:
        paths = [folder / f"{name}-{way}.xlsx" for way in ("copied", "set")]
        write = getattr(reports, name)
        write(state, paths[0])  # what is derived on the way is derived once
        copied = cpu_of(partial(write, state, paths[0]), times)
        with unshared_styles():
            every = cpu_of(partial(write, state, paths[1]), times)
        assert paths[0].read_bytes() == paths[1].read_bytes()
        print(f"{name}: styles copied {copied:.2f} s, set {every:.2f} s, {copied / every:.2f}")


def measure_passages(state: RoundState, times: int) -> None:
    """Look for shared passages in the stories, and in ten such sets that share nothing."""
    stories = {case.id: case.nominee.story or "" for case in state.screening.cases}
    tenfold = {
        f"{number}-{name}": story.translate(_Moved(number))
        for number in range(10)
        for name, story in stories.items()
    }
    once = cpu_of(lambda: find_overlaps(stories), times)
    ten = cpu_of(lambda: find_overlaps(tenfold), 1)
    print(
        f"passages: {len(stories)} stories {once:.2f} s, {len(tenfold)} {ten:.2f} s, "
        f"exponent {log10(ten / once):.2f}"
    )


class _Moved(dict[int, int]):
    """Another alphabet of Chinese characters, by number."""

    def __init__(self, number: int) -> None:
        self._shift = 2000 * number

    def __missing__(self, code: int) -> int:
        if not 0x4E00 <= code < 0x9FA5:
            return code
        return 0x4E00 + (code - 0x4E00 + self._shift) % 20000


def command_cpu(checkout: Path, command: str, folder: Path, outputs: Path) -> float:
    """Run a command as a person does; return CPU seconds of the process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [
            sys.executable,
            "-c",
            "from kjfp_helpers.cli.main import main; main()",
            command,
            str(folder),
            "--outputs",
            str(outputs),
        ],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare_commands(before: Path, folder: Path, outputs: Path, scratch: Path, times: int) -> None:
    """Run each command from both checkouts, turn by turn, each on a fresh copy of the round."""
    checkouts = {"before": before, "now": TESTS.parent}
    for command in COMMANDS:
        least = {}
        for _ in range(times):
            for name, checkout in checkouts.items():
                copy = scratch / name
                shutil.copytree(folder, copy / folder.name)
                shutil.copytree(outputs, copy / "outputs")
                spent = command_cpu(checkout, command, copy / folder.name, copy / "outputs")
                least[name] = min(spent, least.get(name, spent))
                shutil.rmtree(copy)
        ratio = least["now"] / least["before"]
        print(
            f"kjfp {command}: before {least['before']:.2f} s, now {least['now']:.2f} s, {ratio:.2f}",
            flush=True,
        )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("round", type=Path)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        if chosen.before:
            compare_commands(
                chosen.before.absolute(), chosen.round, chosen.outputs, scratch, chosen.times
            )
            return
        folder, outputs = scratch / chosen.round.name, scratch / "outputs"
        shutil.copytree(chosen.round, folder)
        shutil.copytree(chosen.outputs, outputs)
        session = RoundSession.open(folder, outputs)
        state = session.current_state()
        measure_books(state, scratch, chosen.times)
        measure_passages(state, chosen.times)
        session.close()


if __name__ == "__main__":
    main()
