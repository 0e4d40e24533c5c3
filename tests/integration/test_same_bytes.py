"""Workbooks, letters and pictures: the same bytes whoever makes them, and whenever."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from support.processes import report_outputs
from support.project import PROJECT, TESTS


def _made(folder, seed):
    env = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": f"{PROJECT}:{TESTS}",
        "TZ": f"UTC{seed}",
    }
    subprocess.run([sys.executable, report_outputs.__file__, folder], check=True, env=env)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_processes_with_other_seeds_and_clocks_leave_the_same_files(tmp_path):
    one, other = _made(tmp_path / "one", "1"), _made(tmp_path / "two", "9")
    assert {Path(name).suffix for name in one} >= {".xlsx", ".docx", ".png"}
    assert one == other
