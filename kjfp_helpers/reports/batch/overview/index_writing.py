"""The indexes of all reports: pages and workbook, built while reports are made, then written."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts
from kjfp_helpers.infra.step_stamps import files_stand
from kjfp_helpers.reports.batch.batch_result import ReportFailure
from kjfp_helpers.reports.batch.manifest import Manifest
from kjfp_helpers.reports.batch.overview.index_pages import (
    list_index_lines,
    render_index_pages,
)
from kjfp_helpers.reports.data.report_data_file import ReportDataFolder
from kjfp_helpers.reports.report_types import OVERALL

INDEX_WORKBOOK = "index.xlsx"
"""The index as a workbook, beside its page."""
Call = Callable[[Callable[[Any], Any], Any], Any]
"""Calls a function with one value, here or in another process."""
FailureRows = Mapping[str, Mapping[str, Any]]
"""Name of a report that failed to the row that the manifest keeps of it."""


@dataclass(frozen=True)
class Indexes:
    """The indexes of a round in which ``failed`` are the reports that failed.

    ``pages`` are file names to content; ``workbook`` is the content of the workbook, None where
    the one that stands was made of the same, whose digest is ``made_of``.
    """

    failed: FailureRows
    pages: Mapping[str, bytes]
    made_of: str
    workbook: bytes | None

    def write(self, manifest: Manifest) -> None:
        """Write them, and note in the manifest what was written."""
        files = {**self.pages, **({INDEX_WORKBOOK: self.workbook} if self.workbook else {})}
        written = {INDEX_WORKBOOK: manifest.pages.get(INDEX_WORKBOOK, "")}
        for name, content in files.items():
            atomic_write(manifest.folder / name, content)
            written[name] = hashlib.sha256(content).hexdigest()
        manifest.pages, manifest.workbook = written, self.made_of


def call_here(function: Callable[[Any], Any], given: Any) -> Any:
    """Return what a function makes of a value."""
    return function(given)


def build_indexes(
    data: ReportDataFolder,
    names: Iterable[str],
    manifest: Manifest,
    failed: FailureRows,
    call: Call = call_here,
) -> Indexes:
    """Build the indexes of these reports as they are when those of ``failed`` failed.

    ``call`` makes the workbook.
    """
    contents = {name: data.outline(name) for name in names}
    failures = {name: ReportFailure(**row) for name, row in sorted(failed.items())}

    def is_there(path: str) -> bool:
        return (manifest.folder.parent / path).exists()

    lines, about = list_index_lines(contents, failures, is_there), contents[OVERALL]["round"]
    made_of = hash_texts([json.dumps([lines, about], sort_keys=True), build_fingerprint()])
    standing = {INDEX_WORKBOOK: manifest.pages.get(INDEX_WORKBOOK, "")}
    is_made = manifest.workbook == made_of and files_stand(manifest.folder, standing)
    with ThreadPoolExecutor(1) as aside:
        workbook = None if is_made else aside.submit(call, make_index_workbook, (lines, about))
        pages = {
            name: page.encode()
            for name, page in render_index_pages(contents, failures, manifest.reports, is_there)
        }
        return Indexes(failed, pages, made_of, workbook.result() if workbook else None)


def make_index_workbook(given: tuple[list[dict[str, Any]], dict[str, Any]]) -> bytes:
    """Return the workbook of the index for its lines and what the round is."""
    from kjfp_helpers.reports.batch.overview.index_workbook import build_index_workbook

    return build_index_workbook(*given)
