"""``kjfp intake``: register the mail and read the materials."""

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "intake",
    cls=Command,
    help="收件：登记来件，读出材料",
    writes="register.xlsx；轮次文件夹中的 received/",
)
@round_argument()
def intake(choice: RoundChoice) -> int:
    """Register the mail and read the materials."""
    from kjfp_helpers import commands

    return run_step(choice, "intake", commands.register_mail)
