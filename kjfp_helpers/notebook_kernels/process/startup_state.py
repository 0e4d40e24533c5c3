"""The state that an interpreter takes from its environment at its start, for forked kernels."""

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
    """Make this process like one that was started in an environment, with arguments."""
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(time, "tzset"):
        time.tzset()
    sys.argv[:] = arguments
    sys.breakpointhook = break_with_debugpy
    _set_blas_threads(os.environ)
    _unload_matplotlib()


def break_with_debugpy(*arguments: Any, **settings: Any) -> Any:
    """Do what ``breakpoint()`` does under ipykernel, which imports debugpy at its start."""
    variable = "PYDEVD_DISABLE_FILE_VALIDATION"
    previous = os.environ.get(variable)
    os.environ[variable] = "1"  # otherwise it prints a warning
    with suppress(ImportError):
        import debugpy.server.api  # noqa: F401  # sets its own hook
    if previous is None:
        del os.environ[variable]
    else:
        os.environ[variable] = previous
    if sys.breakpointhook is break_with_debugpy:
        sys.breakpointhook = sys.__breakpointhook__
    return sys.breakpointhook(*arguments, **settings)


def _set_blas_threads(environment: Mapping[str, str]) -> None:
    """Give OpenBLAS the number of threads that it would have chosen, had it been loaded now.

    In the fork server it has one, since a process with threads cannot be forked safely.
    """
    if "numpy" not in sys.modules:
        return
    allowed = _allowed_processors()
    requested = (_number(environment.get(name)) for name in _THREAD_VARIABLES)
    threads = min(next(filter(None, requested), allowed), allowed)
    if threads > 1:
        import threadpoolctl

        threadpoolctl.threadpool_limits(threads, user_api="blas")


def _allowed_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number(text: str | None) -> int:
    """Return a positive integer from text; 0 when it is none."""
    with suppress(ValueError):
        return max(0, int(text or 0))
    return 0


def _unload_matplotlib() -> None:
    """Make matplotlib count as not imported; its next import reads which backend to use."""
    loaded = {
        name: module
        for name, module in sys.modules.items()
        if name == _MATPLOTLIB or name.startswith(f"{_MATPLOTLIB}.")
    }
    if _MATPLOTLIB not in loaded:
        return
    for name in loaded:
        del sys.modules[name]
    sys.meta_path.insert(0, _LoadedMatplotlibFinder(loaded))


class _LoadedMatplotlibFinder(MetaPathFinder, Loader):
    """Import hook that returns, once, the matplotlib that was loaded before."""

    def __init__(self, loaded: Mapping[str, ModuleType]) -> None:
        self._loaded = loaded
        self._spec = loaded[_MATPLOTLIB].__spec__

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """Return a spec for the package; its modules come with it."""
        return ModuleSpec(name, self, is_package=True) if name == _MATPLOTLIB else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the package."""
        return self._loaded[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Restore its modules and read ``MPLBACKEND``, as the package does at its import."""
        sys.meta_path.remove(self)
        module.__spec__ = self._spec
        sys.modules.update(self._loaded)
        if backend := os.environ.get("MPLBACKEND"):
            untyped: Any = module
            untyped.rcParams["backend"] = backend
