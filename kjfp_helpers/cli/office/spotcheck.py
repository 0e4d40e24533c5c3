"""``kjfp spotcheck``: the spot check (抽查) from the frame to the report."""

from datetime import date
from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import (
    Day,
    NameValue,
    RoundChoice,
    list_option,
    persons_option,
    reason_option,
    round_argument,
)
from kjfp_helpers.cli.step_runner import run_step

_TODAY = click.option("--as-of", type=Day(), help="今天的日期，只在演练中使用")


@click.group("spotcheck", cls=Group, help="抽查：冻结名册、抽签、制发检查表、导入结果、汇总")
def spotcheck() -> None:
    """Commands of the spot check."""


@spotcheck.command(
    "freeze",
    cls=Command,
    help="冻结抽查名册，写明公开值的来源和公布日；抽签以前公布",
    writes="spotcheck/frame.txt、frame.docx",
)
@round_argument(required=True)
@click.option("--source", metavar="TEXT", required=True, help="公开值的来源，如某日某指数收盘点位")
@click.option("--day", type=Day(), required=True, help="公开值的公布日，须晚于今天")
@list_option("--exclude", "excluded", metavar="UNIT=REASON", type=NameValue(), text="不列入的单位")
@reason_option("重新冻结的理由；原名册和抽签结果随即作废")
@_TODAY
def freeze(
    choice: RoundChoice,
    source: str,
    day: date,
    excluded: tuple[tuple[str, str], ...],
    reason: str,
    as_of: date | None,
) -> int:
    """Freeze the frame."""
    from kjfp_helpers import commands

    step = partial(
        commands.freeze_spot_check,
        source=source,
        day=day,
        excluded=dict(excluded),
        reason=reason,
        as_of=as_of,
    )
    return run_step(choice, "spotcheck", step)


@spotcheck.command(
    "draw",
    cls=Command,
    help="公开值公布以后输入，抽签；也可按文件指定单位（--add）",
    writes="spotcheck/lot.docx",
)
@round_argument(required=True)
@click.option("--value", metavar="TEXT", default="", help="公开值，照公布的原文")
@list_option("--add", metavar="UNIT", text="指定抽查的单位，须写文号、理由和两名经办人")
@click.option("--document", metavar="TEXT", default="", help="指定单位所依据的文件")
@reason_option("指定单位的理由")
@persons_option()
@_TODAY
def draw(
    choice: RoundChoice,
    value: str,
    add: tuple[str, ...],
    document: str,
    reason: str,
    by: tuple[str, ...],
    as_of: date | None,
) -> int:
    """Draw the lot."""
    from kjfp_helpers import commands

    step = partial(
        commands.draw_spot_check,
        value=value,
        add=add,
        document=document,
        reason=reason,
        by=by,
        as_of=as_of,
    )
    return run_step(choice, "spotcheck", step)
