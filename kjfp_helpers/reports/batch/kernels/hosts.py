"""Where kernel processes come from: forked here, forked by a zygote, or spawned."""

import atexit
import os
from threading import Lock

from kjfp_helpers.reports.batch.kernels import processes, spawned
from kjfp_helpers.reports.batch.kernels.processes import Child
from kjfp_helpers.reports.batch.kernels.serving import Surroundings, serve, warm
from kjfp_helpers.reports.batch.kernels.zygote import Zygote

FORKS = hasattr(os, "fork") and "KJFP_SPAWN" not in os.environ
"""Whether kernels are forked; the variable forbids it where forking is found to be unsafe."""
WARM = f"{warm.__module__}:{warm.__name__}"
_zygotes: dict[int, Zygote] = {}
_lock = Lock()


def kernel(memory: int = 0) -> Child:
    """Return a new kernel's process, in this process's folder and environment.

    Parameters
    ----------
    memory : int
        Bytes it may take; 0 is any.
    """
    around = Surroundings(folder=os.getcwd(), environment=dict(os.environ), memory=memory)
    if processes.prepared:
        return processes.fork(serve, around)
    if FORKS:
        return _zygote().fork(serve, around)
    return spawned.kernel(around)


def _zygote() -> Zygote:
    """Return this process's zygote: one for all its notebooks."""
    with _lock:
        found = _zygotes.get(os.getpid())
        if found is None or not found.alive():
            found = _zygotes[os.getpid()] = Zygote([WARM])
            atexit.register(found.close)
    return found
