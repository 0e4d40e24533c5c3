"""``kjfp letters``: issue letters, restore missing ones."""

from datetime import date
from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import RoundChoice, as_of_option, list_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.group("letters", cls=Group, help="函件：发出（编号、存档、记入台账），补出缺失的已发函件")
def letters() -> None:
    """Commands on letters to the units."""


@letters.command(
    "issue",
    cls=Command,
    help="发出函件：编号、存档、记入台账（letters/issued/日期/），由人工寄送；没有变化的不重发",
    writes="letters/issued/日期/",
)
@round_argument(required=True)
@as_of_option()
@list_option("--only", metavar="UNIT", text="只发这些单位的；也可写单份，如 13-退回补正通知")
def issue(choice: RoundChoice, as_of: date | None, only: tuple[str, ...]) -> int:
    """Issue the letters that are ready."""
    from kjfp_helpers import commands

    return run_step(choice, "letters", partial(commands.issue_letters, as_of=as_of, only=only))


@letters.command(
    "restore",
    cls=Command,
    help="补出缺失的已发函件：按台账复算，与发出时一字不差的才补回",
    writes="letters/issued/日期/",
)
@round_argument(required=True)
def restore(choice: RoundChoice) -> int:
    """Write missing issued letters again."""
    from kjfp_helpers import commands

    return run_step(choice, "letters", commands.restore_letters)
