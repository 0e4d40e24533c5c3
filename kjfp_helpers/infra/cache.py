"""Caches of expensive pure functions, keyed by a hash of function and inputs.

In memory, or on disk and then keyed by the code version as well. Nothing is cached unless a
:class:`MemoryCache` or a :class:`DiskCache` is passed down; the verification of a round passes
none.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors

_PARTED_LEVELS = 3
"""Levels down to which a value is digested item by item: arguments, the first, its texts."""
Key = TypeVar("Key")
Result = TypeVar("Result")


class CachedCall(Protocol):
    """Calls a function of plain values, arrays and frames, with or without a cache."""

    def __call__(
        self,
        function: Callable[..., Result],
        *arguments: Any,
        decode: Callable[[Any], Result],
        **keywords: Any,
    ) -> Result:
        """Return ``function(*arguments, **keywords)``; ``decode`` restores it from JSON values."""


def call_uncached(
    function: Callable[..., Result],
    *arguments: Any,
    decode: Callable[[Any], Result],
    **keywords: Any,
) -> Result:
    """Return ``function(*arguments, **keywords)``, without a cache.

    >>> call_uncached(max, 3, 5, decode=int)
    5
    """
    return function(*arguments, **keywords)


def once_per_object(function: Callable[[Key], Result]) -> Callable[[Key], Result]:
    """Return a function of an unchanging object that works its result out once for each object.

    The result is kept as long as the object, and must not refer to it.

    Examples
    --------
    >>> class Name(str): ...
    >>> name = Name("甲")
    >>> parts = once_per_object(lambda text: [*text])
    >>> parts(name), parts(name) is parts(name)
    (['甲'], True)
    """
    results: WeakKeyDictionary[Key, Result] = WeakKeyDictionary()

    @wraps(function)
    def recall(key: Key) -> Result:
        if key not in results:
            results[key] = function(key)
        return results[key]

    return recall


class MemoryCache:
    """The last few results of each function, for as long as a session is open.

    A result is handed out again as it is: callers change none of the values they get.

    Examples
    --------
    >>> cache, calls = MemoryCache(), []
    >>> def double(number):
    ...     calls.append(number)
    ...     return 2 * number
    >>> [cache(double, number, decode=int) for number in (2, 3, 2)], calls
    ([4, 6, 4], [2, 3])
    """

    KEPT = 4
    """Results kept of each function: those of two kinds of nominee, before and after a change."""

    def __init__(self) -> None:
        self._results: dict[str, dict[str, Any]] = {}

    def __call__(
        self,
        function: Callable[..., Result],
        *arguments: Any,
        decode: Callable[[Any], Result],
        **keywords: Any,
    ) -> Result:
        """Return the kept result of ``function(*arguments, **keywords)``, else compute it."""
        kept, key = self._kept_of(function), content_digest([arguments, keywords])
        result: Result = kept.pop(key) if key in kept else function(*arguments, **keywords)
        return self._keep(kept, key, result)

    def begin(
        self, begin: Callable[..., Callable[[], Result]], *arguments: Any
    ) -> Callable[[], Result]:
        """Return what waits for the result of ``begin(*arguments)()``, begun unless it is kept.

        Examples
        --------
        >>> finish = MemoryCache().begin(lambda *numbers: partial(sum, numbers), 2, 3)
        >>> finish()
        5
        """
        kept, key = self._kept_of(begin), content_digest([arguments, {}])
        finish = partial(kept.pop, key) if key in kept else begin(*arguments)
        return lambda: self._keep(kept, key, finish())

    def _kept_of(self, function: Callable[..., Any]) -> dict[str, Any]:
        return self._results.setdefault(f"{function.__module__}.{function.__qualname__}", {})

    def _keep(self, kept: dict[str, Any], key: str, result: Result) -> Result:
        kept[key] = result  # the last used stands last
        while len(kept) > self.KEPT:
            del kept[next(iter(kept))]
        return result


class DiskCache:
    """A folder of results, each in a file named by the hash of function, inputs and code version.

    Parameters
    ----------
    folder : Path
        Used for nothing else. A file that is missing, truncated or altered is written again.
    code_version : str
        Fingerprint of the code and the libraries.
    fresh : bool
        Compute everything and overwrite what is cached.
    """

    def __init__(self, folder: Path, code_version: str, *, fresh: bool = False) -> None:
        self._folder, self._code_version, self._fresh = folder, code_version, fresh
        self._used: set[Path] = set()

    def __call__(
        self,
        function: Callable[..., Result],
        *arguments: Any,
        decode: Callable[[Any], Result],
        **keywords: Any,
    ) -> Result:
        """Return the cached result of ``function(*arguments, **keywords)``, else compute it.

        A result that cannot be written is returned all the same.
        """
        name = f"{function.__module__}.{function.__qualname__}"
        key = content_digest([self._code_version, name, arguments, keywords])
        path = self._folder / f"{key}.json"
        self._used.add(path)
        cached = None if self._fresh else read_verified(path)
        if cached is not None:
            return decode(json.loads(cached))
        result = function(*arguments, **keywords)
        with suppress(OutputError):  # it is computed again next time
            write_verified(path, _to_json(result))
        return result

    def remove_unused(self) -> None:
        """Remove the files not used since the cache was opened; all stay where none was used.

        Raises
        ------
        OutputError
            When the folder cannot be written.
        """
        with output_errors(self._folder):
            for path in self._folder.glob("*") if self._used else ():
                if path not in self._used:
                    path.unlink()


def content_digest(value: Any) -> str:
    """Return the SHA-256 of a value's content: plain values, records, arrays, frames.

    >>> content_digest({"a": (1, 2)}) == content_digest({"a": [1, 2]})
    True
    """
    digest = hashlib.sha256()
    for part in _json_parts(value, _PARTED_LEVELS):
        digest.update(part)
    return digest.hexdigest()


def _json_parts(value: Any, levels: int) -> Iterator[bytes]:
    """Yield a value as JSON in parts: the texts of a whole round take ten times as much at once."""
    if levels and isinstance(value, dict):
        for key, item in value.items():
            yield b"," + _to_json([key])
            yield from _json_parts(item, levels - 1)
        yield b"}"
    elif levels and isinstance(value, list | tuple):
        for item in value:
            yield b","
            yield from _json_parts(item, levels - 1)
        yield b"]"
    else:
        yield _to_json(value)


def _to_json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, default=_to_plain)
    return text.encode("utf-8", "surrogatepass")  # mail may contain lone surrogates


def _to_plain(value: Any) -> Any:
    """Return a record, a frame, an array or a time as JSON can hold it, to the last bit."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if hasattr(value, "to_dict"):
        return value.to_dict("list")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.tolist()


def write_verified(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write content behind its own SHA-256; ``private`` as for :func:`atomic_write`.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic_write(path, digest + b"\n" + content, private=private)


def read_verified(path: Path) -> bytes | None:
    """Return what :func:`write_verified` wrote; ``None`` for no file, or one that was altered."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    return content
