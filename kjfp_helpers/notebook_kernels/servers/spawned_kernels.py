"""Where nothing can be forked: fresh processes, the next for a notebook warming up meanwhile."""

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

from kjfp_helpers.notebook_kernels.process.child_processes import Child
from kjfp_helpers.notebook_kernels.process.kernel_process import Surroundings, serve, warm_any
from kjfp_helpers.notebook_kernels.servers.process_fingerprint import startup_fingerprint

_waiting: dict[str, "Spawned"] = {}
"""The kernel that waits, by the state in which it was started."""
_main_lock = Lock()
_PATH = "import json, sys; print(json.dumps(sys.path[not sys.path[0] :]))"


class Spawned(Child):
    """A fresh process that calls ``target(connection)``."""

    def __init__(self, target: Callable[..., None], *given: Any) -> None:
        ours, theirs = Pipe()
        self._process = get_context("spawn").Process(target=_begin, args=(target, theirs, *given))
        with _blank_main():
            self._process.start()
        theirs.close()
        super().__init__(self._process.pid or 0, ours)

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.is_alive()

    def interrupt(self) -> None:
        """Interrupt what it does, where the system has such a signal."""
        if os.name == "posix":
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()


@contextmanager
def _blank_main() -> Iterator[None]:
    """Let a fresh process not import this one's program, which need not allow for that."""
    with _main_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def kernel(around: Surroundings) -> Spawned:
    """Return the kernel that waits, given its surroundings, and let another one warm up."""
    state = startup_fingerprint(around.folder, around.environment)
    taken = _waiting.pop(state, None) or Spawned(_serve_next)
    _dismiss()
    taken.connection.send(around)
    _waiting[state] = Spawned(_serve_next)
    return taken


def _dismiss() -> None:
    while _waiting:
        _waiting.popitem()[1].kill()


atexit.register(_dismiss)


def _serve_next(connection: Connection) -> None:
    """Warm up as a process that knows nothing of its parent, then be a kernel where asked for."""
    fresh = subprocess.run(
        [sys.executable, "-c", _PATH], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True
    )
    sys.path[:] = json.loads(fresh.stdout)
    warm_any()
    serve(connection, connection.recv())


def _begin(target: Callable[..., None], connection: Connection, *given: Any) -> None:
    try:
        target(connection, *given)
        _dismiss()  # else this process would wait for its own children to end
    except (EOFError, OSError):
        os._exit(0)  # whoever began this process is gone
