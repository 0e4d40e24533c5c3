"""Run ipykernel in a forked or fresh process."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection

from .import_blocking import hidden_modules
from .startup_state import set_startup_state

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
_SPEC = find_spec("ipykernel_launcher")
LAUNCHER = (_SPEC and _SPEC.origin) or "ipykernel_launcher"
"""The program by which Jupyter starts a kernel."""
_KERNEL_MODULES = (
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "multiprocessing.synchronize",
    "tornado.platform.asyncio",
)
"""Modules that a kernel imports at its first cell in any case."""


@dataclass(frozen=True, kw_only=True)
class KernelPreload:
    """What kernels load once, before they are forked; hashable and picklable.

    Attributes
    ----------
    modules : tuple of str
        Imported as if by a cell. A notebook may import anything else by itself.
    optional_modules : tuple of str
        Likewise, where they are installed.
    warm_up : callable, optional
        Called after the imports, as if by a cell, to fill caches of libraries; for example draws a
        figure, so that fonts are known. A function at the top of a module, as pickle needs it.
    """

    modules: tuple[str, ...] = ()
    optional_modules: tuple[str, ...] = ()
    warm_up: Callable[[], object] | None = None


COMMON_PRELOAD = KernelPreload(
    optional_modules=(
        "matplotlib.pyplot",
        "matplotlib.backends.backend_agg",
        "ipywidgets",
        "pandas",
    )
)
"""What notebooks of any kind most often import."""


@dataclass(frozen=True, kw_only=True)
class ExecutionContext:
    """Where a notebook runs.

    Attributes
    ----------
    folder : str
        Working folder.
    environment : mapping
        Environment variables, all of them.
    connection_file : str
        The file by which the notebook knows its kernel.
    memory_limit : int
        Bytes that the process may take; 0 for any number.
    """

    folder: str
    environment: Mapping[str, str]
    connection_file: str
    memory_limit: int = 0


def prepare_kernel(preload: KernelPreload) -> None:
    """Prepare ipykernel in this process and load what its kernels share.

    debugpy is left out, which ipykernel would import for a debugger that nobody can attach; see
    ``startup_state.break_with_debugpy``.
    """
    from .forked_kernel import prepared_app

    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    with hidden_modules("debugpy"):
        app = prepared_app()
    with app.trap:  # libraries ask at import whether they are in a notebook
        for name in (*_KERNEL_MODULES, *preload.modules):
            import_module(name)
        for name in preload.optional_modules:
            if find_spec(name.partition(".")[0]):
                import_module(name)
        if preload.warm_up:
            preload.warm_up()


def serve_kernel(connection: Connection, context: ExecutionContext) -> None:
    """Be a notebook's kernel until the connection closes."""
    from .forked_kernel import OPTIONS, prepared_app

    app = prepared_app()
    os.chdir(context.folder)
    arguments = [LAUNCHER, "-f", context.connection_file, *OPTIONS]
    set_startup_state(context.environment, arguments)
    app.connection_file = context.connection_file
    app.kernel.shell.init_environment()
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    if random := sys.modules.get("numpy.random"):  # loaded on first use, and seeded anew then
        random.seed()  # Python's own generator does so by itself after a fork
    if context.memory_limit:
        _limit_memory(context.memory_limit)
    app.attach(connection)


def _limit_memory(limit: int) -> None:
    """Let requests for memory fail beyond a number of bytes; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
