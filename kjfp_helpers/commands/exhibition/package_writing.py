"""``kjfp exhibit --package FILE``: what is public in one zip, the same bytes every time."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kjfp_helpers.commands.exhibition.package_layout import (
    MANIFEST,
    PackageFile,
    PackageItem,
    list_package,
    write_manifest,
)
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.online_column.column_items import read_column
from kjfp_helpers.reports.office.writers.deterministic_zip import ENTRY_DATE
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.exhibition.approvals import list_approvals

_CHUNK = 1 << 20


def write_package(
    session: RoundSession, on_progress: ProgressCallback, *, file: Path
) -> StepResult:
    """Write the hand-over package of the exhibition; pictures go through in pieces.

    Raises
    ------
    NotReadyError
        When nothing is approved.
    OutputError
        When the file cannot be written.
    """
    state = session.current_state()
    approvals = list_approvals(state, read_column(session.round, session.received))
    listed = list(list_package(session.round, approvals, session.received))
    items = {id(item): item for item, _ in listed if item is not None}
    if not items:
        raise NotReadyError(
            "展览移交包",
            expected="有已批准公开的内容",
            found="没有",
            advice="先在“展览素材”页审定",
        )
    making = file.with_name(f".{file.name}.new")
    with output_errors(file):
        try:
            _write_zip(session, making, listed, list(items.values()), on_progress)
            making.replace(file)
        finally:
            making.unlink(missing_ok=True)
    notes = (f"{file.name}：{len(items)}项内容，可用 kjfp verify {file.name} 核对",)
    return StepResult(len(listed), notes=notes)


def _write_zip(
    session: RoundSession,
    path: Path,
    listed: list[tuple[PackageItem | None, PackageFile]],
    items: list[PackageItem],
    on_progress: ProgressCallback,
) -> None:
    files: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(path, "w") as archive:
        for number, (_, file) in enumerate(listed, start=1):
            files[file.name] = _write_entry(archive, file.name, file)
            on_progress(number, len(listed))
        manifest = write_manifest(session.round, files, items)
        _write_entry(archive, MANIFEST, PackageFile(name=MANIFEST, text=manifest.decode()))


def _write_entry(archive: zipfile.ZipFile, name: str, file: PackageFile) -> dict[str, Any]:
    """Write one entry; return its SHA-256, size and, of a picture, its pixels."""
    info = zipfile.ZipInfo(name, ENTRY_DATE)
    info.create_system, info.external_attr = 3, 0o644 << 16
    info.compress_type = zipfile.ZIP_STORED if file.source else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as target:
        for piece in _pieces(file):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    told: dict[str, Any] = {"sha256": digest.hexdigest(), "size": size}
    if file.picture:
        told |= {"width": file.picture.width, "height": file.picture.height}
    return told


def _pieces(file: PackageFile) -> Iterator[bytes]:
    if file.source is None:
        yield file.text.encode()
        return
    with file.source.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            yield piece
