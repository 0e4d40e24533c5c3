"""The versions that show in a report's bytes: of this package's files, of libraries, of Python."""

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.bundled_files import PACKAGE

DISTRIBUTION = "kjfp-helpers"
INDIRECT_LIBRARIES = (
    "nbclient",
    "nbformat",
    "ipykernel",
    "ipython",
    "traitlets",
    "markupsafe",
    "mistune",
    "pygments",
)
"""Libraries that others bring along and that show in a report, beside those declared."""

_SOURCE_SUFFIXES = (".py", ".j2", ".css", ".json", ".js")


def package_version() -> str:
    """Return the version of this package as installed, or ``-``."""
    return _version(DISTRIBUTION).partition(" ")[2]


@cache
def library_versions() -> tuple[str, ...]:
    """Return Python's version and those of all libraries that make a report."""
    try:
        lines = [line for line in requires(DISTRIBUTION) or () if "extra ==" not in line]
    except PackageNotFoundError:
        lines = []
    names = {re.split(r"[^\w.-]", line)[0] for line in lines} | set(INDIRECT_LIBRARIES)
    return (f"python {platform.python_version()}", *map(_version, sorted(names)))


def _version(name: str) -> str:
    """Return name and version; read from the head of its description, which is long."""
    try:
        about = distribution(name).read_text("METADATA") or ""
        found = re.search(r"^Version: (\S+)$", about, re.MULTILINE)
        return f"{name} {found[1] if found else version(name)}"
    except PackageNotFoundError:
        return f"{name} -"


@cache
def source_digest() -> str:
    """Return one hash over the package: a change of code is a change of every report."""
    lines = [f"{path.relative_to(PACKAGE).as_posix()} {sha256_file(path)}" for path in _sources()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sources() -> list[Path]:
    """Return the files of the package that show in a report, without going through its caches."""
    found = []
    for folder, inner, names in os.walk(PACKAGE):
        inner[:] = [name for name in inner if name != "__pycache__"]
        found += [Path(folder, name) for name in names if name.endswith(_SOURCE_SUFFIXES)]
    return sorted(found)


@cache
def build_fingerprint() -> str:
    """Return one hash over code and libraries."""
    return hash_texts([source_digest(), *library_versions()])


def hash_texts(parts: Iterable[str]) -> str:
    """Return one hash over several texts, told apart from those of other cuts."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()
