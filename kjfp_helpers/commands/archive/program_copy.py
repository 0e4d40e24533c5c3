"""The programme in an archive: its source, its versions and their constraints."""

import json
import platform
from collections.abc import Iterator
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import PROGRAM
from kjfp_helpers.commands.archive.identity_vault import write_archive_zip
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES, NOTEBOOKS, PACKAGE, checkout
from kjfp_helpers.infra.code_version import library_versions, package_version, source_digest
from kjfp_helpers.intake.files.tool_versions import installed_tools

_LEFT_OUT = ("__pycache__", "bundled")
_BESIDE = ("pyproject.toml", "constraints.txt", "README.md")


def copy_program(folder: Path) -> None:
    """Write the source of the package, versions as JSON, and constraints for ``pip``."""
    place, root = folder / PROGRAM, checkout()
    place.mkdir()
    libraries = [line.split(" ") for line in library_versions()]
    versions = {
        "kjfp-helpers": package_version(),
        "code": source_digest(),
        "python": platform.python_version(),
        "libraries": {name: number for name, number in libraries if name != "python"},
        "tools": list(installed_tools()),
    }
    (place / "versions.json").write_text(
        json.dumps(versions, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )
    pins = root / "constraints.txt" if root else None
    text = "".join(
        f"{name}=={number}\n" for name, number in libraries if name != "python" and number != "-"
    )
    (place / "constraints.txt").write_text(
        pins.read_text("utf-8") if pins and pins.is_file() else text, "utf-8"
    )
    name = f"kjfp-helpers-{package_version() or 'source'}"
    write_archive_zip(
        place / f"{name}.zip",
        ((f"{name}/{path}", source) for path, source in _source_files(root)),
    )


def _source_files(root: Path | None) -> Iterator[tuple[str, Path]]:
    for name in _BESIDE if root else ():
        if root and (root / name).is_file():
            yield name, root / name
    for folder, place in ((NOTEBOOKS, "notebooks"), (DEFAULT_RULES, "data/2020")):
        for path in sorted(folder.glob("*.*")):
            yield f"{PACKAGE.name}/infra/bundled/{place}/{path.name}", path
    for path in sorted(PACKAGE.rglob("*")):
        below = path.relative_to(PACKAGE)
        if path.is_file() and not {*below.parts} & {*_LEFT_OUT}:
            yield f"{PACKAGE.name}/{below.as_posix()}", path
