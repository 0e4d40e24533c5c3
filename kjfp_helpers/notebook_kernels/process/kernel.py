"""The kernel's side: ipykernel's own application and shell, prepared once, attached when forked."""

import asyncio
import atexit
import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait

from kjfp_helpers.notebook_kernels.process.child_processes import FORKS
from kjfp_helpers.notebook_kernels.process.output_publisher import (
    OrderedFlush,
    Publisher,
    ReplyStream,
)
from kjfp_helpers.notebook_kernels.process.transport import (
    IOPUB,
    SHELL,
    UNSIGNED,
    Channel,
    Messages,
    Wire,
    receive,
)

OPTIONS = ("--HistoryManager.hist_file=:memory:",)
"""What nbclient gives to a kernel."""
_QUIET = "--Application.log_level=50"
_FLUSH = 60.0
"""Seconds for which a cell's end waits until what it printed is taken, however much that is."""


class _Kernel(IPythonKernel):
    """ipykernel's kernel without its sockets and threads."""

    shell_stream = AnyTrait()
    _supports_kernel_subshells = False
    _execute_sleep = 0  # time that ZeroMQ needs and a connection does not

    async def dispatch_shell(self, msg: Any, /, *args: Any, **settings: Any) -> None:
        """Handle a request; where nothing was replied, reply that it failed."""
        before = self.shell_stream.count
        try:
            await super().dispatch_shell(msg, *args, **settings)
        except Exception:  # such as a signal's handler raises at any moment
            traceback.print_exc(file=sys.stderr)
        untyped: Any = self
        request = untyped.get_parent("shell")
        kind = request["header"]["msg_type"]
        if self.shell_stream.count == before and kind.endswith("_request"):
            content = {
                "status": "error",
                "ename": "RuntimeError",
                "traceback": [],
                "evalue": "the kernel failed to handle the request",
            }
            untyped.session.send(
                self.shell_stream, kind.replace("_request", "_reply"), content, request
            )
            untyped._publish_status("idle", "shell")

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

    def take_next() -> None:
        try:
            take(receive(connection))
        except (EOFError, OSError):
            take(None)

    def follow() -> None:
        with suppress(EOFError, OSError):
            while messages := receive(connection):
                loop.call_soon_threadsafe(take, messages)
            loop.call_soon_threadsafe(take, None)
            return
        os._exit(1)  # in the middle of a cell, for nobody

    if FORKS:
        loop.add_reader(connection.fileno(), take_next)
    else:  # a loop of Windows cannot wait for a pipe
        threading.Thread(target=follow, daemon=True).start()


def _let_handlers_flush(stream: Any) -> None:
    """Let a signal's handler flush a stream in the middle of a write of the same thread.

    ``Publisher.wait`` knows when nobody may wait, as an event does not.
    """

    def flush() -> None:
        publisher = stream.pub_thread
        if not publisher.thread.is_alive() or threading.current_thread() is publisher.thread:
            stream._flush()
            return
        publisher.schedule(stream._flush)
        if not publisher.wait(_FLUSH):
            print("IOStream.flush timed out", file=sys.__stderr__)

    stream.flush = flush


def _renew_locks() -> None:
    """Let a forked process print although the publisher's thread was at work when it was forked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, OutStream):
            stream._buffer_lock = threading.RLock()


class KernelApp(IPKernelApp):
    """ipykernel's application in two halves: prepared in the parent, attached in the child."""

    kernel_class = _Kernel

    def initialize(self, argv: Any = None) -> None:
        """Do what needs no connection and is the same for all: settings and shell."""
        untyped: Any = super(IPKernelApp, self)
        untyped.initialize(argv)
        self.log.setLevel(self.log_level)  # else every message is made into a record, then dropped
        self.session = Messages(parent=self, key=UNSIGNED)
        self.kernel = self.kernel_class.instance(
            parent=self,
            session=self.session,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        )
        untyped = self
        for step in ("pdb", "path", "shell", "gui_pylab"):
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
        publisher = self.iopub_thread = kernel.iopub_thread = Publisher(Channel(wire, IOPUB))
        atexit.register(publisher.stop)
        self.iopub_socket = kernel.iopub_socket = publisher.background_socket
        kernel.shell_stream = ReplyStream(publisher, Channel(wire, SHELL))
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = self.iopub_socket
        untyped: Any = self
        untyped.init_io()
        streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
        for stream in streams:
            _let_handlers_flush(stream)
            stream._io_loop = OrderedFlush(publisher, stream)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_renew_locks)
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        untyped.init_signal()
        self._run_user_files()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(kernel.listen(connection))

    def _run_user_files(self) -> None:
        """Load extensions and run start-up files: they may do anything, so each kernel does it."""
        untyped: Any = self
        untyped.init_extensions()
        untyped.init_code()
        sys.stdout.flush()
        sys.stderr.flush()


def prepare() -> KernelApp:
    """Return this process's application, made when first asked for."""
    if not KernelApp.initialized():
        KernelApp.instance().initialize([*OPTIONS, _QUIET])
    return KernelApp.instance()
