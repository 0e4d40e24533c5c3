"""Sandbox process for parsers that a hostile file can hang or exhaust.

The process starts with the first call, serves one call after another, and is killed when a call
exceeds the limit of time or memory; the next call starts a new process.
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

from kjfp_helpers.intake.common.bug_detection import is_bug, show_internal_error
from kjfp_helpers.intake.common.resource_limits import SANDBOX_MEMORY_BYTES, SANDBOX_SECONDS

P = ParamSpec("P")
T = TypeVar("T")
_LENGTH = struct.Struct("<Q")


class SandboxLimitExceeded(Exception):
    """A sandboxed call exceeded its time or memory limit, or killed the process."""


class SandboxedCallFailed(Exception):
    """A sandboxed call raised; ``args`` hold the names of its exceptions, the last first."""


def run_sandboxed(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a module-level function in the sandbox process.

    Raises
    ------
    SandboxLimitExceeded
        When the call is stopped by the limits of time or memory.
    SandboxedCallFailed
        When the function raises.
    """
    return run_patiently(SANDBOX_SECONDS, function, *args, **kwargs)


def run_patiently(seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a module-level function in the sandbox process, with another limit of time.

    Raises
    ------
    SandboxLimitExceeded, SandboxedCallFailed
        As for :func:`run_sandboxed`.
    """
    succeeded, value = _running_process().call((function, args, kwargs), seconds)
    if succeeded:
        result: T = value  # type: ignore[assignment]
        return result
    failure: tuple[str, str] = value  # type: ignore[assignment]
    names, bug = failure
    if bug:
        show_internal_error(bug)
    if names == "MemoryError":
        raise SandboxLimitExceeded(names)
    raise SandboxedCallFailed(names)


class _SandboxProcess:
    """The parent's handle of the sandbox process."""

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

    def call(self, request: object, seconds: float) -> tuple[bool, object]:
        """Run a request and return whether it succeeded, with its value or its errors."""
        timer = threading.Timer(seconds, self._kill)
        timer.start()
        try:
            assert self._process.stdin and self._process.stdout
            _send_message(self._process.stdin, request)
            answer: tuple[bool, object] = _receive_message(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.stop()
            raise SandboxLimitExceeded("killed") from error
        finally:
            timer.cancel()
        return answer

    def _kill(self) -> None:
        """Kill the process and the unpacking programs that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def stop(self) -> None:
        """Kill the process and close its pipes."""
        self._kill()
        self.close_pipes()
        self._process.wait()

    def close_pipes(self) -> None:
        """Close this side's ends of the pipes, also those that a forked process inherited."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


_current_process: list[_SandboxProcess] = []


def _running_process() -> _SandboxProcess:
    """Return the sandbox process of this process, started anew if it has died."""
    known = _current_process[:1]
    if known and (known[0].owner != os.getpid() or not known[0].alive):
        _current_process.pop().close_pipes()
    if not _current_process:
        _current_process.append(_SandboxProcess())
    return _current_process[0]


def close_sandbox() -> None:
    """Stop the sandbox process, if there is one."""
    if _current_process and _current_process[0].owner == os.getpid():
        _current_process[0].stop()
    _current_process.clear()


def serve_requests() -> None:
    """Serve calls until the parent closes the pipe; runs in the sandbox process."""
    requests = sys.stdin.buffer
    responses = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _set_resource_limits()
    while True:
        try:
            function, args, kwargs = _receive_message(requests)
        except EOFError:
            return
        try:
            response = True, function(*args, **kwargs)
        except Exception as error:
            # Only the type is reported: the message of an error may quote the file.
            bug = type(error).__name__ if is_bug(error) else ""
            response = False, (_error_names(error), bug)
        _send_message(responses, response)


def _error_names(error: BaseException | None) -> str:
    """Return the type names of an exception and its causes, only ``MemoryError`` if among them."""
    names = []
    while error is not None:
        names.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return "MemoryError" if "MemoryError" in names else " ".join(names)


def _set_resource_limits() -> None:
    """Limit the address space of the sandbox process and disable core dumps."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (SANDBOX_MEMORY_BYTES, SANDBOX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send_message(pipe: IO[bytes], value: object) -> None:
    """Write a pickled value, preceded by its length."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive_message(pipe: IO[bytes]) -> Any:
    """Read a pickled value; raise ``EOFError`` if the pipe is closed."""
    header = pipe.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        raise EOFError
    size = _LENGTH.unpack(header)[0]
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)
