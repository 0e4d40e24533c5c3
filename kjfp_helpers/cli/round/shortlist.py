"""``kjfp shortlist``: rank the cases, fill the seats and write the list."""

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "shortlist",
    cls=Command,
    help="名单：排名次，定入围与候补，生成公示",
    writes="shortlist.xlsx、shortlist.html、proposal.docx（提请审定的建议名单）；"
    "定稿后另有 publication.docx、publication.xlsx",
)
@round_argument()
def shortlist(choice: RoundChoice) -> int:
    """Rank the cases, fill the seats and write the list."""
    from kjfp_helpers import commands

    return run_step(choice, "shortlist", commands.shortlist)
