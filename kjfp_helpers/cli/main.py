"""Entry point of ``kjfp``: the group of all commands, and how errors end."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence

import click

from kjfp_helpers.cli.closing.archive import archive
from kjfp_helpers.cli.closing.decision import decision
from kjfp_helpers.cli.closing.new_round import new_round
from kjfp_helpers.cli.command_classes import Group
from kjfp_helpers.cli.office.amend import amend
from kjfp_helpers.cli.office.backup import backup
from kjfp_helpers.cli.office.findings import findings
from kjfp_helpers.cli.office.letters import letters
from kjfp_helpers.cli.office.log import log
from kjfp_helpers.cli.office.meeting import meeting
from kjfp_helpers.cli.office.member import member
from kjfp_helpers.cli.office.objection import objection
from kjfp_helpers.cli.office.packet import packet
from kjfp_helpers.cli.office.publish import publish
from kjfp_helpers.cli.office.resume import resume
from kjfp_helpers.cli.office.spotcheck import spotcheck
from kjfp_helpers.cli.round.assess import assess
from kjfp_helpers.cli.round.assign import assign
from kjfp_helpers.cli.round.check import check
from kjfp_helpers.cli.round.exhibit import exhibit
from kjfp_helpers.cli.round.forms import forms
from kjfp_helpers.cli.round.intake import intake
from kjfp_helpers.cli.round.regenerate import regenerate
from kjfp_helpers.cli.round.run import run
from kjfp_helpers.cli.round.shortlist import shortlist
from kjfp_helpers.cli.round.stocktake import stocktake
from kjfp_helpers.cli.round.verify import verify
from kjfp_helpers.cli.step_runner import print_failure
from kjfp_helpers.cli.tools.doctor import doctor
from kjfp_helpers.cli.tools.extract import extract
from kjfp_helpers.cli.tools.lab import lab
from kjfp_helpers.cli.tools.rank import rank
from kjfp_helpers.cli.tools.rehearse import rehearse
from kjfp_helpers.cli.usage_errors import describe_usage_error


@click.group(
    "kjfp",
    cls=Group,
    help="全国科技助力精准扶贫收官评审工作簿",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": 100},
)
@click.version_option(
    package_name="kjfp-helpers", prog_name="kjfp", message="%(prog)s %(version)s", help="显示版本"
)
@click.pass_context
def root(context: click.Context) -> int:
    """Print the help where no command is named."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0


for _command in (
    run,
    rehearse,
    forms,
    intake,
    check,
    stocktake,
    assess,
    assign,
    amend,
    shortlist,
    regenerate,
    exhibit,
    verify,
    resume,
    backup,
    log,
    letters,
    spotcheck,
    packet,
    findings,
    member,
    meeting,
    publish,
    objection,
    decision,
    archive,
    new_round,
    lab,
    extract,
    rank,
    doctor,
):
    root.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 when all was done, 1 when something failed, 3 when ``verify`` found no difference but
        could not check everything.

    Raises
    ------
    SystemExit
        0 after help or version, 2 when the command line cannot be parsed.
    """
    collect_garbage_seldom()
    use_one_thread()
    typed = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with root.make_context("kjfp", typed) as context:
            return _run(context)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.UsageError as error:
        usage = error.ctx.get_usage() if error.ctx else ""
        print(f"{usage}\n✗ {describe_usage_error(error)}", file=sys.stderr)
        sys.exit(2)


def _run(context: click.Context) -> int:
    """Run the command of a context; print what stopped it."""
    from kjfp_helpers.core.errors import KjfpError

    try:
        return int(root.invoke(context))
    except (click.UsageError, click.exceptions.Exit):
        raise
    except KjfpError as error:
        return print_failure(str(error))
    except KeyboardInterrupt:
        return print_failure("已中断。已确认保存的内容都在，可重新运行接着做。")
    except Exception as error:
        if os.environ.get("KJFP_DEBUG"):
            raise
        return print_failure(
            f"程序出错（{type(error).__name__}）。已保存的内容不受影响；"
            "请设 KJFP_DEBUG=1 重新运行，把显示的内容交给维护人员。"
        )


def use_one_thread() -> None:
    """Let linear algebra run in one thread, where numpy is not loaded yet.

    The matrices here are small: threads would wait for each other, in every process of a pool, and
    change the last bits of a sum with the number of processors.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def collect_garbage_seldom() -> None:
    """Raise the thresholds of the garbage collector: most objects live until the command ends.

    At exit all objects are frozen, so that the interpreter does not traverse them once more.
    """
    gc.set_threshold(500_000, 20, 20)
    atexit.register(gc.freeze)
