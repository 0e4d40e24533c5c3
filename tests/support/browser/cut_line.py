"""A line between browser and server that a test can cut: a TCP proxy on a port of its own."""

import socket
import threading
from contextlib import contextmanager, suppress


class Line:
    """Forwards connections to a port until it is cut or frozen."""

    def __init__(self, target: int) -> None:
        self.target, self._open, self._pairs = target, True, []
        self._flows = threading.Event()
        self._flows.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Drop every connection, with what a frozen line held back, and take no new one."""
        self._open = False
        pairs, self._pairs = self._pairs, []
        for near, far in pairs:
            _close(far)
            _close(near)
        self._flows.set()

    def freeze(self):
        """Keep every connection and carry nothing, as a network does that is out of reach."""
        self._flows.clear()

    def mend(self):
        """Forward again."""
        self._open = True
        self._flows.set()

    def close(self):
        """Stop listening."""
        self.cut()
        _close(self._listener)

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                _close(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:  # the server itself is down
                _close(near)
                continue
            self._pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(one, other), daemon=True).start()

    def _forward(self, one, other):
        with suppress(OSError):
            while data := one.recv(65536):
                self._flows.wait()
                other.sendall(data)
        _close(one)
        _close(other)


@contextmanager
def line_to(address: str):
    """Yield a line to the server at an address."""
    line = Line(int(address.rsplit(":", 1)[1]))
    try:
        yield line
    finally:
        line.close()


def _close(end):
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
