"""Folders of rounds and of their outputs: below ``data/`` and ``outputs/``."""

import os
from pathlib import Path

from kjfp_helpers.infra import bundled_files

HOME_VARIABLE = "KJFP_HOME"
"""Environment variable that names the folder of ``data/`` and ``outputs/``."""


def project_folder() -> Path:
    """Return the project folder, which holds ``data/`` and ``outputs/``.

    It is named by the environment, or the working folder or one above it: with ``data/`` and
    ``notebooks/``, and for an installed package also with a round below ``data/``. Failing these,
    it is the checkout that the package runs from, and for an installed package the working folder.
    """
    if os.environ.get(HOME_VARIABLE):
        return Path(os.environ[HOME_VARIABLE])
    here = Path.cwd()
    source = bundled_files.checkout()
    for folder in (here, *here.parents):
        if (folder / "data").is_dir() and (folder / "notebooks").is_dir():
            return folder
        if source is None and any(folder.glob("data/*/notice.toml")):
            return folder
    return source or here


def notebooks_folder() -> Path:
    """Return the notebooks of the project folder, else those that came with the package."""
    folder = project_folder() / "notebooks"
    if folder.is_dir():
        return folder
    return bundled_files.NOTEBOOKS


def default_rules_folder() -> Path:
    """Return the default rule files of the project folder, else those of the package."""
    folder = project_folder() / "data" / bundled_files.DEFAULT_RULES.name
    if folder.is_dir():
        return folder
    return bundled_files.DEFAULT_RULES


def round_folder(name: str | Path) -> Path:
    """Return the folder of a round given by path or by its name below ``data/``."""
    path = Path(name)
    if path.is_absolute() or path.is_dir():
        return path
    return (
        project_folder() / path
        if (project_folder() / path).is_dir()
        else project_folder() / "data" / path
    )


def output_folder(round_name: str, outputs: str | Path | None = None) -> Path:
    """Return where a round's papers go: ``outputs/<round>`` unless another is named."""
    if not outputs:
        return project_folder() / "outputs" / round_name
    path = Path(outputs)
    return path if path.is_absolute() or path.is_dir() else project_folder() / path
