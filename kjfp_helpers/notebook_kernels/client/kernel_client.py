"""The notebook's side of a kernel: manager, client and notebook as nbclient knows them.

nbclient waits for a kernel by several tasks in an event loop, which costs more than most cells of
a report. With one connection for all messages it is one wait after another; what a message
means, and what a cell's end means, stays nbclient's own.
"""

import os
from collections import deque
from contextlib import suppress
from functools import cache
from queue import Empty
from threading import Lock
from time import monotonic
from typing import Any

from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient

from kjfp_helpers.notebook_kernels.process.child_processes import Child
from kjfp_helpers.notebook_kernels.process.transport import (
    IOPUB,
    SHELL,
    UNSIGNED,
    Channel,
    Messages,
    Wire,
    receive,
)

_ALIVE = 1.0
"""Seconds after which a silent kernel is looked at."""
_INTERRUPTED = 5.0
"""Seconds a cell is given to end when it was interrupted."""


@cache
def _session(_process: int) -> Messages:
    """Return a process's session: making one costs more than a cell."""
    return Messages(key=UNSIGNED)


class Client:
    """What nbclient asks of a kernel's client."""

    allow_stdin = False

    def __init__(self, child: Child) -> None:
        self._child, self.session = child, _session(os.getpid())
        self._requests = Channel(Wire(child.connection, Lock()), SHELL)
        self._come: deque[list[bytes]] = deque()
        self.shell_channel = self

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for a cell to be run; return the request's id."""
        return self._ask(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": self.allow_stdin,
                "stop_on_error": stop_on_error,
            },
        )

    def kernel_info(self) -> str:
        """Ask what kernel it is; return the request's id."""
        return self._ask("kernel_info_request", {})

    def _ask(self, kind: str, content: Any) -> str:
        message = self.session.msg(kind, content)
        self.send(message)
        return str(message["header"]["msg_id"])

    def send(self, message: Any) -> None:
        """Send a message, which may be a widget's."""
        try:
            self.session.send(self._requests, message)
        except OSError:
            raise DeadKernelError("Kernel died") from None

    def receive(self, end: float | None) -> tuple[bytes, Any]:
        """Return the next message's channel and the message.

        Parameters
        ----------
        end : float, optional
            Moment of the monotonic clock until which to wait.

        Raises
        ------
        queue.Empty
            When the moment has come.
        nbclient.exceptions.DeadKernelError
            When the kernel's process has ended and has left nothing to be read.
        """
        while not self._come:
            self._come.extend(self._wait(end))
        channel, *frames = self._come.popleft()
        _, frames = self.session.feed_identities(frames)
        return channel, self.session.deserialize(frames)

    def _wait(self, end: float | None) -> list[list[bytes]]:
        connection = self._child.connection
        try:
            while not connection.poll(_ALIVE if end is None else min(_ALIVE, end - monotonic())):
                if end is not None and monotonic() >= end:
                    raise Empty
                if not self._child.alive() and not connection.poll(0):
                    raise EOFError
            return receive(connection)
        except (EOFError, OSError):
            raise DeadKernelError("Kernel died") from None
        except Empty:
            raise
        except Exception as error:  # a process that was killed while it wrote
            raise DeadKernelError(f"Kernel sent what cannot be read: {error}") from error

    def get_msg(self, timeout: float | None = None) -> Any:
        """Return the next reply."""
        end = None if timeout is None else monotonic() + timeout
        while True:
            channel, message = self.receive(end)
            if channel == SHELL:
                return message

    def start_channels(self) -> None:
        """Do nothing: the connection stands."""

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Do nothing: requests wait in the connection until the kernel reads them."""

    def is_alive(self) -> bool:
        """Tell whether the kernel's process runs."""
        return self._child.alive()


class Manager:
    """A kernel manager for a kernel that runs already."""

    has_kernel = True

    def __init__(self, child: Child, connection_file: str) -> None:
        self._child, self._connection_file = child, connection_file

    def client(self) -> Client:
        """Return a client."""
        return Client(self._child)

    def interrupt_kernel(self) -> None:
        """Interrupt the cell that runs."""
        self._child.interrupt()

    def close(self) -> None:
        """Let the kernel end, or end it."""
        self._child.end()
        with suppress(OSError):  # the notebook may have taken it away
            os.remove(self._connection_file)

    def kill(self) -> None:
        """End the kernel, whatever it does."""
        self._child.kill()


class Notebook(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's notebook client, with nbclient's three tasks a cell as one wait."""

    def execute_cell(self, cell: Any, cell_index: int, **settings: Any) -> Any:
        """Run a cell, as nbclient does."""
        self._place = cell_index
        if cell.cell_type != "code" and self.on_cell_start is None:
            return cell
        return super().execute_cell(cell, cell_index, **settings)

    def interrupt_cell(self) -> None:
        """Interrupt the cell that runs and take what it says, for a few seconds at most."""
        if not self.km or not self.kc:
            return
        self.km.interrupt_kernel()
        end = monotonic() + _INTERRUPTED
        with suppress(Empty, DeadKernelError):
            while True:
                channel, message = self.kc.receive(end)
                cell = self.nb.cells[self._place]
                if channel == IOPUB and self._ends(message, cell):
                    return

    async def _async_poll_kernel_alive(self) -> None:
        """Do nothing: whoever waits for a reply looks."""

    async def _async_poll_output_msg(self, *_: Any) -> None:
        """Do nothing: whoever waits for a reply takes the outputs before it."""

    async def _async_poll_for_reply(
        self, msg_id: str, cell: Any, timeout: int | None, *_: Any
    ) -> Any:
        end = None if timeout is None else monotonic() + timeout
        reply, busy = None, True
        while reply is None or busy:
            try:
                channel, message = self.kc.receive(end)
            except Empty:
                if reply is not None:
                    return self._without_end(reply, cell)
                reply = await self._async_handle_timeout(timeout, cell)
                end = monotonic() + (self.iopub_timeout if reply else timeout or 0)
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if channel == SHELL:
                reply, end = message, monotonic() + self.iopub_timeout
                self._time(message, cell)
            else:
                busy = not self._ends(message, cell) and busy
        return reply

    def _time(self, reply: Any, cell: Any) -> None:
        if self.record_timing:
            cell["metadata"]["execution"]["shell.execute_reply"] = timestamp(reply)

    def _ends(self, message: Any, cell: Any) -> bool:
        """Take a message; tell whether its cell sends no more."""
        try:
            self.process_message(message, cell, self._place)
        except CellExecutionComplete:
            return True
        return False

    def _without_end(self, reply: Any, cell: Any) -> Any:
        """Return a reply whose cell's last output did not come, where that is allowed."""
        if self.raise_on_iopub_timeout:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Timeout waiting for IOPub output", self.iopub_timeout, cell
            )
        self.log.warning("Timeout waiting for IOPub output")
        return reply
