"""All papers of the spot check that are due as it stands; those no longer due are removed."""

from pathlib import Path

from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.reports.office.spot_check.check_report import write_check_report
from kjfp_helpers.reports.office.spot_check.lot_sheet import write_frame, write_lot
from kjfp_helpers.state import RoundState


def write_spot_check_documents(state: RoundState, folder: Path) -> list[Path]:
    """Write the papers into ``spotcheck`` below the outputs and return them.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    made = [
        *write_frame(state, folder),
        *write_lot(state, folder),
        *write_check_report(state, folder),
    ]
    with output_errors(folder):
        for ending in ("*.txt", "*.docx", "*.html"):
            for stale in set(folder.glob(ending)) - set(made):
                stale.unlink()
    return made
