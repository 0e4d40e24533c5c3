"""Papers of an archive: the outputs that the ledger recorded, and their prints as PDF/A."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import PAPERS, PRINTS
from kjfp_helpers.commands.archive.identity_vault import Identities
from kjfp_helpers.commands.verification.output_check import DocumentArchive, site_digests
from kjfp_helpers.core.events import (
    CommendationIssued,
    EventLog,
    LetterIssued,
    NoticePublished,
    OutputsRecorded,
    VisitFormIssued,
)
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.office.writers.pdf_export import export_papers
from kjfp_helpers.reports.office.writers.pdf_normalization import count_pages
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.output_ownership import OWNER
from kjfp_helpers.state.printed_heads import HEADS

_WORKBOOKS = "packets/*.xlsx"
"""Members' workbooks, which follow from the ledger and are not recorded."""
_WORKING = (
    *("workbook/*", "packets/*", "reports/recall/*", "reports/thumbnails/*", "reports/changes*"),
    *("reports/manifest.json", "reports/runs.jsonl"),
)
"""What the program keeps among the outputs for itself; notebooks are made anew by the rules."""


@dataclass(frozen=True)
class CopiedPapers:
    """What became of the papers, each by its path below the outputs.

    ``private`` hold a personal number, so that the vault takes them; ``missing`` were recorded and
    are not there, ``altered`` are not as recorded, ``strays`` were recorded by no command and are
    left out.
    """

    private: dict[str, Path] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


def recorded_papers(events: EventLog) -> dict[str, str]:
    """Return the papers that are due by the ledger: path below the outputs to SHA-256."""
    due: dict[str, str] = {}
    kinds = (OutputsRecorded, LetterIssued, VisitFormIssued, NoticePublished, CommendationIssued)
    for event in events.of(*kinds):
        body = event.body
        if isinstance(body, OutputsRecorded):
            due |= body.papers
            for name in body.withdrawn:
                due.pop(name, None)
        elif isinstance(body, LetterIssued | VisitFormIssued):
            due[body.path] = body.sha256
        elif isinstance(body, NoticePublished | CommendationIssued):
            due |= body.files
    return due


def copy_papers(
    session: RoundSession, events: EventLog, identities: Identities, folder: Path
) -> CopiedPapers:
    """Copy the papers that the ledger recorded, now or earlier, and the exhibition's pages."""
    result, outputs = CopiedPapers(), session.outputs
    documents = DocumentArchive(session, None, events, folder)
    earlier = {value for _, body in documents.records for value in body.papers.values()}
    due = {OWNER: "", HEADS: "", **recorded_papers(events), **site_digests(documents)}
    due |= {path.relative_to(outputs).as_posix(): "" for path in outputs.glob(_WORKBOOKS)}
    for name in _list_others(outputs, due):
        if sha256_file(outputs / name) in earlier:
            due[name] = ""
        else:
            result.strays.append(name)
    for name, value in sorted(due.items()):
        source, target = outputs / name, folder / PAPERS / name
        if not source.is_file():
            result.missing.extend([name] if value else [])
            continue
        content = source.read_bytes()
        if identities.occur_in(content, source.suffix.lower()):
            result.private[name] = source
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        if value and sha256_file(source) != value:
            result.altered.append(name)
    return result


def _list_others(outputs: Path, due: Mapping[str, str]) -> list[str]:
    """Return the outputs that are neither due nor the program's own, in order."""
    return [
        name.as_posix()
        for name in sorted(
            path.relative_to(outputs) for path in outputs.rglob("*") if path.is_file()
        )
        if name.as_posix() not in due
        and not any(part.startswith((".", "~$")) for part in name.parts)
        and not any(fnmatch(name.as_posix(), pattern) for pattern in _WORKING)
    ]


def print_papers(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """Print papers as PDF/A-2b where LibreOffice is installed; return their pages by name."""
    prints = {
        folder / PAPERS / name: folder / PRINTS / f"{name}.pdf"
        for name in names
        if (folder / PAPERS / name).is_file()
    }
    made = export_papers(prints, archival=True)
    return {
        path.relative_to(folder / PRINTS).as_posix().removesuffix(".pdf"): count_pages(
            path.read_bytes()
        )
        for path in made
    }
