"""``kjfp regenerate``: regenerate reports, importing nothing of the other steps."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import (
    DEFAULT_ROUND,
    NameValue,
    RoundChoice,
    jobs_option,
    list_option,
    round_argument,
)
from kjfp_helpers.cli.step_runner import report_step, run_step


@click.command(
    "regenerate",
    cls=Command,
    help="报告：单位报告、推荐对象卷宗、评委评分表和总报告，只重新生成有变化的",
    writes="reports/",
)
@round_argument()
@list_option(
    "--only", metavar="UNIT", text="仅生成这些单位及其个案；也可写个案编号、评委编号或 overall"
)
@jobs_option()
@click.option(
    "--audience",
    "audiences",
    type=click.Choice(("unit", "office", "panel")),
    multiple=True,
    help="仅生成给谁看的单位报告：unit 单位，office 办公室，panel 评委（不写单位和姓名）；可重复写",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("html", "docx", "pdf")),
    multiple=True,
    help="给单位的报告另存的格式：docx 用于盖章，pdf 须装有 LibreOffice 或 Chromium；可重复写",
)
@click.option(
    "--since",
    metavar="SEQ|DATE",
    default="",
    help="仅限此台账编号或日期以来有变化的，如 --since 1108 --format docx",
)
@click.option("--force", is_flag=True, help="没有变化的也重新生成")
@click.option("--retry", is_flag=True, help="仅重新生成上次失败的")
@click.option(
    "--stock-kernels",
    is_flag=True,
    help="改用 papermill 自带的方式启动内核（较慢，不限内存），结果相同",
)
@click.option("--dask", metavar="ADDRESS", default="", help="交给此地址的 Dask 集群，不用 --jobs")
@click.option(
    "-p",
    "parameters",
    type=NameValue(),
    multiple=True,
    help="笔记本参数，如 with_story=False（卷宗不附事迹全文）",
)
def regenerate(choice: RoundChoice, parameters: tuple[tuple[str, str], ...], **options: Any) -> int:
    """Regenerate reports without importing the other steps, which would slow the start."""
    from kjfp_helpers import reports
    from kjfp_helpers.reports.batch.manifest import find_unchanged_reports

    given = dict(parameters)
    special = ("force", "retry", "audiences", "formats", "since")
    if not any(options[name] for name in special):
        outputs = os.path.abspath(choice.outputs) if choice.outputs else ""
        unchanged = find_unchanged_reports(
            choice.round or DEFAULT_ROUND, outputs, given, only=options["only"]
        )
        if unchanged is not None:
            report_step("regenerate", lambda *_: unchanged, None)
            return 0

    from kjfp_helpers.reports.batch.worker_pool import WorkerPool

    # the processes that make reports import what they need while this one does and opens the round
    with nullcontext() if options["dask"] else WorkerPool(options["jobs"]) as workers:

        def step(session: Any, on_progress: Callable[[int, int], None]) -> Any:
            return reports.regenerate_reports(
                session, parameters=given, workers=workers, on_progress=on_progress, **options
            )

        return run_step(choice, "regenerate", step)
