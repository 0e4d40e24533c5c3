"""Where kernel processes come from: a zygote's forks, or fresh processes."""

import atexit
import os
from contextlib import suppress
from threading import Lock

from kjfp_helpers.notebook_kernels.process.child_processes import FORKS, Child
from kjfp_helpers.notebook_kernels.process.kernel_process import Surroundings, serve, warm, warm_any
from kjfp_helpers.notebook_kernels.servers import spawned_kernels
from kjfp_helpers.notebook_kernels.servers.fork_server import Forker, Zygote
from kjfp_helpers.notebook_kernels.servers.process_fingerprint import startup_fingerprint

WARM, WARM_ANY = (f"{one.__module__}:{one.__name__}" for one in (warm, warm_any))
lent: Forker | None = None
"""A zygote that another process owns."""
_MOST = 3
"""Zygotes that are kept at once, unless more are in use."""
_zygotes: dict[tuple[int, str], Zygote] = {}
_lock = Lock()


def kernel(connection_file: str, memory: int = 0) -> Child:
    """Return a new kernel's process, in this process's folder and environment.

    Parameters
    ----------
    connection_file : str
        The file by which the notebook knows its kernel.
    memory : int
        Bytes it may take; 0 is any.

    Raises
    ------
    OSError
        When no process can be had, or the one that forks cannot start in this environment.
    """
    environment = {**os.environ, "JPY_PARENT_PID": str(os.getpid())}
    around = Surroundings(
        folder=os.getcwd(), environment=environment, memory=memory, connection_file=connection_file
    )
    if not FORKS:
        return spawned_kernels.kernel(around)
    if lent:
        with suppress(OSError):  # its owner has lost it
            return lent.fork(serve, around)
    return _zygote(around).fork(serve, around)


def _zygote(around: Surroundings) -> Zygote:
    """Return this process's zygote for notebooks that start in the same state."""
    key = os.getpid(), startup_fingerprint(around.folder, around.environment)
    with _lock:
        found = _zygotes.pop(key, None)
        if found is None or not found.alive():
            _close_unused()
            found = Zygote([WARM_ANY])
            atexit.register(found.close)
        _zygotes[key] = found  # the one used last stands last
    return found


def _close_unused() -> None:
    """End those used longest ago of which no kernel lives, until few are left."""
    own = [key for key in _zygotes if key[0] == os.getpid()]
    for key in own[: len(own) + 1 - _MOST]:
        if not _zygotes[key].is_used():
            zygote = _zygotes.pop(key)
            atexit.unregister(zygote.close)
            zygote.close()
