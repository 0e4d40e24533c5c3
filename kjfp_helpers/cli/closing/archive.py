"""``kjfp archive``: a round in open formats, its identities in a file apart."""

from functools import partial
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "archive",
    cls=Command,
    help="归档：把一轮存成可保管三十年的文件夹或压缩文件（公开格式、归档文件目录、校验清单、"
    "给检查员的说明），身份信息另存一卷；用 kjfp verify 核验",
    writes="（TARGET，旁边另有身份信息卷）",
)
@round_argument(required=True)
@click.argument(
    "target",
    metavar="[TARGET]",
    type=PATH,
    required=False,
    help="新建的文件夹，或 .zip 文件；不写的放在输出文件夹旁的 archives/轮次-日期",
)
@click.option("--no-pdf", is_flag=True, help="不打印 PDF/A；装有 LibreOffice 的默认打印")
def archive(choice: RoundChoice, target: Path | None, no_pdf: bool) -> int:
    """Write the archive of a round."""
    from kjfp_helpers.commands.archive.archive_making import make_archive

    return run_step(choice, "archive", partial(make_archive, target=target, prints=not no_pdf))
