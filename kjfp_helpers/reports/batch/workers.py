"""Processes that make reports, a task at a time each; one that dies costs its task only."""

import logging
import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

from kjfp_helpers.reports.batch.kernels import hosts, processes, spawned
from kjfp_helpers.reports.batch.kernels.processes import Child
from kjfp_helpers.reports.batch.kernels.zygote import QUIET, Zygote

Task = TypeVar("Task")
Result = TypeVar("Result")


class ProcessDied(Exception):
    """A worker's process ended in the middle of a task."""


class Workers:
    """Worker processes, to be used as a context; begun when the first task is at hand.

    All are forked from one process that imports what reports and their notebooks use as soon as
    the context is entered; each forks a kernel for each notebook. They end with this process,
    however it ends.

    Parameters
    ----------
    jobs : int
        How many tasks are worked on at once.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._busy: dict[Connection, tuple[Child, Any]] = {}
        self._idle: list[Child] = []

    def __enter__(self) -> "Workers":
        self._scratch = tempfile.TemporaryDirectory()
        self._settings = {"MPLBACKEND": "agg", "IPYTHONDIR": self._scratch.name}
        self._host = self._zygote() if hosts.FORKS else None
        return self

    def __exit__(self, *_: Any) -> None:
        for child in [*self._idle, *(child for child, _ in self._busy.values())]:
            child.kill()
        if self._host:
            self._host.close()
        self._scratch.cleanup()

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
        waiting = deque(tasks)
        while waiting or self._busy:
            while waiting and len(self._busy) < self.jobs:
                self._give(work, waiting.popleft())
            for connection in wait(list(self._busy)):
                child, task = self._busy.pop(cast(Connection, connection))
                try:
                    result = child.connection.recv()
                except (EOFError, OSError):
                    child.kill()
                    result = ProcessDied()
                else:
                    self._idle.append(child)
                yield task, result

    def _give(self, work: Callable[[Any], Any], task: Any) -> None:
        child = self._idle.pop() if self._idle else self._begin()
        try:
            child.connection.send((work, task))
        except OSError:  # it died in its sleep
            child.kill()
            return self._give(work, task)
        self._busy[child.connection] = child, task
        return None

    def _begin(self) -> Child:
        if not hosts.FORKS:
            return spawned.Spawned(_settled, self._settings)
        if self._host and not self._host.alive():
            self._host.close()
            self._host = None
        if self._host is None:
            self._host = self._zygote()
        return self._host.fork(_work)

    def _zygote(self) -> Zygote:
        return Zygote([hosts.WARM, WARM], self._settings)


def warm() -> None:
    """Import what makes pages of notebooks, and the exporter with it."""
    with _left_out("rfc3987_syntax"):
        import papermill

    papermill.log.logger.setLevel(logging.CRITICAL)  # what fails is told in the table
    from kjfp_helpers.reports.batch import pages

    pages.exporter()


@contextmanager
def _left_out(module: str) -> Iterator[None]:
    """Let a module count as not installed while another is imported that can do without it.

    ``rfc3987_syntax`` builds a grammar when it is imported, which takes most of papermill's own
    import, for a format of addresses that the schema of notebooks does not have.
    """
    known = module in sys.modules
    if not known:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not known:
            del sys.modules[module]


WARM = f"{warm.__module__}:{warm.__name__}"


def _settled(connection: Connection, settings: Mapping[str, str]) -> None:
    """Work in a fresh process."""
    os.environ.update({**settings, **QUIET})
    _work(connection)


def _work(connection: Connection) -> None:
    """Do one task after another until the connection closes."""
    processes.prepared = hosts.FORKS
    processes.held.append(connection)
    while request := _next(connection):
        work, task = request
        try:
            result = work(task)
        except Exception as error:
            result = error
        connection.send(result)


def _next(connection: Connection) -> Any:
    """Return what is asked for next; nothing when whoever asks is gone."""
    try:
        return connection.recv()
    except (EOFError, OSError):
        return None
