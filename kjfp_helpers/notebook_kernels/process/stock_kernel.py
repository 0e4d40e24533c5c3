"""Stock ipykernel, with its sockets, in a process that was forked."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from .kernel_process import LAUNCHER, ExecutionContext
from .startup_state import set_startup_state

_KERNEL_MODULES = ("ipykernel.kernelapp", "ipykernel.ipkernel", "tornado.platform.asyncio")


def load_kernel(load_program: Callable[[], None]) -> None:
    """Import ipykernel and what its notebooks need; no app, no thread and no socket is made."""
    for name in _KERNEL_MODULES:
        import_module(name)
    load_program()


def serve_stock_kernel(_: Connection, context: ExecutionContext) -> None:
    """Be a kernel, as ``python -m ipykernel_launcher`` is one, until it is told to end."""
    from ipykernel import kernelapp

    _name_process(Path(context.connection_file).stem)
    os.chdir(context.folder)
    arguments = ["-f", context.connection_file]
    parent = {"JPY_PARENT_PID": str(os.getppid())}  # the kernel ends when it does
    set_startup_state({**context.environment, **parent}, [LAUNCHER, *arguments])
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if ipywidgets := sys.modules.get("ipywidgets"):
        # A kernel does so at the import, which was before the fork. Without it a page that asks for
        # all widgets is refused, and asks for their list behind the cells, then for each by itself.
        ipywidgets.register_comm_target()
    kernelapp.launch_new_instance(arguments)


def _name_process(name: str) -> None:
    """Let Linux list the process as ``kernel-`` and the beginning of the kernel's id."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name[:15])
