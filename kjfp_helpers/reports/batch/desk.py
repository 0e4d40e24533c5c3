"""The batch and the workbook for an open round."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kjfp_helpers.derivation import Desk
from kjfp_helpers.reports.batch import prepare, run
from kjfp_helpers.reports.slicing import slices
from kjfp_helpers.rules import home


def regenerate(
    desk: Desk,
    *,
    jobs: int = 2,
    only: Sequence[str] = (),
    force: bool = False,
    parameters: Mapping[str, str] | None = None,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> run.Outcome:
    """Cut the round into slices and make every report whose slice changed.

    Parameters are those of :func:`kjfp_helpers.reports.batch.run.regenerate`.

    Raises
    ------
    ParameterError
        When a notebook's parameters are not those given, or ``only`` names no unit.
    OutputError
        When a file cannot be written.
    """
    slices(desk.review(), desk.outputs / "reports" / "data")
    return run.regenerate(
        desk.outputs, jobs=jobs, only=only, force=force, parameters=parameters or {},
        notebooks=home() / "notebooks", tick=tick,
    )  # fmt: skip


def prepare_workbook(desk: Desk) -> list[Path]:
    """Write the interactive notebooks for this round.

    Raises
    ------
    ParameterError
        When a notebook lacks a parameter or has one nobody sets.
    OutputError
        When a file cannot be written.
    """
    return prepare.prepare_workbook(desk.round.folder, desk.outputs, notebooks=home() / "notebooks")


def prepare_packets(
    desk: Desk,
    members: Sequence[str],
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write the members' scoring notebooks, with this round's and their own parameters.

    Raises
    ------
    ParameterError
        When the notebook lacks a parameter or has one nobody sets.
    OutputError
        When a file cannot be written.
    """
    return prepare.prepare_packets(
        desk.round.folder, desk.outputs, members, notebooks=home() / "notebooks", tick=tick
    )
