"""``kjfp amend``: list the differences from the frozen rules; with a resolution, record them."""

from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, persons_option, reason_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "amend",
    cls=Command,
    help="规则修订：评分后按决议修改规则文件的，列出与冻结时的差别并记入台账",
)
@round_argument()
@click.option("--resolution", metavar="NO", default="", help="会议决议文号")
@reason_option()
@persons_option()
def amend(choice: RoundChoice, resolution: str, reason: str, by: tuple[str, ...]) -> int:
    """List the differences from the frozen rules; with a resolution, record them."""
    from kjfp_helpers import commands

    return run_step(
        choice, "amend", partial(commands.amend, resolution=resolution, reason=reason, by=by)
    )
