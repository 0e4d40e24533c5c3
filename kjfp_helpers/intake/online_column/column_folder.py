"""The folder ``column`` of a round: where news and profiles are put, as mail or as folders."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.intake.inbox_listing import printable_name

COLUMN_FOLDER = "column"
MAX_BYTES = 60_000_000
"""Bytes of an entry, all its files together."""
NEWS, PROFILE = "news", "profile"
FOLDERS = {NEWS: "news", PROFILE: "profiles"}
"""Kind of item to its folder below ``column``."""
COLUMN_TITLES: Mapping[str, str] = {NEWS: "工作动态", PROFILE: "典型事迹"}
"""Kind of item to what it is called in Chinese."""


def kind_folder(round_folder: Path, kind: str) -> Path:
    """Return the folder of the items of a kind."""
    return round_folder / COLUMN_FOLDER / FOLDERS[kind]


def list_entries(round_folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield kind and path of every entry, by kind and name; links and hidden ones are left out."""
    for kind in FOLDERS:
        folder = kind_folder(round_folder, kind)
        for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
            if not entry.name.startswith(".") and not entry.is_symlink():
                yield kind, entry


def entry_name(entry: Path) -> str:
    """Return the name of an entry in printable characters."""
    return printable_name(Path(entry.name))


def list_entry_files(entry: Path) -> list[Path]:
    """Return the files of an entry, those of its folders too; no links, nothing hidden."""
    if not entry.is_dir():
        return [entry] if entry.is_file() and not entry.is_symlink() else []
    found = (path for path in sorted(entry.rglob("*")) if path.is_file() and not path.is_symlink())
    return [
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(entry).parts)
    ]


def hash_entry(entry: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of an entry by its path below the folder of its kind."""
    return {
        printable_name(path.relative_to(entry.parent)): sha256_file(path)
        for path in list_entry_files(entry)
    }


def stat_entry(entry: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Return name, size, time and place on disk of each file of an entry; none is read."""
    stats = ((str(path), path.stat()) for path in list_entry_files(entry))
    return tuple((name, one.st_size, one.st_mtime_ns, one.st_ino) for name, one in stats)


def sign_column(round_folder: Path) -> Iterator[str]:
    """Yield a line for each entry, its name and its files; while these stay, so does the column."""
    for kind, entry in list_entries(round_folder):
        yield f"{kind} {entry_name(entry)} {sorted(hash_entry(entry).items())}"
