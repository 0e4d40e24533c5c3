"""Make all reports with papermill: only those whose inputs changed; a failure stops no other."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors, sha256_file
from kjfp_helpers.infra.bundled_files import NOTEBOOKS
from kjfp_helpers.reports.batch import html_export, notebook_runner
from kjfp_helpers.reports.batch.batch_result import (
    NONE_CHANGED,
    NONE_FAILED,
    BatchResult,
    ReportFailure,
    Result,
)
from kjfp_helpers.reports.batch.formats.filed_scans import is_as_made, set_aside_papers
from kjfp_helpers.reports.batch.formats.further_formats import make_formats
from kjfp_helpers.reports.batch.manifest import FORMATS, MANIFEST, PDF, Manifest
from kjfp_helpers.reports.batch.overview.index_writing import build_indexes
from kjfp_helpers.reports.batch.overview.run_record import CHANGES
from kjfp_helpers.reports.batch.overview.unmade_reports import mark_stale
from kjfp_helpers.reports.batch.parameter_check import resolve_all_parameters
from kjfp_helpers.reports.batch.report_tasks import (
    ReportTask,
    add_formats,
    build_tasks,
    describe_report,
    explain_tasks,
)
from kjfp_helpers.reports.batch.worker_pool import WorkerPool
from kjfp_helpers.reports.data.report_data_file import ReportDataFolder, load_report_data
from kjfp_helpers.reports.report_types import (
    OVERALL,
    REPORT_TYPES,
    select_reports,
)

Given = TypeVar("Given")
Made = TypeVar("Made")
NOTEBOOK_SECONDS = 120.0
"""Time for one notebook."""
_OUTPUT_SUFFIXES = (".html", ".ipynb", ".tmp")
"""Endings of what the batch alone leaves in its folders; the office may keep papers there."""


class Executor(Protocol):
    """Makes reports somewhere."""

    def begin(self, work: Callable[[ReportTask], Result], task: ReportTask) -> None:
        """Begin a task before the others are known; ``run`` is given it with them."""

    def run(
        self, work: Callable[[ReportTask], Result], tasks: Sequence[ReportTask]
    ) -> Iterator[tuple[ReportTask, Result | Exception]]:
        """Yield each task with what became of it, in any order."""

    def call(self, function: Callable[[Given], Made], given: Given) -> Made:
        """Return what a function makes of a value, beside the tasks where that is possible."""


def run_batch(
    outputs: Path,
    *,
    jobs: int = 2,
    only: Sequence[str] = (),
    audiences: Sequence[str] = (),
    formats: Sequence[str] = (),
    among: Collection[str] | None = None,
    force: bool = False,
    retry: bool = False,
    parameters: Mapping[str, Any] | None = None,
    notebooks: Path = NOTEBOOKS,
    seconds: float = NOTEBOOK_SECONDS,
    stock_kernels: bool = False,
    stamp: str = "",
    executor: Executor | None = None,
    data: ReportDataFolder | None = None,
    standing: Callable[[], Collection[str]] | None = None,
    record: Callable[[Mapping[str, str]], None] = lambda outputs: None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> BatchResult:
    """Make every report whose content changed, from the data in ``reports/data``.

    Parameters
    ----------
    outputs : Path
        The outputs of the round.
    jobs : int
        Worker processes.
    only : sequence of str
        Codes of units, ids of cases or members, or ``overall``; empty means all.
    audiences : sequence of str
        Editions of the units' reports, and nothing else; empty means all reports.
    formats : sequence of str
        Further endings for the units' reports; one that stands already is kept up besides.
    among : collection of str
        Names of the reports to be looked at, besides those that are not as they should be.
    force : bool
        Make again what stands unchanged, its figures too.
    retry : bool
        Make only what failed in the last run.
    parameters : mapping
        Further parameters for the notebooks that have them.
    notebooks : Path
        Folder of the notebooks.
    seconds : float
        Time for one notebook.
    stock_kernels : bool
        Start kernels as papermill does, which is slower and knows no limit of memory.
    stamp : str
        Digest of what the data rest on; kept when every report stands, so that the next run can
        tell.
    executor : Executor
        Makes the reports; by default ``jobs`` processes of this machine.
    data : ReportDataFolder
        The data, where they have just been written.
    standing : callable
        Returns the names of the reports whose files are as they were made; by default they are
        looked at here.
    record : callable
        Given every report and index that stands, as path below the outputs to SHA-256, before
        the manifest says that the run ended.
    on_progress : callable
        Called with reports done and reports to do.

    Raises
    ------
    ParameterError
        When a notebook's parameters are not those given here, or ``only`` names nothing.
    OutputError
        When there are no data or a file cannot be written.
    """
    settled = resolve_all_parameters(notebooks, parameters or {})
    data = data or ReportDataFolder(outputs / "reports" / "data")
    tasks = build_tasks(
        outputs,
        data,
        notebooks=notebooks,
        settled=settled,
        seconds=seconds,
        stock_kernels=stock_kernels,
    )
    wanted = set(select_reports(tasks, only, audiences))
    manifest = Manifest.read(outputs / "reports")
    earlier = manifest.named_digests()
    if retry:
        wanted &= set(manifest.failed)
    unchanged = {
        name
        for name in (standing or manifest.standing_reports)()
        if name in tasks and manifest.reports[name]["inputs"] == tasks[name].inputs
    }
    if among is not None:
        wanted &= set(among) | (set(tasks) - unchanged)
    tasks = add_formats(tasks, manifest, wanted, formats)
    unchanged -= {name for name in wanted if not manifest.has_formats(name, tasks[name].formats)}
    due = [task for name, task in tasks.items() if name in wanted - (set() if force else unchanged)]
    reasons = explain_tasks(due, data, manifest, force=force)
    _prepare_folder(manifest, tasks, due, force=force)
    moved = set_aside_papers(manifest.folder, (task.name for task in due), earlier)
    presumed = {name: row for name, row in manifest.failed.items() if name not in reasons}
    with ThreadPoolExecutor(1) as aside:  # the indexes are built while reports are made
        with nullcontext(executor) if executor else WorkerPool(jobs) as workers:
            built = aside.submit(build_indexes, data, tasks, manifest, presumed, workers.call)
            results = _make_due(due, data, workers, manifest, on_progress) if due else {}
            _print_due(due, results, manifest)
            indexes = built.result()
    if indexes.failed != manifest.failed:
        indexes = build_indexes(data, tasks, manifest, manifest.failed)
    indexes.write(manifest)
    batch = _summarize_batch(
        results,
        wanted=[name for name in tasks if name in wanted],
        reasons=reasons,
        moved=moved,
        nothing="" if wanted else NONE_FAILED if retry else NONE_CHANGED,
    )
    is_complete = unchanged.union(batch.new) >= set(tasks) and not manifest.failed
    manifest.stamp = stamp if is_complete else ""
    _remove_leftovers(manifest, earlier)
    record({f"reports/{name}": value for name, value in manifest.output_digests().items()})
    manifest.write()
    return batch


class EarlyReports:
    """Begins the reports whose data changed while the data of the others are still built.

    The overall report, which takes longest, is begun also where only the program changed. A
    report that stands in further formats is left to the batch, which first sets aside papers that
    were stamped.
    """

    def __init__(
        self,
        outputs: Path,
        executor: Executor,
        manifest: Manifest,
        parameters: Mapping[str, Any] | None,
        *,
        notebooks: Path = NOTEBOOKS,
        stock_kernels: bool = False,
    ) -> None:
        self._executor, self._manifest = executor, manifest
        settled = resolve_all_parameters(notebooks, parameters or {})
        self._build = partial(
            build_tasks,
            outputs,
            notebooks=notebooks,
            settled=settled,
            seconds=NOTEBOOK_SECONDS,
            stock_kernels=stock_kernels,
        )

    def begin_changed(self, name: str, data: ReportDataFolder) -> None:
        """Begin a report whose data have just been written, if they are not as they stood."""
        entry = self._manifest.reports.get(name)
        if entry is None or self._manifest.formats_of(name):
            return
        if name == OVERALL or entry["files"].get(f"data/{name}.json") != data.digest(name):
            task = self._build(data, names=[name])[name]
            if task.inputs != entry["inputs"]:
                self._executor.begin(make_report, task)


def _prepare_folder(
    manifest: Manifest, tasks: Mapping[str, ReportTask], due: Sequence[ReportTask], *, force: bool
) -> None:
    """Drop reports that are no longer part of the round; with ``force``, the notebooks due.

    A notebook that stands lends its figures to the next run, which ``force`` must not use.
    """
    if force:
        with output_errors(manifest.folder):
            _remove_files(manifest.folder, *(f"{task.name}.ipynb" for task in due))
    for name in (set(manifest.reports) | set(manifest.failed)) - set(tasks):
        manifest.drop(name)


def _summarize_batch(
    results: Mapping[str, Result],
    *,
    wanted: Sequence[str],
    reasons: Mapping[str, str],
    moved: Mapping[str, str],
    nothing: str,
) -> BatchResult:
    """Return what was made, what failed and which wanted reports needed no work."""
    failures = tuple(result for result in results.values() if isinstance(result, ReportFailure))
    failed = {failure.name for failure in failures}
    return BatchResult(
        new=tuple(name for name in results if name not in failed),
        unchanged=tuple(name for name in wanted if name not in results),
        failures=failures,
        reasons={name: why for name, why in reasons.items() if name not in failed},
        moved=moved,
        nothing=nothing,
    )


def _make_due(
    due: Sequence[ReportTask],
    data: ReportDataFolder,
    executor: Executor,
    manifest: Manifest,
    on_progress: Callable[[int, int], None],
) -> dict[str, Result]:
    """Make reports; the manifest on disk follows each one."""
    results: dict[str, Result] = {}
    on_progress(0, len(due))
    for task, made in executor.run(make_report, due):
        results[task.name] = result = _to_result(made, task)
        if isinstance(result, ReportFailure):
            stale = mark_stale(manifest.folder, task.name, manifest.reports.get(task.name))
            manifest.note(task.name, report=stale, failed=asdict(result))
        else:
            files = {f"data/{task.name}.json": data.digest(task.name), **result}
            facts, parts = describe_report(task.name, data)
            inputs = task.inputs
            if PDF in task.formats:  # due until it is printed
                inputs, files[f"{task.name}{PDF}"] = "", ""
            entry = {"inputs": inputs, "files": files, "facts": facts, "parts": parts}
            manifest.note(task.name, report=entry)
        on_progress(len(results), len(due))
    return {task.name: results[task.name] for task in due}


def _print_due(due: Sequence[ReportTask], results: dict[str, Result], manifest: Manifest) -> None:
    """Print the reports that were made and are wanted as .pdf, all at once; note what failed."""
    wanted = {
        task.name: task
        for task in due
        if PDF in task.formats and not isinstance(results[task.name], ReportFailure)
    }
    if not wanted:
        return
    from kjfp_helpers.reports.batch.formats import pdf_printing

    reasons = pdf_printing.print_reports(manifest.folder, list(wanted))
    for name, task in wanted.items():
        entry, paper, failed = manifest.reports[name], f"{name}{PDF}", None
        if name in reasons:
            failed = ReportFailure(
                name=name, notebook=task.notebook.name, cell="", reason=reasons[name]
            )
            results[name] = failed
        files = {**entry["files"], paper: sha256_file(manifest.folder / paper)}
        inputs = "" if failed else task.inputs
        manifest.note(
            name,
            report={**entry, "inputs": inputs, "files": files},
            failed=asdict(failed) if failed else None,
        )


def _remove_leftovers(manifest: Manifest, earlier: Mapping[str, str]) -> None:
    """Remove reports that are no longer due, and what a killed run left half-written.

    Of the papers only those that stand as an earlier run made them: a stamped scan stays.
    """
    kept = {MANIFEST, CHANGES, *manifest.pages}
    kept |= manifest.named_files()
    kept |= {f"{name}.failed.ipynb" for name, row in manifest.failed.items() if row["cell"]}
    with output_errors(manifest.folder):
        for folder in {manifest.folder / one for kind in REPORT_TYPES for one in kind.folders}:
            for path in folder.glob("*"):
                name = path.relative_to(manifest.folder).as_posix()
                is_ours = path.suffix in _OUTPUT_SUFFIXES or (
                    path.suffix in FORMATS and is_as_made(path, earlier.get(name, ""))
                )
                if is_ours and path.is_file() and name not in kept:
                    path.unlink()


def _to_result(made: Result | Exception, task: ReportTask) -> Result:
    """Return what was made; as a failure what a worker could not file itself."""
    if not isinstance(made, Exception):
        return made
    stopped = f"进程意外中止（{type(made).__name__}）"  # it died, or the disk is full
    reason = str(made) if isinstance(made, KjfpError) else stopped
    return ReportFailure(name=task.name, notebook=task.notebook.name, cell="", reason=reason)


def make_report(task: ReportTask) -> Result:
    """Run one report's notebook, and write notebook and page.

    Returns
    -------
    mapping or Failure
        File name to SHA-256; or what failed, with the executed copy kept as
        ``<name>.failed.ipynb``; the earlier report stays.
    """
    done = notebook_runner.execute_notebook(
        task.notebook,
        task.parameters,
        folder=task.folder,
        seconds=task.seconds,
        stock=task.stock_kernels,
    )
    notebook = notebook_runner.remove_run_traces(done.notebook)
    if done.error:
        return _record_failure(task, notebook, done.error)
    folder, content = task.folder / "reports", load_report_data(task.folder / task.data)
    page = html_export.export_html(notebook, title=content["title"], name=task.name)
    html_export.link_page(notebook, name=task.name)
    files = {
        f"{task.name}.ipynb": notebook_runner.notebook_to_bytes(notebook),
        f"{task.name}.html": page.encode(),
    }
    files |= make_formats(task.name, content, task.formats)
    for name, data in files.items():
        atomic_write(folder / name, data)
    _remove_files(folder, f"{task.name}.failed.ipynb")
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _record_failure(task: ReportTask, executed: Any, error: Exception) -> ReportFailure:
    folder, number = task.folder / "reports", notebook_runner.failed_cell_number(executed, error)
    if number:
        atomic_write(
            folder / f"{task.name}.failed.ipynb", notebook_runner.notebook_to_bytes(executed)
        )
    return ReportFailure(
        name=task.name,
        notebook=task.notebook.name,
        cell=f"第{number}格" if number else "",
        reason=notebook_runner.describe_failure(error, task.seconds),
    )


def _remove_files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
