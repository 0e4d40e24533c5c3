"""What arrived, as typed records: mail, archives, forms, tables, texts and pictures.

What stands here is loaded when it is first used: a screen that reads a saved intake needs none of
the parsers.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_imports import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.intake.inbox import list_inbox, read_inbox, read_original
    from kjfp_helpers.intake.serialization import load, save

__all__ = ["list_inbox", "load", "read_inbox", "read_original", "save"]

__getattr__ = lazy_getattr(
    __name__,
    {"serialization": ("load", "save"), "inbox": ("list_inbox", "read_original", "read_inbox")},
)
