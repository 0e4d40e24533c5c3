"""Worker processes and threads for tasks that do not depend on each other.

They end with this process.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from itertools import chain, islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Task = TypeVar("Task")
Result = TypeVar("Result")

PENDING_PER_WORKER = 2
"""Tasks handed out beyond the results taken: they wait in memory, pickled."""
GC_THRESHOLDS = (700, 10, 10)
"""Python's own thresholds of the garbage collector; a command's main process raises them."""
LARGE_BLOCK = 1 << 20
"""Bytes of a block that a command's main process does not keep when it is freed."""
_WORKER_BLOCK = 1 << 25
"""The same in a worker, which needs blocks of the same size picture after picture."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Numbers of the settings in ``malloc.h``."""
_PR_SET_PDEATHSIG = 1
_STEP_BACK = 10
"""Niceness of work that is not urgent."""


def usable_cpus() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def keep_freed_blocks_below(size: int) -> None:
    """Let the system have each block of that many bytes or more back as soon as it is freed.

    By itself the GNU library comes to keep all below 32 MB, and little of what lies between blocks
    in use is ever filled again: of 2,400 units 120 MB lay idle. Other C libraries keep their ways.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError, OSError):
            library = ctypes.CDLL(None)
            library.mallopt(_M_MMAP_THRESHOLD, size)
            library.mallopt(_M_TRIM_THRESHOLD, 2 * size)


@contextmanager
def single_thread(*libraries: str) -> Iterator[None]:
    """Hold linear algebra to one thread: of small matrices most time would go by in waiting.

    Several threads would change last bits, too. ``libraries`` are modules that bring linear
    algebra of their own beside numpy's; they are imported.
    """
    with _linear_algebra(*libraries).limit(limits=1):
        yield


@cache
def _linear_algebra(*libraries: str) -> "ThreadpoolController":
    for library in ("numpy", *libraries):
        import_module(library)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def map_in_threads(work: Callable[..., Result], *columns: Iterable[Any]) -> list[Result]:
    """Return what ``work`` makes of each row of arguments, in their order, as :func:`map` does.

    For work that leaves the interpreter to others, such as hashing large files.

    Examples
    --------
    >>> map_in_threads(pow, [2, 3], [5, 2])
    [32, 9]
    """
    with ThreadPoolExecutor(usable_cpus()) as threads:
        return list(threads.map(work, *columns))


def begin_in_fork(
    work: Callable[[], Result], *, collect_garbage: bool = False, is_urgent: bool = True
) -> Callable[[], Result]:
    """Begin some work in a fork of this process; return what waits for its result.

    The fork holds all that this process does; nothing but the result, which is pickled, comes
    back. Where it cannot be forked, has threads or one processor alone, or the fork fails in
    whatever way, the work is done here, when its result is asked for. Long work asks for its
    garbage to be collected on the way; work that is not urgent leaves the processor to this
    process.

    Examples
    --------
    >>> names = ["乙", "甲"]
    >>> sorted_names = begin_in_fork(lambda: sorted(names))
    >>> sorted_names()
    ['乙', '甲']
    """
    if sys.platform != "linux" or threading.active_count() > 1 or usable_cpus() < 2:
        return work
    reader, writer = Pipe(duplex=False)
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:
        return work
    if child:
        writer.close()
        return partial(_take_result, reader, child, work)
    try:
        _end_with(parent)
        if not is_urgent:
            os.nice(_STEP_BACK)
        if not collect_garbage:
            gc.disable()
        writer.send_bytes(pickle.dumps(work(), protocol=pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(0)


def _take_result(reader: Connection, child: int, work: Callable[[], Result]) -> Result:
    with reader:
        try:
            data = reader.recv_bytes()
        except (EOFError, OSError):
            data = b""
    os.waitpid(child, 0)
    if not data:
        return work()
    result: Result = pickle.loads(data)
    return result


def map_in_processes(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    jobs: int,
    *,
    prepare: Callable[[], None] = lambda: None,
    replace_lost: Callable[[Task], Result] | None = None,
    pending: int = PENDING_PER_WORKER,
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
    prepare : callable
        Called once in each process before its first task.
    replace_lost : callable
        Makes the result of a task whose process the system ended, here. All tasks are then done in
        other processes, also where there is only one.
    pending : int
        Tasks handed out to each process beyond the results taken. More keep all busy while one
        task takes long, or the caller is busy with a result.

    Raises
    ------
    concurrent.futures.process.BrokenProcessPool
        When the system ended a worker and nothing replaces its result. What ``work`` raises is
        raised here.

    Examples
    --------
    >>> list(map_in_processes(len, ["甲", "甲乙"], jobs=1))
    [1, 2]
    """
    waiting = iter(tasks)
    first = list(islice(waiting, 2))
    if replace_lost is None and (jobs < 2 or len(first) < 2):
        prepare()
        yield from map(work, first)
        yield from map(work, waiting)
        return
    jobs = jobs if len(first) > 1 else 1
    waiting = chain(first, waiting)
    running: deque[tuple[Task, Future[Result]]] = deque()
    pool = _start_pool(jobs, prepare)
    try:
        while True:
            free = jobs * pending - len(running)
            running.extend((task, _submit(pool, work, task)) for task in islice(waiting, free))
            if not running:
                return
            task, future = running.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                if replace_lost is None:
                    raise
                lost = [task, *(other for other, _ in running)]
                running.clear()
                pool.shutdown(wait=True, cancel_futures=True)
                yield from (_work_alone(work, other, prepare, replace_lost) for other in lost)
                pool = _start_pool(jobs, prepare)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_pool(jobs: int, prepare: Callable[[], None]) -> ProcessPoolExecutor:
    arguments = (os.getpid(), prepare)
    return ProcessPoolExecutor(max(jobs, 1), initializer=_prepare_worker, initargs=arguments)


def _submit(
    pool: ProcessPoolExecutor, work: Callable[[Task], Result], task: Task
) -> Future[Result]:
    """Submit a task; where the pool is broken already, the future fails with that error."""
    try:
        return pool.submit(work, task)
    except BrokenProcessPool as error:
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


def _work_alone(
    work: Callable[[Task], Result],
    task: Task,
    prepare: Callable[[], None],
    replace_lost: Callable[[Task], Result],
) -> Result:
    """Do a task in a process of its own, after some task ended the process that it was in."""
    with _start_pool(1, prepare) as pool:
        try:
            return pool.submit(work, task).result()
        except BrokenProcessPool:
            return replace_lost(task)


def _prepare_worker(parent: int, prepare: Callable[[], None]) -> None:
    """Let a worker end with its parent, leave Ctrl-C to it, and use memory as usual."""
    _end_with(parent)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    keep_freed_blocks_below(_WORKER_BLOCK)
    prepare()


def _end_with(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
