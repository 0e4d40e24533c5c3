"""The command line ``kjfp``."""

from kjfp_helpers.cli.main import main

__all__ = ["main"]
