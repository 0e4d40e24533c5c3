"""Kernels as fresh processes, where nothing can fork: the next one is prepared ahead of time."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from threading import Lock
from types import ModuleType
from typing import Any

from ..process.child_processes import ChildProcess
from ..process.kernel_process import ExecutionContext, KernelPreload, prepare_kernel, serve_kernel
from .process_fingerprint import startup_fingerprint

_waiting: dict[tuple[str, KernelPreload], "SpawnedProcess"] = {}
"""The prepared kernel, by the start-up state and preload that it was started with."""
_main_lock = Lock()
_PRINT_PATH = "import json, sys; print(json.dumps(sys.path[not sys.path[0] :]))"


class SpawnedProcess(ChildProcess):
    """A fresh process that calls ``target(connection, *arguments)``."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        ours, theirs = Pipe()
        self._process = get_context("spawn").Process(
            target=_run_target, args=(target, theirs, *arguments)
        )
        with _empty_main_module():
            self._process.start()
        theirs.close()
        super().__init__(self._process.pid or 0, ours)

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.is_alive()

    def interrupt(self) -> None:
        """Send SIGINT, where the system has such a signal."""
        if os.name == "posix":
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """Kill the process at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()


@contextmanager
def _empty_main_module() -> Iterator[None]:
    """Keep a fresh process from importing this program's main module, which may not allow it."""
    with _main_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def start_kernel(context: ExecutionContext, preload: KernelPreload) -> SpawnedProcess:
    """Return the prepared kernel, set to run in a context, and start to prepare the next one."""
    key = startup_fingerprint(context.folder, context.environment), preload
    process = _waiting.pop(key, None) or SpawnedProcess(_serve_next, preload)
    _kill_waiting()
    process.connection.send(context)
    _waiting[key] = SpawnedProcess(_serve_next, preload)
    return process


def _kill_waiting() -> None:
    while _waiting:
        _waiting.popitem()[1].kill()


atexit.register(_kill_waiting)


def _serve_next(connection: Connection, preload: KernelPreload) -> None:
    """Prepare a kernel with the interpreter's own module path, then serve the next context."""
    fresh = subprocess.run(
        [sys.executable, "-c", _PRINT_PATH],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    sys.path[:] = json.loads(fresh.stdout)
    prepare_kernel(preload)
    serve_kernel(connection, connection.recv())


def _run_target(target: Callable[..., None], connection: Connection, *arguments: Any) -> None:
    try:
        target(connection, *arguments)
        _kill_waiting()  # otherwise this process would wait for its own children to end
    except (EOFError, OSError):
        os._exit(0)  # the parent is gone
