"""The one thread of a kernel's process that writes to its connection."""

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

from kjfp_helpers.notebook_kernels.process.transport import Channel

_MANY = 100
"""Jobs that may wait before whoever adds another one waits as well."""
_LARGE = 1 << 20
"""Bytes of a message that is waited for."""
_PATIENCE = 10.0
"""Seconds for which a message is waited for, as ipykernel does."""
_RESTLESS = 1.0
"""Seconds for which a flush waits until all is sent."""
Job = Callable[[], Any]


class Publisher(IOPubThread):
    """ipykernel's output thread, with a queue in place of its sockets and event loop.

    A signal's handler runs between two steps of the main thread and may print in the middle of
    anything that one does. It only adds to the queue, which allows for that; Python runs no
    handler in this thread, so that every message is written whole.
    """

    def __init__(self, socket: Channel) -> None:
        self.socket: Any = socket
        self.session = None
        self.background_socket = BackgroundSocket(self)  # type: ignore[no-untyped-call]
        self.io_loop: Any = self  # of which a stream asks ``call_later``
        self._pipe_flag = False
        self._owner = os.getpid()
        self.streams: list[Any] = []
        """Those whose texts the thread takes, for which it needs their locks."""
        self._begin()

    def _begin(self) -> None:
        self._master_pid = os.getpid()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._timers: list[tuple[float, int, Job]] = []
        self._numbers = count()
        self.socket.clear()
        self.thread = threading.Thread(target=self._run, name="IOPub", daemon=True)
        self.thread.start()

    def schedule(self, f: Any) -> None:
        """Let the thread call a function; in a forked process, wait until it has.

        Nobody waits in such a process before it ends, as a kernel does.
        """
        if os.getpid() != self._master_pid:
            self._begin()
        if threading.current_thread() is self.thread or not self.thread.is_alive():
            f()
            return
        self._jobs.put(f)
        if self._owner != self._master_pid or self._jobs.qsize() > _MANY:
            self.wait()

    def send_multipart(self, *args: Any, **kwargs: Any) -> None:
        """Let the thread send a message; wait until a large one is sent."""
        super().send_multipart(*args, **kwargs)  # type: ignore[no-untyped-call]
        if sum(map(len, args[0])) > _LARGE and threading.current_thread() is not self.thread:
            self.wait()

    def wait(self, seconds: float = _PATIENCE) -> bool:
        """Wait until the thread has done what was asked for before; tell whether it has not failed.

        A signal's handler may wait in the middle of a write to any stream, for which the thread
        waits in turn: then nobody waits for it. It may also begin in the middle of this wait, so
        that this is no event, which the thread could not set meanwhile.
        """
        if any(stream._buffer_lock._is_owned() for stream in self.streams):
            return True
        done = threading.Lock()
        done.acquire()
        self._jobs.put(done.release)
        return done.acquire(timeout=seconds)

    def call_later(self, seconds: float, job: Job) -> None:
        """Call a function some time later; only this thread asks for it."""
        heappush(self._timers, (monotonic() + seconds, next(self._numbers), job))

    def _run(self) -> None:
        while True:
            try:
                job = self._next()
                if job is None:
                    return
                job()
            except OSError:  # nobody is at the other end
                continue
            except Exception:
                traceback.print_exc(file=sys.stderr)

    def _next(self) -> Job | None:
        """Return what is to be done next, as soon as there is anything; nothing at the end.

        What is asked for at once goes before what is due by the clock.
        """
        rest = max(0.0, self._timers[0][0] - monotonic()) if self._timers else None
        try:
            return self._jobs.get(rest != 0, rest)
        except Empty:
            return heappop(self._timers)[2]

    def is_idle(self) -> bool:
        """Tell whether nothing waits but what is due by the clock."""
        return self._jobs.empty()

    def stop(self) -> None:
        """Send what waits, then end the thread."""
        if os.getpid() == self._master_pid:
            self._jobs.put(None)
            self.thread.join(_PATIENCE)


class OrderedFlush:
    """Flushes a stream by itself some time after a write, as the stream asks an event loop to.

    A widget's message, which the thread may not have sent yet, can stand before what was printed
    after it: to be shown in that widget, the text must follow. So the thread flushes when all is
    sent that was to be sent, while nothing can be printed.
    """

    def __init__(self, publisher: Publisher, stream: Any) -> None:
        self._publisher, self._stream = publisher, stream
        publisher.streams.append(stream)

    def call_later(self, seconds: float, flush: Job) -> None:
        """Flush after a number of seconds, or when there is rest; at some moment in any case."""
        last = monotonic() + seconds + _RESTLESS

        def flush_when_idle() -> None:
            with self._stream._buffer_lock:
                if self._publisher.is_idle() or monotonic() > last:
                    flush()
                    return
            self._publisher.call_later(0, flush_when_idle)

        self._publisher.call_later(seconds, flush_when_idle)


class ReplyStream:
    """The channel of replies, whose writer is the publisher's thread.

    A reply that cannot be written ends the process: whoever asked hears that it died, in place of
    nothing.
    """

    def __init__(self, publisher: Publisher, channel: Channel) -> None:
        self._publisher, self._channel = publisher, channel
        self.count = 0
        """Replies that were given."""

    def send_multipart(self, frames: Any, **settings: Any) -> None:
        """Send a reply after all that was published before it."""
        self.count += 1
        self._publisher.schedule(lambda: self._send(frames, **settings))

    def _send(self, frames: Any, **settings: Any) -> None:
        try:
            self._channel.send_multipart(frames, **settings)
        except Exception:
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)

    def flush(self, *_: Any) -> None:
        """Do nothing: what is kept goes out with what follows."""
