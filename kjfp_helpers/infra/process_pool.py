"""Worker processes for tasks that do not depend on each other; they end with this process."""

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

PENDING_PER_WORKER = 2
"""Tasks handed out beyond the results taken: they wait in memory, pickled."""
GC_THRESHOLDS = (700, 10, 10)
"""Python's own thresholds of the garbage collector; a command's main process raises them."""
_PR_SET_PDEATHSIG = 1


def usable_cpus() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def map_in_processes(
    work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int
) -> Iterator[Result]:
    """Yield what ``work`` makes of each task, in the order of the tasks.

    Parameters
    ----------
    work : callable
        Found by its name in its module, as pickle does.
    tasks : iterable
        Pickled one by one, a few ahead of the results.
    jobs : int
        Processes; with one, or with one task, all is done in this process.

    Raises
    ------
    concurrent.futures.process.BrokenProcessPool
        When the system ended a worker. What ``work`` raises is raised here.

    Examples
    --------
    >>> list(map_in_processes(len, ["甲", "甲乙"], jobs=1))
    [1, 2]
    """
    waiting = iter(tasks)
    first = list(islice(waiting, 2))
    if jobs < 2 or len(first) < 2:
        yield from map(work, first)
        yield from map(work, waiting)
        return
    running: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_prepare_worker, initargs=(os.getpid(),)) as pool:
        try:
            running.extend(pool.submit(work, task) for task in first)
            while running:
                free = jobs * PENDING_PER_WORKER - len(running)
                running.extend(pool.submit(work, task) for task in islice(waiting, free))
                yield running.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _prepare_worker(parent: int) -> None:
    """Let a worker end with its parent, leave Ctrl-C to it, and collect garbage as usual."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
