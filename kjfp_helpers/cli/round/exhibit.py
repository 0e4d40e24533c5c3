"""``kjfp exhibit``: build the online exhibition."""

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command("exhibit", cls=Command, help="展览：检查素材，生成网上展览", writes="exhibition/")
@round_argument()
def exhibit(choice: RoundChoice) -> int:
    """Build the online exhibition."""
    from kjfp_helpers import commands

    return run_step(choice, "exhibit", commands.exhibit)
