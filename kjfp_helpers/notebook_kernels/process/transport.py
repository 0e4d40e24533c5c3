"""Jupyter's messages over a connection between two processes, in place of ZeroMQ."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session, json_unpacker

IOPUB, SHELL = b"iopub", b"shell"
UNSIGNED = b"unsigned"
"""A session's key, which is never used: without one Jupyter warns that nothing is signed."""
_PATIENCE = 5.0
"""Seconds in which any message is written."""
_LARGE = 1 << 16
"""Bytes from which a frame is written by itself, without a copy of it."""


class Messages(Session):
    """Packs each message whole: nobody between the two ends reads parts of it or signs it."""

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send a message, or one of a type with its content; return it.

        Raises
        ------
        Exception
            As Jupyter's session does for a message that cannot be written as JSON in UTF-8, except
            for a reply: whoever asked waits for it, so that it is sent as far as it can be.
        """
        if os.getpid() != self.pid:  # a process the notebook forked: refused as ever
            return super().send(stream, msg_or_type, content, parent)
        message = msg_or_type
        if isinstance(message, str):
            message = self.msg(message, content, parent, header, metadata)
        frames = [b"", self._pack(message), *map(bytes, buffers or message.get("buffers", ()))]
        stream.send_multipart(frames, more=_is_followed(message))
        return message

    def _pack(self, message: Any) -> bytes:
        with suppress(TypeError, ValueError):
            return _to_json(message).encode("utf8", errors="surrogateescape")
        try:
            *_, metadata, content = self.serialize(message)  # Jupyter's own repair, or error
        except Exception as error:
            if not message["msg_type"].endswith("_reply"):
                raise
            return _pack_reply(message, error)
        repaired = {"content": json_unpacker(content), "metadata": json_unpacker(metadata)}
        return _to_json({**message, **repaired}).encode("utf8", errors="replace")

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        """Return no identities, for a connection has one other end, and what stands after them."""
        return [], msg_list[1:]

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """Return the message that frames hold."""
        packed, *buffers = msg_list
        message = json_unpacker(packed)
        message["header"]["date"] = datetime.fromisoformat(message["header"]["date"])
        return message | {"buffers": [memoryview(one) for one in buffers]}


def _to_json(message: Any) -> str:
    return json.dumps(message, default=json_default, ensure_ascii=False, allow_nan=False)


def _pack_reply(message: Any, error: Exception) -> bytes:
    """Return a reply that cannot be packed, with what cannot replaced; at least that it failed."""
    try:
        return _to_json(message).encode("utf8", errors="replace")
    except Exception:
        content = {
            "status": "error",
            "ename": type(error).__name__,
            "traceback": [],
            "evalue": "the reply could not be written as JSON",
            "execution_count": message["content"].get("execution_count"),
        }
        return _to_json({**message, "content": content, "metadata": {}}).encode()


def _is_followed(message: Any) -> bool:
    """Tell whether the kernel sends another message at once: its input or the idle state."""
    kind, content = message["msg_type"], message["content"]
    return bool(kind.endswith("_reply") or content.get("execution_state") == "busy")


class Wire:
    """One end of a connection, to which one thread of this process writes.

    Messages travel in lists, each as its channel and its frames; a large frame follows the list,
    which then holds its length. Writes hold a lock; a kernel's is one that forked processes
    share, since a notebook's own pool may print at once with it. One of those that was killed
    while it wrote never gives it back: then others go on without it.
    """

    def __init__(self, connection: Connection, lock: Any) -> None:
        self._connection, self._lock = connection, lock
        self._pending: list[list[Any]] = []

    def send(self, channel: bytes, frames: Iterable[bytes], more: bool) -> None:
        """Send a message, or keep it until the one that comes at once."""
        self._pending.append([channel, *frames])
        if more:
            return
        messages, self._pending = self._pending, []
        large: list[bytes] = []
        parts = [[_reference(frame, large) for frame in message] for message in messages]
        own = self._lock.acquire(True, _PATIENCE)
        if not own:
            self._lock = Lock()
        try:
            self._connection.send(parts)
            for frame in large:
                self._connection.send_bytes(frame)
        finally:
            if own:
                self._lock.release()

    def clear(self) -> None:
        """Drop what is kept: in a forked process it is the other's to send."""
        self._pending = []


def _reference(frame: bytes, large: list[bytes]) -> bytes | int:
    """Return what stands for a frame in a list of messages; a large one is to follow the list."""
    if len(frame) < _LARGE:
        return frame
    large.append(frame)
    return len(frame)


def receive(connection: Connection) -> list[list[bytes]]:
    """Return the messages that come next, each as its channel and its frames."""
    return [
        [connection.recv_bytes() if isinstance(frame, int) else frame for frame in message]
        for message in connection.recv() or ()
    ]


class Channel:
    """A wire as the socket of one channel."""

    def __init__(self, wire: Wire, name: bytes) -> None:
        self._wire, self._name = wire, name

    def send_multipart(
        self, frames: Any, copy: bool = True, track: bool = False, more: bool = False
    ) -> None:
        """Send a message."""
        self._wire.send(self._name, frames, more)

    def clear(self) -> None:
        """Drop what is kept."""
        self._wire.clear()
