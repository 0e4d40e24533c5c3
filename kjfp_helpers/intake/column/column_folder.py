"""The folder ``column`` of a round: where news and profiles are put, as mail or as folders."""

from collections.abc import Iterator
from pathlib import Path

from kjfp_helpers.infra.atomic_files import sha256_file

COLUMN_FOLDER = "column"
NEWS, PROFILE = "news", "profile"
FOLDERS = {NEWS: "news", PROFILE: "profiles"}
"""Kind of item to its folder below ``column``."""


def list_entries(round_folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield kind and path of every entry, by kind and name; links and hidden ones are left out."""
    for kind, name in FOLDERS.items():
        folder = round_folder / COLUMN_FOLDER / name
        for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
            if not entry.name.startswith(".") and not entry.is_symlink():
                yield kind, entry


def sign_entry(entry: Path) -> Iterator[str]:
    """Yield name and SHA-256 of the files of an entry; when these stay, so does the entry."""
    for path in sorted(entry.iterdir()) if entry.is_dir() else [entry]:
        is_read = path.is_file() and not path.is_symlink()
        yield f"{entry.name}/{path.name} {sha256_file(path) if is_read else ''}"


def sign_column(round_folder: Path) -> Iterator[str]:
    """Yield the same for all entries."""
    for _, entry in list_entries(round_folder):
        yield from sign_entry(entry)
