"""Kernel manager, kernel client and notebook client for a forked kernel, as nbclient knows them.

nbclient waits for a kernel with several tasks in an event loop, which costs more than most short
cells. With one connection for all messages one blocking wait after another is enough; what a
message means, and what ends a cell, stays nbclient's own code.
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

from ..process.child_processes import ChildProcess
from ..process.transport import (
    IOPUB,
    SHELL,
    UNSIGNED,
    Channel,
    ConnectionSession,
    MessageWriter,
    receive_messages,
)

_POLL_SECONDS = 1.0
"""Seconds of silence after which the client checks that the process runs."""
_INTERRUPT_TIMEOUT = 5.0
"""Seconds that a cell is given to end after an interrupt."""


@cache
def _session(_process: int) -> ConnectionSession:
    """Return this process's session: creating one takes longer than a short cell."""
    return ConnectionSession(key=UNSIGNED)


def _poll_seconds(deadline: float | None) -> float:
    """Return how long to wait before the process is checked."""
    return _POLL_SECONDS if deadline is None else min(_POLL_SECONDS, deadline - monotonic())


class KernelClient:
    """The part of ``jupyter_client.KernelClient`` that nbclient uses."""

    allow_stdin = False

    def __init__(self, child: ChildProcess) -> None:
        self._child, self.session = child, _session(os.getpid())
        self._requests = Channel(MessageWriter(child.connection, Lock()), SHELL)
        self._received: deque[list[bytes]] = deque()
        self.shell_channel = self

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Send a request to run a cell; return its message id."""
        return self._request(
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
        """Send a request for kernel information; return its message id."""
        return self._request("kernel_info_request", {})

    def _request(self, kind: str, content: Any) -> str:
        message = self.session.msg(kind, content)
        self.send(message)
        return str(message["header"]["msg_id"])

    def send(self, message: Any) -> None:
        """Send a message, such as a request or a widget's message."""
        try:
            self.session.send(self._requests, message)
        except OSError:
            raise DeadKernelError("Kernel died") from None

    def receive(self, deadline: float | None) -> tuple[bytes, Any]:
        """Return the next message's channel and the message.

        Parameters
        ----------
        deadline : float, optional
            Moment of the monotonic clock until which to wait; by default without end.

        Raises
        ------
        queue.Empty
            When no message came before the deadline.
        nbclient.exceptions.DeadKernelError
            When the kernel's process has ended and all its messages are read.
        """
        while not self._received:
            self._received.extend(self._wait(deadline))
        channel, *frames = self._received.popleft()
        _, frames = self.session.feed_identities(frames)
        return channel, self.session.deserialize(frames)

    def _wait(self, deadline: float | None) -> list[list[bytes]]:
        connection = self._child.connection
        try:
            while not connection.poll(_poll_seconds(deadline)):
                if deadline is not None and monotonic() >= deadline:
                    raise Empty
                if not self._child.is_alive() and not connection.poll(0):
                    raise EOFError
            return receive_messages(connection)
        except (EOFError, OSError):
            raise DeadKernelError("Kernel died") from None
        except Empty:
            raise
        except Exception as error:  # the process was killed while it wrote
            raise DeadKernelError(f"Kernel sent what cannot be read: {error}") from error

    def get_msg(self, timeout: float | None = None) -> Any:
        """Return the next reply."""
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            channel, message = self.receive(deadline)
            if channel == SHELL:
                return message

    def start_channels(self) -> None:
        """Do nothing: the connection is open."""

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Do nothing: requests wait in the connection until the kernel reads them."""

    def is_alive(self) -> bool:
        """Tell whether the kernel's process runs."""
        return self._child.is_alive()


class KernelManager:
    """The part of ``jupyter_client.KernelManager`` that nbclient uses, for a running kernel."""

    has_kernel = True

    def __init__(self, child: ChildProcess, connection_file: str) -> None:
        self._child, self._connection_file = child, connection_file

    def client(self) -> KernelClient:
        """Return a client of the kernel."""
        return KernelClient(self._child)

    def interrupt_kernel(self) -> None:
        """Interrupt the running cell."""
        self._child.interrupt()

    def close(self) -> None:
        """Stop the kernel and remove its connection file."""
        self._child.stop()
        with suppress(OSError):  # the notebook may have removed it
            os.remove(self._connection_file)

    def kill(self) -> None:
        """Kill the kernel, whatever it does."""
        self._child.kill()


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's notebook client, with nbclient's three tasks a cell replaced by one wait."""

    def execute_cell(self, cell: Any, cell_index: int, **settings: Any) -> Any:
        """Run a cell, as nbclient does."""
        self._cell_index = cell_index
        if cell.cell_type != "code" and self.on_cell_start is None:
            return cell
        return super().execute_cell(cell, cell_index, **settings)

    def interrupt_cell(self) -> None:
        """Interrupt the running cell and collect its last output, for a few seconds at most."""
        if not self.km or not self.kc:
            return
        self.km.interrupt_kernel()
        deadline = monotonic() + _INTERRUPT_TIMEOUT
        with suppress(Empty, DeadKernelError):
            while True:
                channel, message = self.kc.receive(deadline)
                cell = self.nb.cells[self._cell_index]
                if channel == IOPUB and self._is_last_output(message, cell):
                    return

    async def _async_poll_kernel_alive(self) -> None:
        """Do nothing: the wait for the reply checks it."""

    async def _async_poll_output_msg(self, *_: Any) -> None:
        """Do nothing: the wait for the reply collects the outputs before it."""

    async def _async_poll_for_reply(
        self, msg_id: str, cell: Any, timeout: int | None, *_: Any
    ) -> Any:
        deadline = None if timeout is None else monotonic() + timeout
        reply, busy = None, True
        while reply is None or busy:
            try:
                channel, message = self.kc.receive(deadline)
            except Empty:
                if reply is not None:
                    return self._reply_without_last_output(reply, cell)
                reply = await self._async_handle_timeout(timeout, cell)
                deadline = monotonic() + (self.iopub_timeout if reply else timeout or 0)
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if channel == SHELL:
                reply, deadline = message, monotonic() + self.iopub_timeout
                self._record_reply_time(message, cell)
            else:
                busy = not self._is_last_output(message, cell) and busy
        return reply

    def _record_reply_time(self, reply: Any, cell: Any) -> None:
        if self.record_timing:
            cell["metadata"]["execution"]["shell.execute_reply"] = timestamp(reply)

    def _is_last_output(self, message: Any, cell: Any) -> bool:
        """Process an output message; tell whether its cell sends no more."""
        try:
            self.process_message(message, cell, self._cell_index)
        except CellExecutionComplete:
            return True
        return False

    def _reply_without_last_output(self, reply: Any, cell: Any) -> Any:
        """Return a reply whose cell's last output did not come, if the settings allow it."""
        if self.raise_on_iopub_timeout:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Timeout waiting for IOPub output", self.iopub_timeout, cell
            )
        self.log.warning("Timeout waiting for IOPub output")
        return reply
