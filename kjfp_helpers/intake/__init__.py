"""What arrived, as typed records: mail, archives, forms, tables, texts and pictures.

What stands here is loaded when it is first used: a screen that reads a saved intake needs none of
the parsers.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.lazy import lazily

if TYPE_CHECKING:
    from kjfp_helpers.intake.cache import load, save
    from kjfp_helpers.intake.inbox import inbox_files, original, read_inbox

__all__ = ["inbox_files", "load", "original", "read_inbox", "save"]

__getattr__ = lazily(
    __name__, {"cache": ("load", "save"), "inbox": ("inbox_files", "original", "read_inbox")}
)
