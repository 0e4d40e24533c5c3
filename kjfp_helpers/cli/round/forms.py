"""``kjfp forms``: write the blank forms and each unit's stock-take form."""

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "forms",
    cls=Command,
    help="表格：生成空白推荐表，逐单位备好填有名称和目标的盘点表",
    writes="forms/",
)
@round_argument()
def forms(choice: RoundChoice) -> int:
    """Write the blank forms and each unit's stock-take form."""
    from kjfp_helpers import commands

    return run_step(choice, "forms", commands.write_forms)
