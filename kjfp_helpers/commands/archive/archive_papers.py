"""Papers of an archive: the outputs as issued, and their prints as PDF/A."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import PAPERS, PRINTS
from kjfp_helpers.commands.archive.identity_vault import Identities
from kjfp_helpers.reports.office.writers.pdf_export import count_pages, export_papers
from kjfp_helpers.state.output_ownership import OWNER

_LEFT_OUT_FOLDERS = ("workbook", "packets")
"""Folders of the outputs with notebooks, which are made anew from rules and ledger."""


def copy_papers(outputs: Path, identities: Identities, folder: Path) -> dict[str, Path]:
    """Copy the outputs; return those that hold a personal number, which the vault takes.

    Returns
    -------
    dict
        Path below the outputs to the file that was not copied.
    """
    private: dict[str, Path] = {}
    for name in _list_papers(outputs):
        source, target = outputs / name, folder / PAPERS / name
        if identities.occur_in(source.read_bytes(), source.suffix.lower()):
            private[name] = source
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return private


def _list_papers(outputs: Path) -> Iterator[str]:
    for path in sorted(outputs.rglob("*")):
        name = path.relative_to(outputs)
        hidden = any(part.startswith((".", "~$")) for part in name.parts)
        left_out = name.parts[0] in _LEFT_OUT_FOLDERS and path.suffix != ".xlsx"
        if not path.is_file() or path.suffix == ".tmp" or left_out:
            continue
        if not hidden or name.as_posix() == OWNER:
            yield name.as_posix()


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
