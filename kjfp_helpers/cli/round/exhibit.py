"""``kjfp exhibit``: build the online exhibition."""

from functools import partial
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command("exhibit", cls=Command, help="展览：检查素材，生成网上展览", writes="exhibition/")
@round_argument()
@click.option(
    "--package",
    metavar="FILE",
    type=PATH,
    help="只做移交包（zip）：已批准内容的原图、文字、注释、审定记录和清单",
)
def exhibit(choice: RoundChoice, package: Path | None) -> int:
    """Build the online exhibition, or its hand-over package."""
    from kjfp_helpers import commands

    if package is not None:
        from kjfp_helpers.commands.exhibition.package_writing import write_package

        return run_step(choice, "exhibit", partial(write_package, file=package))
    return run_step(choice, "exhibit", commands.exhibit)
