"""Where kernel processes come from: a zygote's forks, or fresh processes."""

import atexit
import os
from contextlib import suppress
from threading import Lock

from kjfp_helpers.reports.batch.kernels import spawned
from kjfp_helpers.reports.batch.kernels.processes import FORKS, Child
from kjfp_helpers.reports.batch.kernels.serving import Surroundings, serve, warm, warm_any
from kjfp_helpers.reports.batch.kernels.zygote import Forker, Zygote

WARM, WARM_ANY = (f"{one.__module__}:{one.__name__}" for one in (warm, warm_any))
lent: Forker | None = None
"""A zygote that another process owns."""
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
    if not FORKS:
        return spawned.kernel(around)
    if lent:
        with suppress(OSError):  # its owner has lost it
            return lent.fork(serve, around)
    return _zygote().fork(serve, around)


def _zygote() -> Zygote:
    """Return this process's zygote: one for all its notebooks."""
    with _lock:
        found = _zygotes.get(os.getpid())
        if found is None or not found.alive():
            found = _zygotes[os.getpid()] = Zygote([WARM_ANY])
            atexit.register(found.close)
    return found
