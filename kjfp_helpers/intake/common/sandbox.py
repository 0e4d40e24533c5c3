"""One helper process for the parsers that a hostile file can hang or fill.

It starts with the first such file, reads one file after another, and is killed when one takes
too long or too much memory; the next file gets a new one.
"""

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, ParamSpec, TypeVar

from kjfp_helpers.intake.common.resource_limits import SANDBOX_MEMORY_BYTES, SANDBOX_SECONDS

P = ParamSpec("P")
T = TypeVar("T")
_LENGTH = struct.Struct("<Q")


class SandboxLimitExceeded(Exception):
    """A file that took too long or too much memory, or killed its reader."""


class SandboxedCallFailed(Exception):
    """A file that its reader could not read; ``args`` name the reader's errors, the last first."""


def run_sandboxed(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function of a module in the helper process.

    Raises
    ------
    Overrun
        When it is stopped by the limits of time or memory.
    Failed
        When it raises.
    """
    good, value = _worker().ask((function, args, kwargs))
    if good:
        result: T = value  # type: ignore[assignment]
        return result
    if value == "MemoryError":
        raise SandboxLimitExceeded(value)
    raise SandboxedCallFailed(value)


class _Worker:
    """The helper process, as its parent sees it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve_requests; serve_requests()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: object) -> tuple[bool, object]:
        timer = threading.Timer(SANDBOX_SECONDS, self._kill)
        timer.start()
        try:
            assert self._process.stdin and self._process.stdout
            _send(self._process.stdin, request)
            answer: tuple[bool, object] = _receive(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.stop()
            raise SandboxLimitExceeded("killed") from error
        finally:
            timer.cancel()
        return answer

    def _kill(self) -> None:
        """Kill the process and the unpacking programs it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def stop(self) -> None:
        self._kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


_current: list[_Worker] = []


def _worker() -> _Worker:
    if not _current or _current[0].owner != os.getpid() or not _current[0].alive:
        _current[:] = [_Worker()]
    return _current[0]


def close_sandbox() -> None:
    """End the helper process, if there is one."""
    if _current and _current[0].owner == os.getpid():
        _current[0].stop()
    _current.clear()


def serve_requests() -> None:
    """Answer requests until the parent is gone; runs in the helper process."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _limit()
    while True:
        try:
            function, args, kwargs = _receive(requests)
        except EOFError:
            return
        try:
            answer = True, function(*args, **kwargs)
        except Exception as error:
            # The parent only needs to know which error; what it says may quote the file.
            answer = False, _name(error)
        _send(answers, answer)


def _name(error: BaseException | None) -> str:
    """Return the names of an error and of those below it, or that memory ran out there."""
    names = []
    while error is not None:
        names.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return "MemoryError" if "MemoryError" in names else " ".join(names)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (SANDBOX_MEMORY_BYTES, SANDBOX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    size = _LENGTH.unpack(head)[0]
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)
