"""``kjfp stocktake``: the workbook of the stock-take and the gap letters."""

from datetime import date
from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, as_of_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "stocktake",
    cls=Command,
    help="盘点：出汇总、明细、缺口、疑点、数字互核和更正记录，各单位的任务缺口通知",
    writes="stocktake.xlsx、stocktake/",
)
@round_argument()
@as_of_option()
def stocktake(choice: RoundChoice, as_of: date | None) -> int:
    """Write the workbook of the stock-take and the gap letters."""
    from kjfp_helpers import commands

    return run_step(choice, "stocktake", partial(commands.stocktake, as_of=as_of))
