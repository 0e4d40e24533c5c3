"""``kjfp decision``: the decision to commend, its certificates, and revocations."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import (
    PATH,
    Day,
    Decorator,
    RoundChoice,
    persons_option,
    reason_option,
    round_argument,
)
from kjfp_helpers.cli.step_runner import lock_round, run_step


@click.group("decision", cls=Group, help="表扬决定：印发、撤销表扬、撤回、证书模板、名单各版")
def decision() -> None:
    """Commands on the decision to commend."""


def _document_option() -> Decorator:
    return click.option("--document", metavar="TEXT", required=True, help="文件或会议记录，必填")


@decision.command(
    "issue",
    cls=Command,
    help="印发表扬决定：公示期满、异议办结后生成决定、表扬名单、发文单位和每人一份证书，记入台账；"
    "撤销表扬以后再运行，另发一版名单，写明撤下和理由",
    writes="decision/版次/",
)
@round_argument(required=True)
@click.option("--day", type=Day(), required=True, help="决定的日期，必填")
@click.option("--number", metavar="TEXT", required=True, help="决定的发文字号，必填")
@reason_option("再次印发的理由；撤销表扬的不用写")
@click.option("--template", metavar="FILE", type=PATH, help="证书模板（.docx），默认用自带的")
@click.option("--pdf", is_flag=True, help="证书另打印为 PDF，须装有 LibreOffice")
def issue(
    choice: RoundChoice, day: date, number: str, reason: str, template: Path | None, pdf: bool
) -> int:
    """Issue the next version of the decision."""
    from kjfp_helpers.commands.publication.commendation_issue import (
        issue_decision,
        print_certificates,
    )

    step = partial(
        issue_decision,
        day=day,
        number=number,
        reason=reason,
        template=template,
        printer=print_certificates if pdf else None,
    )
    return run_step(choice, "decision", step)


@decision.command(
    "revoke", cls=Command, help="撤销表扬，由两人决定；随后用 kjfp decision issue 印发新一版名单"
)
@round_argument(required=True)
@click.argument("case", metavar="CASE", help="推荐对象编号")
@reason_option("理由，必填", required=True)
@_document_option()
@persons_option()
def revoke(choice: RoundChoice, case: str, **values: Any) -> int:
    """Record that somebody loses the commendation."""
    from kjfp_helpers.state.publication.commendation_acts import make_commendation_revocation

    with lock_round(choice, "decision") as session:
        body = make_commendation_revocation(session.current_state(), case, **values)
        (event,) = session.record(body)
        print(
            f"✓ 撤销表扬：{case}，已记入台账第{event.seq}条；用 kjfp decision issue 印发新一版名单"
        )
    return 0


@decision.command("withdraw", cls=Command, help="撤回印发有误的表扬决定，由两人决定；文件保留")
@round_argument(required=True)
@reason_option("理由，必填", required=True)
@_document_option()
@persons_option()
def withdraw(choice: RoundChoice, **values: Any) -> int:
    """Record that the standing decision does not stand."""
    from kjfp_helpers.state.publication.commendation_acts import make_decision_withdrawal

    with lock_round(choice, "decision") as session:
        (event,) = session.record(make_decision_withdrawal(session.ledger.events(), **values))
        print(f"✓ 第{event.body.version}版表扬决定已撤回，已记入台账第{event.seq}条")
    return 0


@decision.command(
    "template", cls=Command, help="存出自带的证书模板，可在 Word、WPS 中修改", writes="（FILE）"
)
@click.argument("file", metavar="FILE", type=PATH, help="存成的文件（新建，.docx）")
def template(file: Path) -> int:
    """Write the template of the certificates."""
    from kjfp_helpers.reports.office.commendation.certificate_template import (
        PLACES,
        write_default_template,
    )

    write_default_template(file)
    print(f"✓ {file.name}：可用的位置 {'、'.join(f'{{{{{place}}}}}' for place in PLACES)}")
    return 0


@decision.command("list", cls=Command, help="列出名单各版：公示、决定各版的变动和理由")
@round_argument(required=True)
def list_command(choice: RoundChoice) -> int:
    """List the versions of the list."""
    from kjfp_helpers.reports.office.commendation.commendation_workbook import build_version_rows

    with choice.open(readonly=True) as session:
        session.access().require_command("log")
        state = session.current_state()
        rows = list(build_version_rows(state, tuple(state.events)))
    for row in rows:
        changes = (("撤下", row["removed"]), ("增加", row["added"]), ("理由", row["reason"]))
        parts = [f"第{row['number']}版", row["day"], row["sources"], row["count"]]
        print("　".join([*parts, *(f"{title} {text}" for title, text in changes if text)]))
    print(f"✓ 名单{len(rows)}版")
    return 0
