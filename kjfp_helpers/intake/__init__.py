"""What arrived, as typed records: mail, archives, forms, tables, texts and pictures."""

from kjfp_helpers.intake.cache import load, save
from kjfp_helpers.intake.inbox import inbox_files, read_inbox

__all__ = ["inbox_files", "load", "read_inbox", "save"]
