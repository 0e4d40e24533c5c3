"""Tasks of the batch: one a report, with its inputs, its formats and why it is made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts
from kjfp_helpers.reports.batch.formats.further_formats import FORMATTED
from kjfp_helpers.reports.batch.manifest import Manifest
from kjfp_helpers.reports.batch.overview import change_reasons
from kjfp_helpers.reports.data.report_data_file import ReportDataFolder
from kjfp_helpers.reports.report_types import (
    REPORT_TYPES,
    ReportType,
    audience_of,
    report_type_of,
    sort_key,
)


@dataclass(frozen=True, kw_only=True)
class ReportTask:
    """One report to be made; ``folder`` is the outputs of the round, ``data`` lies below it.

    ``formats`` are further endings (``.docx``) besides page and notebook.
    """

    name: str
    notebook: Path
    data: str
    parameters: Mapping[str, Any]
    folder: Path
    inputs: str
    seconds: float
    stock_kernels: bool = False
    formats: tuple[str, ...] = ()


def build_tasks(
    outputs: Path,
    data: ReportDataFolder,
    *,
    notebooks: Path,
    settled: Mapping[ReportType, Mapping[str, Any]],
    seconds: float,
    stock_kernels: bool = False,
    names: Iterable[str] | None = None,
) -> dict[str, ReportTask]:
    """Return the tasks of all reports with data, or of those named; the long one first."""
    folder = outputs.resolve()
    about = {
        kind: [sha256_file(notebooks / kind.notebook), build_fingerprint()] for kind in REPORT_TYPES
    }
    tasks = {}
    for name in sorted(data.names() if names is None else names, key=sort_key):
        kind = report_type_of(name)
        given = {**kind.values(name), **settled[kind]}
        inputs = hash_texts([data.digest(name), repr(sorted(given.items())), *about[kind]])
        tasks[name] = ReportTask(
            name=name,
            notebook=notebooks / kind.notebook,
            data=f"reports/data/{name}.json",
            parameters=given,
            folder=folder,
            inputs=inputs,
            seconds=seconds,
            stock_kernels=stock_kernels,
        )
    return tasks


def add_formats(
    tasks: Mapping[str, ReportTask],
    manifest: Manifest,
    wanted: Collection[str],
    formats: Sequence[str],
) -> dict[str, ReportTask]:
    """Return the tasks with their further endings: those asked for, and those that stand."""
    settled = {}
    for name, task in tasks.items():
        asked = set(formats) if name in wanted else set()
        known = {*asked, *manifest.formats_of(name)} if audience_of(name) in FORMATTED else set()
        settled[name] = replace(task, formats=tuple(sorted(known)))
    return settled


def explain_tasks(
    due: Iterable[ReportTask], data: ReportDataFolder, manifest: Manifest, *, force: bool
) -> dict[str, str]:
    """Return why each report is made."""
    reasons = {}
    for task in due:
        entry = manifest.reports.get(task.name)
        if task.name in manifest.failed:
            reasons[task.name] = change_reasons.AGAIN
        elif entry is None:
            reasons[task.name] = change_reasons.FIRST
        elif data.digest(task.name) != entry["files"].get(f"data/{task.name}.json"):
            facts, parts = describe_report(task.name, data)
            reasons[task.name] = change_reasons.explain_change(entry, facts, parts)
        elif entry["inputs"] != task.inputs:
            reasons[task.name] = change_reasons.PROGRAM
        elif not manifest.has_formats(task.name, task.formats):
            reasons[task.name] = f"补做{'、'.join(task.formats)}"
        else:
            reasons[task.name] = change_reasons.FORCED if force else change_reasons.LOST
    return reasons


def describe_report(name: str, data: ReportDataFolder) -> tuple[dict[str, str], dict[str, str]]:
    """Return the short facts of a report and the digests of its parts."""
    content = data.content(name)
    return change_reasons.summarize_report(name, content), change_reasons.digest_parts(content)
