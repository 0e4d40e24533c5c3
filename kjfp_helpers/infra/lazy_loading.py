"""What is loaded when it is first used: exports of a package (PEP 562), regular expressions.

Own code rather than ``lazy_loader.attach`` (SPEC 1), which would be one more dependency for ten
lines.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, cast


def lazy_getattr(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package.

    Parameters
    ----------
    package : str
        Its full name.
    homes : mapping
        Module below it to the names it gives to the package; no module may bear one of them.
    """

    def get(name: str) -> Any:
        for module, names in homes.items():
            if name in names:
                return getattr(import_module(f"{package}.{module}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used.

    The readers hold hundreds of them, and compiling all takes longer than most commands need
    otherwise. Its methods are those of the compiled one; the functions of :mod:`re` do not take
    it.

    Examples
    --------
    >>> lazy_pattern("[a-z]+").sub("?", "year 2020")
    '? 2020'
    """
    return cast("re.Pattern[str]", _LazyPattern(source, flags))


class _LazyPattern:
    def __init__(self, source: str, flags: int) -> None:
        self._arguments = source, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(*self._arguments)
        members = {one: getattr(compiled, one) for one in dir(compiled) if one[0] != "_"}
        self.__dict__.update(members)  # found there from now on, as fast as in the compiled one
        return members[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return _LazyPattern, self._arguments
