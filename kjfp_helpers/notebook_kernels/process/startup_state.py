"""What an interpreter sets at its start from its environment, set again in a forked kernel."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_MATPLOTLIB = "matplotlib"
_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
"""In the order in which OpenBLAS looks at them."""


def set_startup_state(environment: Mapping[str, str], arguments: Sequence[str]) -> None:
    """Let this process be as one that was started in an environment, with arguments."""
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(time, "tzset"):
        time.tzset()
    sys.argv[:] = arguments
    sys.breakpointhook = break_as_debugpy
    _set_blas_threads(os.environ)
    _unload_matplotlib()


def break_as_debugpy(*arguments: Any, **settings: Any) -> Any:
    """Do what ``breakpoint()`` does under ipykernel, which imports a debugger at its start."""
    quiet = "PYDEVD_DISABLE_FILE_VALIDATION"
    known = os.environ.get(quiet)
    os.environ[quiet] = "1"  # else it warns, which at a kernel's start nobody reads
    with suppress(ImportError):
        import debugpy.server.api  # noqa: F401  # it puts its own hook in place of this one
    if known is None:
        del os.environ[quiet]
    else:
        os.environ[quiet] = known
    if sys.breakpointhook is break_as_debugpy:
        sys.breakpointhook = sys.__breakpointhook__
    return sys.breakpointhook(*arguments, **settings)


def _set_blas_threads(environment: Mapping[str, str]) -> None:
    """Give OpenBLAS the threads that it would have taken by itself, had it been loaded now.

    Where forks come from it has one, since a process with threads cannot be forked safely.
    """
    if "numpy" not in sys.modules:
        return
    allowed = _allowed_processors()
    asked = (_number(environment.get(name)) for name in _THREAD_VARIABLES)
    threads = min(next(filter(None, asked), allowed), allowed)
    if threads > 1:
        import threadpoolctl

        threadpoolctl.threadpool_limits(threads, user_api="blas")


def _allowed_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number(text: str | None) -> int:
    """Return a number as C reads it; 0 for none."""
    with suppress(ValueError):
        return max(0, int(text or 0))
    return 0


def _unload_matplotlib() -> None:
    """Let matplotlib count as not imported until it is, and then read which backend to use."""
    loaded = {
        name: module
        for name, module in sys.modules.items()
        if name == _MATPLOTLIB or name.startswith(f"{_MATPLOTLIB}.")
    }
    if _MATPLOTLIB not in loaded:
        return
    for name in loaded:
        del sys.modules[name]
    sys.meta_path.insert(0, _LoadedMatplotlib(loaded))


class _LoadedMatplotlib(MetaPathFinder, Loader):
    """Finds matplotlib, once, as it has been loaded with all its modules."""

    def __init__(self, loaded: Mapping[str, ModuleType]) -> None:
        self._loaded = loaded
        self._spec = loaded[_MATPLOTLIB].__spec__

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """Return a spec for the package; its modules are then found with it."""
        return ModuleSpec(name, self, is_package=True) if name == _MATPLOTLIB else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the package."""
        return self._loaded[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Put its modules back and read the environment, as the package does at its import."""
        sys.meta_path.remove(self)
        module.__spec__ = self._spec
        sys.modules.update(self._loaded)
        if backend := os.environ.get("MPLBACKEND"):
            untyped: Any = module
            untyped.rcParams["backend"] = backend
