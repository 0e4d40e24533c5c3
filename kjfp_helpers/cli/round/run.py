"""``kjfp run``: run every step in order, and say at the end what to open."""

import os
import shlex
import sys
from datetime import date
from functools import partial
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import DEFAULT_ROUND, RoundChoice, as_of_option, round_argument
from kjfp_helpers.cli.step_runner import (
    STEP_TITLES,
    Step,
    lock_round,
    print_failure,
    report_step,
)
from kjfp_helpers.cli.tools.rehearse import make_rehearsal


@click.command(
    "run",
    cls=Command,
    help="从收件到核验，依次完成全部步骤（默认演练轮次，没有则先生成）",
    writes="以下各步的全部文件",
)
@round_argument()
@as_of_option()
def run(choice: RoundChoice, as_of: date | None) -> int:
    """Run every step in order, and say at the end what to open."""
    from kjfp_helpers import commands
    from kjfp_helpers.rules import round_folder

    if not choice.round and not round_folder(DEFAULT_ROUND).exists():
        make_rehearsal(round_folder(DEFAULT_ROUND))
    outcomes: list[Any] = []
    with lock_round(choice, "run") as session:
        for name, function in commands.STEPS.items():
            step: Step = getattr(commands, function)
            chosen = partial(step, as_of=as_of) if name == "check" else step
            outcomes.append(_run_or_report(name, chosen, session))
            if not outcomes[0].made + outcomes[0].skipped:
                return print_failure("没有收件结果，其余步骤未运行。")
        failed = [outcome for outcome in outcomes if outcome.failed]
        found = f"，其中{len(failed)}步有失败，见上" if failed else "，没有失败"
        print(f"\n共{len(outcomes)}步{found}。")
        print(_what_to_open(session, choice))
    return int(bool(failed))


def _run_or_report(name: str, step: Step, session: Any) -> Any:
    """Run a step; report a failure and let the next step run."""
    from kjfp_helpers import commands
    from kjfp_helpers.core.errors import KjfpError

    try:
        return report_step(name, step, session)
    except KjfpError as error:
        print_failure(f"{STEP_TITLES[name]}：{error}")
        return commands.StepResult(failed=(str(error),))


def _what_to_open(session: Any, choice: RoundChoice) -> str:
    """Return the files that a person opens first, and the command that opens the workbook."""
    lab = [sys.argv[0], "lab"]
    if choice.round:
        lab.append(choice.round)
    if choice.outputs:
        lab += ["--outputs", choice.outputs]
    folder = os.path.relpath(session.outputs)
    rows = (
        ("入围名单", f"{folder}/shortlist.xlsx"),
        ("公示件", _notice_location(session)),
        ("报告目录", f"{folder}/reports/index.html"),
        ("网上展览", f"{folder}/exhibition/index.html"),
        ("工作簿", f"运行 {shlex.join(lab)}（在浏览器中打开 JupyterLab）"),
    )
    prefix = "（演练）" if session.round.rehearsal else ""
    return f"{prefix}请打开：\n" + "\n".join(f"    {title}　{path}" for title, path in rows)


def _notice_location(session: Any) -> str:
    """Return where the public notice is, or that there is none yet."""
    path = session.outputs / "publication.docx"
    return os.path.relpath(path) if path.exists() else "未生成：名单还是草案，缺什么见“名单”一步"
