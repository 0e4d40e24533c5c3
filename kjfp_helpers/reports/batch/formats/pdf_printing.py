"""Print units' reports as .pdf: the .docx by LibreOffice, else the page by Chromium."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.intake.files.libreoffice import find_libreoffice

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_SECONDS_EACH, _SECONDS = 20, 120
"""Time for a report, and for a run besides."""
_NOT_PRINTED = "网页已生成，PDF 未能打印：LibreOffice 或 Chromium 没有写出文件"
_VARYING = (
    re.compile(rb"/(?:Creation|Mod)Date ?\(D:([0-9]{14}[^)]*)\)"),
    re.compile(rb"/ID ?\[ ?<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)> ?\]"),
    re.compile(rb"/DocChecksum ?/([0-9A-F]+)"),
)
"""What differs between two prints of the same paper."""


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
            _run_libreoffice(soffice, Path(scratch), len(names))
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


def _run_libreoffice(soffice: str, scratch: Path, count: int) -> None:
    from kjfp_helpers.reports.office.writers.page_layout import fallback_configuration

    fonts = scratch / "fonts.conf"
    fonts.write_text(fallback_configuration(), "utf-8")
    profile = (scratch / "profile").as_uri()
    sources = sorted(str(path) for path in scratch.glob("*.docx"))
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(scratch), *sources]
    _run(command, _SECONDS + _SECONDS_EACH * count, {"FONTCONFIG_FILE": str(fonts)})


def _run_chromium(scratch: Path) -> None:
    browser = _find_chromium() or ""
    for page in sorted(scratch.glob("*.html")):
        command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu"]
        command += [f"--user-data-dir={scratch / 'profile'}", "--no-pdf-header-footer"]
        command += [f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()]
        _run(command, _SECONDS)


def _run(
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


def normalize_pdf(content: bytes) -> bytes:
    """Return a printed file without its time and random ids, of the same length.

    Examples
    --------
    >>> normalize_pdf(b"/CreationDate(D:20261130012345Z)")
    b'/CreationDate(D:00000000000000Z)'
    """

    def blank(match: re.Match[bytes]) -> bytes:
        text = match.group(0)
        for part in match.groups():
            text = text.replace(part, re.sub(rb"[0-9A-Fa-f]", b"0", part))
        return text

    for pattern in _VARYING:
        content = pattern.sub(blank, content)
    return content
