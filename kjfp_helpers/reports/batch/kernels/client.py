"""The notebook's side of a kernel: manager and client as nbclient knows them."""

import asyncio
from functools import cache
from queue import Empty
from threading import Lock
from typing import Any

from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError

from kjfp_helpers.reports.batch.kernels.processes import Child
from kjfp_helpers.reports.batch.kernels.wire import UNSIGNED, Wire


class _Channel:
    """Messages of one kind as they come."""

    def __init__(self, client: "Client", wire: Any) -> None:
        self._client, self._wire = client, wire
        self.queue: asyncio.Queue[Any] = asyncio.Queue()

    def send(self, message: Any) -> None:
        try:
            self._client.session.send(self._wire, message)
        except OSError:
            raise DeadKernelError("Kernel died") from None

    async def get_msg(self, timeout: float | None = None) -> Any:
        self._client.watch()
        try:
            message = await asyncio.wait_for(self.queue.get(), timeout)
        except TimeoutError:
            raise Empty from None
        if message is None:
            raise DeadKernelError("Kernel died")
        return message


@cache
def _session() -> Session:
    """Return this process's session: making one costs more than a cell."""
    session = Session()
    session.key = UNSIGNED
    return session


class Client:
    """What nbclient asks of a kernel client; its two channels share one connection."""

    allow_stdin = False

    def __init__(self, child: Child) -> None:
        self._child, self.session = child, _session()
        self._loop: asyncio.AbstractEventLoop | None = None
        wire = Wire(b"shell", child.connection, Lock())
        self._channels = {name: _Channel(self, wire) for name in (b"shell", b"iopub")}

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for a cell to be run; return the request's id."""
        return self._ask(
            "execute_request",
            {
                "code": code, "silent": False, "store_history": store_history,
                "user_expressions": {}, "allow_stdin": self.allow_stdin,
                "stop_on_error": stop_on_error,
            },
        )  # fmt: skip

    def kernel_info(self) -> str:
        """Ask what kernel it is; return the request's id."""
        return self._ask("kernel_info_request", {})

    def _ask(self, kind: str, content: Any) -> str:
        message = self.session.msg(kind, content)
        self.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    shell_channel = property(lambda self: self._channels[b"shell"])
    iopub_channel = property(lambda self: self._channels[b"iopub"])

    def start_channels(self) -> None:
        """Do nothing: the connection stands."""

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Do nothing: requests wait in the connection until the kernel reads them."""

    def is_alive(self) -> bool:
        """Tell whether the kernel's process runs."""
        return self._child.alive()

    def watch(self) -> None:
        """Begin to receive, in the loop that runs."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._child.connection.fileno(), self._receive)

    def close(self) -> None:
        """Stop receiving, and with it what still waits: nbclient leaves that after a stop."""
        if self._loop is None:
            return
        self._loop.remove_reader(self._child.connection.fileno())
        if left := asyncio.all_tasks(self._loop):
            for task in left:
                task.cancel()
            if not self._loop.is_running():
                self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    def _receive(self) -> None:
        try:
            channel, *frames = self._child.connection.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self._child.connection.fileno())
            for one in self._channels.values():
                one.queue.put_nowait(None)
            return
        _, frames = self.session.feed_identities(frames)
        self._channels[channel].queue.put_nowait(self.session.deserialize(frames))


class Manager:
    """A kernel manager for a kernel that runs already."""

    has_kernel = True

    def __init__(self, child: Child) -> None:
        self._child = child
        self._client = Client(child)

    def client(self) -> Client:
        """Return the client."""
        return self._client

    def interrupt_kernel(self) -> None:
        """Interrupt the cell that runs."""
        self._child.interrupt()

    def close(self) -> None:
        """Let the kernel end, or end it."""
        self._client.close()
        self._child.end()
