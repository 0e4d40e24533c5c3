"""Child processes that are forked from this one, end with it and form a process group each."""

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

SPAWN_VARIABLE = "NOTEBOOK_KERNELS_SPAWN"
"""Environment variable that forbids forking, where forking is found to be unsafe."""
CAN_FORK = hasattr(os, "fork") and SPAWN_VARIABLE not in os.environ
"""Whether kernels are forked; otherwise each is a fresh interpreter."""
GRACE_SECONDS = 5.0
"""Time that a process is given to end by itself."""
END_MESSAGE = None
"""Last message of a process, sent when its exit handlers have run; also the request to end."""
closed_in_children: list[Connection | socket] = []
"""Connections of this process that a forked child closes: their other ends wait for the end."""
_PR_SET_PDEATHSIG = 1


class ChildProcess:
    """A child process and the connection to it."""

    def __init__(self, pid: int, connection: Connection) -> None:
        self.pid, self.connection = pid, connection

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def interrupt(self) -> None:
        """Send SIGINT to the process group."""
        self._signal(signal.SIGINT)

    def stop(self) -> None:
        """Ask the process to end; kill its group when it has not ended some seconds later."""
        deadline = monotonic() + GRACE_SECONDS
        with suppress(OSError, EOFError):
            self.connection.send(END_MESSAGE)
            while self.connection.poll(max(0, deadline - monotonic())):
                if self.connection.recv() is END_MESSAGE or monotonic() >= deadline:
                    break
        self.kill()

    def kill(self) -> None:
        """Kill the process group at once."""
        self._signal(signal.SIGKILL)
        self.connection.close()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def fork_process(target: Callable[..., None], connection: Connection, *arguments: Any) -> int:
    """Run ``target(connection, *arguments)`` in a fork of this process; return its process id.

    This process must have one thread only. The child leads a process group of its own and is
    killed when this process ends. It never returns from here: it exits when ``target`` returns.
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
        _detach_from_parent(parent)
        connection = _move_to_lowest_descriptor(connection)
        target(connection, *arguments)
        atexit._run_exitfuncs()
        with suppress(OSError):
            connection.send(END_MESSAGE)
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _move_to_lowest_descriptor(connection: Connection) -> Connection:
    """Return the connection under the lowest free descriptor, if that is below its own.

    The parent gave it the lowest that was free beside the connections of other living children.
    Those are closed here, so that the descriptors of a child do not depend on its siblings.
    """
    lowest = os.dup(connection.fileno())
    if lowest > connection.fileno():
        os.close(lowest)
        return connection
    connection.close()
    return Connection(lowest)


def _detach_from_parent(parent: int) -> None:
    """Drop the parent's handles, exit handlers and signal handlers in a fresh child."""
    with suppress(OSError):
        os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    atexit._clear()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for connection in closed_in_children:
        connection.close()
    closed_in_children.clear()
