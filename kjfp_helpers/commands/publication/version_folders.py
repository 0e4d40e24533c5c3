"""Folders of versions below the outputs: what was written once is never written over."""

from pathlib import Path


def next_version_number(folder: Path, recorded: int) -> int:
    """Return the number of the next version: after those recorded, and after those on disk.

    Files that a command left behind when it was stopped before it recorded them are kept.
    """
    there = [int(path.name) for path in folder.glob("*") if path.name.isdecimal()]
    return 1 + max([recorded, *there])
