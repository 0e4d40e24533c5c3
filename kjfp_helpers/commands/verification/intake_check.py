"""Reread the inbox and compare the result with what was read at intake."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers import intake as intake_floor
from kjfp_helpers.commands.verification.output_check import describe_versions
from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import Event, EventLog, IntakeRead, MailReceived
from kjfp_helpers.core.records import Intake, Mail, Record
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.files.tool_versions import TOOLS, needed_tools
from kjfp_helpers.reports.output_record import reader_versions
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.stages.stage_inputs import receipt_numbers

STEP_PREFIX = "核验·"
"""Begins the place of every difference."""


@dataclass(frozen=True)
class InboxRereading:
    """The contents of the inbox, and how far they could be checked.

    ``checked`` and ``unchecked`` name in Chinese what was compared with the ledger and what could
    not be; ``complete`` is false where records are lacking, so that little can be derived.
    """

    read: Intake
    checked: tuple[str, ...] = ("来件与读取值",)
    unchecked: tuple[str, ...] = ()
    complete: bool = True


def reread_inbox(
    session: RoundSession, events: Sequence[Event], on_progress: ProgressCallback
) -> InboxRereading:
    """Read the inbox again; report what tools or versions of this machine cannot repeat.

    Raises
    ------
    DifferenceError
        When a message is not the one received, or its contents differ and neither a tool nor a
        version explains it.
    """
    recorded = EventLog(events).last(IntakeRead)
    if not _has_inbox(session.round.inbox):
        return _without_inbox(session, recorded)
    _require_originals(session, events)
    with tempfile.TemporaryDirectory() as scratch:
        inbox = intake_floor.read_inbox(
            session.round,
            receipt_numbers(events),
            Path(scratch) / "materials",
            on_progress,
            keep_copies=False,
        )
    read = keep_received(inbox, set(receipt_numbers(events).values()))
    fresh = len(inbox.mails) - len(read.mails)
    later = (f"inbox 中另有{fresh}封未收件登记，不在核对之列",) if fresh else ()
    if not session.received.exists():
        lacking = tuple(_lacking_tools(read, reader_versions(read)))
        checked = ("来件",) if lacking else ("来件与读取值",)
        return InboxRereading(read, checked, (*lacking, *later), complete=not lacking)
    if _is_stored(session.received.file, read):  # as almost always: no second copy of all is made
        return InboxRereading(read, unchecked=later)
    stored = session.load_intake()
    if read == stored:
        return InboxRereading(read, unchecked=later)
    _require_recorded(session.received.file, recorded)
    lines = tuple(_explain(stored, read, recorded))
    return InboxRereading(stored, ("来件",), (*lines, *later))


def _is_stored(file: Path, read: Intake) -> bool:
    """Return whether a file holds an intake result to the byte."""
    return hashlib.sha256(intake_floor.dump(read)).hexdigest() == sha256_file(file)


def _has_inbox(inbox: Path) -> bool:
    return inbox.is_dir() and any(inbox.iterdir())


def _without_inbox(session: RoundSession, recorded: IntakeRead | None) -> InboxRereading:
    """Use what was read at intake, where its hash is in the ledger."""
    missing = "来件：inbox 文件夹不在这里或是空的，原件和读取值没有核对"
    if recorded is None or not session.received.exists():
        why = f"{missing}；由来件复算的各项也没有核对，请连同 inbox 文件夹核对"
        return InboxRereading(Intake(mails=(), records=()), (), (why,), complete=False)
    _require_recorded(session.received.file, recorded)
    why = f"{missing}，各项由收件时的读取值（{session.received.file.name}，与台账所记相同）复算"
    return InboxRereading(session.load_intake(), (), (why,))


def _require_originals(session: RoundSession, events: Sequence[Event]) -> None:
    """Compare every message on disk with its hash in the ledger."""
    files = intake_floor.list_inbox(session.round.inbox)
    for body in (event.body for event in EventLog(events).of(MailReceived)):
        where = f"收讫第{body.number}号（{Path(body.path).name}）"
        data = intake_floor.read_original(files, body.path)
        if data is None:
            raise verification_error(where, "原件存在", "原件不见了")
        if hashlib.sha256(data).hexdigest() != body.sha256:
            raise verification_error(where, "与收讫时相同", "内容有改动")


def keep_received(read: Intake, known: set[int]) -> Intake:
    """Return what was read of the messages that have these receipt numbers."""
    return Intake(
        mails=tuple(mail for mail in read.mails if mail.receipt in known),
        records=tuple(record for record in read.records if record.receipt in known),
        loose=tuple(text for text in read.loose if text.receipt in known),
    )


def differing_receipts(first: Intake, second: Intake) -> list[int]:
    """Return the receipt numbers of the messages whose contents differ."""
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
    """Compare the hash of the intake file with the ledger."""
    if recorded and hashlib.sha256(path.read_bytes()).hexdigest() != recorded.digest:
        raise verification_error("收件结果", "与台账所记的校验值相同", f"{path.name} 有改动")


def _explain(stored: Intake, read: Intake, recorded: IntakeRead | None) -> Iterator[str]:
    """Yield why the contents of each message differ here: a tool, or a version of the program.

    Raises
    ------
    DifferenceError
        At the first message for which there is no such reason.
    """
    then, here = recorded.made_with if recorded else {}, reader_versions(read)
    changed = sorted(
        name for name in (then.keys() & here.keys()) - {*TOOLS} if then[name] != here[name]
    )
    mails = {mail.receipt: mail for mail in read.mails}
    moved = differing_receipts(stored, read)
    for number in moved:
        tools = needed_tools(file.path for file in mails[number].files) if number in mails else ()
        other = sorted(tool for tool in tools if not then or then.get(tool) != here.get(tool))
        copies = _paths(read, number) - _paths(stored, number)
        if copies and _paths(stored, number) <= _paths(read, number):
            names = "、".join(sorted(Path(path).name for path in copies))
            yield f"收讫第{number}号的读取值：inbox 中另有相同的副本（{names}），移走后才能核对"
        elif other:
            tools_text = "、".join(
                _tool_difference(tool, then.get(tool, ""), here.get(tool, "")) for tool in other
            )
            yield f"收讫第{number}号的读取值：{tools_text}"
        elif changed:
            versions = describe_versions(changed, then, here)
            yield f"收讫第{number}号的读取值：程序或库的版本不同（{versions}）"
        elif _unconverted(read, number) > _unconverted(stored, number):
            yield f"收讫第{number}号的读取值：本机这次没能转换其中的文件，请在机器空闲时重试"
        elif recorded is None:
            raise verification_error(
                "收件结果", "与原件重新读出的一致", "intake.json 有改动或已过时"
            )
        else:
            raise verification_error(f"收件结果·收讫第{number}号", "与原件重新读出的一致", "有出入")
    if not moved:
        raise verification_error("收件结果", "与原件重新读出的一致", "材料的次序有出入")


def _paths(read: Intake, number: int) -> set[str]:
    """Return the paths of all copies of a message."""
    return {mail.path for mail in read.mails if mail.receipt == number}


def _unconverted(read: Intake, number: int) -> int:
    """Return how many files of a message no tool could convert."""
    mails = (mail for mail in read.mails if mail.receipt == number)
    return sum(finding.code == "needs_manual" for mail in mails for finding in mail.findings)


def _tool_difference(tool: str, then: str, here: str) -> str:
    earlier = f"收件时 {tool} {then}" if then else f"此件须用 {tool} 读取"
    return f"{earlier}，本机{f'为 {here}' if here else '没有安装'}"


def _lacking_tools(read: Intake, here: Mapping[str, str]) -> Iterator[str]:
    for mail in read.mails:
        for tool in sorted(needed_tools(file.path for file in mail.files)):
            if not here.get(tool):
                yield f"收讫第{mail.receipt}号：其中的文件须用 {tool} 读取，本机没有安装"


def verification_error(where: str, expected: str, found: str) -> DifferenceError:
    """Return the error for a derived value that differs from the ledger or from the outputs."""
    advice = "停止公布，对照备份查明原因"
    return DifferenceError(f"{STEP_PREFIX}{where}", expected=expected, found=found, advice=advice)
