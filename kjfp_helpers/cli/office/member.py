"""``kjfp member``: withdrawal of a panel member, with or without a substitute, and its reversal."""

from functools import partial
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import (
    Decorator,
    RoundChoice,
    persons_option,
    reason_option,
    round_argument,
)
from kjfp_helpers.cli.step_runner import run_step

SUBSTITUTE = {
    "member": ("ID", "替补的编号（不与现有评委重复）"),
    "name": ("NAME", "替补的姓名"),
    "employer": ("UNIT", "工作单位"),
    "region": ("PLACE", "所在地区，不在名册中的不写"),
    "field": ("FIELD", "专业"),
    "user": ("ACCOUNT", "登录的账号"),
    "ties": ("CODES", "有关联的单位代码，分号隔开"),
}
"""Column of the panel's table to metavar and help of its option."""


def _member_argument() -> Decorator:
    return click.argument("member", metavar="MEMBER", help="评委编号")


def _document_option() -> Decorator:
    return click.option("--document", metavar="TEXT", default="", help="文件或批准")


def _substitute_options() -> Decorator:
    def decorate(run: Any) -> Any:
        for column, (metavar, text) in reversed(SUBSTITUTE.items()):
            run = click.option(f"--substitute-{column}", metavar=metavar, default="", help=text)(
                run
            )
        return run

    return decorate


@click.group("member", cls=Group, help="评委变动：退出（未评的件随即改派，可有替补），撤销退出")
def member() -> None:
    """Commands on members of the panel."""


@member.command(
    "withdraw",
    cls=Command,
    help="评委退出：记入台账，未评的件随即改派他人或替补，panel.csv 不用改",
    writes="packets/",
)
@round_argument(required=True)
@_member_argument()
@reason_option("理由，必填", required=True)
@_document_option()
@persons_option()
@click.option(
    "--set-marks-aside",
    "set_aside",
    is_flag=True,
    help="已给的评分一律不计（仍留在台账和本人评分表中）；不写则照计",
)
@_substitute_options()
@click.option("--approval", metavar="TEXT", default="", help="批准替补的文件，有替补的必填")
def withdraw(choice: RoundChoice, **values: Any) -> int:
    """Record that a member left, and reassign their unread cases."""
    from kjfp_helpers import commands

    substitute = {column: values.pop(f"substitute_{column}") for column in SUBSTITUTE}
    return run_step(
        choice, "member", partial(commands.withdraw_member, substitute=substitute, **values)
    )


@member.command(
    "restore",
    cls=Command,
    help="撤销退出：评委恢复在任，替补随之退出",
    writes="packets/",
)
@round_argument(required=True)
@_member_argument()
@reason_option("理由，必填", required=True)
@_document_option()
@persons_option()
def restore(choice: RoundChoice, **values: Any) -> int:
    """Record that a withdrawal is reverted."""
    from kjfp_helpers import commands

    return run_step(choice, "member", partial(commands.reinstate_member, **values))
