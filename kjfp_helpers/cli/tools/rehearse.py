"""``kjfp rehearse``: make a rehearsal round."""

import os
from pathlib import Path

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, OneOf, WholeNumber
from kjfp_helpers.cli.progress_bar import Bar

UNITS, SEED = 72, 2020


@click.command(
    "rehearse",
    cls=Command,
    help="生成演练轮次：虚构单位、来件和答案",
    writes="（在 DIR 中）规则文件、inbox/、answers.json",
)
@click.argument("folder", metavar="DIR", type=PATH, help="轮次文件夹（新建）")
@click.option(
    "--units",
    type=WholeNumber(1),
    default=UNITS,
    help=f"单位数，默认{UNITS}，最多2400（32个省级办公室加学会，240个以上为虚构学会）",
)
@click.option("--seed", type=WholeNumber(0), default=SEED, help=f"随机种子，默认{SEED}")
@click.option("--full", is_flag=True, help="按真实规模（约240个单位）")
@click.option(
    "--to",
    type=OneOf("meeting", "decision"),
    default="meeting",
    help="演练到：meeting 会议之前（默认）；decision 含会议、公示、异议",
)
def rehearse(folder: Path, units: int, seed: int, full: bool, to: str) -> int:
    """Make a rehearsal round."""
    make_rehearsal(folder, units=units, seed=seed, full=full, to=to)
    return 0


def make_rehearsal(
    folder: Path,
    *,
    units: int = UNITS,
    seed: int = SEED,
    full: bool = False,
    to: str = "meeting",
) -> None:
    """Make a rehearsal round with a progress bar."""
    from kjfp_helpers import commands

    with Bar("生成演练") as on_progress:
        commands.rehearse(folder, units=units, seed=seed, full=full, to=to, on_progress=on_progress)
    print(f"✓ 演练轮次已生成：{os.path.relpath(folder)}（所设问题和答案见 answers.json）")
