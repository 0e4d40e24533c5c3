"""Print units' reports as .pdf: the .docx by LibreOffice, else the page by Chromium."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.intake.files.libreoffice import find_libreoffice
from kjfp_helpers.reports.office.writers.pdf_export import (
    SECONDS,
    run_libreoffice,
    run_printer,
)
from kjfp_helpers.reports.office.writers.pdf_normalization import normalize_pdf

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_NOT_PRINTED = "网页已生成，PDF 未能打印：LibreOffice 或 Chromium 没有写出文件"


def require_printer() -> None:
    """Stop where neither LibreOffice nor Chromium is installed.

    Raises
    ------
    OutputError
    """
    if not (find_libreoffice() or _find_chromium()):
        raise OutputError(
            "--format pdf",
            expected="装有 LibreOffice 或 Chromium",
            found="两者都没有",
            advice="安装其一，或改用 --format docx",
        )


def print_reports(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Write ``<name>.pdf`` beside the page and the .docx of each report; one fails by itself.

    Parameters
    ----------
    folder : Path
        ``reports`` below the outputs.
    names : sequence of str
        Names of reports whose page and .docx stand.

    Returns
    -------
    dict
        Why, in Chinese, of each that could not be printed; its earlier print is removed.
    """
    failed: dict[str, str] = {}
    soffice = find_libreoffice()
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            made = Path(scratch) / f"{name.replace('/', '-')}.pdf"
            source = made.with_suffix(".docx" if soffice else ".html")
            shutil.copyfile(folder / f"{name}{source.suffix}", source)
        if soffice:
            run_libreoffice(soffice, Path(scratch), sorted(Path(scratch).glob("*.docx")), "pdf")
        else:
            _run_chromium(Path(scratch))
        for name in names:
            made = Path(scratch) / f"{name.replace('/', '-')}.pdf"
            try:
                atomic_write(folder / f"{name}.pdf", normalize_pdf(made.read_bytes()))
            except (OSError, OutputError):
                failed[name] = f"{_NOT_PRINTED}，改用 --format docx，另行打印"
                with output_errors(folder):
                    (folder / f"{name}.pdf").unlink(missing_ok=True)
    return failed


def _find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)


def _run_chromium(scratch: Path) -> None:
    browser = _find_chromium() or ""
    for page in sorted(scratch.glob("*.html")):
        command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu"]
        command += [f"--user-data-dir={scratch / 'profile'}", "--no-pdf-header-footer"]
        command += [f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()]
        run_printer(command, SECONDS)
