"""Any file to JSON lines, without a round: for a look at one file, and for other programs."""

from kjfp_helpers.commands.extraction.file_extraction import extract

__all__ = ["extract"]
