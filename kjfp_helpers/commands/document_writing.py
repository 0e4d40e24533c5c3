"""Write the documents of a command from the state of the round, and record them."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kjfp_helpers import reports
from kjfp_helpers.commands.public_notice_issue import NOTICE, write_notice
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.infra.step_stamps import digest_files
from kjfp_helpers.reports.data.report_data_writer import ReportDataBuilder, write_report_data
from kjfp_helpers.reports.output_record import record_outputs
from kjfp_helpers.state import RoundSession, RoundState

PROPOSAL = "proposal.docx"
"""The list as it is put before the leading group."""


@dataclass(frozen=True)
class WrittenDocuments:
    """Documents of a command, as path below the outputs to SHA-256; ``changed`` are those new."""

    files: Mapping[str, str]
    changed: frozenset[str]


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
    proposal = folder / PROPOSAL
    reports.write_proposed_list(state, proposal)
    notice = write_notice(state, folder)
    on_progress(3, 3)
    return [book, book.with_suffix(".html"), proposal, *notice]


def _write_stocktake(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    book = folder / "stocktake.xlsx"
    reports.write_stocktake_workbook(state, book)
    return [book, *reports.write_gap_letters(state, folder / "stocktake", on_progress)]


def _write_assessment(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    return reports.write_assessment_documents(state, folder, on_progress)


def _write_spot_check(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    return reports.write_spot_check_documents(state, folder / "spotcheck")


def _write_meeting(state: RoundState, folder: Path, on_progress: ProgressCallback) -> list[Path]:
    return reports.write_meeting_documents(state, folder / "meeting")


def _write_report_data(
    state: RoundState, folder: Path, on_progress: ProgressCallback
) -> list[Path]:
    reports_folder = folder / "reports"
    builder = ReportDataBuilder.with_thumbnails(state, reports_folder)
    write_report_data(state, reports_folder / "data", builder=builder)
    return sorted((reports_folder / "data").rglob("*.json"))


WRITERS: Mapping[str, Callable[[RoundState, Path, ProgressCallback], list[Path]]] = {
    "assess": _write_assessment,
    "intake": _write_register,
    "check": _write_findings,
    "shortlist": _write_list,
    "spotcheck": _write_spot_check,
    "meeting": _write_meeting,
    "stocktake": _write_stocktake,
}
"""Command to the function that writes its documents into a folder and returns their paths."""
REPEATABLE = {**WRITERS, "regenerate": _write_report_data}
"""The same, with the documents of other commands that are cheap to regenerate."""


OWNED: Mapping[str, tuple[str, ...]] = {
    "assess": ("assessment.xlsx", "assessment/*.docx", "assessment/*.html"),
    "intake": ("register.xlsx",),
    "check": ("findings.xlsx", "letters/*.docx"),
    "shortlist": ("shortlist.xlsx", "shortlist.html", PROPOSAL, *NOTICE),
    "stocktake": ("stocktake.xlsx", "stocktake/*.docx", "stocktake/*.html"),
    "meeting": ("meeting/*.docx", "meeting/*.html", "meeting/*.xlsx"),
    "spotcheck": ("spotcheck/*.txt", "spotcheck/*.docx", "spotcheck/*.html"),
}
"""Command to the glob patterns below the outputs of all files that it writes or removes."""


def write_documents(
    session: RoundSession, command: str, state: RoundState, on_progress: ProgressCallback
) -> WrittenDocuments:
    """Write the documents of a command into the outputs and record them in the ledger.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    before = digest_files(session.outputs, _owned_files(session.outputs, command))
    with _collected_afterwards():
        paths = WRITERS[command](state, session.outputs, on_progress)
    names = (path.relative_to(session.outputs).as_posix() for path in paths)
    files = digest_files(session.outputs, names)
    record_outputs(session, command, files, state.events[-1].seq)
    changed = frozenset(name for name, sha256 in files.items() if before.get(name) != sha256)
    return WrittenDocuments(files, changed)


@contextmanager
def _collected_afterwards() -> Iterator[None]:
    """Collect what writing leaves behind: cells and paragraphs refer to what holds them.

    What was there before, the state above all, stays, and is frozen so that it need not be walked.
    A forked kernel has frozen what it shares with others, which must not be thawed: a collection
    would copy all of it. It collects as it goes, not as seldom as a command.
    """
    if _shares_frozen_objects(os.getpid()):
        yield
        return
    gc.freeze()
    try:
        yield
        gc.collect()
    finally:
        gc.unfreeze()


@cache
def _shares_frozen_objects(process: int) -> bool:
    return gc.get_freeze_count() > 0  # counts them one by one


def _owned_files(outputs: Path, command: str) -> list[str]:
    paths = (path for pattern in OWNED[command] for path in outputs.glob(pattern))
    return [path.relative_to(outputs).as_posix() for path in paths]
