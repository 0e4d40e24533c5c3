"""``kjfp new-round``: the rules of a round copied for the next year."""

from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, round_argument


@click.command(
    "new-round",
    cls=Command,
    help="新的一轮：复制一轮的规则文件，本轮受表扬的并入历年受表扬名册；列出须改的日期、文号",
    writes="（data/NAME/）",
)
@round_argument(required=True)
@click.argument("name", metavar="NAME", help="新轮次的名称，如 2021（新建 data/2021）")
def new_round(choice: RoundChoice, name: str) -> int:
    """Copy the rules of a round."""
    from kjfp_helpers.commands.next_year.next_round import copy_round
    from kjfp_helpers.rules import round_folder

    with choice.open(readonly=True) as session:
        session.access().require_command("new-round")
        target = round_folder(name)
        lines = copy_round(session, Path(target))
    print(f"✓ 新的一轮：{target.name}")
    for line in lines:
        print(f"    {line}")
    return 0
