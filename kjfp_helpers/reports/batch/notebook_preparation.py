"""Interactive notebooks with this round's parameters set: the workbook and the packets."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.bundled_files import NOTEBOOKS
from kjfp_helpers.reports.batch import notebook_runner
from kjfp_helpers.reports.batch.parameter_check import resolve_parameters

ANALYSIS = "11_explore.ipynb"
"""Opens the round by the library, not by the screens, and names its parameters accordingly."""
WORKBOOK = ("0[0-6]_*.ipynb", ANALYSIS, "12_publication.ipynb")
"""Notebooks of the screens, and the analysis."""
SCORING = "04_scoring.ipynb"
KEPT = ("member", "produce", "day", "reason", "number")
"""Parameters that a copy may leave at the notebook's own value: a screen asks for them."""
_SAFE = re.compile(r"[\w-]+")


def write_workbook_notebooks(
    round_dir: Path, outputs: Path, *, notebooks: Path = NOTEBOOKS
) -> list[Path]:
    """Write the screens' notebooks and the analysis into ``workbook/``; return what was written.

    Parameters
    ----------
    round_dir, outputs : Path
        The round and its outputs; both go in as paths relative to the copy.
    notebooks : Path
        Folder of the notebooks.

    Raises
    ------
    ParameterError
        When a notebook lacks a parameter or has one nobody sets.
    OutputError
        When a file cannot be written.
    """
    made: list[Path] = []
    for source in sorted(path for name in WORKBOOK for path in notebooks.glob(name)):
        copy = outputs / "workbook" / source.name
        given = _relative_paths(round_dir, outputs, copy.parent)
        if source.name == ANALYSIS:
            given = {"round": given["round_dir"], "outputs": given["outputs_dir"]}
        _write_copy(source, copy, given)
        made.append(copy)
    return made


def write_packet_notebooks(
    round_dir: Path,
    outputs: Path,
    members: Sequence[str],
    *,
    notebooks: Path = NOTEBOOKS,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write each member's scoring notebook, ``packets/<member>.ipynb``; return what was written.

    A packet holds parameters and no marks: those are in the ledger, from which the page is built
    whenever it is opened. So a packet can be written again at any time; one that already holds
    the same stays untouched, since Lab asks about a file that was replaced while it is open.

    Parameters
    ----------
    round_dir, outputs, notebooks : Path
        As for :func:`prepare_workbook`.
    members : sequence of str
        Ids of the members who read.
    on_progress : callable
        Called with packets done and packets in all.

    Raises
    ------
    ParameterError
        When the notebook lacks a parameter or has one nobody sets.
    OutputError
        When a file cannot be written, or a member's id cannot name a file.
    """
    made: list[Path] = []
    for member in members:
        if not _SAFE.fullmatch(member):
            raise OutputError(
                "panel.csv “member”列",
                expected="字母、数字、下划线或连字符",
                found=f"“{member}”",
                advice="更正评委编号",
            )
        copy = outputs / "packets" / f"{member}.ipynb"
        given = _relative_paths(round_dir, outputs, copy.parent) | {"member": member}
        _write_copy(notebooks / SCORING, copy, given)
        made.append(copy)
        on_progress(len(made), len(members))
    return made


def _relative_paths(round_dir: Path, outputs: Path, folder: Path) -> dict[str, str]:
    """Return round and outputs as seen from the folder of the copy."""
    places = {"round_dir": round_dir, "outputs_dir": outputs}
    return {
        name: Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
        for name, path in places.items()
    }


def _write_copy(source: Path, copy: Path, given: Mapping[str, str]) -> None:
    settled = resolve_parameters(source, given, optional=KEPT)
    content = notebook_runner.notebook_to_bytes(notebook_runner.set_parameters(source, settled))
    if not copy.exists() or copy.read_bytes() != content:  # a window may have it open
        atomic_write(copy, content)
