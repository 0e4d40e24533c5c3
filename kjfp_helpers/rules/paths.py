"""Where rounds and their papers are: below ``data/`` and ``outputs/`` of the project."""

import os
from pathlib import Path

HOME = "KJFP_HOME"
"""Environment variable that names the folder of ``data/`` and ``outputs/``."""


def home() -> Path:
    """Return the project folder: named by environment, around the working folder, or the source."""
    if os.environ.get(HOME):
        return Path(os.environ[HOME])
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "data").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return Path(__file__).resolve().parents[2]


def round_folder(name: str | Path) -> Path:
    """Return the folder of a round given by path or by its name below ``data/``."""
    path = Path(name)
    if path.is_absolute() or path.is_dir():
        return path
    return home() / path if (home() / path).is_dir() else home() / "data" / path


def output_folder(round_name: str, outputs: str | Path | None = None) -> Path:
    """Return where a round's papers go: ``outputs/<round>`` unless another is named."""
    if not outputs:
        return home() / "outputs" / round_name
    path = Path(outputs)
    return path if path.is_absolute() or path.is_dir() else home() / path
