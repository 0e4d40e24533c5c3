"""All reports through papermill: only what changed, whole files only, on past failures."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from multiprocessing import get_context
from pathlib import Path

from kjfp_helpers.errors import KjfpError, ParameterError
from kjfp_helpers.files import replace_file
from kjfp_helpers.reports import words
from kjfp_helpers.reports.batch import engine, pages
from kjfp_helpers.reports.batch.manifest import Failure, Manifest, inputs_digest
from kjfp_helpers.reports.unit_report import load

UNIT_NOTEBOOK, OVERALL_NOTEBOOK = "07_unit_report.ipynb", "08_overall_report.ipynb"
PARAMETERS = {UNIT_NOTEBOOK: "unit_data", OVERALL_NOTEBOOK: "overall_data"}
"""Notebook to the name of its one parameter: the path of the slice."""
NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"
SECONDS = 120.0
"""Time for one notebook."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One report to be made; ``folder`` is the outputs of the round, ``data`` lies below it."""

    name: str
    notebook: Path
    data: str
    parameters: Mapping[str, str]
    folder: Path
    inputs: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a batch did, by report name: unit codes and ``overall``."""

    new: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def made(self) -> int:
        """How many reports were made."""
        return len(self.new)

    @property
    def skipped(self) -> int:
        """How many stood as they would be made now."""
        return len(self.unchanged)

    @property
    def failed(self) -> tuple[str, ...]:
        """One line per failure: report, notebook, cell and reason."""
        return tuple(
            f"{one.name}：{one.notebook} {one.cell or '未开始'}，{one.reason}"
            for one in self.failures
        )


def regenerate(
    outputs: Path,
    *,
    jobs: int = 2,
    only: Sequence[str] = (),
    force: bool = False,
    parameters: Mapping[str, str] | None = None,
    notebooks: Path = NOTEBOOKS,
    seconds: float = SECONDS,
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
        Unit codes or ``overall``; empty means all.
    force : bool
        Make again what stands unchanged.
    parameters : mapping
        More parameters, by name, for every notebook; refused when a notebook has no such name.
    notebooks : Path
        Folder of the notebooks.
    seconds : float
        Time for one notebook.
    tick : callable
        Called with reports done and reports to do.

    Raises
    ------
    ParameterError
        When a notebook's parameters are not those given here, or ``only`` names no unit.
    OutputError
        When there are no slices or a file cannot be written.
    """
    folder = outputs / "reports"
    tasks = _tasks(outputs, notebooks, parameters or {}, seconds)
    chosen = _choose(tasks, only)
    manifest = Manifest.read(folder)
    due = [task for task in chosen if force or not manifest.holds(task.name, task.inputs, folder)]
    _check(chosen if parameters else due)
    _drop_stale(folder, manifest, tasks)
    results = _run(due, jobs, manifest, tick) if due else {}
    manifest.write(folder)
    _index(outputs, tasks, manifest)
    return Outcome(
        new=tuple(name for name, result in results.items() if not isinstance(result, Failure)),
        unchanged=tuple(task.name for task in chosen if task.name not in results),
        failures=tuple(result for result in results.values() if isinstance(result, Failure)),
    )


def _check(tasks: Sequence[Task]) -> None:
    """Hold each notebook's parameters against its own, once per notebook."""
    for task in {task.notebook: task for task in tasks}.values():
        engine.check_parameters(task.notebook, task.parameters)


def _tasks(outputs: Path, notebooks: Path, more: Mapping[str, str], seconds: float) -> list[Task]:
    """Return all reports that are due, the long one first."""
    names = sorted(path.stem for path in (outputs / "reports" / "data").glob("*.json"))
    names = [words.OVERALL, *(name for name in names if name != words.OVERALL)]
    tasks = []
    for name in names:
        notebook = notebooks / (OVERALL_NOTEBOOK if name == words.OVERALL else UNIT_NOTEBOOK)
        data = f"reports/data/{name}.json"
        given = {PARAMETERS[notebook.name]: data, **more}
        inputs = inputs_digest(outputs / data, notebook, given)
        tasks.append(Task(name=name, notebook=notebook, data=data, parameters=given,
                          folder=outputs.resolve(), inputs=inputs, seconds=seconds))  # fmt: skip
    return tasks


def _choose(tasks: Sequence[Task], only: Sequence[str]) -> list[Task]:
    names = [task.name for task in tasks]
    for name in only:
        if name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0)
            raise ParameterError(
                "--only", expected="本轮的单位代码或 overall", found=f"“{name}”",
                advice=f"更正代码，是否要写“{near[0]}”" if near else "先运行 kjfp intake",
            )  # fmt: skip
    return [task for task in tasks if not only or task.name in only]


def _drop_stale(folder: Path, manifest: Manifest, tasks: Sequence[Task]) -> None:
    """Remove reports of units that are no longer in the round."""
    due = {task.name for task in tasks}
    for name in sorted((set(manifest.reports) | set(manifest.failed)) - due):
        manifest.reports.pop(name, None)
        manifest.failed.pop(name, None)
        _remove(folder, f"{name}.ipynb", f"{name}.html", f"{name}.failed.ipynb")


def _remove(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _run(
    due: Sequence[Task], jobs: int, manifest: Manifest, tick: Callable[[int, int], None]
) -> dict[str, Mapping[str, str] | Failure]:
    """Make reports in worker processes; the manifest on disk follows each one."""
    folder = due[0].folder / "reports"
    results: dict[str, Mapping[str, str] | Failure] = {}
    tick(0, len(due))
    with (
        tempfile.TemporaryDirectory() as scratch,
        ProcessPoolExecutor(
            min(jobs, len(due)), mp_context=get_context("spawn"), initializer=_worker,
            initargs=(scratch,),
        ) as pool,
    ):  # fmt: skip
        futures = {pool.submit(make, task): task for task in due}
        for done, future in enumerate(as_completed(futures), start=1):
            task = futures[future]
            results[task.name] = result = _result(future, task)
            manifest.reports.pop(task.name, None)
            manifest.failed.pop(task.name, None)
            if isinstance(result, Failure):
                manifest.failed[task.name] = asdict(result)
            else:
                manifest.reports[task.name] = {"inputs": task.inputs, "files": dict(result)}
            manifest.write(folder)
            tick(done, len(due))
    return {task.name: results[task.name] for task in due}


def _result(
    future: "Future[Mapping[str, str] | Failure]", task: Task
) -> Mapping[str, str] | Failure:
    try:
        return future.result()
    except Exception as error:  # what a worker could not file itself: it died, or the disk is full
        stopped = f"进程意外中止（{type(error).__name__}）"
        reason = str(error) if isinstance(error, KjfpError) else stopped
        return Failure(name=task.name, notebook=task.notebook.name, cell="", reason=reason)


def _worker(scratch: str) -> None:
    """Set up a worker: quiet arithmetic threads, no screen, nobody's own IPython settings."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="agg")
    os.environ["IPYTHONDIR"] = scratch


def make(task: Task) -> Mapping[str, str] | Failure:
    """Run one report's notebook, and write notebook and page.

    Returns
    -------
    mapping or Failure
        File name to SHA-256; or what failed, with the executed copy kept as
        ``<name>.failed.ipynb`` and the outdated report removed.
    """
    folder = task.folder / "reports"
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "executed.ipynb"
        try:
            engine.execute(
                task.notebook, output, task.parameters, folder=task.folder, seconds=task.seconds
            )
        except Exception as error:  # whatever a notebook raises is that report's failure
            return _failed(task, output, error)
        notebook = engine.clean(engine.read(output))
    content = load(task.folder / task.data)
    title = content.get("unit", {}).get("name", content["round"]["title"])
    files = {
        f"{task.name}.ipynb": engine.to_bytes(notebook),
        f"{task.name}.html": pages.to_html(notebook, title=f"{title}报告").encode(),
    }
    for name, data in files.items():
        replace_file(folder / name, data)
    _remove(folder, f"{task.name}.failed.ipynb")
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _failed(task: Task, output: Path, error: Exception) -> Failure:
    folder, number = task.folder / "reports", 0
    _remove(folder, f"{task.name}.ipynb", f"{task.name}.html")
    if output.exists():
        executed = engine.read(output)
        number = engine.failed_cell(executed, error)
        content = engine.to_bytes(engine.clean(executed))
        replace_file(folder / f"{task.name}.failed.ipynb", content)
    return Failure(
        name=task.name, notebook=task.notebook.name, cell=f"第{number}格" if number else "",
        reason=engine.explain(error, task.seconds),
    )  # fmt: skip


def _index(outputs: Path, tasks: Sequence[Task], manifest: Manifest) -> None:
    slices = {task.name: load(outputs / task.data) for task in tasks}
    whole = slices.pop(words.OVERALL)
    order = [row["unit"] for row in whole["stocktake"]]
    units = sorted(slices.values(), key=lambda unit: order.index(unit["unit"]["code"]))
    failed = dict(sorted(manifest.failed.items()))
    page = pages.index_page(whole, units, failed)
    replace_file(outputs / "reports" / pages.INDEX, page.encode())
