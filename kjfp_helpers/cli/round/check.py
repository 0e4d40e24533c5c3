"""``kjfp check``: check the materials and draft the letters."""

from datetime import date
from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, as_of_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "check",
    cls=Command,
    help="检查：盘点、总结、资格，出问题清单和退回补正通知",
    writes="findings.xlsx、letters/",
)
@round_argument()
@as_of_option()
def check(choice: RoundChoice, as_of: date | None) -> int:
    """Check the materials and draft the letters."""
    from kjfp_helpers import commands

    return run_step(choice, "check", partial(commands.check, as_of=as_of))
