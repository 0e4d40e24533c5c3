"""Reports that could not be made again: the earlier page stays and is marked as such."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.reports.batch.manifest import FORMATS

BANNER = (
    '<p class="note bad" data-stale>旧件：本报告最近一次没有生成成功，以下是较早的内容，'
    "不反映最新情况。</p>"
)
_BEGIN = "<main>"


def mark_stale(folder: Path, name: str, entry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Mark the page of a report as an earlier one; return its entry for the manifest.

    Its papers cannot be marked and are removed; the entry names them without hash, so that they
    are made again.

    Parameters
    ----------
    folder : Path
        ``reports`` below the outputs.
    name : str
        Name of the report.
    entry : mapping
        Its entry in the manifest; None where it was never made.

    Returns
    -------
    dict or None
        The entry without inputs, so that the report is due; None where no page stands.

    Raises
    ------
    OutputError
        When the page cannot be written or a paper cannot be removed.
    """
    page = folder / f"{name}.html"
    if entry is None or not page.is_file():
        return None
    text = page.read_text("utf-8")
    if BANNER not in text:
        text = text.replace(_BEGIN, f"{_BEGIN}\n{BANNER}", 1)
        atomic_write(page, text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    files = {**entry["files"], f"{name}.html": digest}
    for paper in {f"{name}{ending}" for ending in FORMATS} & files.keys():
        with output_errors(folder):
            (folder / paper).unlink(missing_ok=True)
        files[paper] = ""
    return {**entry, "inputs": "", "files": files, "stale": True}
