"""What stands among the reports: from which inputs each was made, and what failed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kjfp_helpers.files import digest, replace_file

MANIFEST = "manifest.json"
PACKAGE = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "papermill", "nbclient", "nbconvert", "nbformat", "ipykernel", "ipython", "matplotlib",
    "zhplot", "numpy", "pillow", "jinja2", "markupsafe", "mistune",
)  # fmt: skip
"""Libraries whose version shows in a report's bytes."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A report that could not be made: notebook, cell (``第3格``) and reason."""

    name: str
    notebook: str
    cell: str
    reason: str


@dataclass
class Manifest:
    """What stands in ``reports/``: inputs and files of each report, and what failed."""

    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it; one that is missing or torn counts as empty."""
        try:
            return cls(**json.loads((folder / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, folder: Path) -> None:
        """Write it whole, in order of name."""
        ordered = {name: dict(sorted(part.items())) for name, part in asdict(self).items()}
        text = json.dumps(ordered, ensure_ascii=False, indent=1)
        replace_file(folder / MANIFEST, (text + "\n").encode())

    def holds(self, name: str, inputs: str, folder: Path) -> bool:
        """Tell whether a report stands in a folder as it would be made now from ``inputs``."""
        entry = self.reports.get(name)
        if entry is None or entry["inputs"] != inputs:
            return False
        return all(digest(folder / file) == sha256 for file, sha256 in entry["files"].items())


def inputs_digest(slice_file: Path, notebook: Path, parameters: Mapping[str, str]) -> str:
    """Return one hash over all that a report's bytes depend on."""
    given = json.dumps(dict(parameters), sort_keys=True)
    parts = [digest(slice_file), digest(notebook), given, source_digest(), *versions()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def versions() -> tuple[str, ...]:
    """Return the versions of the libraries that make a report."""
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} -")
    return tuple(found)


@cache
def source_digest() -> str:
    """Return one hash over the package: a change of code is a change of every report."""
    kinds = {".py", ".j2", ".css", ".json"}
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in kinds)
    lines = [f"{path.relative_to(PACKAGE).as_posix()} {digest(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
