"""``kjfp spotcheck``: the spot check (抽查) from the frame to the report."""

from datetime import date
from functools import partial
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import (
    PATH,
    Day,
    NameValue,
    RoundChoice,
    as_of_option,
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


@spotcheck.command(
    "issue",
    cls=Command,
    help="安排检查人员（--teams），制发检查表，发出抽查通知、反馈函",
    writes="spotcheck/forms/、letters/issued/日期/",
)
@round_argument(required=True)
@click.option(
    "--teams",
    type=PATH,
    help="检查人员表（.csv、.xlsx）：单位、检查日期、姓名、工作单位、所在省份、关联单位、核实理由",
)
@as_of_option()
def issue(choice: RoundChoice, teams: Path | None, as_of: date | None) -> int:
    """Write the visit forms and the letters."""
    from kjfp_helpers import commands

    step = partial(commands.issue_visit_forms, teams=teams, as_of=as_of)
    return run_step(choice, "spotcheck", step)


@spotcheck.command(
    "import",
    cls=Command,
    help="导入填好的检查表：逐格对照制发时的空白表，合并两名检查人员的表",
    writes="轮次文件夹 spotcheck/单位代码/（照片）",
)
@click.argument("files", metavar="FILE...", type=PATH, nargs=-1, required=True, help="填好的检查表")
@list_option("--take", metavar="FILE", type=PATH, text="与另一份不同时以这些表为准")
@click.option("--photos", type=PATH, help="照片所在文件夹，默认各检查表所在文件夹")
@round_argument(name="--round")
def import_forms(
    choice: RoundChoice, files: tuple[Path, ...], take: tuple[Path, ...], photos: Path | None
) -> int:
    """Import filled-in visit forms."""
    from kjfp_helpers import commands

    step = partial(commands.import_visit_forms, files=files, prefer_files=take, photos=photos)
    return run_step(choice, "spotcheck", step)


@spotcheck.command(
    "close",
    cls=Command,
    help="抽查结束，汇总报告；有单位未办结的须写明理由和两名经办人",
    writes="spotcheck/report.docx、report.html",
)
@round_argument(required=True)
@reason_option("未办结而结束的理由")
@persons_option()
def close(choice: RoundChoice, reason: str, by: tuple[str, ...]) -> int:
    """Close the check and write its report."""
    from kjfp_helpers import commands

    return run_step(choice, "spotcheck", partial(commands.close_spot_check, reason=reason, by=by))


@spotcheck.command(
    "papers",
    cls=Command,
    help="按台账重新生成抽查的各种文件（名册、抽签结果、报告）",
    writes="spotcheck/",
)
@round_argument(required=True)
def papers(choice: RoundChoice) -> int:
    """Write the papers of the check again."""
    from kjfp_helpers import commands

    return run_step(choice, "spotcheck", commands.write_spot_check_papers)
