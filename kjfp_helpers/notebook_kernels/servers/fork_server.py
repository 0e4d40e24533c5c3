"""A fork server: a single-threaded process that has imported what others need and forks on request.

It ends, with all its children, as soon as the socket to it closes, for whatever reason; a child
ends as soon as the connection to it closes.
"""

import gc
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from ..process.child_processes import ChildProcess, closed_in_children, fork_process

SINGLE_THREADED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Variables for linear algebra without threads: a process with threads cannot be forked safely."""
_START = f"""import sys
if not sys.path[0]:
    del sys.path[0]
from {__name__} import main
main(*map(int, sys.argv[1:]))
"""
"""Like ipykernel's launcher, it does not import from the working folder."""


class ForkClient:
    """Sends fork requests to a fork server; any process or thread with the socket may use it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    def fork(self, target: Callable[..., None], *arguments: Any) -> ChildProcess:
        """Run ``target(connection, *arguments)`` in a fork of the server.

        Raises
        ------
        OSError
            When the server has ended.
        """
        ours, theirs = Pipe()
        with theirs:
            socket.send_fds(self.control, [b"."], [theirs.fileno()])
        try:
            ours.send((target, arguments))
            return ChildProcess(ours.recv(), ours)
        except EOFError:
            ours.close()
            raise ConnectionError("the fork server has ended") from None


borrowed_server: ForkClient | None = None
"""A fork server of another process that this process may use."""


class ForkServer(ForkClient):
    """A fork server and its process, as its owner sees them.

    Parameters
    ----------
    initializer : callable, optional
        Called in the server before the first fork; a function at the top of a module.
    *arguments
        Its arguments, as pickle takes them.
    environment : mapping, optional
        Variables added to this process's own.
    lent_server : ForkClient, optional
        Another fork server, which the children of this one find as ``borrowed_server``.
    """

    def __init__(
        self,
        initializer: Callable[..., None] | None = None,
        *arguments: Any,
        environment: Mapping[str, str] | None = None,
        lent_server: ForkClient | None = None,
    ) -> None:
        control, theirs = socket.socketpair()
        super().__init__(control)
        sockets = [theirs, lent_server.control] if lent_server else [theirs]
        descriptors = [passed.fileno() for passed in sockets]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *map(str, descriptors)],
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **(environment or {}), **SINGLE_THREADED},
        )
        theirs.close()
        self._owner = os.getpid()
        self._children: list[ChildProcess] = []
        with suppress(OSError), Connection(os.dup(control.fileno())) as requests:
            requests.send((initializer, arguments))  # where it has ended already, ``fork`` fails

    def fork(self, target: Callable[..., None], *arguments: Any) -> ChildProcess:
        """Run ``target(connection, *arguments)`` in a fork of the server."""
        child = super().fork(target, *arguments)
        self._children = [child, *(other for other in self._children if other.is_alive())]
        return child

    def is_in_use(self) -> bool:
        """Tell whether any process forked from it runs."""
        return any(child.is_alive() for child in self._children)

    def is_alive(self) -> bool:
        """Tell whether the server runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End a server that has forked nothing, whatever it is at; close it afterwards."""
        self._process.kill()

    def close(self) -> None:
        """End the server and all its children; in another process than its owner do nothing."""
        if os.getpid() == self._owner:
            with suppress(OSError):  # it has ended
                self.control.shutdown(socket.SHUT_RDWR)  # forked processes hold copies of it
            self._process.wait()
        self.control.close()


class _ChildTable:
    """The server's living children, each with the server's side of its connection.

    That side is kept to notice when the client closes the other: then the child is killed.
    """

    def __init__(self, control: socket.socket) -> None:
        self._living: dict[int, Connection] = {}
        self._control, self._poller = control, select.poll()
        self._child_ended, signalled = socket.socketpair()
        signalled.setblocking(False)
        signal.set_wakeup_fd(signalled.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for watched in (control, self._child_ended):
            self._poller.register(watched, select.POLLIN)
        closed_in_children.extend((control, self._child_ended, signalled))

    def next_request(self) -> Connection | None:
        """Return the connection of the next requested child; None when the owner is gone.

        Meanwhile reap children that have exited, and kill those whose client has disconnected.
        """
        ready: list[int] = []
        while self._control.fileno() not in ready:
            ready = [descriptor for descriptor, _ in self._poller.poll()]
            if self._child_ended.fileno() in ready:
                self._child_ended.recv(4096)  # one byte for each signal
                self._reap()
            for pid, connection in self._living.items():
                if connection.fileno() in ready:
                    self._poller.unregister(connection)
                    _kill_group(pid)
        with suppress(ConnectionError):
            data, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
            if data and not descriptors:  # too many open files: the client sees a closed connection
                return self.next_request()
            return Connection(descriptors[0]) if data else None
        return None

    def start(self, connection: Connection) -> None:
        """Fork a child; when that fails, the client sees a closed connection."""
        try:
            pid = fork_process(_run_request, connection)
        except OSError:
            connection.close()
            return
        closed_in_children.append(connection)
        self._living[pid] = connection
        self._poller.register(connection, 0)

    def _reap(self) -> None:
        for pid, connection in tuple(self._living.items()):
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                del self._living[pid]
                with suppress(KeyError):  # it was killed here
                    self._poller.unregister(connection)
                closed_in_children.remove(connection)
                connection.close()

    def kill_all(self) -> None:
        """Kill all children."""
        for pid in self._living:
            _kill_group(pid)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _run_request(connection: Connection) -> None:
    target, arguments = connection.recv()
    connection.send(os.getpid())
    target(connection, *arguments)


@contextmanager
def _leave_a_processor() -> Iterator[None]:
    """Keep to one of two processors: the process that started this one needs the other."""
    allowed = os.sched_getaffinity(0) if sys.platform == "linux" else set()
    if len(allowed) != 2:
        yield
        return
    os.sched_setaffinity(0, {max(allowed)})
    yield
    os.sched_setaffinity(0, allowed)


def main(control_descriptor: int, lent_descriptor: int | None = None) -> None:
    """Initialize, then fork on request until the control socket closes.

    Parameters
    ----------
    control_descriptor, lent_descriptor : int
        Open sockets: to the owner, and to a fork server that is lent.
    """
    global borrowed_server
    control = socket.socket(fileno=control_descriptor)
    if lent_descriptor is not None:
        borrowed_server = ForkClient(socket.socket(fileno=lent_descriptor))
    with Connection(os.dup(control_descriptor)) as requests:
        initializer, arguments = requests.recv()
    if initializer:
        with _leave_a_processor():
            initializer(*arguments)
    gc.collect()
    gc.freeze()
    children = _ChildTable(control)
    while connection := children.next_request():
        children.start(connection)
    children.kill_all()
    os._exit(0)  # its libraries need no farewell, and the owner waits for this process
