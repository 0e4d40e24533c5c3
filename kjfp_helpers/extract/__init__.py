"""Any file to JSON lines, without a round: for a look at one file, and for other programs."""

from kjfp_helpers.extract.run import extract

__all__ = ["extract"]
