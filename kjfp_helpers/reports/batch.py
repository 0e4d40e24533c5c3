"""All reports through papermill: only what changed, whole files only, on past failures."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kjfp_helpers.errors import ParameterError
from kjfp_helpers.reports import engine, pages
from kjfp_helpers.reports.slices import OVERALL
from kjfp_helpers.reports.unit_report import load
from kjfp_helpers.reports.workbook import replace_file

UNIT_NOTEBOOK, OVERALL_NOTEBOOK = "07_unit_report.ipynb", "08_overall_report.ipynb"
PARAMETERS = {UNIT_NOTEBOOK: "unit_data", OVERALL_NOTEBOOK: "overall_data"}
"""Notebook to the name of its one parameter: the path of the slice."""
MANIFEST = "manifest.json"
LIBRARIES = (
    "papermill", "nbclient", "nbconvert", "nbformat", "ipykernel", "ipython", "matplotlib",
    "zhplot", "numpy", "pillow", "jinja2", "markupsafe", "mistune",
)  # fmt: skip
"""Libraries whose version shows in a report's bytes."""
PACKAGE = Path(__file__).resolve().parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"
SECONDS = 120.0
"""Time for one notebook."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One report to be made; ``folder`` is the outputs of the round, ``data`` lies below it."""

    name: str
    notebook: Path
    data: str
    folder: Path
    inputs: str
    seconds: float

    @property
    def parameters(self) -> dict[str, str]:
        """What the notebook is run with."""
        return {PARAMETERS[self.notebook.name]: self.data}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A report that could not be made: notebook, cell (``第3格``) and reason."""

    name: str
    notebook: str
    cell: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a batch did, by report name: unit codes and ``overall``."""

    made: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()


@dataclass
class Manifest:
    """What stands in ``reports/``: inputs and files of each report, and what failed."""

    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it; one that is missing or torn counts as empty."""
        try:
            return cls(**json.loads((folder / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, folder: Path) -> None:
        """Write it whole, in order of name."""
        ordered = {name: dict(sorted(part.items())) for name, part in asdict(self).items()}
        text = json.dumps(ordered, ensure_ascii=False, indent=1)
        replace_file(folder / MANIFEST, (text + "\n").encode())

    def holds(self, task: Task) -> bool:
        """Tell whether a report stands as it would be made now."""
        entry = self.reports.get(task.name)
        if entry is None or entry["inputs"] != task.inputs:
            return False
        folder = task.folder / "reports"
        return all(_digest(folder / name) == digest for name, digest in entry["files"].items())


def regenerate(
    outputs: Path,
    *,
    jobs: int = 2,
    only: Sequence[str] = (),
    force: bool = False,
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
    tasks = _tasks(outputs, notebooks, seconds)
    chosen = _choose(tasks, only)
    manifest = Manifest.read(folder)
    _drop_stale(folder, manifest, tasks)
    due = [task for task in chosen if force or not manifest.holds(task)]
    for notebook in sorted({task.notebook for task in due}):
        engine.check_parameters(notebook, {PARAMETERS[notebook.name]: ""})
    results = _run(due, jobs, manifest, tick) if due else {}
    manifest.write(folder)
    _index(outputs, tasks, manifest)
    return Outcome(
        made=tuple(name for name, result in results.items() if not isinstance(result, Failure)),
        skipped=tuple(task.name for task in chosen if task.name not in results),
        failed=tuple(result for result in results.values() if isinstance(result, Failure)),
    )


def _tasks(outputs: Path, notebooks: Path, seconds: float) -> list[Task]:
    """Return all reports that are due, the long one first."""
    names = sorted(path.stem for path in (outputs / "reports" / "data").glob("*.json"))
    names = [OVERALL, *(name for name in names if name != OVERALL)]
    tasks = []
    for name in names:
        notebook = notebooks / (OVERALL_NOTEBOOK if name == OVERALL else UNIT_NOTEBOOK)
        data = f"reports/data/{name}.json"
        parts = [_digest(outputs / data), _digest(notebook), data, source_digest(), *_versions()]
        inputs = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        tasks.append(Task(name=name, notebook=notebook, data=data, folder=outputs.resolve(),
                          inputs=inputs, seconds=seconds))  # fmt: skip
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
    except Exception as error:  # a worker that died must not take the batch with it
        reason = f"进程意外中止（{type(error).__name__}）"
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
    import nbformat

    folder = task.folder / "reports"
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "executed.ipynb"
        try:
            engine.execute(
                task.notebook, output, task.parameters, folder=task.folder, seconds=task.seconds
            )
        except Exception as error:  # whatever a notebook raises is that report's failure
            return _failed(task, output, error)
        notebook = engine.clean(nbformat.read(output, as_version=4))
    content = load(task.folder / task.data)
    title = content.get("unit", {}).get("name", content["round"]["title"])
    files = {
        f"{task.name}.ipynb": nbformat.writes(notebook).encode(),
        f"{task.name}.html": pages.to_html(notebook, title=f"{title}报告").encode(),
    }
    for name, data in files.items():
        replace_file(folder / name, data)
    _remove(folder, f"{task.name}.failed.ipynb")
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _failed(task: Task, output: Path, error: Exception) -> Failure:
    import nbformat

    folder, number = task.folder / "reports", 0
    _remove(folder, f"{task.name}.ipynb", f"{task.name}.html")
    if output.exists():
        executed = nbformat.read(output, as_version=4)
        number = engine.failed_cell(executed, error)
        text = nbformat.writes(engine.clean(executed))
        replace_file(folder / f"{task.name}.failed.ipynb", text.encode())
    return Failure(
        name=task.name, notebook=task.notebook.name, cell=f"第{number}格" if number else "",
        reason=engine.explain(error, task.seconds),
    )  # fmt: skip


def _index(outputs: Path, tasks: Sequence[Task], manifest: Manifest) -> None:
    slices = {task.name: load(outputs / task.data) for task in tasks}
    whole = slices.pop(OVERALL)
    order = [row["unit"] for row in whole["stocktake"]]
    units = sorted(slices.values(), key=lambda unit: order.index(unit["unit"]["code"]))
    failed = dict(sorted(manifest.failed.items()))
    page = pages.index_page(whole, units, failed)
    replace_file(outputs / "reports" / pages.INDEX, page.encode())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


@cache
def source_digest() -> str:
    """Return one hash over the package: a change of code is a change of every report."""
    kinds = {".py", ".j2", ".css", ".json"}
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in kinds)
    lines = [f"{path.relative_to(PACKAGE).as_posix()} {_digest(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} -")
    return tuple(found)
