"""Jupyter's messages over a connection between two processes, in place of ZeroMQ."""

import os
import pickle
from collections.abc import Iterable
from datetime import datetime
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from jupyter_client.session import Session, json_packer, json_unpacker

IOPUB, SHELL = b"iopub", b"shell"
_PATIENCE = 5.0
"""Seconds in which any message is written."""


class Messages(Session):
    """Packs each message whole: nobody between the two ends reads parts of it or signs it."""

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None,
        ident: Any = None, buffers: Any = None, track: bool = False, header: Any = None,
        metadata: Any = None,
    ) -> Any:  # fmt: skip
        """Send a message, or one of a type with its content; return it."""
        if os.getpid() != self.pid:  # a process the notebook forked: refused as ever
            return super().send(stream, msg_or_type, content, parent)
        message = msg_or_type
        if isinstance(message, str):
            message = self.msg(message, content, parent, header, metadata)
        frames = [b"", json_packer(message), *(buffers or message.get("buffers", ()))]
        stream.send_multipart(frames, more=_goes_on(message))
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        """Return no identities, for a connection has one other end, and what stands after them."""
        return [], msg_list[1:]

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """Return the message that frames hold."""
        packed, *buffers = msg_list
        message = json_unpacker(packed)
        message["header"]["date"] = datetime.fromisoformat(message["header"]["date"])
        return message | {"buffers": [memoryview(one) for one in buffers]}


def _goes_on(message: Any) -> bool:
    """Tell whether the kernel sends another message at once: its input or the idle state."""
    kind, content = message["msg_type"], message["content"]
    return bool(kind.endswith("_reply") or content.get("execution_state") == "busy")


class Wire:
    """One end of a connection, with what ipykernel and jupyter_client ask of a socket.

    Messages travel in lists, each as its channel and its frames. Writes hold a lock; a kernel's
    is one that forked processes share, since a notebook's own pool may print at once with it. One
    of those that was killed while it wrote never gives it back: then others go on without it.
    """

    def __init__(self, connection: Connection, lock: Any) -> None:
        self._connection, self._lock = connection, lock
        self._held: list[list[bytes]] = []

    def send(self, channel: bytes, frames: Iterable[Any], more: bool) -> None:
        """Send a message, or keep it until the one that comes at once."""
        message = [channel, *map(bytes, frames)]
        own = self._lock.acquire(True, _PATIENCE)
        if not own:
            self._lock = Lock()
        try:
            if more:
                self._held.append(message)
                return
            self._connection.send_bytes(pickle.dumps([*self._held, message]))
            self._held.clear()
        finally:
            if own:
                self._lock.release()


class Channel:
    """A wire as the socket of one channel."""

    def __init__(self, wire: Wire, name: bytes) -> None:
        self._wire, self._name = wire, name

    def send_multipart(
        self, frames: Any, copy: bool = True, track: bool = False, more: bool = False
    ) -> None:
        """Send a message."""
        self._wire.send(self._name, frames, more)

    def flush(self, *_: Any) -> None:
        """Do nothing: what is kept goes out with what follows."""
