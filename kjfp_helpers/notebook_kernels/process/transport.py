"""Jupyter's messages over a pipe or socket between two processes, in place of ZeroMQ."""

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
"""Key of a session. It is never used; without one Jupyter warns that nothing is signed."""
_LOCK_TIMEOUT = 5.0
"""Seconds in which any message is written."""
_LARGE_FRAME = 1 << 16
"""Bytes from which a frame is written separately, without a copy of it."""


class ConnectionSession(Session):
    """A Jupyter session that packs each message as one JSON text, unsigned, without identities.

    Nobody stands between the two ends, so that no part needs to be readable on its own.
    """

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
            As Jupyter's session does for a message that cannot be written as JSON in UTF-8. A reply
            is sent nevertheless, as far as possible: the client waits for it.
        """
        if os.getpid() != self.pid:  # a process that the notebook forked: refused as by Jupyter
            return super().send(stream, msg_or_type, content, parent)
        message = msg_or_type
        if isinstance(message, str):
            message = self.msg(message, content, parent, header, metadata)
        frames = [b"", self._pack(message), *map(bytes, buffers or message.get("buffers", ()))]
        stream.send_multipart(frames, more=_is_followed_by_another(message))
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
        """Return an empty list of identities, and the frames after the delimiter."""
        return [], msg_list[1:]

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """Return the message that the frames hold."""
        packed, *buffers = msg_list
        message = json_unpacker(packed)
        message["header"]["date"] = datetime.fromisoformat(message["header"]["date"])
        return message | {"buffers": [memoryview(buffer) for buffer in buffers]}


def _to_json(message: Any) -> str:
    return json.dumps(message, default=json_default, ensure_ascii=False, allow_nan=False)


def _pack_reply(message: Any, error: Exception) -> bytes:
    """Pack a reply with unencodable text replaced; if that fails too, an error reply."""
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


def _is_followed_by_another(message: Any) -> bool:
    """Tell whether the kernel sends another message right after this one: input or idle state."""
    kind, content = message["msg_type"], message["content"]
    return bool(kind.endswith("_reply") or content.get("execution_state") == "busy")


class MessageWriter:
    """Writes messages to one end of a connection, from one thread of this process.

    Messages are sent in lists, each as its channel and its frames. A large frame follows the list
    and is represented in it by its length. Writes hold a lock. A kernel's lock is shared with the
    processes that it forks, since a notebook's own pool may print at the same time. A process that
    is killed while it writes never releases the lock; others then continue with a lock of their
    own.
    """

    def __init__(self, connection: Connection, lock: Any) -> None:
        self._connection, self._lock = connection, lock
        self._pending: list[list[Any]] = []

    def send(self, channel: bytes, frames: Iterable[bytes], more: bool) -> None:
        """Send a message; with ``more``, keep it until the next one and send both together."""
        self._pending.append([channel, *frames])
        if more:
            return
        messages, self._pending = self._pending, []
        large: list[bytes] = []
        packed = [[_frame_or_length(frame, large) for frame in message] for message in messages]
        acquired = self._lock.acquire(True, _LOCK_TIMEOUT)
        if not acquired:
            self._lock = Lock()
        try:
            self._connection.send(packed)
            for frame in large:
                self._connection.send_bytes(frame)
        finally:
            if acquired:
                self._lock.release()

    def clear(self) -> None:
        """Drop pending messages: in a forked process they are the parent's to send."""
        self._pending = []


def _frame_or_length(frame: bytes, large: list[bytes]) -> bytes | int:
    """Return a small frame itself; add a large one to ``large`` and return its length."""
    if len(frame) < _LARGE_FRAME:
        return frame
    large.append(frame)
    return len(frame)


def receive_messages(connection: Connection) -> list[list[bytes]]:
    """Return the next list of messages, each as its channel and its frames."""
    return [
        [connection.recv_bytes() if isinstance(frame, int) else frame for frame in message]
        for message in connection.recv() or ()
    ]


class Channel:
    """A message writer in the role of one ZeroMQ socket of Jupyter's."""

    def __init__(self, writer: MessageWriter, name: bytes) -> None:
        self._writer, self._name = writer, name

    def send_multipart(
        self, frames: Any, copy: bool = True, track: bool = False, more: bool = False
    ) -> None:
        """Send a message."""
        self._writer.send(self._name, frames, more)

    def clear(self) -> None:
        """Drop pending messages."""
        self._writer.clear()
