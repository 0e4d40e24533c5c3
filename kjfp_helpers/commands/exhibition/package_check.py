"""``kjfp verify FILE`` of a hand-over package: every file is as its manifest says."""

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kjfp_helpers.commands.exhibition.package_layout import FORMAT, MANIFEST
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.progress import ProgressCallback

_MAX_MANIFEST = 50_000_000
_CHUNK = 1 << 20


def is_package(path: Path) -> bool:
    """Whether a file is a hand-over package of an exhibition."""
    if not (path.is_file() and zipfile.is_zipfile(path)):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def verify_package(path: Path, on_progress: ProgressCallback) -> StepResult:
    """Compare every file of a package with its manifest; nothing is unpacked.

    Raises
    ------
    OutputError
        When the file is no package, or its manifest cannot be read.
    """
    with zipfile.ZipFile(path) as archive:
        manifest = _read_manifest(path, archive)
        files: dict[str, dict[str, Any]] = manifest["files"]
        names = Counter(archive.namelist())
        failed = [f"{name}：包内有两份" for name, number in sorted(names.items()) if number > 1]
        failed += [f"{name}：清单没有列出" for name in names if name not in {*files, MANIFEST}]
        failed += [f"{name}：包内没有" for name in files if name not in names]
        present = [name for name in files if name in names]
        for number, name in enumerate(present, start=1):
            failed += _compare(archive, name, files[name])
            on_progress(number, len(present))
    listed = {name for item in manifest["items"] for name in item["files"]}
    failed += [f"{name}：审定记录所列，清单没有" for name in sorted(listed - files.keys())]
    notes = (f"{manifest['round']} 轮“{manifest['column']}”，{len(manifest['items'])}项内容",)
    return StepResult(len(present) - len(failed), failed=tuple(failed), notes=notes)


def _read_manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if archive.getinfo(MANIFEST).file_size > _MAX_MANIFEST:
            raise ValueError(MANIFEST)
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise ValueError(FORMAT)
        if not _is_complete(manifest):
            raise ValueError(FORMAT)
    except (KeyError, ValueError, TypeError, RuntimeError, zipfile.BadZipFile, OSError) as error:
        raise OutputError(
            path.name,
            expected="kjfp exhibit --package 所做的移交包",
            found=f"{MANIFEST} 缺失或无法读取",
            advice="核对文件，或重新生成",
        ) from error
    return manifest


def _is_complete(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest has all that is compared, each of its kind."""
    files = dict(manifest["files"]).values()
    told = all(isinstance(one["size"], int) and isinstance(one["sha256"], str) for one in files)
    listed = [name for item in manifest["items"] for name in item["files"]]
    words = (manifest["round"], manifest["column"], *listed)
    return told and all(isinstance(word, str) for word in words)


def _compare(archive: zipfile.ZipFile, name: str, told: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a file; one that is larger than told is not read on."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as stream:
            while size <= told["size"] and (piece := stream.read(_CHUNK)):
                digest.update(piece)
                size += len(piece)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, KeyError, TypeError):
        yield f"{name}：无法读取"
        return
    if (size, digest.hexdigest()) != (told["size"], told["sha256"]):
        yield f"{name}：与清单不符"
