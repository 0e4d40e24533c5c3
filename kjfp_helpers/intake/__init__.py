"""What arrived, as typed records: mail, archives, forms, tables, texts and pictures.

What stands here is loaded when it is first used: a screen that reads a saved intake needs none of
the parsers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kjfp_helpers.intake.cache import load, save
    from kjfp_helpers.intake.inbox import inbox_files, original, read_inbox

__all__ = ["inbox_files", "load", "original", "read_inbox", "save"]

_HOMES = {"cache": ("load", "save"), "inbox": ("inbox_files", "original", "read_inbox")}
"""Module to the names it gives to the package."""


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
