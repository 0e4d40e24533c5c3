"""What the site of the exhibition costs: the first time, with nothing changed, and with one picture less.

    python tests/bench/exhibition_site.py FOLDER [--units 200] [--pictures 10]

Makes a round of so many units in FOLDER, each with an exhibit of so many pictures of 5 MB (10 GB for
all), approves everything, and runs ``kjfp exhibit`` as a process of its own. Prints wall time, CPU
seconds and the most memory of each run, and how many files of the site are not as its list says.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent), str(TESTS / "bench" / "screens")]

from exhibition_desk import make_exhibits  # noqa: E402

from kjfp_helpers.core.events.exhibition import WITHDRAW  # noqa: E402
from kjfp_helpers.infra.atomic_files import sha256_file  # noqa: E402
from kjfp_helpers.reports.exhibition_site.site_builder import read_manifest  # noqa: E402
from kjfp_helpers.state import RoundSession  # noqa: E402
from kjfp_helpers.state.exhibition.approval_acts import make_decision  # noqa: E402
from kjfp_helpers.state.exhibition.approvals import list_approvals  # noqa: E402
from support.rounds.panel_round import make_round  # noqa: E402
from support.state.approved_exhibits import approve_everything  # noqa: E402


def peak_of(process):
    """The most memory that a process held so far, in KB."""
    told = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(told[1]) if told else 0


def run(what, folder, outputs):
    command = [sys.executable, "-m", "kjfp_helpers.cli", "exhibit", folder, "--outputs", outputs]
    before, start, most = os.times(), time.perf_counter(), 0
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)
    while process.poll() is None:
        most = max(most, peak_of(process.pid))
        time.sleep(0.1)
    wall, after = time.perf_counter() - start, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    load = os.getloadavg()[0]
    print(f"{what}: {wall:.1f} s, CPU {cpu:.1f} s, most {most >> 10} MB, load {load:.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--pictures", type=int, default=10)
    given = parser.parse_args()
    folder, outputs = make_round(given.folder, societies=given.units - 4), given.folder / "outputs"
    session = RoundSession.open(folder, outputs, create=True)
    make_exhibits(session, given.pictures, own_files=True)
    approve_everything(session)
    session.close()
    run("first", folder, outputs)
    run("nothing changed", folder, outputs)
    session = RoundSession.open(folder, outputs)
    approvals = list_approvals(session.current_state()).values()
    shown = [one for of_unit in approvals for one in of_unit if one.is_public and one.item.picture]
    session.record(make_decision(session.round, shown[0], WITHDRAW, reason="试"))
    session.close()
    run("one picture less", folder, outputs)
    site = outputs / "exhibition"
    listed = read_manifest(site)
    wrong = [name for name, sha256 in listed.items() if sha256_file(site / name) != sha256]
    print(f"{len(shown)} pictures shown, {len(listed)} files, {len(wrong)} not as listed")


if __name__ == "__main__":
    main()
