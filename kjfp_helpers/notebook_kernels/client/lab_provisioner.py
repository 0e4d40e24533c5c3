"""Kernels of a Jupyter server, forked from a process that has loaded what they need.

Unlike a notebook's kernel in a batch, such a kernel is stock ipykernel with its sockets; only its
start differs: some hundredths of a second instead of seconds of imports.
"""

import asyncio
import atexit
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..process.child_processes import CAN_FORK, ChildProcess
from ..process.kernel_process import ExecutionContext
from ..process.stock_kernel import load_kernel, serve_stock_kernel
from ..servers.fork_server import ForkServer
from .kernelspecs import is_own_interpreter

NAME = "forked-provisioner"
_STOCK = "local-provisioner"


class ForkedProcess:
    """A forked kernel, by the part of ``subprocess.Popen`` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, child: ChildProcess) -> None:
        self._child, self.pid = child, child.pid

    def poll(self) -> int | None:
        """Return None while the process runs: its end closes the connection to it."""
        try:
            return 0 if self._child.connection.poll() else None
        except OSError:
            return 0

    def wait(self) -> int:
        """Return after the process has ended."""
        with suppress(OSError, EOFError):
            self._child.connection.recv()
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal to the process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """Kill the process group."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process group to end."""
        self.send_signal(signal.SIGTERM)


class ForkedKernelProvisioner(LocalProvisioner):
    """Forks the kernels that it is made for, and starts all others as Jupyter does."""

    server: ForkServer | None = None
    serves: Callable[[Mapping[str, str]], bool] = staticmethod(lambda _: False)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel where possible; without a fork server start a process."""
        environment = kwargs.get("env") or dict(os.environ)
        known = is_own_interpreter(self.kernel_spec) and self.serves(environment)
        if not self.server or not self.parent or not known:
            return await super().launch_kernel(cmd, **kwargs)
        context = ExecutionContext(
            folder=str(kwargs.get("cwd") or os.getcwd()),
            environment=environment,
            connection_file=self.parent.connection_file,
        )
        try:  # the first request waits for the imports
            child = await asyncio.to_thread(self.server.fork, serve_stock_kernel, context)
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.process: Any = ForkedProcess(child)
        self.pid = self.pgid = child.pid
        self.cwd = context.folder
        return self.connection_info


def install_forked_kernels(
    server: Any, load_program: Callable[[], None], serves: Callable[[Mapping[str, str]], bool]
) -> None:
    """Let a Jupyter server fork the kernels for which ``serves`` is true of their environment.

    The fork server starts at once, beside the Jupyter server's own start. Where another kernel
    provisioner was configured, or nothing can fork, nothing is changed.

    Parameters
    ----------
    server : ServerApp
        The Jupyter server.
    load_program : callable
        Imports what the kernels find loaded; a function at the top of a module.
    serves : callable
        Takes a kernel's environment variables; ``JPY_SESSION_NAME`` is the notebook's path.
    """
    factory = KernelProvisionerFactory.instance(parent=server)
    if not CAN_FORK or factory.default_provisioner_name != _STOCK:
        return
    kernels = ForkedKernelProvisioner
    kernels.server, kernels.serves = ForkServer(load_kernel, load_program), staticmethod(serves)
    atexit.register(kernels.server.close)
    place = f"{kernels.__module__}:{kernels.__qualname__}"
    factory.provisioners[NAME] = EntryPoint(NAME, place, KernelProvisionerFactory.GROUP_NAME)
    factory.default_provisioner_name = NAME
