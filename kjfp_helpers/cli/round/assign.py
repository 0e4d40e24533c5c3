"""``kjfp assign``: freeze the rules, assign members to cases, plan later rounds."""

from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, reason_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "assign",
    cls=Command,
    help="分派：冻结规则，给每件分派评委，备好评分笔记本",
    writes="workbook/、packets/",
)
@round_argument()
@click.option("--next", "next_round", is_flag=True, help="本轮评完后分派下一轮（规则定有下一轮的）")
@reason_option("本轮未评完而须分派下一轮的理由，记入台账")
def assign(choice: RoundChoice, next_round: bool, reason: str) -> int:
    """Freeze the rules and assign members to cases, or plan the next round of readings."""
    from kjfp_helpers import commands

    return run_step(
        choice, "assign", partial(commands.assign, next_round=next_round, reason=reason)
    )
