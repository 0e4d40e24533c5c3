"""Disk cache for expensive pure functions, keyed by a hash of the inputs and of the code version.

Nothing is cached unless a :class:`DiskCache` is passed down: where a round is verified, everything
is computed.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors

Result = TypeVar("Result")


class CachedCall(Protocol):
    """Calls a function of plain values, arrays and frames, with or without a cache."""

    def __call__(
        self, work: Callable[..., Result], *given: Any, back: Callable[[Any], Result], **named: Any
    ) -> Result:
        """Return ``work(*given, **named)``; ``back`` makes it of its own values out of JSON."""


def call_uncached(
    work: Callable[..., Result], *given: Any, back: Callable[[Any], Result], **named: Any
) -> Result:
    """Return ``work(*given, **named)``, without a cache."""
    return work(*given, **named)


class DiskCache:
    """A folder of results, each a file named by the hash of all it came from.

    Parameters
    ----------
    folder : Path
        It holds nothing else. A file that is missing, truncated or altered is written again.
    made_with : str
        Fingerprint of the code and the libraries.
    fresh : bool
        Compute everything, whatever is cached.
    """

    def __init__(self, folder: Path, made_with: str, *, fresh: bool = False) -> None:
        self._folder, self._made_with, self._fresh = folder, made_with, fresh
        self._used: set[Path] = set()

    def __call__(
        self, work: Callable[..., Result], *given: Any, back: Callable[[Any], Result], **named: Any
    ) -> Result:
        """Return what stands of ``work(*given, **named)``, else work it out and try to keep it."""
        name = f"{work.__module__}.{work.__qualname__}"
        asked = _text([self._made_with, name, given, named])
        path = self._folder / f"{hashlib.sha256(asked).hexdigest()}.json"
        self._used.add(path)
        kept = None if self._fresh else _read(path)
        if kept is not None:
            return back(json.loads(kept))
        made = work(*given, **named)
        text = _text(made)
        with suppress(OutputError):  # it is worked out again next time
            atomic_write(path, f"{hashlib.sha256(text).hexdigest()}\n".encode() + text)
        return made

    def remove_unused(self) -> None:
        """Remove what nobody asked for since it was opened; where nobody asked, all stays.

        Raises
        ------
        OutputError
            When the folder cannot be written.
        """
        with output_errors(self._folder):
            for path in self._folder.glob("*") if self._used else ():
                if path not in self._used:
                    path.unlink()


def _text(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return text.encode("utf-8", "surrogatepass")  # mail holds halves of signs too


def _plain(value: Any) -> Any:
    """Return a record, a frame or an array as JSON can hold it, to the last bit."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value.to_dict("list") if hasattr(value, "to_dict") else value.tolist()


def _read(path: Path) -> bytes | None:
    try:
        digest, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return text if hashlib.sha256(text).hexdigest().encode() == digest else None
