"""``kjfp packet``: members' scoring notebooks, and workbooks for members without Jupyter."""

from functools import partial
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import PATH, Decorator, RoundChoice, list_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


def _members_option() -> Decorator:
    return list_option("--member", "members", metavar="M", text="仅处理指定评委")


@click.group("packet", cls=Group, help="评分材料：备好评分笔记本，导出、导入不用 Jupyter 的评分表")
def packet() -> None:
    """Commands on members' packets."""


@packet.command(
    "issue",
    cls=Command,
    help="备好每位评委的评分笔记本（packets/评委编号.ipynb），可随时重新生成",
    writes="packets/",
)
@round_argument()
@_members_option()
def issue(choice: RoundChoice, members: tuple[str, ...]) -> int:
    """Prepare the scoring notebooks."""
    from kjfp_helpers import commands

    return run_step(choice, "issue", partial(commands.issue_notebooks, members=members))


@packet.command(
    "export",
    cls=Command,
    help="导出评分表（packets/评委编号.xlsx），供不用 Jupyter 的评委填写",
    writes="packets/",
)
@round_argument()
@_members_option()
def export(choice: RoundChoice, members: tuple[str, ...]) -> int:
    """Write the scoring workbooks."""
    from kjfp_helpers import commands

    return run_step(choice, "export", partial(commands.export_workbooks, members=members))


@packet.command(
    "import",
    cls=Command,
    help="导入填好的评分表：只收导出后改动的，与台账冲突的列出不收",
    writes="packets/conflicts.xlsx（有冲突时）",
)
@click.argument("files", metavar="FILE...", type=PATH, nargs=-1, required=True, help="填好的评分表")
@list_option("--take", metavar="FILE", type=PATH, text="与台账冲突时以这些表为准")
@click.option("--preview", is_flag=True, help="只列出将记入什么、哪里填错、与台账有何冲突，不记入")
@round_argument(name="--round")
def import_workbooks(
    choice: RoundChoice, files: tuple[Path, ...], take: tuple[Path, ...], preview: bool
) -> int:
    """Import filled-in scoring workbooks."""
    from kjfp_helpers import commands

    return run_step(
        choice,
        "import",
        partial(commands.import_workbooks, files=files, prefer_files=take, is_preview=preview),
    )
