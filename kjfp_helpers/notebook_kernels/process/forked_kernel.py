"""ipykernel's application and kernel: prepared before a fork, attached to a connection after it."""

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

from .child_processes import CAN_FORK
from .output_publisher import OrderedFlush, OutputPublisher, ReplyStream
from .transport import (
    IOPUB,
    SHELL,
    UNSIGNED,
    Channel,
    ConnectionSession,
    MessageWriter,
    receive_messages,
)

OPTIONS = ("--HistoryManager.hist_file=:memory:",)
"""Options with which nbclient starts a kernel."""
_QUIET = "--Application.log_level=50"
_FLUSH_TIMEOUT = 60.0
"""Seconds for which the end of a cell waits until its output is written."""


class ConnectionKernel(IPythonKernel):
    """ipykernel's kernel on one connection, without its sockets and threads."""

    shell_stream = AnyTrait()
    _supports_kernel_subshells = False
    _execute_sleep = 0  # a delay for ZeroMQ

    async def dispatch_shell(self, msg: Any, /, *args: Any, **settings: Any) -> None:
        """Handle a request; reply with an error when the handler sent no reply."""
        replies_before = self.shell_stream.count
        try:
            await super().dispatch_shell(msg, *args, **settings)
        except Exception:  # such as one raised by a signal handler
            traceback.print_exc(file=sys.stderr)
        untyped: Any = self
        request = untyped.get_parent("shell")
        kind = request["header"]["msg_type"]
        if self.shell_stream.count == replies_before and kind.endswith("_request"):
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
        _feed_requests(connection, requests.put_nowait)
        while messages := await requests.get():
            for _, *frames in messages:
                await self.shell_main(None, frames)


def _feed_requests(connection: Connection, put: Callable[[Any], None]) -> None:
    """Pass each list of requests to ``put`` in the running loop; None when the client is gone."""
    loop = asyncio.get_running_loop()

    def read_next() -> None:
        try:
            put(receive_messages(connection))
        except (EOFError, OSError):
            put(None)

    def read_in_thread() -> None:
        with suppress(EOFError, OSError):
            while messages := receive_messages(connection):
                loop.call_soon_threadsafe(put, messages)
            loop.call_soon_threadsafe(put, None)
            return
        os._exit(1)  # the client is gone; a cell may still run

    if CAN_FORK:
        loop.add_reader(connection.fileno(), read_next)
    else:  # an event loop on Windows cannot wait for a pipe
        threading.Thread(target=read_in_thread, daemon=True).start()


def _make_flush_reentrant(stream: Any) -> None:
    """Let a signal handler flush a stream while the same thread is writing to it.

    ``OutputPublisher.wait`` detects that case; the event in ipykernel's own ``flush`` does not.
    """

    def flush() -> None:
        publisher = stream.pub_thread
        if not publisher.thread.is_alive() or threading.current_thread() is publisher.thread:
            stream._flush()
            return
        with stream._buffer_lock:
            if not stream._buffers:  # all that was written is sent; ipykernel asks 8 times a cell
                return
        publisher.schedule(stream._flush)
        if not publisher.wait(_FLUSH_TIMEOUT):
            print("IOStream.flush timed out", file=sys.__stderr__)

    stream.flush = flush


def _renew_locks() -> None:
    """Give a forked process unlocked streams: the publisher may have held the locks at the fork."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, OutStream):
            stream._buffer_lock = threading.RLock()


class KernelApp(IPKernelApp):
    """ipykernel's application in two steps: initialized in the parent, attached in the child."""

    kernel_class = ConnectionKernel

    def initialize(self, argv: Any = None) -> None:
        """Set up settings and shell, which need no connection and are the same for all kernels."""
        untyped: Any = super(IPKernelApp, self)
        untyped.initialize(argv)
        self.log.setLevel(self.log_level)  # skips building log records that are dropped
        self.session = ConnectionSession(parent=self, key=UNSIGNED)
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
        untyped.kernel.shell.display_formatter.format(None)  # creates the formatters

    @property
    def trap(self) -> Any:
        """Context manager in which ``get_ipython`` and its like are builtins."""
        return self.kernel.shell.builtin_trap

    def attach(self, connection: Connection) -> None:
        """Redirect this process's output and answer requests until the connection closes."""
        writer = MessageWriter(connection, get_context("fork" if CAN_FORK else None).Lock())
        kernel, shell = self.kernel, self.kernel.shell
        self.session.pid = os.getpid()
        publisher = self.iopub_thread = kernel.iopub_thread = OutputPublisher(
            Channel(writer, IOPUB)
        )
        atexit.register(publisher.stop)
        self.iopub_socket = kernel.iopub_socket = publisher.background_socket
        kernel.shell_stream = ReplyStream(publisher, Channel(writer, SHELL))
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = self.iopub_socket
        untyped: Any = self
        untyped.init_io()
        streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
        for stream in streams:
            _make_flush_reentrant(stream)
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
        """Load extensions and run start-up files; each kernel does, since they may do anything."""
        untyped: Any = self
        untyped.init_extensions()
        untyped.init_code()
        sys.stdout.flush()
        sys.stderr.flush()


def prepared_app() -> KernelApp:
    """Return this process's application; create and initialize it on the first call."""
    if not KernelApp.initialized():
        KernelApp.instance().initialize([*OPTIONS, _QUIET])
    return KernelApp.instance()
