"""What arrived, as typed records: mail, archives, forms, tables, texts and pictures."""

from kjfp_helpers.intake.cache import load, save
from kjfp_helpers.intake.inbox import inbox_files, read_inbox
from kjfp_helpers.intake.sorting import FILE_TITLES

__all__ = ["FILE_TITLES", "inbox_files", "load", "read_inbox", "save"]
