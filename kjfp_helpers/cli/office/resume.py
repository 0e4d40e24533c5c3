"""``kjfp resume``: accept an older copy of the ledger by a recorded decision."""

from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, persons_option, reason_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "resume",
    cls=Command,
    help="沿用较早台账：台账由较早的备份恢复、而文件出自较晚的台账时，由两人记入台账",
)
@round_argument()
@reason_option()
@persons_option()
def resume(choice: RoundChoice, reason: str, by: tuple[str, ...]) -> int:
    """List the files of a later ledger; with a reason and two persons, accept the earlier one."""
    from kjfp_helpers import commands

    return run_step(choice, "resume", partial(commands.resume, reason=reason, by=by))
