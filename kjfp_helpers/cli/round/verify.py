"""``kjfp verify``: derive everything again and compare it with the ledger and with the files."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, RoundChoice, round_argument
from kjfp_helpers.cli.step_runner import UNCHECKED, report_step, run_reading_step


@click.command(
    "verify",
    cls=Command,
    help="核验：由原件、规则和台账复算，并核对已生成的文件；可只核对手中的文件，"
    "也可核验档案（kjfp archive 所做的文件夹或压缩文件），不写任何文件",
)
@round_argument()
@click.argument(
    "files", metavar="[FILE]...", type=PATH, nargs=-1, help="只核对这些文件，默认核对输出文件夹"
)
@click.option(
    "--head",
    "heads",
    metavar="N:HASH",
    multiple=True,
    help="文件上印的台账编号和校验值，如 1108:43da3bd2",
)
@click.option("--vault", metavar="FILE", type=PATH, help="核验档案时，身份信息卷的位置")
def verify(
    choice: RoundChoice, files: tuple[Path, ...], heads: tuple[str, ...], vault: Path | None
) -> int:
    """Derive everything again and compare it with the ledger and with the files."""
    from kjfp_helpers import commands
    from kjfp_helpers.commands.archive.archive_layout import ABOUT

    place = Path(choice.round)
    if choice.round and place.suffix.lower() == ".zip":
        from kjfp_helpers.commands.exhibition.package_check import is_package, verify_package

        if is_package(place):
            return _exit_code(report_step("verify", verify_package, place))
    if choice.round and ((place / ABOUT).is_file() or place.suffix.lower() == ".zip"):
        return _verify_archive(place, vault, heads)
    if choice.round and (ledger := commands.find_ledger(Path(choice.round))):
        outcome = report_step("verify", lambda file, _: commands.verify_ledger(file, heads), ledger)
        return UNCHECKED if outcome.skipped else 0
    choice, named_files = _files_without_round(choice, files)
    step = partial(commands.verify, files=named_files, heads=heads)
    return _exit_code(run_reading_step(choice, "verify", step))


def _verify_archive(path: Path, vault: Path | None, heads: tuple[str, ...]) -> int:
    from kjfp_helpers.commands.archive.archive_check import require_archive, verify_archive

    require_archive(path)
    step = partial(verify_archive, vault=vault, heads=heads)
    return _exit_code(report_step("verify", lambda one, progress: step(one, progress), path))


def _files_without_round(
    choice: RoundChoice, files: tuple[Path, ...]
) -> tuple[RoundChoice, list[Path]]:
    """Take a file in place of the round as the first file; a ledger names the round."""
    path = Path(choice.round)
    if not path.is_file():
        return choice, list(files)
    if path.suffix == ".db":
        return replace(choice, round=str(path.parent)), list(files)
    return replace(choice, round=""), [path, *files]


def _exit_code(outcome: Any) -> int:
    if outcome.failed:
        return 1
    return UNCHECKED if outcome.skipped else 0
