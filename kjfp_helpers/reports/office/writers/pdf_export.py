"""Prints of office papers by LibreOffice (.pdf, for the archive PDF/A): same paper, same bytes."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.intake.files.libreoffice import find_libreoffice
from kjfp_helpers.reports.office.writers.page_layout import fallback_configuration
from kjfp_helpers.reports.office.writers.pdf_normalization import normalize_pdf

SECONDS_EACH, SECONDS = 20, 120
"""Time for a paper, and for a run besides."""
_FILTERS = {".docx": "writer_pdf_Export", ".xlsx": "calc_pdf_Export"}
_PDF_A = (
    '{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"ExportLinksRelativeFsys":{"type":"boolean","value":"true"}}'
)
"""PDF/A-2b (ISO 19005-2); links to files stay relative, without the folder of the print."""


def export_papers(sources: Mapping[Path, Path], *, archival: bool = False) -> list[Path]:
    """Print .docx and .xlsx files; return the paths of those that could be printed.

    Parameters
    ----------
    sources : mapping
        Paper to the path of its print.
    archival : bool
        Whether as PDF/A-2b.
    """
    soffice, made = find_libreoffice(), list[Path]()
    for suffix, name in _FILTERS.items() if soffice else ():
        papers = [path for path in sources if path.suffix.lower() == suffix]
        if not papers:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            copies = {path: Path(scratch) / f"{n:05d}{suffix}" for n, path in enumerate(papers)}
            for path, copy in copies.items():
                shutil.copyfile(path, copy)
            run_libreoffice(
                str(soffice),
                Path(scratch),
                sorted(copies.values()),
                f"pdf:{name}:{_PDF_A}" if archival else "pdf",
            )
            for path, copy in copies.items():
                try:
                    content = normalize_pdf(copy.with_suffix(".pdf").read_bytes())
                    atomic_write(sources[path], content)
                    made.append(sources[path])
                except (OSError, OutputError):
                    continue
    return made


def run_libreoffice(soffice: str, scratch: Path, sources: Sequence[Path], target: str) -> None:
    """Convert files into a folder, with the faces that stand in for missing ones."""
    fonts = scratch / "fonts.conf"
    fonts.write_text(fallback_configuration(), "utf-8")
    profile = (scratch / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", target, "--outdir", str(scratch), *map(str, sources)]
    run_printer(command, SECONDS + SECONDS_EACH * len(sources), {"FONTCONFIG_FILE": str(fonts)})


def run_printer(
    command: Sequence[str], seconds: float, settings: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Run a printer; what it did not write is seen afterwards."""
    try:
        subprocess.run(
            command,
            check=False,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **settings, "SOURCE_DATE_EPOCH": "0", "TZ": "UTC"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return
