"""Starts kernel processes: forks of a fork server, or fresh processes where nothing can fork."""

import atexit
import os
from contextlib import suppress
from threading import Lock

from ..process.child_processes import CAN_FORK, ChildProcess
from ..process.kernel_process import ExecutionContext, KernelPreload, prepare_kernel, serve_kernel
from . import fork_server, spawned_kernels
from .fork_server import ForkServer
from .process_fingerprint import startup_fingerprint

_MAX_SERVERS = 3
"""Fork servers that are kept at once, unless more are in use."""
_ServerKey = tuple[int, str, KernelPreload]
_servers: dict[_ServerKey, ForkServer] = {}
"""This process's fork servers by process id, start-up state and preload; the last used is last."""
_lock = Lock()


def start_kernel(connection_file: str, memory_limit: int, preload: KernelPreload) -> ChildProcess:
    """Start a kernel process in this process's folder and environment.

    Where another process lent its fork server (``fork_server.borrowed_server``), that one is used,
    with its own preload.

    Parameters
    ----------
    connection_file : str
        The file by which the notebook knows its kernel.
    memory_limit : int
        Bytes that it may take; 0 for any number.
    preload : KernelPreload
        What the fork server loads.

    Raises
    ------
    OSError
        When no process can be created, or the fork server cannot start in this environment.
    """
    context = ExecutionContext(
        folder=os.getcwd(),
        environment={**os.environ, "JPY_PARENT_PID": str(os.getpid())},
        memory_limit=memory_limit,
        connection_file=connection_file,
    )
    if not CAN_FORK:
        return spawned_kernels.start_kernel(context, preload)
    if fork_server.borrowed_server:
        with suppress(OSError):  # its owner may have lost it
            return fork_server.borrowed_server.fork(serve_kernel, context)
    return _server(context, preload).fork(serve_kernel, context)


def _server(context: ExecutionContext, preload: KernelPreload) -> ForkServer:
    """Return this process's fork server for notebooks that start in the same state."""
    key = os.getpid(), startup_fingerprint(context.folder, context.environment), preload
    with _lock:
        server = _servers.pop(key, None)
        if server is None or not server.is_alive():
            _close_unused_servers()
            server = ForkServer(prepare_kernel, preload)
            atexit.register(server.close)
        _servers[key] = server
    return server


def _close_unused_servers() -> None:
    """Close the least recently used servers without a living kernel, until few are left."""
    own_keys = [key for key in _servers if key[0] == os.getpid()]
    for key in own_keys[: len(own_keys) + 1 - _MAX_SERVERS]:
        if not _servers[key].is_in_use():
            server = _servers.pop(key)
            atexit.unregister(server.close)
            server.close()
