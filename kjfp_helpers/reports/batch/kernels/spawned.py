"""Where nothing can be forked: fresh processes, the next for a notebook warming up meanwhile."""

import atexit
import os
from collections.abc import Callable
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from typing import Any

from kjfp_helpers.reports.batch.kernels.processes import Child
from kjfp_helpers.reports.batch.kernels.serving import serve_next

_waiting: list["Spawned"] = []


class Spawned(Child):
    """A fresh process that calls ``target(connection)``."""

    def __init__(self, target: Callable[..., None], *given: Any) -> None:
        ours, theirs = Pipe()
        self._process = get_context("spawn").Process(target=_begin, args=(target, theirs, *given))
        self._process.start()
        theirs.close()
        super().__init__(self._process.pid or 0, ours)

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.is_alive()

    def interrupt(self) -> None:
        """Do nothing: not every system has such a signal."""

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def kernel(around: Any) -> Spawned:
    """Return the kernel that waits, given its surroundings, and let another one warm up."""
    if not _waiting:
        _waiting.append(Spawned(serve_next))
        atexit.register(_dismiss)
    taken = _waiting.pop()
    taken.connection.send(around)
    _waiting.append(Spawned(serve_next))
    return taken


def _dismiss() -> None:
    while _waiting:
        _waiting.pop().kill()


def _begin(target: Callable[..., None], connection: Connection, *given: Any) -> None:
    try:
        target(connection, *given)
        _dismiss()  # else this process would wait for its own children to end
    except (EOFError, OSError):
        os._exit(0)  # whoever began this process is gone
