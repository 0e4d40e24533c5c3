"""Child processes that begin as copies of this one, and end with it."""

import atexit
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from socket import socket
from typing import Any

_PR_SET_PDEATHSIG = 1
GRACE = 5.0
"""Seconds a process is given to end by itself."""
prepared = False
"""Whether this process has one thread and what notebooks use, so that it may be forked for them."""
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
        with suppress(OSError, EOFError):
            self.connection.send([])
            while self.connection.poll(GRACE):
                self.connection.recv()
        self.kill()

    def kill(self) -> None:
        """End it, with all it has begun, at once."""
        self._signal(signal.SIGKILL)
        if self.connection in held:
            held.remove(self.connection)
        self.connection.close()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


class OwnChild(Child):
    """One whose parent is this very process, which therefore must bury it."""

    buried = False

    def alive(self) -> bool:
        """Tell whether it runs."""
        if not self.buried:
            self.buried = os.waitpid(self.pid, os.WNOHANG) != (0, 0)
        return not self.buried

    def kill(self) -> None:
        """End it, with all it has begun, at once."""
        super().kill()
        if not self.buried:
            os.waitpid(self.pid, 0)
            self.buried = True


def fork(target: Callable[..., None], *given: Any) -> OwnChild:
    """Begin ``target(connection, *given)`` in a copy of this process, which must have one thread.

    The copy leads a process group of its own and is killed when this process ends.
    """
    ours, theirs = Pipe()
    pid = begin(target, theirs, *given)
    theirs.close()
    held.append(ours)
    return OwnChild(pid, ours)


def begin(target: Callable[..., None], connection: Connection, *given: Any) -> int:
    """Fork; return the child's id in the parent, and never in the child."""
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
        target(connection, *given)
        atexit._run_exitfuncs()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _settle(parent: int) -> None:
    """Cut a fresh child loose from all that was its parent's."""
    with suppress(OSError):
        os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    atexit._clear()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for connection in held:
        connection.close()
    held.clear()
