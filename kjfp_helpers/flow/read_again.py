"""The inbox read a second time, held against what was read at intake."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers import intake as intake_floor
from kjfp_helpers.derivation import Desk
from kjfp_helpers.derivation.desk import receipts
from kjfp_helpers.errors import DifferenceError
from kjfp_helpers.events import Event, IntakeRead
from kjfp_helpers.flow.steps import Tick, latest
from kjfp_helpers.intake.tools import TOOL_ENDINGS, needed_tools
from kjfp_helpers.records import Intake, Mail, Record
from kjfp_helpers.reports.paper_record import read_with


@dataclass(frozen=True)
class SecondReading:
    """What the inbox holds.

    ``unchecked`` says in Chinese which messages could not be read here as they were read then;
    ``complete`` is false where their records are lacking, so that nothing can be derived.
    """

    read: Intake
    unchecked: tuple[str, ...] = ()
    complete: bool = True


def read_again(desk: Desk, events: Sequence[Event], tick: Tick) -> SecondReading:
    """Read the inbox again; what tools or versions of this machine cannot repeat is told.

    Raises
    ------
    DifferenceError
        When a message reads otherwise and neither a tool nor a version explains it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        read = intake_floor.read_inbox(desk.round, receipts(events), Path(scratch), tick)
    if not desk.intake_file.exists():
        lacking = tuple(_lacking_tools(read, read_with(read)))
        return SecondReading(read, lacking, complete=not lacking)
    stored = desk.intake()
    if read == stored:
        return SecondReading(read)
    recorded = latest(events, IntakeRead)
    _require_recorded(desk.intake_file, recorded)
    here = read_with(read)
    moved = differing_receipts(stored, read)
    if recorded is not None and recorded.made_with == here:
        raise not_verified(f"收件结果·收讫第{moved[0]}号", "与原件重新读出的一致", "有出入")
    lines = tuple(_explain(moved, read, recorded.made_with if recorded else {}, here))
    if not lines:
        raise not_verified("收件结果", "与原件重新读出的一致", "intake.json 有改动或已过时")
    return SecondReading(stored, lines)


def differing_receipts(first: Intake, second: Intake) -> list[int]:
    """Return the receipt numbers of the messages that were read otherwise."""
    before, after = _by_receipt(first), _by_receipt(second)
    numbers = before.keys() | after.keys()
    return sorted(number for number in numbers if before.get(number) != after.get(number))


def _by_receipt(read: Intake) -> dict[int, list[Mail | Record]]:
    parts: dict[int, list[Mail | Record]] = {}
    items: tuple[Mail | Record, ...] = (*read.mails, *read.records, *read.loose)
    for item in items:
        parts.setdefault(item.receipt, []).append(item)
    return parts


def _require_recorded(path: Path, recorded: IntakeRead | None) -> None:
    """Hold the file of what was read against the ledger."""
    if recorded and hashlib.sha256(path.read_bytes()).hexdigest() != recorded.digest:
        raise not_verified("收件结果", "与台账所记的校验值相同", f"{path.name} 有改动")


def _explain(
    moved: Sequence[int], read: Intake, then: Mapping[str, str], here: Mapping[str, str]
) -> Iterator[str]:
    """Yield why messages may read otherwise here: a tool, or a version of the program."""
    changed = sorted(
        name
        for name in (then.keys() & here.keys()) - TOOL_ENDINGS.keys()
        if then[name] != here[name]
    )
    mails = {mail.receipt: mail for mail in read.mails}
    for number in moved:
        tools = needed_tools(file.path for file in mails[number].files) if number in mails else ()
        other = sorted(tool for tool in tools if not then or then.get(tool) != here.get(tool))
        if other:
            told = "、".join(_told(tool, then.get(tool, ""), here.get(tool, "")) for tool in other)
            yield f"收讫第{number}号的读取值：{told}"
        elif changed:
            told = "、".join(f"{name} 收件时{then[name]}、本机{here[name]}" for name in changed[:3])
            yield f"收讫第{number}号的读取值：程序或库的版本不同（{told}）"


def _told(tool: str, then: str, here: str) -> str:
    earlier = f"收件时 {tool} {then}" if then else f"须用 {tool}"
    return f"{earlier}，本机{f'为 {here}' if here else '没有安装'}"


def _lacking_tools(read: Intake, here: Mapping[str, str]) -> Iterator[str]:
    for mail in read.mails:
        for tool in sorted(needed_tools(file.path for file in mail.files)):
            if not here.get(tool):
                yield f"收讫第{mail.receipt}号：其中的文件须用 {tool} 读取，本机没有安装"


def not_verified(where: str, expected: str, found: str) -> DifferenceError:
    """Return the error of what comes out otherwise than the ledger or the papers say."""
    advice = "停止公布，对照备份查明原因"
    return DifferenceError(f"核验·{where}", expected=expected, found=found, advice=advice)
