"""A single-threaded process that has imported what notebooks use, and forks on request.

Started as ``python -m kjfp_helpers.reports.batch.kernels.zygote DESCRIPTOR WARMER...``. It ends,
with all its children, as soon as the socket to it closes, however that came about.
"""

import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from kjfp_helpers.reports.batch.kernels.processes import Child, begin, held

QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Arithmetic without threads: a process with threads cannot be forked safely."""
_LENGTH = 8


class Zygote:
    """The process, as its owner sees it; safe to use from several threads.

    Parameters
    ----------
    warmers : sequence of str
        ``module:function`` of what is called before the first fork.
    environment : mapping
        Added to this process's own.
    """

    def __init__(
        self, warmers: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self._control, theirs = socket.socketpair()
        number = theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-Xfrozen_modules=off", "-m", __name__, str(number), *warmers],
            pass_fds=[number], stdin=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, **(environment or {}), **QUIET},
        )  # fmt: skip
        theirs.close()
        self._lock = threading.Lock()

    def fork(self, target: Callable[..., None], *given: Any) -> Child:
        """Begin ``target(connection, *given)`` in a copy of the process.

        Raises
        ------
        OSError
            When the process has ended.
        """
        ours, theirs = Pipe()
        request = pickle.dumps((target, given))
        with self._lock, theirs:
            head = len(request).to_bytes(_LENGTH, "big")
            socket.send_fds(self._control, [head], [theirs.fileno()])
            self._control.sendall(request)
            answer = self._control.recv(_LENGTH)
        if not answer:
            ours.close()
            raise ConnectionError("the process that forks has ended")
        return Child(int.from_bytes(answer, "big"), ours)

    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process and all its children."""
        self._control.close()
        self._process.wait()


class _Children:
    """Process groups that were begun, for as long as they live."""

    def __init__(self) -> None:
        self._living: set[int] = set()
        signal.signal(signal.SIGCHLD, self.bury)

    def add(self, pid: int) -> None:
        self._living.add(pid)
        self.bury()  # one that ended before it was added was not looked for

    def bury(self, *_: Any) -> None:
        for pid in tuple(self._living):
            with suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG) == (0, 0):
                    continue
            self._living.discard(pid)

    def end(self) -> None:
        for pid in self._living:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def main(number: int, warmers: Sequence[str]) -> None:
    """Warm up, then fork on request until the socket closes."""
    for warmer in warmers:
        module, name = warmer.split(":")
        getattr(import_module(module), name)()
    gc.collect()
    gc.freeze()
    children = _Children()
    control = socket.socket(fileno=number)
    held.append(control)
    with suppress(OSError):  # the owner was killed while it was answered
        while head := _receive(control):
            length, connection = head
            body = control.recv(length, socket.MSG_WAITALL)
            pid = begin(_begun, connection, body)
            connection.close()
            children.add(pid)
            control.sendall(pid.to_bytes(_LENGTH, "big"))
    children.end()


def _receive(control: socket.socket) -> tuple[int, Connection] | None:
    """Return a request's length and its connection; nothing when the owner is gone."""
    try:
        head, numbers, _, _ = socket.recv_fds(control, _LENGTH, 1)
    except OSError:
        return None
    return (int.from_bytes(head, "big"), Connection(numbers[0])) if head else None


def _begun(connection: Connection, body: bytes) -> None:
    target, given = pickle.loads(body)
    target(connection, *given)


if __name__ == "__main__":
    if sys.path[0] == os.getcwd():
        del sys.path[0]  # as ipykernel's launcher does
    main(int(sys.argv[1]), sys.argv[2:])
