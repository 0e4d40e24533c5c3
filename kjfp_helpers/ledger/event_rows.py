"""Events as rows of the ledger's table: read, built, and written once per request."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from kjfp_helpers.core.errors import LedgerBroken
from kjfp_helpers.core.events import Event, EventBody, from_payload
from kjfp_helpers.ledger import chain
from kjfp_helpers.ledger.chain import EventRow
from kjfp_helpers.ledger.connections import Database
from kjfp_helpers.ledger.db_errors import is_outcome_uncertain, ledger_error, result_unknown
from kjfp_helpers.ledger.schema import EVENTS, REQUESTS

PendingEvent = tuple[EventBody, str, datetime]
"""An event to be appended: body, actor and time."""
Entries = Callable[[Connection], Iterable[PendingEvent]]
"""Makes the events inside the transaction that writes them."""

_LAST = select(EVENTS.c.seq, EVENTS.c.hash).order_by(EVENTS.c.seq.desc()).limit(1)
_AFTER = select(EVENTS).where(EVENTS.c.seq > bindparam("after")).order_by(EVENTS.c.seq)
"""Asked at every mark, and therefore built once."""


def last_of(connection: Connection, without: tuple[str, ...] = ()) -> tuple[int, str]:
    """Return number and hash of the last event not of a kind in ``without``, else ``(0, "")``."""
    query = _LAST.where(EVENTS.c.kind.not_in(without)) if without else _LAST
    row = connection.execute(query).first()
    return (row.seq, row.hash) if row else (0, "")


def select_rows(connection: Connection, after: int, until: int | None = None) -> Iterator[EventRow]:
    """Yield the rows with ``after < seq <= until`` in order."""
    query = _AFTER if until is None else _AFTER.where(EVENTS.c.seq <= until)
    for row in connection.execute(query, {"after": after}):
        yield EventRow(*row)


def insert(connection: Connection, rows: Sequence[EventRow]) -> None:
    """Write rows."""
    connection.execute(EVENTS.insert(), [row._asdict() for row in rows])


def to_event(row: EventRow) -> Event:
    """Return the typed event of a row.

    Raises
    ------
    LedgerBroken
        When this version does not know the kind or the fields.
    """
    try:
        body = from_payload(row.kind, json.loads(row.payload))
        at = datetime.fromisoformat(row.at)
    except (KeyError, TypeError, ValueError) as error:
        raise LedgerBroken(
            f"台账第{row.seq}条",
            expected="本版本认得的事件",
            found=f"“{row.kind}”",
            advice="用写入它的版本打开，或用备份核对",
        ) from error
    return Event(
        seq=row.seq,
        at=at,
        actor=intern(row.actor),
        body=body,
        previous=intern(row.previous),  # the hash of the event before, and mostly in memory
        hash=intern(row.hash),
    )


@dataclass
class _Request:
    """Events to be written once, and the state of their attempts.

    ``sent``: the COMMIT of this attempt may have reached the database. ``unsure``: that of an
    earlier attempt may have, and its outcome is not known yet. ``written``: the rows of an
    earlier attempt.
    """

    name: str
    entries: Entries
    sent: bool = False
    unsure: bool = False
    written: tuple[EventRow, ...] = ()

    def write(self, connection: Connection, *, check_written: bool) -> tuple[EventRow, ...]:
        """Write the events; with ``check_written``, only if an earlier attempt has not."""
        self.sent = False
        if check_written:
            self.written = self._find(connection)
            self.unsure = False  # the holder of the lock sees every committed row
            if self.written:
                return self.written
        rows = self._link(connection)
        if rows:
            insert(connection, rows)
            request_row = {"request": self.name, "first_seq": rows[0].seq, "last_seq": rows[-1].seq}
            connection.execute(REQUESTS.insert(), [request_row])
            self.sent = True  # the COMMIT follows
        return rows

    def _find(self, connection: Connection) -> tuple[EventRow, ...]:
        query = select(REQUESTS).where(REQUESTS.c.request == self.name)
        row = connection.execute(query).first()
        if row is None:
            return ()
        return tuple(select_rows(connection, row.first_seq - 1, row.last_seq))

    def _link(self, connection: Connection) -> tuple[EventRow, ...]:
        seq, previous = last_of(connection)
        rows: list[EventRow] = []
        for body, actor, at in self.entries(connection):
            rows.append(chain.next_row(seq := seq + 1, at, actor, body, previous))
            previous = rows[-1].hash
        return tuple(rows)


def write_once(database: Database, entries: Entries, request: str) -> tuple[EventRow, ...]:
    """Write the events of a request exactly once, also when the connection is lost meanwhile.

    Raises
    ------
    LedgerError
        When nothing was written.
    ResultUnknown
        When a COMMIT got no answer and the database could not be reached again to check.
    """
    pending = _Request(request or uuid.uuid4().hex, entries)
    retried = False
    while True:
        try:
            with database.transaction() as connection:
                return pending.write(connection, check_written=retried or bool(request))
        except SQLAlchemyError as error:
            if pending.written:
                return pending.written
            uncertain = is_outcome_uncertain(error)
            pending.unsure |= uncertain and pending.sent
            if uncertain and not retried:
                retried = True
                continue
            if pending.unsure:
                raise result_unknown(database.place) from error
            raise ledger_error("写入", database.place, error) from error
