"""External programs that some file formats need, and their installed versions."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kjfp_helpers.intake.files.libreoffice import find_libreoffice

if TYPE_CHECKING:
    from kjfp_helpers.intake.files.file_types import Format

TOOLS = ("LibreOffice", "unar")


@cache
def _extensions_by_tool() -> Mapping[str, frozenset[str]]:
    """Return each tool with the extensions of the files that it reads.

    Loads the parsers, which what only asks for versions can do without.
    """
    from kjfp_helpers.intake.files.file_types import CONVERTIBLE_FORMATS, EXTENSIONS_BY_FORMAT

    formats = {"LibreOffice": CONVERTIBLE_FORMATS, "unar": ("rar",)}
    return {
        tool: frozenset(
            f".{extension}" for kind in formats[tool] for extension in EXTENSIONS_BY_FORMAT[kind]
        )
        for tool in TOOLS
    }


def needed_tools(paths: Iterable[str]) -> frozenset[str]:
    """Return the tools that files with these names need.

    Examples
    --------
    >>> sorted(needed_tools(["a.docx", "来件/旧.WPS"]))
    ['LibreOffice']
    """
    extensions = {PurePosixPath(path).suffix.lower() for path in paths}
    return frozenset(
        tool
        for tool, tool_extensions in _extensions_by_tool().items()
        if extensions & tool_extensions
    )


def tools_of_formats(formats: Iterable["Format"]) -> frozenset[str]:
    """Return the tools that read files of these formats.

    Examples
    --------
    >>> sorted(tools_of_formats(["docx", "doc", "rar"]))
    ['LibreOffice', 'unar']
    """
    from kjfp_helpers.intake.files.file_types import EXTENSIONS_BY_FORMAT

    return needed_tools(
        f"a.{extension}" for kind in formats for extension in EXTENSIONS_BY_FORMAT.get(kind, ())
    )


def tool_versions(paths: Iterable[str]) -> dict[str, str]:
    """Return the version of each tool that files with these names need, ``""`` if not installed."""
    return tool_versions_of(needed_tools(paths))


def tool_versions_of(tools: Iterable[str]) -> dict[str, str]:
    """Return the version of each of these tools, ``""`` if not installed."""
    return {tool: _tool_version(tool, _executable_path(tool)) for tool in sorted(tools)}


def installed_tools() -> tuple[str, ...]:
    """Return the tools that are installed, without starting one."""
    return tuple(tool for tool in TOOLS if _executable_path(tool))


def _executable_path(tool: str) -> str | None:
    return find_libreoffice() if tool == "LibreOffice" else shutil.which(tool)


@cache
def _tool_version(tool: str, path: str | None) -> str:
    if path is None:
        return ""
    try:
        process = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "版本不明"
    lines = process.stdout.decode("utf-8", errors="replace").split("\n")
    return lines[0].removeprefix(tool).strip()[:60] or "版本不明"
