"""``kjfp findings``: the list of findings as the office fills it in."""

from functools import partial
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import PATH, RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.group("findings", cls=Group, help="问题清单：读回填好的办理情况")
def findings() -> None:
    """Commands on the list of findings."""


@findings.command(
    "import",
    cls=Command,
    help="读回填好的 findings.xlsx：状态为“已办结”的逐项记入台账，已记过的不重复",
)
@click.argument("file", metavar="FILE", type=PATH, required=True, help="填好的 findings.xlsx")
@round_argument(name="--round")
def import_work_list(choice: RoundChoice, file: Path) -> int:
    """Import the filled-in list of findings."""
    from kjfp_helpers.commands.returned_lists import work_list_import

    return run_step(choice, "findings", partial(work_list_import.import_work_list, file=file))
