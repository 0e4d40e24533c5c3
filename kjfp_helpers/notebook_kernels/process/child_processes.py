"""Child processes that begin as copies of this one, and end with it."""

import atexit
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from socket import socket
from time import monotonic
from typing import Any

FORKS = hasattr(os, "fork") and "KJFP_SPAWN" not in os.environ
"""Whether processes are forked; the variable forbids it where forking is found to be unsafe."""
_PR_SET_PDEATHSIG = 1
GRACE = 5.0
"""Seconds a process is given to end by itself."""
ENDED = None
"""What a process says last, when all that it had to do at its end is done."""
held: list[Connection | socket] = []
"""Connections of this process that no child may hold: their other ends wait for them to close."""


class Child:
    """A process that was begun, and the connection to it."""

    def __init__(self, pid: int, connection: Connection) -> None:
        self.pid, self.connection = pid, connection

    def alive(self) -> bool:
        """Tell whether it runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def interrupt(self) -> None:
        """Interrupt what it does."""
        self._signal(signal.SIGINT)

    def end(self) -> None:
        """Ask it to end, and after some seconds end it with all it has begun."""
        last = monotonic() + GRACE
        with suppress(OSError, EOFError):
            self.connection.send(ENDED)
            while self.connection.poll(max(0, last - monotonic())):
                if self.connection.recv() is ENDED or monotonic() >= last:
                    break
        self.kill()

    def kill(self) -> None:
        """End it, with all it has begun, at once."""
        self._signal(signal.SIGKILL)
        self.connection.close()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def begin(target: Callable[..., None], connection: Connection, *given: Any) -> int:
    """Begin ``target(connection, *given)`` in a copy of this process, which must have one thread.

    The copy leads a process group of its own and is killed when this process ends. Its id is
    returned in this process; in the copy nothing is.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        with suppress(OSError):
            os.setpgid(pid, pid)  # both sides set it, so that neither acts before it is so
        return pid
    status = 1
    try:
        _settle(parent)
        connection = _move_lowest(connection)
        target(connection, *given)
        atexit._run_exitfuncs()
        with suppress(OSError):
            connection.send(ENDED)
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _move_lowest(connection: Connection) -> Connection:
    """Return a connection under the lowest descriptor that is free, if that is below its own.

    The parent gave it the lowest that was free beside those for other children that lived then;
    here those are closed, and what a child sees does not depend on them.
    """
    lowest = os.dup(connection.fileno())
    if lowest > connection.fileno():
        os.close(lowest)
        return connection
    connection.close()
    return Connection(lowest)


def _settle(parent: int) -> None:
    """Cut a fresh child loose from all that was its parent's."""
    with suppress(OSError):
        os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    atexit._clear()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for connection in held:
        connection.close()
    held.clear()
