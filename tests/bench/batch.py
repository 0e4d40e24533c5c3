"""What a report costs on the project's engine, beside papermill's own, in one run.

    python tests/bench/batch.py [--reports N] [--rounds N] [--many N]

Wall time: the same notebooks to executed notebook and page, by stock papermill with nbconvert and
by the batch, one process each and two each; the long start of Python is left out of both. CPU
time: the batch beside a plain function that makes the same tables and figures in one warm
process, with neither notebook nor page. With ``--many`` a batch of that many reports is run and
its cost and its owner's memory told by tenths. Medians of interleaved rounds; the load is told.
"""

import argparse
import contextlib
import os
import resource
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import nbformat
import psutil

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(TESTS.parent), str(TESTS), str(Path(__file__).parent)]
)  # workers find this file by name
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="agg")

from kjfp_helpers import reports  # noqa: E402
from kjfp_helpers.reports.batch import batch_run, report_tasks  # noqa: E402
from kjfp_helpers.reports.batch.worker_pool import WorkerPool  # noqa: E402
from kjfp_helpers.reports.report_types import CASE_TYPE, REPORT_TYPES, UNIT_TYPE, report_type_of  # noqa: E402
from support.rounds.report_round import make_state  # noqa: E402


def stock(task):
    """Make a report as papermill and nbconvert do by themselves.

    Two of their kernels that are given the same port never answer; then it is made again.
    """
    import nbconvert
    import papermill

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.ipynb"
        try:
            papermill.execute_notebook(
                str(task.notebook),
                str(target),
                parameters=dict(task.parameters),
                cwd=str(task.folder),
                progress_bar=False,
            )
        except RuntimeError:
            return stock(task)
        exporter = nbconvert.HTMLExporter(exclude_input=True)
        page, _ = exporter.from_notebook_node(nbformat.read(target, as_version=4))
        return len(page)


def plain(task):
    """Make what the notebook shows, as a function would: run its cells' code, keep what they show."""
    notebook = nbformat.read(task.notebook, as_version=4)
    names = {}
    folder = os.getcwd()
    os.chdir(task.folder)
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            exec(cell.source, names)
            names |= task.parameters
        elif cell.cell_type == "code":
            _show(cell.source.strip(), names)
    os.chdir(folder)


def _show(source, names):
    *lines, last = source.splitlines()
    exec("\n".join(lines), names)
    shown = eval(last, names)
    for way in ("_repr_mimebundle_", "_repr_html_"):
        if hasattr(shown, way):
            getattr(shown, way)()


def plainly(tasks):
    """Make reports by the plain function."""
    for task in tasks:
        plain(task)


def whole(tasks):
    """Make reports with notebook and page."""
    for task in tasks:
        made = batch_run.make_report(task)
        assert not isinstance(made, batch_run.ReportFailure), made


def _cpu():
    """Return CPU seconds of all processes below this one, and of those they have buried."""
    time.sleep(0.2)  # a notebook's process goes on ending a moment after its report is made
    return sum(sum(one.cpu_times()[:4]) for one in psutil.Process().children(recursive=True))


def ready(_):
    """Be imported."""
    import nbconvert  # noqa: F401
    import papermill  # noqa: F401

    time.sleep(0.5)


def walls(tasks, jobs, rounds):
    """Return seconds per report of both ways, a median of interleaved rounds each."""
    found = {"stock": [], "ours": []}
    with (
        ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool,
        WorkerPool(jobs) as crew,
    ):
        list(pool.map(ready, range(jobs)))
        list(crew.run(ready, range(jobs)))
        for _ in range(rounds):
            start = time.monotonic()
            list(pool.map(stock, tasks))
            found["stock"].append((time.monotonic() - start) / len(tasks))
            start = time.monotonic()
            for _, made in crew.run(batch_run.make_report, tasks):
                assert not isinstance(made, (Exception, batch_run.ReportFailure)), made
            found["ours"].append((time.monotonic() - start) / len(tasks))
    return {way: statistics.median(seconds) for way, seconds in found.items()}


def costs(tasks, rounds):
    """Return CPU seconds per report of both ways, each in a warm worker of its own."""
    found = {"plain": [], "ours": []}
    with WorkerPool(1) as one, WorkerPool(1) as other:
        for number in range(rounds + 1):
            for way, work, crew in (("plain", plainly, one), ("ours", whole, other)):
                start = _cpu()
                ((_, failed),) = crew.run(work, [tasks if number else tasks[:1]])
                if failed:
                    raise failed
                found[way] += [(_cpu() - start) / len(tasks)] * bool(number)
    return {way: statistics.median(seconds) for way, seconds in found.items()}


def many(tasks, number):
    """Run a large batch; print seconds per report and this process's memory by tenths."""
    again = [replace(tasks[place % len(tasks)]) for place in range(number)]
    with WorkerPool(2) as crew:
        start, done = time.monotonic(), 0
        for _ in crew.run(batch_run.make_report, again):
            done += 1
            if done % (number // 10) == 0:
                spent, start = time.monotonic() - start, time.monotonic()
                pages = int(Path("/proc/self/statm").read_text().split()[1])
                print(
                    f"  {done}: {1000 * spent / (number // 10):.0f} ms a report, "
                    f"{pages * resource.getpagesize() >> 20} MB, load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )


def main():
    """Measure what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, contextlib.suppress(KeyboardInterrupt):
        outputs = Path(scratch) / "out"
        data = reports.write_report_data(
            make_state(Path(scratch) / "round"), outputs / "reports" / "data"
        )
        tasks = report_tasks.build_tasks(
            outputs,
            data,
            notebooks=batch_run.NOTEBOOKS,
            settled={kind: {} for kind in REPORT_TYPES},
            seconds=120.0,
        )
        units, cases = (
            [task for name, task in tasks.items() if report_type_of(name) is kind][: chosen.reports]
            for kind in (UNIT_TYPE, CASE_TYPE)
        )
        if chosen.many:
            many(units, chosen.many)
            return
        for what, some in (("unit report", units), ("tables only", cases)):
            for jobs in (1, 2):
                took = walls(some, jobs, chosen.rounds)
                print(
                    f"{what}, {jobs} at once: stock {1000 * took['stock']:.0f} ms, ours "
                    f"{1000 * took['ours']:.0f} ms, {took['stock'] / took['ours']:.1f} times, "
                    f"load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
            took = costs(some, chosen.rounds)
            print(
                f"{what}, CPU: plain {1000 * took['plain']:.0f} ms, ours {1000 * took['ours']:.0f} "
                f"ms, {took['ours'] / took['plain']:.2f} times",
                flush=True,
            )


if __name__ == "__main__":
    import batch  # workers find functions by a module's name

    batch.main()
