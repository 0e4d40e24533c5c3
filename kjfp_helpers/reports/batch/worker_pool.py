"""Worker processes that make reports one by one; a process that dies costs its task only."""

import gc
import logging
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

from kjfp_helpers.infra.bundled_files import NOTEBOOKS
from kjfp_helpers.notebook_kernels.process.child_processes import CAN_FORK, ChildProcess
from kjfp_helpers.notebook_kernels.process.import_blocking import hidden_modules
from kjfp_helpers.notebook_kernels.process.kernel_process import prepare_kernel
from kjfp_helpers.notebook_kernels.servers.fork_server import SINGLE_THREADED, ForkServer
from kjfp_helpers.notebook_kernels.servers.spawned_kernels import SpawnedProcess
from kjfp_helpers.reports.batch.kernel_preload import REPORT_PRELOAD
from kjfp_helpers.reports.batch.notebook_runner import import_papermill
from kjfp_helpers.reports.report_types import OVERALL, UNIT_TYPE

_WORK = "kjfp_helpers.reports.batch.batch_run"
"""Module of what workers do, which imports this one: each would load it with its first task."""

_INDEX = "kjfp_helpers.reports.batch.overview.index_workbook"
"""Module of the index, which is made beside reports."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class ProcessDied(Exception):
    """A worker's process ended in the middle of a task."""


class WorkerPool:
    """Worker processes, to be used as a context; begun when the first task is at hand.

    As soon as the context is entered two processes import, one what papermill needs, one what
    notebooks use: the first is forked for each worker, the second for each notebook, so that a
    notebook's process holds no more than it uses. All end with this process, however it ends.

    Parameters
    ----------
    jobs : int
        How many tasks are worked on at once.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._busy: dict[Connection, tuple[ChildProcess, Any]] = {}
        self._idle: list[ChildProcess] = []
        self._early: list[tuple[Any, Any]] = []
        self._has_forked = False

    def __enter__(self) -> "WorkerPool":
        self._scratch = tempfile.TemporaryDirectory()
        self._settings = {"MPLBACKEND": "agg", "IPYTHONDIR": self._scratch.name}
        self._servers: tuple[ForkServer, ...] = ()
        if CAN_FORK:
            self._worker_server()
        return self

    def __exit__(self, *_: Any) -> None:
        for child in [*self._idle, *(child for child, _ in self._busy.values())]:
            child.kill()
        if not self._has_forked:  # nothing was to be done: what they still import serves nobody
            for server in self._servers:
                server.kill()
        self._close()
        self._scratch.cleanup()

    def begin(self, work: Callable[[Task], Result], task: Task) -> None:
        """Begin a task before the others are known; :meth:`run` yields it if it is among them.

        Where all processes are busy it is left to :meth:`run`.
        """
        self._early += self._collect(timeout=0)
        if len(self._busy) < self.jobs:
            with suppress(OSError):  # no process can be had: it is begun with the others
                self._give(work, task)

    def call(self, function: Callable[[Task], Result], given: Task) -> Result:
        """Return what a function makes of a value, in a process of its own beside the tasks.

        Here where no process can be had, or it dies.
        """
        try:
            child = self._begin()
        except OSError:
            return function(given)
        try:
            child.connection.send((function, given))
            result = child.connection.recv()
        except (EOFError, OSError):
            return function(given)
        finally:
            child.kill()
        if isinstance(result, Exception):
            raise result
        made: Result = result
        return made

    def run(
        self, work: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Result | Exception]]:
        """Yield each task with what ``work`` made of it, as they finish.

        Parameters
        ----------
        work : callable
            Found by its name in its module, as pickle does.
        tasks : sequence
            In the order in which they are begun.

        Yields
        ------
        tuple
            The task, and what was returned or the exception that was raised; ``ProcessDied``
            when the process ended.
        """
        begun = self._begun_among(tasks)
        done = [one for one in self._early if one[0] in tasks]
        self._early = []
        yield from done
        begun += [task for task, _ in done]
        waiting = deque(task for task in tasks if task not in begun)
        while waiting or self._busy:
            while waiting and len(self._busy) < self.jobs:
                try:
                    self._give(work, waiting[0])
                except OSError as error:  # no process can be had: those at work go on
                    if self._busy:
                        break
                    yield waiting[0], error
                waiting.popleft()
            yield from self._collect()

    def _collect(self, timeout: float | None = None) -> list[tuple[Any, Any]]:
        """Return the tasks that have ended with what became of each, at least one in the end."""
        ended = []
        for connection in wait(list(self._busy), timeout) if self._busy else ():
            child, task = self._busy.pop(cast(Connection, connection))
            try:
                result = child.connection.recv()
            except (EOFError, OSError):
                child.kill()
                result = ProcessDied()
            else:
                self._idle.append(child)
            ended.append((task, result))
        return ended

    def _begun_among(self, tasks: Sequence[Any]) -> list[Any]:
        """Return which of the tasks are begun already; end what works on any other."""
        for connection, (child, task) in [*self._busy.items()]:
            if task not in tasks:
                del self._busy[connection]
                child.kill()
        return [task for _, task in self._busy.values()]

    def _give(self, work: Callable[[Any], Any], task: Any) -> None:
        child = self._idle.pop() if self._idle else self._begin()
        try:
            child.connection.send((work, task))
        except OSError:  # it died in its sleep
            child.kill()
            return self._give(work, task)
        self._busy[child.connection] = child, task
        return None

    def _begin(self) -> ChildProcess:
        if not CAN_FORK:
            return SpawnedProcess(_work_in_fresh_process, self._settings)
        self._has_forked = True
        return self._worker_server().fork(_serve_tasks)

    def _worker_server(self) -> ForkServer:
        """Return the fork server of workers; start both servers where it does not run."""
        if not self._servers or not self._servers[-1].is_alive():
            self._close()
            kernels = ForkServer(prepare_kernel, REPORT_PRELOAD, environment=self._settings)
            workers = ForkServer(prepare_worker, environment=self._settings, lent_server=kernels)
            self._servers = kernels, workers
        return self._servers[-1]

    def _close(self) -> None:
        for server in reversed(self._servers):  # that of kernels lives while workers use it
            server.close()
        self._servers = ()


def prepare_worker() -> None:
    """Import what makes pages of notebooks and indexes, and make a first page.

    An output is not held against the schema of notebooks by itself: the whole notebook is, when it
    has been run.
    """
    papermill = import_papermill()
    import nbformat
    from nbformat.v4 import nbbase

    from kjfp_helpers.reports.batch import html_export

    papermill.log.logger.setLevel(logging.CRITICAL)  # what fails is told in the table
    nbbase.validate = lambda node, ref=None: None
    import_module(_WORK)
    with hidden_modules("numpy"):  # openpyxl would load it to take its numbers
        import_module(_INDEX)
    sample = nbformat.read(NOTEBOOKS / UNIT_TYPE.notebook, as_version=4)
    html_export.export_html(sample, title="", name=OVERALL)
    gc.set_threshold(50_000)  # copies of notebooks are many small objects that do not stay


def _work_in_fresh_process(connection: Connection, settings: Mapping[str, str]) -> None:
    """Do tasks in a process that was not forked."""
    os.environ.update({**settings, **SINGLE_THREADED})
    _serve_tasks(connection)


def _serve_tasks(connection: Connection) -> None:
    """Do one task after another until the connection closes."""
    while request := _next_request(connection):
        work, task = request
        try:
            result = work(task)
        except Exception as error:
            result = error
        connection.send(result)


def _next_request(connection: Connection) -> Any:
    """Return what is asked for next; nothing when whoever asks is gone."""
    try:
        return connection.recv()
    except (EOFError, OSError):
        return None
