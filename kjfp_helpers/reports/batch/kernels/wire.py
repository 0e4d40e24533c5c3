"""Jupyter's messages over a connection between two processes, in place of ZeroMQ."""

from multiprocessing.connection import Connection
from typing import Any

UNSIGNED = b""
"""Key of sessions over a connection that nobody else can reach."""


class Wire:
    """One end of a connection, with what ipykernel and jupyter_client ask of a socket.

    Writes hold a lock; a kernel's is one that forked processes share, since a notebook's own pool
    may print at once with the notebook.
    """

    def __init__(self, channel: bytes, connection: Connection, lock: Any) -> None:
        self._channel, self._connection, self._lock = channel, connection, lock

    def on(self, channel: bytes) -> "Wire":
        """Return the same wire, sending on another channel."""
        return Wire(channel, self._connection, self._lock)

    def send_multipart(self, frames: Any, copy: bool = True, track: bool = False) -> None:
        """Send a message's frames whole."""
        with self._lock:
            self._connection.send([self._channel, *map(bytes, frames)])

    def flush(self, *_: Any) -> None:
        """Do nothing: nothing is kept back."""
