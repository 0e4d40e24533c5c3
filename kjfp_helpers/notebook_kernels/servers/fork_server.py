"""A single-threaded process that has imported what notebooks use, and forks on request.

It ends, with all its children, as soon as the socket to it closes, however that came about; a
child ends as soon as the connection to it closes.
"""

import gc
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from kjfp_helpers.notebook_kernels.process.child_processes import Child, begin, held

QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Arithmetic without threads: a process with threads cannot be forked safely."""
_START = f"""import sys
if not sys.path[0]:
    del sys.path[0]
from {__name__} import main
main(sys.argv[1], sys.argv[2:])
"""
"""The working folder is no place to import from, as for ipykernel's launcher."""


class Forker:
    """The way to a zygote, for as many processes and threads as have a copy of the socket."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    def fork(self, target: Callable[..., None], *given: Any) -> Child:
        """Begin ``target(connection, *given)`` in a copy of the zygote.

        Raises
        ------
        OSError
            When the zygote has ended.
        """
        ours, theirs = Pipe()
        with theirs:
            socket.send_fds(self.control, [b"."], [theirs.fileno()])
        try:
            ours.send((target, given))
            return Child(ours.recv(), ours)
        except EOFError:
            ours.close()
            raise ConnectionError("the process that forks has ended") from None


class Zygote(Forker):
    """The process, as its owner sees it.

    Parameters
    ----------
    warmers : sequence of str
        ``module:function`` of what is called before the first fork.
    environment : mapping
        Added to this process's own.
    lent : Forker, optional
        Another zygote that this one's children may use, as ``hosts.lent``.
    """

    def __init__(
        self,
        warmers: Sequence[str],
        environment: Mapping[str, str] | None = None,
        lent: Forker | None = None,
    ) -> None:
        control, theirs = socket.socketpair()
        super().__init__(control)
        numbers = [one.fileno() for one in (theirs, *((lent.control,) if lent else ()))]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, ",".join(map(str, numbers)), *warmers],
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **(environment or {}), **QUIET},
        )
        theirs.close()
        self._owner = os.getpid()
        self._forked: list[Child] = []

    def fork(self, target: Callable[..., None], *given: Any) -> Child:
        """Begin ``target(connection, *given)`` in a copy of the process."""
        child = super().fork(target, *given)
        self._forked = [child, *(one for one in self._forked if one.alive())]
        return child

    def is_used(self) -> bool:
        """Tell whether any process forked from it runs."""
        return any(child.alive() for child in self._forked)

    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process and all its children; only its owner does."""
        if os.getpid() == self._owner:
            with suppress(OSError):  # it has ended
                self.control.shutdown(socket.SHUT_RDWR)  # copies in forked processes stay open
            self._process.wait()
        self.control.close()


class _Children:
    """Processes that were begun, for as long as they live, each with this side of its connection.

    That side is kept to hear when the other closes: then nobody waits for the process any more.
    """

    def __init__(self, control: socket.socket) -> None:
        self._living: dict[int, Connection] = {}
        self._control, self._watched = control, select.poll()
        self._ended, told = socket.socketpair()
        told.setblocking(False)
        signal.set_wakeup_fd(told.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for one in (control, self._ended):
            self._watched.register(one, select.POLLIN)
        held.extend((control, self._ended, told))

    def asked(self) -> Connection | None:
        """Return the connection for a process that is asked for; nothing when the owner is gone.

        Meanwhile processes that have ended are buried, and ended that nobody waits for.
        """
        come: list[int] = []
        while self._control.fileno() not in come:
            come = [number for number, _ in self._watched.poll()]
            if self._ended.fileno() in come:
                self._ended.recv(4096)  # a byte each
                self._bury()
            for pid, connection in self._living.items():
                if connection.fileno() in come:
                    self._watched.unregister(connection)
                    _end(pid)
        with suppress(ConnectionError):
            said, numbers, _, _ = socket.recv_fds(self._control, 1, 1)
            if said and not numbers:  # too many files are open here: whoever asked hears an end
                return self.asked()
            return Connection(numbers[0]) if said else None
        return None

    def begin(self, connection: Connection) -> None:
        """Fork one; where none can be had, whoever asked hears it from the closed connection."""
        try:
            pid = begin(_begun, connection)
        except OSError:
            connection.close()
            return
        held.append(connection)
        self._living[pid] = connection
        self._watched.register(connection, 0)

    def _bury(self) -> None:
        for pid, connection in tuple(self._living.items()):
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                del self._living[pid]
                with suppress(KeyError):  # it was ended here
                    self._watched.unregister(connection)
                held.remove(connection)
                connection.close()

    def end(self) -> None:
        """End all."""
        for pid in self._living:
            _end(pid)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _begun(connection: Connection) -> None:
    target, given = connection.recv()
    connection.send(os.getpid())
    target(connection, *given)


def main(numbers: str, warmers: Sequence[str]) -> None:
    """Warm up, then fork on request until the socket closes.

    Parameters
    ----------
    numbers : str
        Descriptors, separated by commas: the socket, and that of a zygote that is lent.
    warmers : sequence of str
        As for ``Zygote``.
    """
    from kjfp_helpers.notebook_kernels.servers import kernel_factory

    control, *lent = (socket.socket(fileno=int(number)) for number in numbers.split(","))
    kernel_factory.lent = Forker(lent[0]) if lent else None
    for warmer in warmers:
        module, name = warmer.split(":")
        getattr(import_module(module), name)()
    gc.collect()
    gc.freeze()
    children = _Children(control)
    while connection := children.asked():
        children.begin(connection)
    children.end()
