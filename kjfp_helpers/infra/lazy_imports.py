"""Lazy exports of a package (PEP 562): a name is imported when it is first used.

Own code rather than ``lazy_loader.attach`` (SPEC 1), which would be one more dependency for ten
lines.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


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
