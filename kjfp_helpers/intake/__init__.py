"""Intake: read received mail into typed records of forms, stock-takes, texts and pictures.

The names of this package are loaded on first use: a screen that reads a saved intake result does
not import the parsers.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.intake.inbox import read_inbox
    from kjfp_helpers.intake.inbox_listing import list_inbox, read_original
    from kjfp_helpers.intake.serialization import dump, load, save

__all__ = ["dump", "list_inbox", "load", "read_inbox", "read_original", "save"]

__getattr__ = lazy_getattr(
    __name__,
    {
        "serialization": ("dump", "load", "save"),
        "inbox": ("read_inbox",),
        "inbox_listing": ("list_inbox", "read_original"),
    },
)
