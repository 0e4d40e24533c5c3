"""Processes that make reports, a task at a time each; one that dies costs its task only."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers:
    """Worker processes, to be used as a context.

    Parameters
    ----------
    jobs : int
        How many tasks are worked on at once.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def __enter__(self) -> "Workers":
        self._scratch = tempfile.TemporaryDirectory()
        self._pool = ProcessPoolExecutor(
            self.jobs, mp_context=get_context("spawn"), initializer=_settle,
            initargs=(self._scratch.name,),
        )  # fmt: skip
        return self

    def __exit__(self, *_: Any) -> None:
        self._pool.shutdown(cancel_futures=True)
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
            The task, and what was returned or the exception that was raised; when the process
            died, ``ProcessDied``.
        """
        futures = {self._pool.submit(work, task): task for task in tasks}
        for future in as_completed(futures):
            error = future.exception()
            yield futures[future], future.result() if error is None else error  # type: ignore[misc]


def _settle(scratch: str) -> None:
    """Set up a worker: quiet arithmetic threads, no screen, nobody's own IPython settings."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="agg")
    os.environ["IPYTHONDIR"] = scratch
