"""Manifest of an archive: SHA-256 of every file, as ``sha256sum -c`` reads it."""

from collections.abc import Iterator
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import MANIFEST, list_files
from kjfp_helpers.infra.atomic_files import sha256_file


def write_manifest(folder: Path) -> str:
    """Write the manifest of all other files; return its own SHA-256."""
    lines = "".join(
        f"{sha256_file(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in list_files(folder)
        if path.name != MANIFEST
    )
    (folder / MANIFEST).write_bytes(lines.encode())
    return sha256_file(folder / MANIFEST)


def read_manifest(path: Path) -> dict[str, str]:
    """Return path to SHA-256 of a manifest; lines of another kind are left out."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    parts = (line.partition("  ") for line in lines)
    return {name: value for value, gap, name in parts if gap and len(value) == 64}


def compare_manifest(folder: Path) -> tuple[int, list[str], list[str]]:
    """Return how many files are as listed, what differs and what is not listed, in Chinese."""
    listed = read_manifest(folder / MANIFEST)
    differences = list(_find_differences(folder, listed))
    more = [
        f"{name}：清单没有列入"
        for path in list_files(folder)
        if (name := path.relative_to(folder).as_posix()) not in listed and name != MANIFEST
    ]
    return len(listed) - len(differences), differences, more


def _find_differences(folder: Path, listed: dict[str, str]) -> Iterator[str]:
    if not listed:
        yield f"{MANIFEST}：没有找到，或读不出"
    for name, value in listed.items():
        path = folder / name
        if not path.is_file():
            yield f"{name}：清单列有而档案中没有"
        elif sha256_file(path) != value:
            yield f"{name}：与清单的校验值不符，内容有改动"
