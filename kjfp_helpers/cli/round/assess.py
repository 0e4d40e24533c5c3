"""``kjfp assess``: the assessment of the units."""

from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, persons_option, reason_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "assess",
    cls=Command,
    help="考核：分派总结、汇总各单位得分和等次，审定（--confirm）后出各单位通知",
    writes="assessment.xlsx、assessment/",
)
@round_argument()
@click.option("--confirm", metavar="DOCUMENT", default="", help="审定结果所依据的文件或会议记录")
@reason_option("尚有单位未评出而先行审定的理由")
@persons_option()
def assess(choice: RoundChoice, confirm: str, reason: str, by: tuple[str, ...]) -> int:
    """Assign the summaries, confirm results, write the papers."""
    from kjfp_helpers import commands

    step = partial(commands.assess, confirm=confirm, reason=reason, by=by)
    return run_step(choice, "assess", step)
