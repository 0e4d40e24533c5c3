"""Write the documents of a command from the state of the round, and record them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kjfp_helpers import reports
from kjfp_helpers.commands.public_notice_issue import write_notice
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.data.report_data_writer import write_report_data
from kjfp_helpers.reports.output_record import record_outputs
from kjfp_helpers.state import RoundSession, RoundState

ProgressCallback = Callable[[int, int], None]
"""Called with the number done and the total."""


def _write_register(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    path = folder / "register.xlsx"
    reports.write_register(state, path)
    return [path]


def _write_findings(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    path = folder / "findings.xlsx"
    reports.write_findings_workbook(state, path)
    return [path, *reports.write_letters(state, folder / "letters", on_progress)]


def _write_list(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    on_progress(1, 3)
    book = folder / "shortlist.xlsx"
    reports.write_decision_workbook(state, book)
    on_progress(2, 3)
    notice = write_notice(state, folder)
    on_progress(3, 3)
    return [book, book.with_suffix(".html"), *notice]


def _write_report_data(
    state: RoundState, folder: Path, on_progress: ProgressCallback
) -> list[Path]:
    write_report_data(state, folder / "reports" / "data")
    return sorted((folder / "reports" / "data").rglob("*.json"))


WRITERS: Mapping[str, Callable[[RoundState, Path, ProgressCallback], list[Path]]] = {
    "intake": _write_register,
    "check": _write_findings,
    "shortlist": _write_list,
}
"""Command to the function that writes its documents into a folder and returns their paths."""
REPEATABLE = {**WRITERS, "regenerate": _write_report_data}
"""The same, with the documents of other commands that are cheap to regenerate."""


def write_documents(
    session: RoundSession, command: str, state: RoundState, on_progress: ProgressCallback
) -> list[Path]:
    """Write the documents of a command into the outputs and record them in the ledger.

    Returns
    -------
    list of Path
        The documents.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    paths = WRITERS[command](state, session.outputs, on_progress)
    names = {path.relative_to(session.outputs).as_posix(): sha256_file(path) for path in paths}
    record_outputs(session, command, names, state.events[-1].seq)
    return paths
