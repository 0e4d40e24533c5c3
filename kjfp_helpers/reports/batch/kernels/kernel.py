"""The kernel's side: ipykernel's own application and shell, prepared once, attached when forked."""

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait

from kjfp_helpers.reports.batch.kernels.processes import FORKS
from kjfp_helpers.reports.batch.kernels.wire import IOPUB, SHELL, Channel, Messages, Wire

OPTIONS = ("--HistoryManager.hist_file=:memory:", "--Application.log_level=50")
"""What nbclient and the batch give to a stock kernel."""


class _Alarm:
    """Flushes a stream some time later, as ipykernel's output thread does; once at a time."""

    def __init__(self) -> None:
        self._waiting: set[Any] = set()

    def call_later(self, seconds: float, flush: Any) -> None:
        known = os.getpid(), flush  # a process forked meanwhile has no such timer

        def ring() -> None:
            self._waiting.discard(known)
            flush()

        if known not in self._waiting:
            self._waiting.add(known)
            timer = threading.Timer(seconds, ring)
            timer.daemon = True
            timer.start()


class _Publisher(IOPubThread):
    """Sends at once from whatever thread prints: a connection needs no thread of its own."""

    def __init__(self, socket: Channel) -> None:
        self.socket: Any = socket
        self.io_loop: Any = _Alarm()
        self.thread: Any = SimpleNamespace(is_alive=lambda: False)

    def schedule(self, f: Any) -> None:
        f()

    def send_multipart(self, frames: Any, **settings: Any) -> None:
        self.socket.send_multipart(frames, **settings)


class _Kernel(IPythonKernel):
    """ipykernel's kernel without its sockets and threads."""

    shell_stream = AnyTrait()
    _supports_kernel_subshells = False
    _execute_sleep = 0  # time that ZeroMQ needs and a connection does not

    async def listen(self, connection: Connection) -> None:
        """Handle requests one after another until the other end closes."""
        self.io_loop = IOLoop.current()
        requests: asyncio.Queue[Any] = asyncio.Queue()
        _receive(connection, requests.put_nowait)
        while messages := await requests.get():
            for _, *frames in messages:
                await self.shell_main(None, frames)


def _receive(connection: Connection, take: Callable[[Any], None]) -> None:
    """Let the running loop take each request, and nothing when whoever asks is gone."""
    loop = asyncio.get_running_loop()

    def receive() -> None:
        try:
            take(connection.recv())
        except (EOFError, OSError):
            take(None)

    def follow() -> None:
        with suppress(EOFError, OSError):
            request = True
            while request:
                request = connection.recv()
                loop.call_soon_threadsafe(take, request)
            return
        os._exit(1)  # in the middle of a cell, for nobody

    if FORKS:
        loop.add_reader(connection.fileno(), receive)
    else:  # a loop of Windows cannot wait for a pipe
        threading.Thread(target=follow, daemon=True).start()


class KernelApp(IPKernelApp):
    """ipykernel's application in two halves: prepared in the parent, attached in the child."""

    kernel_class = _Kernel

    def initialize(self, argv: Any = None) -> None:
        """Do what needs no connection: settings, shell, extensions, the user's start-up files."""
        untyped: Any = super(IPKernelApp, self)
        untyped.initialize(argv)
        self.log.setLevel(self.log_level)  # else every message is made into a record, then dropped
        self.session = Messages(parent=self, key=b"")
        self.kernel = self.kernel_class.instance(
            parent=self, session=self.session, log=self.log, profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        )  # fmt: skip
        untyped = self
        for step in ("pdb", "path", "shell", "gui_pylab", "extensions", "code"):
            getattr(untyped, f"init_{step}")()
        untyped.kernel.shell.display_formatter.format(None)  # formatters are made at first use

    @property
    def trap(self) -> Any:
        """What makes ``get_ipython`` and its like known, to be used as a context."""
        return self.kernel.shell.builtin_trap

    def attach(self, connection: Connection) -> None:
        """Take over this process's output and answer over the connection until it closes."""
        wire = Wire(connection, get_context("fork" if FORKS else None).Lock())
        kernel, shell = self.kernel, self.kernel.shell
        self.session.pid = os.getpid()
        self.iopub_thread = kernel.iopub_thread = _Publisher(Channel(wire, IOPUB))
        self.iopub_socket = kernel.iopub_socket = self.iopub_thread.socket
        kernel.shell_stream = Channel(wire, SHELL)
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = self.iopub_socket
        untyped: Any = self
        untyped.init_io()
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        untyped.init_signal()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(kernel.listen(connection))


def prepare() -> KernelApp:
    """Return this process's application, made when first asked for."""
    if not KernelApp.initialized():
        KernelApp.instance().initialize(list(OPTIONS))
    return KernelApp.instance()
