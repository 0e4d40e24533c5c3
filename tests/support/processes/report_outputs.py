"""Writes what the office hands out for the example round: books, letters, pictures.

python tests/support/processes/report_outputs.py FOLDER
"""

import sys
from pathlib import Path

from kjfp_helpers import reports
from kjfp_helpers.reports.data import overall_data, report_data_writer
from kjfp_helpers.reports.data.state_index import StateIndex
from kjfp_helpers.reports.sections import overall_report, unit_report
from support.rounds.report_round import make_state


def write_outputs(folder: Path) -> None:
    """Write every workbook, letter and picture into the folder."""
    state = make_state(folder / "round")
    reports.write_register(state, folder / "register.xlsx")
    reports.write_findings_workbook(state, folder / "findings.xlsx")
    reports.write_decision_workbook(state, folder / "shortlist.xlsx")
    reports.write_public_notice(state, folder)
    reports.write_letters(state, folder / "letters")
    whole = overall_data.build_overall_data(state)
    unit = report_data_writer.build_unit_data(StateIndex(state), state.round.units[0])
    pictures = [overall_report.plot_map(whole), overall_report.plot_completion(whole)]
    for plot in (overall_report.plot_member_scores, overall_report.plot_cutoff):
        pictures += [plot(whole, kind) for kind in ("team", "individual")]
    pictures.append(unit_report.plot_indicators(unit))
    for number, picture in enumerate(pictures):
        (folder / f"{number}.png").write_bytes(picture.png)


if __name__ == "__main__":
    write_outputs(Path(sys.argv[1]))
