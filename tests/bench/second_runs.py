"""What each step costs the first and the second time, in CPU seconds of all its processes.

    python tests/bench/second_runs.py ROUND OUTPUTS [--steps intake,check] [--against PYTHON]

ROUND and OUTPUTS are copied and not changed. Each step runs as a command: with its stamp and the
readings of mail removed (``first``), with the readings kept (``kept``, intake only), and with
nothing changed (``second``).
``--against`` names the Python of another checkout, which does the same beside it, step by step, so
that both see the same load.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STEPS = ("intake", "check", "assign", "shortlist", "exhibit", "regenerate", "verify")
STAMPS = ".kjfp-steps"


class Copy:
    """A round and its outputs, worked on by one Python."""

    def __init__(self, python: str, folder: Path, outputs: Path, base: Path) -> None:
        self.python = python
        self.folder, self.outputs = base / folder.name, base / "outputs"
        shutil.copytree(folder, self.folder)
        shutil.copytree(outputs, self.outputs)

    def run(self, step: str) -> float:
        """Return the CPU seconds of a step."""
        before = cpu_seconds()
        command = [self.python, "-m", "kjfp_helpers.cli", step, self.folder]
        done = subprocess.run(
            [*command, "--outputs", self.outputs],
            check=False,
            capture_output=True,
            cwd=self.folder.parent,
        )
        if done.returncode not in (0, 3):
            sys.exit(done.stderr.decode()[-2000:])
        return cpu_seconds() - before

    def forget(self, step: str, *, readings: bool) -> None:
        """Remove the stamp of a step, and what was read of the mail."""
        (self.outputs / STAMPS / f"{step}.json").unlink(missing_ok=True)
        if readings:
            shutil.rmtree(self.folder / "received" / "readings", ignore_errors=True)


def cpu_seconds() -> float:
    """Return the CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(copy: Copy, step: str) -> list[str]:
    """Return the cells of a step: first, kept, second."""
    copy.forget(step, readings=step == "intake")
    first = copy.run(step)
    kept = "-"
    if step == "intake" and (copy.folder / "received" / "readings").exists():
        copy.forget(step, readings=False)
        kept = f"{copy.run(step):.2f}"
    return [f"{first:.2f}", kept, f"{copy.run(step):.2f}"]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("round", type=Path)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--steps", default=",".join(STEPS))
    parser.add_argument("--against", default="")
    chosen = parser.parse_args()
    pythons = {"this": sys.executable} | ({"other": chosen.against} if chosen.against else {})
    print("step        code   first    kept  second  load")
    with tempfile.TemporaryDirectory() as scratch:
        copies = {}
        for name, python in pythons.items():
            base = Path(scratch) / name
            base.mkdir()
            copies[name] = Copy(python, chosen.round, chosen.outputs, base)
        for step in chosen.steps.split(","):
            for name, copy in copies.items():
                cells = "".join(f"{cell:>8}" for cell in measure(copy, step))
                print(f"{step:<12}{name:<5}{cells}  {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
