"""``kjfp backup``: copy the ledger into a new file while others may write."""

from functools import partial
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, RoundChoice
from kjfp_helpers.cli.step_runner import run_reading_step


@click.command(
    "backup",
    cls=Command,
    help="备份：把台账完整复制成一个新文件，随时可做，不覆盖已有文件",
    writes="（FILE）",
)
@click.argument("round", metavar="ROUND", help="轮次名或文件夹")
@click.argument("file", metavar="FILE", type=PATH, help="备份存成的文件（新建）")
def backup(round: str, file: Path) -> int:
    """Copy the ledger into a new file while others may write."""
    from kjfp_helpers import commands

    outcome = run_reading_step(RoundChoice(round), "backup", partial(commands.back_up, target=file))
    return int(bool(outcome.failed))
