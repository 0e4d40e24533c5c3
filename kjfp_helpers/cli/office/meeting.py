"""``kjfp meeting``: agenda, record and papers of the meeting."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import (
    Day,
    RoundChoice,
    list_option,
    persons_option,
    reason_option,
    round_argument,
)
from kjfp_helpers.cli.step_runner import run_step


@click.group("meeting", cls=Group, help="会议：排议程、登记、讨论记录、换人试算、文件")
def meeting() -> None:
    """Commands on the meeting."""


def _case(name: str, text: str) -> Callable[..., Any]:
    return click.argument(name, metavar=name.upper(), help=text)


@meeting.command(
    "agenda",
    cls=Command,
    help="排定议程：按入围概率分档，档内随机；另出投影页、分歧表",
    writes="meeting/",
)
@round_argument(required=True)
@reason_option("重新排定的理由；已排定过的必填")
def agenda(choice: RoundChoice, reason: str) -> int:
    """Draw the order of the cases."""
    from kjfp_helpers.commands.meeting.meeting_steps import draw_agenda

    return run_step(choice, "meeting", partial(draw_agenda, reason=reason))


@meeting.command(
    "open",
    cls=Command,
    help="登记会议；同一天再登记一次以最后一次为准",
    writes="meeting/minutes-*.docx",
)
@round_argument(required=True)
@click.option("--day", type=Day(), required=True, help="会议日期，必填")
@click.option("--place", metavar="TEXT", required=True, help="地点，必填")
@click.option("--chair", metavar="NAME", required=True, help="主持人，必填")
@click.option("--recorder", metavar="NAME", required=True, help="记录人，必填")
@list_option("--absent", "absent", metavar="VOTER", text="缺席的表决人编号，可以多个")
@click.option("--guests", metavar="TEXT", default="", help="列席人员")
@click.option("--conclusion", metavar="TEXT", default="", help="会议结论")
def open_command(
    choice: RoundChoice,
    day: date,
    place: str,
    chair: str,
    recorder: str,
    absent: tuple[str, ...],
    guests: str,
    conclusion: str,
) -> int:
    """Record the meeting."""
    from kjfp_helpers.commands.meeting.meeting_steps import record_meeting

    return run_step(
        choice,
        "meeting",
        partial(
            record_meeting,
            day=day,
            place=place,
            chair=chair,
            recorder=recorder,
            absent=absent,
            guests=guests,
            conclusion=conclusion,
        ),
    )


@meeting.command("note", cls=Command, help="记录讨论；应回避的到会者记为退场")
@round_argument(required=True)
@click.option("--case", metavar="CASE", default="", help="推荐对象编号；会议事项不写")
@click.option("--text", metavar="TEXT", required=True, help="讨论的内容，必填")
def note(choice: RoundChoice, case: str, text: str) -> int:
    """Record what was said."""
    from kjfp_helpers.commands.meeting.meeting_steps import note_discussion

    return run_step(choice, "meeting", partial(note_discussion, case=case, text=text))


@meeting.command("recuse", cls=Command, help="裁定不兼任评委的表决人对某件是否退场，两人经办")
@round_argument(required=True)
@_case("voter", "表决人编号（voters.csv）")
@_case("case", "推荐对象编号")
@click.option("--stays", is_flag=True, help="无须退场；不写为应当退场")
@reason_option(required=True)
@persons_option()
def recuse(
    choice: RoundChoice, voter: str, case: str, stays: bool, reason: str, by: tuple[str, ...]
) -> int:
    """Rule on a voter and a case."""
    from kjfp_helpers.commands.meeting.meeting_steps import rule_on_voter

    step = partial(rule_on_voter, voter=voter, case=case, bars=not stays, reason=reason, by=by)
    return run_step(choice, "meeting", step)


@meeting.command("swap", cls=Command, help="换人试算：以一件替换名单上的一件，代价如何；不记入台账")
@round_argument(required=True)
@_case("leaving", "名单上的推荐对象编号")
@_case("entering", "名单外有名次的推荐对象编号")
def swap(choice: RoundChoice, leaving: str, entering: str) -> int:
    """Say what a change of names would cost."""
    from kjfp_helpers.state.meeting.swap import describe_swap

    with choice.open(readonly=True) as session:
        session.access().require_command("meeting")
        for line in describe_swap(session.current_state(), leaving, entering):
            print(line)
    return 0


@meeting.command(
    "papers",
    cls=Command,
    help="写出会议文件：议程、投影页、选票、计票表、结果、会议记录",
    writes="meeting/",
)
@round_argument(required=True)
def papers(choice: RoundChoice) -> int:
    """Write the papers that are due."""
    from kjfp_helpers.commands.meeting.meeting_steps import write_papers

    return run_step(choice, "meeting", write_papers)
