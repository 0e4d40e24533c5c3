"""``kjfp objection``: the register of objections to the public notice."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command, Group
from kjfp_helpers.cli.options import (
    PATH,
    Day,
    OneOf,
    RoundChoice,
    WholeNumber,
    list_option,
    persons_option,
    reason_option,
    round_argument,
)
from kjfp_helpers.cli.step_runner import lock_round
from kjfp_helpers.core.state_labels import CHANNELS, OUTCOMES


class Moment(click.ParamType[datetime]):
    """A time as ``2020-11-03T09:30``, on the round's clock."""

    name = "TIME"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the time."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"应为时间（如 2020-11-03T09:30），实为“{value}”。请更正。", param, ctx)


@click.group("objection", cls=Group, help="异议：登记、核查、裁定、答复、撤回、列表")
def objection() -> None:
    """Commands on objections."""


def _number_argument() -> Callable[..., Any]:
    return click.argument("number", metavar="N", type=WholeNumber(1), help="异议编号")


def _record(choice: RoundChoice, make: Callable[[Any], Any]) -> int:
    """Record the event of an act under the lock of the round, and say what the ledger has."""
    with lock_round(choice, "objection") as session:
        (event,) = session.record(make(session))
        print(f"✓ 第{event.body.number}号异议：已记入台账第{event.seq}条")
    return 0


def _read_files(paths: tuple[Path, ...]) -> list[tuple[str, bytes]]:
    from kjfp_helpers.core.errors import ParameterError

    try:
        return [(path.name, path.read_bytes()) for path in paths]
    except OSError as error:
        raise ParameterError(
            "--file",
            expected="可以读取的文件",
            found=f"{Path(str(error.filename)).name} {error.strerror}",
            advice="核对文件的位置和权限",
        ) from error


@objection.command("receive", cls=Command, help="登记异议；署名另存，不入台账，查看署名记入台账")
@round_argument(required=True)
@list_option("--case", "cases", metavar="CASE", text="所指的推荐对象，可以多个")
@click.option("--at", type=Moment(), required=True, help="收到时间，如 2020-11-03T09:30，必填")
@click.option("--channel", type=OneOf(*CHANNELS), required=True, help="来源方式，必填")
@click.option("--subject", metavar="TEXT", required=True, help="反映的问题，必填")
@click.option("--name", metavar="NAME", default="", help="反映人姓名；不写为匿名")
@click.option("--unit", metavar="TEXT", default="", help="反映人单位或住址")
@click.option("--contact", metavar="TEXT", default="", help="反映人联系方式")
@list_option("--file", "evidence", metavar="FILE", type=PATH, text="证明材料，可以多个")
@click.option("--number", metavar="N", type=WholeNumber(1), help="更正已登记的异议时写其编号")
def receive(
    choice: RoundChoice,
    cases: tuple[str, ...],
    at: datetime,
    channel: str,
    subject: str,
    name: str,
    unit: str,
    contact: str,
    evidence: tuple[Path, ...],
    number: int | None,
) -> int:
    """Enter an objection."""
    from kjfp_helpers.state.publication.objection_acts import make_receipt
    from kjfp_helpers.state.publication.objection_files import Objector

    objector = Objector(name=name, unit=unit, contact=contact) if name else None
    return _record(
        choice,
        lambda session: make_receipt(
            session,
            cases=cases,
            at=at,
            channel=channel,
            subject=subject,
            objector=objector,
            evidence=_read_files(evidence),
            number=number or 0,
        ),
    )


@objection.command("assign", cls=Command, help="指定核查人；与推荐对象有利害关系的人不得核查")
@round_argument(required=True)
@_number_argument()
@persons_option()
@reason_option("说明")
def assign(choice: RoundChoice, number: int, by: tuple[str, ...], reason: str) -> int:
    """Name who inquires."""
    from kjfp_helpers.state.publication.objection_acts import make_assignment

    return _record(choice, lambda session: make_assignment(session, number, by, reason))


@objection.command("inquire", cls=Command, help="登记核查结果")
@round_argument(required=True)
@_number_argument()
@click.option("--findings", metavar="TEXT", required=True, help="查明的事实，必填")
@click.option("--document", metavar="TEXT", required=True, help="核查报告的名称或文号，必填")
@persons_option()
def inquire(
    choice: RoundChoice, number: int, findings: str, document: str, by: tuple[str, ...]
) -> int:
    """Record what the inquiry found."""
    from kjfp_helpers.state.publication.objection_acts import make_inquiry

    return _record(
        choice,
        lambda session: make_inquiry(session, number, findings=findings, document=document, by=by),
    )


@objection.command("rule", cls=Command, help="裁定异议，由两人决定；可以把所指的推荐对象撤下名单")
@round_argument(required=True)
@_number_argument()
@click.option("--outcome", type=OneOf(*OUTCOMES), required=True, help="裁定，必填")
@list_option("--strike", "struck", metavar="CASE", text="撤下名单的推荐对象")
@reason_option("理由，必填", required=True)
@click.option("--document", metavar="TEXT", required=True, help="会议记录或文号，必填")
@persons_option()
def rule(
    choice: RoundChoice,
    number: int,
    outcome: str,
    struck: tuple[str, ...],
    reason: str,
    document: str,
    by: tuple[str, ...],
) -> int:
    """Rule on an objection."""
    from kjfp_helpers.state.publication.objection_acts import find_objection, make_ruling

    return _record(
        choice,
        lambda session: make_ruling(
            find_objection(session, number),
            outcome=outcome,
            struck=struck,
            reason=reason,
            document=document,
            by=by,
        ),
    )


@objection.command("reply", cls=Command, help="生成给反映人的答复，存在轮次文件夹 objections/")
@round_argument(required=True)
@_number_argument()
@click.option("--day", type=Day(), required=True, help="答复的日期，必填")
def reply(choice: RoundChoice, number: int, day: date) -> int:
    """Write the reply to who objected."""
    from kjfp_helpers.reports.office.letters.objection_reply import make_reply

    return _record(choice, lambda session: make_reply(session, number, day))


@objection.command("withdraw", cls=Command, help="撤回异议：反映人撤回，或登记有误")
@round_argument(required=True)
@_number_argument()
@reason_option("理由，必填", required=True)
def withdraw(choice: RoundChoice, number: int, reason: str) -> int:
    """Withdraw an objection."""
    from kjfp_helpers.state.publication.objection_acts import make_withdrawal

    return _record(choice, lambda session: make_withdrawal(session, number, reason))


@objection.command("list", cls=Command, help="列出全部异议和办理情况，不显示署名")
@round_argument(required=True)
def list_command(choice: RoundChoice) -> int:
    """List the objections without who objects."""
    from kjfp_helpers.reports.data.objection_rows import build_objection_rows

    with choice.open(readonly=True) as session:
        session.access().require_command("objection")
        rows = list(build_objection_rows(session.current_state()))
    for row in rows:
        print("　".join(str(value) for value in row.values() if value != ""))
    print(f"✓ 异议{len(rows)}件")
    return 0
