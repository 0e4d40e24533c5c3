"""Extract files of any kind to JSON lines, without a round."""

from kjfp_helpers.commands.extraction.file_extraction import extract

__all__ = ["extract"]
