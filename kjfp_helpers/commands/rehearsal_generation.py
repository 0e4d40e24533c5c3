"""Generate a rehearsal round in a folder of its own."""

import shutil
from pathlib import Path

from kjfp_helpers import rehearsal
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.infra.progress import ProgressCallback


def rehearse(
    folder: Path,
    *,
    units: int,
    seed: int,
    full: bool,
    to: str = "meeting",
    on_progress: ProgressCallback,
) -> None:
    """Generate a rehearsal round; the folder is created completely or not at all.

    ``to`` is how far ``kjfp run`` plays it, see :func:`rehearsal.write_rehearsal`.

    Raises
    ------
    OutputError
        When the folder exists and is not empty, or cannot be written.
    ParameterError
        When there cannot be so many units; nothing is written.
    """
    if not full:
        rehearsal.require_units(units)
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            f"文件夹 {folder.name}",
            expected="空的或不存在",
            found="已有内容",
            advice="另换名称，或先将其移走",
        )
    draft = folder.with_name(f".{folder.name}.part")
    try:
        with output_errors(folder):
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            rehearsal.write_rehearsal(
                draft, units=units, seed=seed, full=full, to=to, on_progress=on_progress
            )
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
