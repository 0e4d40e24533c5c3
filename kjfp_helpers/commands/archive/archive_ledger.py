"""The ledger of an archive: as it is when one is made, and read from its lines of text."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kjfp_helpers.commands.archive.archive_layout import DATABASE, LEDGER, LINES
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.events import EventLog
from kjfp_helpers.ledger import Ledger
from kjfp_helpers.ledger.chain import EventRow, hash_line, hashed_text
from kjfp_helpers.ledger.event_rows import to_event
from kjfp_helpers.ledger.sqlite import connect
from kjfp_helpers.state import RoundSession

HEX_DIGITS = 64
"""Digits of a hash."""
_COLUMNS = "seq, at, actor, kind, payload, previous, hash"


@dataclass(frozen=True)
class ArchivedLedger:
    """Hashes of all events in order, and the events whose text is not withheld."""

    hashes: tuple[str, ...]
    events: EventLog

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last event."""
        return len(self.hashes), self.hashes[-1] if self.hashes else ""


@contextmanager
def open_snapshot(session: RoundSession, copy: Path) -> Iterator[RoundSession]:
    """Yield the round with the ledger as it is now, while others go on writing."""
    session.ledger.copy_to(copy)
    ledger = Ledger.open(
        copy, session.round.name, at=session.now(), actor=session.access().user, readonly=True
    )
    snapshot = RoundSession(session.round, ledger, session.outputs)
    snapshot.readonly, snapshot.received = True, session.received
    try:
        yield snapshot
    finally:
        snapshot.close()


def read_ledger(folder: Path) -> ArchivedLedger:
    """Read the lines and walk the chain.

    Raises
    ------
    DifferenceError
        At the first line that does not hold.
    """
    hashes: list[str] = []
    rows: list[EventRow] = []
    for number, text in enumerate(_read_lines(folder / LEDGER / LINES), start=1):
        where, before = f"台账第{number}条", hashes[-1] if hashes else ""
        values = _parse(where, text)
        if isinstance(values, dict):
            if values.get("withheld") != number or len(str(values.get("hash", ""))) != HEX_DIGITS:
                raise verification_error(where, "编号和校验值", "写法有误")
            hashes.append(str(values["hash"]))
            continue
        row = _to_row(where, values, hash_line(text))
        if row.seq != number:
            raise verification_error(where, f"编号为{number}", f"编号为{row.seq}")
        if row.previous != before:
            found = f"算得{before[:16]}，这一条有改动，或后一条被换过"
            raise verification_error(f"台账第{number - 1}条", f"校验值{row.previous[:16]}", found)
        hashes.append(row.hash)
        rows.append(row)
    return ArchivedLedger(tuple(hashes), EventLog(map(to_event, rows)))


def compare_database(folder: Path, ledger: ArchivedLedger) -> bool:
    """Compare the database with the lines; return whether there is one.

    Raises
    ------
    DifferenceError
        Where they differ.
    """
    path = folder / LEDGER / DATABASE
    if not path.is_file():
        return False
    try:
        connection = connect(path, "ro")
        try:
            rows = [
                EventRow(*row)
                for row in connection.execute(f"SELECT {_COLUMNS} FROM events ORDER BY seq")
            ]
        finally:
            connection.close()
    except Exception as error:
        raise verification_error(f"台账 {DATABASE}", "可以打开的 SQLite", "打不开") from error
    if tuple(row.hash for row in rows) != ledger.hashes or any(
        hash_line(hashed_text(row)) != row.hash for row in rows
    ):
        raise verification_error(f"台账 {DATABASE}", f"与 {LINES} 相同", "不同")
    return True


def _read_lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise verification_error(f"台账 {LINES}", "UTF-8 文本", "没有找到或读不出") from error


def _parse(where: str, text: str) -> Any:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise verification_error(where, "一个 JSON 数组", "读不出") from error
    if not isinstance(values, dict | list):
        raise verification_error(where, "一个 JSON 数组", "别的内容")
    return values


def _to_row(where: str, values: list[Any], value: str) -> EventRow:
    texts = values[1:] if len(values) == 6 else [None]
    if not isinstance(values[0], int) or not all(isinstance(text, str) for text in texts):
        raise verification_error(where, "编号、时间、经办、事项、内容、上一条的校验值", "不齐")
    return EventRow._make([*values, value])
