"""Papers that the office filed under a report's name, as stamped scans: never written over."""

from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path

from kjfp_helpers.infra.atomic_files import output_errors, sha256_file
from kjfp_helpers.reports.batch.manifest import FORMATS


def set_aside_papers(folder: Path, names: Iterable[str], made: Mapping[str, str]) -> dict[str, str]:
    """Rename the papers of reports that are about to be made, where no run made what stands there.

    Parameters
    ----------
    folder : Path
        ``reports`` below the outputs.
    names : iterable of str
        Names of the reports.
    made : mapping
        File names below ``reports/`` to the SHA-256 with which the last run left them.

    Returns
    -------
    dict
        Earlier file name to the one it has now, both below ``reports/``.

    Raises
    ------
    OutputError
        When a file cannot be read or renamed.
    """
    moved: dict[str, str] = {}
    with output_errors(folder):
        for paper in (f"{name}{ending}" for name in names for ending in FORMATS):
            path = folder / paper
            if path.is_file() and not is_as_made(path, made.get(paper, "")):
                free = next(
                    place
                    for number in count(1)
                    if not (place := path.with_stem(f"{path.stem}-自存{number}")).exists()
                )
                path.rename(free)
                moved[paper] = free.relative_to(folder).as_posix()
    return moved


def is_as_made(path: Path, digest: str) -> bool:
    """Return whether a file is still what a run left there."""
    return bool(digest) and sha256_file(path) == digest
