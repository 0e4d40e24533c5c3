"""The hash chain: each event's hash covers its content and the hash before it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from kjfp_helpers.core.errors import LedgerBroken
from kjfp_helpers.core.events import EventBody, stored_kind, to_payload


class EventRow(NamedTuple):
    """An event as it is stored: plain text and numbers, in the order of the columns."""

    seq: int
    at: str
    actor: str
    kind: str
    payload: str
    previous: str
    hash: str


def next_row(seq: int, at: datetime, actor: str, body: EventBody, previous: str) -> EventRow:
    """Return the row that continues a chain whose last hash is ``previous``."""
    payload = json.dumps(to_payload(body), ensure_ascii=False, sort_keys=True)
    kind = stored_kind(type(body))
    row = EventRow(seq, at.isoformat(), actor, kind, payload, previous, "")
    return row._replace(hash=hash_line(hashed_text(row)))


def hashed_text(row: EventRow) -> str:
    """Return the text whose SHA-256 is the hash of a row: a JSON array of all its other fields.

    Examples
    --------
    >>> hashed_text(EventRow(1, "2020-08-20T09:00:00+08:00", "甲", "RoundOpened", "{}", "", ""))
    '[1, "2020-08-20T09:00:00+08:00", "甲", "RoundOpened", "{}", ""]'
    """
    return json.dumps(row[:-1], ensure_ascii=False)


def hash_line(text: str) -> str:
    """Return the hash of a row by its text, see :func:`hashed_text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain(rows: Iterable[EventRow]) -> None:
    """Walk the chain from its start.

    Raises
    ------
    LedgerBroken
        At the first row that is missing, moved or changed.
    """
    previous = ""
    for expected, row in enumerate(rows, start=1):
        where = f"台账第{expected}条"
        if row.seq != expected:
            raise _broken(where, f"编号为{expected}的事件", f"编号为{row.seq}的事件")
        if row.previous != previous:
            raise _broken(where, f"上一条的校验值{previous[:12]}", f"{row.previous[:12]}")
        digest = hash_line(hashed_text(row))
        if row.hash != digest:
            raise _broken(where, f"校验值{digest[:12]}", f"{row.hash[:12]}（内容被改动）")
        previous = row.hash


def _broken(where: str, expected: str, found: str) -> LedgerBroken:
    return LedgerBroken(where, expected=expected, found=found, advice="停止使用此台账，用备份核对")
