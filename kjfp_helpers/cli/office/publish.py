"""``kjfp publish``: the next version of the public notice goes out."""

from datetime import date
from functools import partial

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import Day, RoundChoice, reason_option, round_argument
from kjfp_helpers.cli.step_runner import run_step


@click.command(
    "publish",
    cls=Command,
    help="发布公示：名单定稿后生成一版公示（Word、网页、表格），推算公示期，记入台账；"
    "名单有变时另发一版，写明撤下、增加和理由",
    writes="notices/版次/",
)
@round_argument(required=True)
@click.option("--day", type=Day(), required=True, help="公示首日，如 2020-11-02，必填")
@reason_option("再次公示的理由；第二版起必填")
def publish(choice: RoundChoice, day: date, reason: str) -> int:
    """Publish the next version of the public notice."""
    from kjfp_helpers.commands.publication.notice_publication import publish_notice

    return run_step(choice, "publish", partial(publish_notice, day=day, reason=reason))
