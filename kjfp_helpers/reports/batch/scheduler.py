"""All reports through papermill: only what changed, whole files only, on past failures."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors, sha256_file
from kjfp_helpers.infra.bundled_files import NOTEBOOKS
from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts
from kjfp_helpers.reports.batch import html_export, notebook_runner
from kjfp_helpers.reports.batch.batch_result import Failure, Outcome, Result
from kjfp_helpers.reports.batch.index_pages import indexes
from kjfp_helpers.reports.batch.manifest import MANIFEST, Manifest
from kjfp_helpers.reports.batch.parameters import settle_all
from kjfp_helpers.reports.batch.worker_pool import Workers
from kjfp_helpers.reports.data.report_data_file import load_report_data
from kjfp_helpers.reports.report_types import KINDS, Kind, chosen, kind_of, place

SECONDS = 120.0
"""Time for one notebook."""
_MADE = (".html", ".ipynb", ".tmp")
"""Endings of what the batch leaves in its folders."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One report to be made; ``folder`` is the outputs of the round, ``data`` lies below it."""

    name: str
    notebook: Path
    data: str
    parameters: Mapping[str, Any]
    folder: Path
    inputs: str
    seconds: float
    stock_kernels: bool = False


class Crew(Protocol):
    """Makes reports somewhere."""

    def run(
        self, work: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Result | Exception]]:
        """Yield each task with what became of it, in any order."""


def regenerate(
    outputs: Path,
    *,
    jobs: int = 2,
    only: Sequence[str] = (),
    force: bool = False,
    retry: bool = False,
    parameters: Mapping[str, Any] | None = None,
    notebooks: Path = NOTEBOOKS,
    seconds: float = SECONDS,
    stock_kernels: bool = False,
    stamp: str = "",
    crew: Crew | None = None,
    record: Callable[[Mapping[str, str]], None] = lambda papers: None,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Make every report whose content changed, from the slices in ``reports/data``.

    Parameters
    ----------
    outputs : Path
        The outputs of the round.
    jobs : int
        Worker processes.
    only : sequence of str
        Codes of units, ids of cases or members, or ``overall``; empty means all.
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
        What the slices rest on; kept when every report stands, so that the next run can tell.
    crew : Crew
        Makes the reports; by default ``jobs`` processes of this machine.
    record : callable
        Given every report and index that stands, as path below the outputs to SHA-256, before
        the manifest says that the run ended.
    tick : callable
        Called with reports done and reports to do.

    Raises
    ------
    ParameterError
        When a notebook's parameters are not those given here, or ``only`` names nothing.
    OutputError
        When there are no slices or a file cannot be written.
    """
    settled = settle_all(notebooks, parameters or {})
    tasks = _tasks(outputs, notebooks, settled, seconds, stock_kernels)
    wanted = set(chosen(tasks, only))
    manifest = Manifest.read(outputs / "reports")
    if retry:
        wanted &= set(manifest.failed)
    standing = {name for name, task in tasks.items() if manifest.holds(name, task.inputs)}
    due = [
        task for name, task in tasks.items() if name in wanted and (force or name not in standing)
    ]
    if force:  # else a notebook would take its figures from what stands
        with output_errors(manifest.folder):
            _remove(manifest.folder, *(f"{task.name}.ipynb" for task in due))
    for gone in (set(manifest.reports) | set(manifest.failed)) - set(tasks):
        manifest.drop(gone)
    with nullcontext(crew) if crew else Workers(jobs) as workers:
        results = _run(due, workers, manifest, tick) if due else {}
    manifest.pages = _write_indexes(outputs, tasks, manifest)
    new = {name for name, result in results.items() if not isinstance(result, Failure)}
    manifest.stamp = stamp if new | standing >= set(tasks) and not manifest.failed else ""
    _sweep(manifest)
    record({f"reports/{name}": value for name, value in manifest.papers().items()})
    manifest.write()
    return Outcome(
        new=tuple(name for name in results if name in new),
        unchanged=tuple(name for name in tasks if name in wanted and name not in results),
        failures=tuple(result for result in results.values() if isinstance(result, Failure)),
    )


def _tasks(
    outputs: Path,
    notebooks: Path,
    settled: Mapping[Kind, Mapping[str, Any]],
    seconds: float,
    stock_kernels: bool,
) -> dict[str, Task]:
    """Return all reports that are due by name, the long one first."""
    folder, data = outputs.resolve(), outputs / "reports" / "data"
    slices = {
        path.relative_to(data).with_suffix("").as_posix(): path for path in data.rglob("*.json")
    }
    about = {kind: [sha256_file(notebooks / kind.notebook), build_fingerprint()] for kind in KINDS}
    tasks = {}
    for name in sorted(slices, key=place):
        kind = kind_of(name)
        given = {kind.parameter: f"reports/data/{name}.json", **settled[kind]}
        inputs = hash_texts([sha256_file(slices[name]), repr(sorted(given.items())), *about[kind]])
        tasks[name] = Task(
            name=name,
            notebook=notebooks / kind.notebook,
            data=given[kind.parameter],
            parameters=given,
            folder=folder,
            inputs=inputs,
            seconds=seconds,
            stock_kernels=stock_kernels,
        )
    return tasks


def _run(
    due: Sequence[Task], crew: Crew, manifest: Manifest, tick: Callable[[int, int], None]
) -> dict[str, Result]:
    """Make reports; the manifest on disk follows each one."""
    results: dict[str, Result] = {}
    tick(0, len(due))
    for task, made in crew.run(make, due):
        results[task.name] = result = _told(made, task)
        if isinstance(result, Failure):
            manifest.note(task.name, failed=asdict(result))
        else:
            data = f"data/{task.name}.json"
            files = {data: sha256_file(manifest.folder / data), **result}
            manifest.note(task.name, report={"inputs": task.inputs, "files": files})
        tick(len(results), len(due))
    return {task.name: results[task.name] for task in due}


def _sweep(manifest: Manifest) -> None:
    """Remove reports that are no longer due, and what a killed run left half-written."""
    kept = {MANIFEST, *manifest.pages}
    kept |= {name for entry in manifest.reports.values() for name in entry["files"]}
    kept |= {f"{name}.failed.ipynb" for name, row in manifest.failed.items() if row["cell"]}
    with output_errors(manifest.folder):
        for folder in {manifest.folder / kind.folder for kind in KINDS}:
            for path in folder.glob("*"):
                name = path.relative_to(manifest.folder).as_posix()
                if path.suffix in _MADE and path.is_file() and name not in kept:
                    path.unlink()


def _write_indexes(outputs: Path, tasks: Mapping[str, Task], manifest: Manifest) -> dict[str, str]:
    slices = {name: load_report_data(outputs / task.data) for name, task in tasks.items()}
    failed = {name: Failure(**row) for name, row in sorted(manifest.failed.items())}
    written = {}
    for name, page in indexes(slices, failed):
        atomic_write(manifest.folder / name, page.encode())
        written[name] = hashlib.sha256(page.encode()).hexdigest()
    return written


def _told(made: Result | Exception, task: Task) -> Result:
    """Return what was made; as a failure what a worker could not file itself."""
    if not isinstance(made, Exception):
        return made
    stopped = f"进程意外中止（{type(made).__name__}）"  # it died, or the disk is full
    reason = str(made) if isinstance(made, KjfpError) else stopped
    return Failure(name=task.name, notebook=task.notebook.name, cell="", reason=reason)


def make(task: Task) -> Result:
    """Run one report's notebook, and write notebook and page.

    Returns
    -------
    mapping or Failure
        File name to SHA-256; or what failed, with the executed copy kept as
        ``<name>.failed.ipynb`` and the outdated report removed.
    """
    done = notebook_runner.execute(
        task.notebook,
        task.parameters,
        folder=task.folder,
        seconds=task.seconds,
        stock=task.stock_kernels,
    )
    notebook = notebook_runner.clean(done.notebook)
    if done.error:
        return _failed(task, notebook, done.error)
    folder, title = task.folder / "reports", load_report_data(task.folder / task.data)["title"]
    files = {
        f"{task.name}.ipynb": notebook_runner.to_bytes(notebook),
        f"{task.name}.html": html_export.to_html(notebook, title=title, name=task.name).encode(),
    }
    for name, data in files.items():
        atomic_write(folder / name, data)
    _remove(folder, f"{task.name}.failed.ipynb")
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _failed(task: Task, executed: Any, error: Exception) -> Failure:
    folder, number = task.folder / "reports", notebook_runner.failed_cell(executed, error)
    _remove(folder, f"{task.name}.ipynb", f"{task.name}.html")
    if number:
        atomic_write(folder / f"{task.name}.failed.ipynb", notebook_runner.to_bytes(executed))
    return Failure(
        name=task.name,
        notebook=task.notebook.name,
        cell=f"第{number}格" if number else "",
        reason=notebook_runner.explain(error, task.seconds),
    )


def _remove(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
