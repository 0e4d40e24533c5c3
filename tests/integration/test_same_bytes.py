"""Workbooks, letters and pictures: the same bytes whoever makes them, and whenever."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from support.project import PROJECT, TESTS

PAPERS = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
from support.rounds.report_round import make_state
from kjfp_helpers import reports
from kjfp_helpers.reports.data import overall_data, report_data
from kjfp_helpers.reports.sections import overall_report, unit_report
from kjfp_helpers.reports.data.state_index import Sources
out = pathlib.Path(sys.argv[2])
state = make_state(out / "round")
reports.register(state, out / "register.xlsx")
reports.findings_book(state, out / "findings.xlsx")
reports.shortlist_book(state, out / "shortlist.xlsx")
reports.publication_papers(state, out)
reports.letters(state, out / "letters")
whole, unit = overall_data.overall_slice(state), report_data.unit_slice(Sources(state), state.round.units[0])
pictures = [overall_report.plot_map(whole), overall_report.plot_completion(whole),
            *(plot(whole, kind) for plot in (overall_report.plot_member_scores, overall_report.plot_cutoff)
              for kind in ("team", "individual")), unit_report.plot_indicators(unit)]
for number, picture in enumerate(pictures):
    (out / f"{number}.png").write_bytes(picture.png)
"""


def _made(folder, seed):
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT), "TZ": f"UTC{seed}"}
    subprocess.run([sys.executable, "-c", PAPERS, TESTS, folder], check=True, env=env)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_processes_with_other_seeds_and_clocks_leave_the_same_files(tmp_path):
    one, other = _made(tmp_path / "one", "1"), _made(tmp_path / "two", "9")
    assert {Path(name).suffix for name in one} >= {".xlsx", ".docx", ".png"}
    assert one == other
