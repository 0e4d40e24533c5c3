"""The thread of a kernel process that writes all messages to its connection."""

import os
import sys
import threading
import traceback
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from ipykernel.iostream import BackgroundSocket, IOPubThread

from .transport import Channel

_MAX_QUEUED_JOBS = 100
"""Queued jobs beyond which whoever adds another one waits."""
_LARGE_MESSAGE = 1 << 20
"""Bytes of a message beyond which its sender waits until it is written."""
_WRITE_TIMEOUT = 10.0
"""Seconds for which a sender waits, as under ipykernel."""
_FLUSH_DELAY = 1.0
"""Seconds for which a flush is put off while other messages are queued."""
Job = Callable[[], Any]


class OutputPublisher(IOPubThread):
    """ipykernel's output thread, with a queue in place of its sockets and event loop.

    A signal handler runs between two bytecodes of the main thread and may print while that thread
    is anywhere. It only adds to the queue, which is reentrant; Python runs no signal handler in
    this thread, so that every message is written whole.
    """

    def __init__(self, socket: Channel) -> None:
        self.socket: Any = socket
        self.session = None
        self.background_socket = BackgroundSocket(self)  # type: ignore[no-untyped-call]
        self.io_loop: Any = self  # a stream calls its ``call_later``
        self._pipe_flag = False
        self._owner = os.getpid()
        self.streams: list[Any] = []
        """Output streams whose buffers the thread empties, for which it needs their locks."""
        self._start()

    def _start(self) -> None:
        self._master_pid = os.getpid()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._timers: list[tuple[float, int, Job]] = []
        self._numbers = count()
        self.socket.clear()
        self.thread = threading.Thread(target=self._run, name="IOPub", daemon=True)
        self.thread.start()

    def schedule(self, f: Any) -> None:
        """Let the thread call a function; in a forked process, wait until it has.

        A forked process may exit at any time without waiting for the thread, as a kernel does not.
        """
        if os.getpid() != self._master_pid:
            self._start()
        if threading.current_thread() is self.thread or not self.thread.is_alive():
            f()
            return
        self._jobs.put(f)
        if self._owner != self._master_pid or self._jobs.qsize() > _MAX_QUEUED_JOBS:
            self.wait()

    def send_multipart(self, *args: Any, **kwargs: Any) -> None:
        """Let the thread send a message; wait until a large one is written."""
        super().send_multipart(*args, **kwargs)  # type: ignore[no-untyped-call]
        if (
            sum(map(len, args[0])) > _LARGE_MESSAGE
            and threading.current_thread() is not self.thread
        ):
            self.wait()

    def wait(self, seconds: float = _WRITE_TIMEOUT) -> bool:
        """Wait until the thread has done all jobs queued before; return False at the timeout.

        A signal handler may call this while the main thread holds the lock of a stream that the
        publisher needs: then it returns at once, to avoid a deadlock. A handler may also start
        within this wait, so that a plain lock is used and no ``threading.Event``, whose inner lock
        the interrupted thread would hold.
        """
        if any(stream._buffer_lock._is_owned() for stream in self.streams):
            return True
        done = threading.Lock()
        done.acquire()
        self._jobs.put(done.release)
        return done.acquire(timeout=seconds)

    def call_later(self, seconds: float, job: Job) -> None:
        """Call a function some time later; to be called from this thread only."""
        heappush(self._timers, (monotonic() + seconds, next(self._numbers), job))

    def _run(self) -> None:
        while True:
            try:
                job = self._next()
                if job is None:
                    return
                job()
            except OSError:  # the other end is closed
                continue
            except Exception:
                traceback.print_exc(file=sys.stderr)

    def _next(self) -> Job | None:
        """Return the next job, queued ones before timed ones; None when the thread shall end."""
        rest = max(0.0, self._timers[0][0] - monotonic()) if self._timers else None
        try:
            return self._jobs.get(rest != 0, rest)
        except Empty:
            return heappop(self._timers)[2]

    def is_idle(self) -> bool:
        """Tell whether no job is queued, timed ones aside."""
        return self._jobs.empty()

    def stop(self) -> None:
        """Send all queued messages, then end the thread."""
        if os.getpid() == self._master_pid:
            self._jobs.put(None)
            self.thread.join(_WRITE_TIMEOUT)


class OrderedFlush:
    """Flushes a stream some time after a write, in the role of the event loop that it asks.

    Text printed into a widget must follow the widget's own messages, which may still be queued. So
    the publisher flushes only when its queue is empty, and holds the stream's lock meanwhile.
    """

    def __init__(self, publisher: OutputPublisher, stream: Any) -> None:
        self._publisher, self._stream = publisher, stream
        publisher.streams.append(stream)

    def call_later(self, seconds: float, flush: Job) -> None:
        """Flush after some seconds, as soon as the queue is empty, at the latest a second later."""
        deadline = monotonic() + seconds + _FLUSH_DELAY

        def flush_when_idle() -> None:
            with self._stream._buffer_lock:
                if self._publisher.is_idle() or monotonic() > deadline:
                    flush()
                    return
            self._publisher.call_later(0, flush_when_idle)

        self._publisher.call_later(seconds, flush_when_idle)


class ReplyStream:
    """The channel of replies, written by the publisher's thread.

    A reply that cannot be written ends the process, so that the client learns that it died instead
    of waiting.
    """

    def __init__(self, publisher: OutputPublisher, channel: Channel) -> None:
        self._publisher, self._channel = publisher, channel
        self.count = 0
        """Replies sent so far."""

    def send_multipart(self, frames: Any, **settings: Any) -> None:
        """Send a reply after all messages that were published before it."""
        self.count += 1
        self._publisher.schedule(lambda: self._send(frames, **settings))

    def _send(self, frames: Any, **settings: Any) -> None:
        try:
            self._channel.send_multipart(frames, **settings)
        except Exception:
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)

    def flush(self, *_: Any) -> None:
        """Do nothing: a pending message goes out with the next one."""
