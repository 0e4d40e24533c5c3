"""Programs outside Python that some files need to be read, and their versions here."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePosixPath

from kjfp_helpers.intake.files.file_types import CONVERTIBLE_FORMATS, EXTENSIONS_BY_FORMAT
from kjfp_helpers.intake.files.libreoffice import find_libreoffice

TOOL_EXTENSIONS: Mapping[str, frozenset[str]] = {
    "LibreOffice": frozenset(
        f".{ending}" for kind in CONVERTIBLE_FORMATS for ending in EXTENSIONS_BY_FORMAT[kind]
    ),
    "unar": frozenset(f".{ending}" for ending in EXTENSIONS_BY_FORMAT["rar"]),
}
"""Tool to the endings of the files that it reads."""


def needed_tools(paths: Iterable[str]) -> frozenset[str]:
    """Return the tools that files of these names need.

    Examples
    --------
    >>> sorted(needed_tools(["a.docx", "来件/旧.WPS"]))
    ['LibreOffice']
    """
    endings = {PurePosixPath(path).suffix.lower() for path in paths}
    return frozenset(tool for tool, own in TOOL_EXTENSIONS.items() if endings & own)


def tool_versions(paths: Iterable[str]) -> dict[str, str]:
    """Return the version of every tool that files of these names need, ``""`` where absent."""
    return {tool: _version(tool, _place(tool)) for tool in sorted(needed_tools(paths))}


def _place(tool: str) -> str | None:
    return find_libreoffice() if tool == "LibreOffice" else shutil.which(tool)


@cache
def _version(tool: str, path: str | None) -> str:
    if path is None:
        return ""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "版本不明"
    lines = done.stdout.decode("utf-8", errors="replace").split("\n")
    return lines[0].removeprefix(tool).strip()[:60] or "版本不明"
