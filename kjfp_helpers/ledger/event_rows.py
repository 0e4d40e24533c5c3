"""Events as rows of the ledger's table: read, built, and written once per request."""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
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
"""From the transaction in which they are written to the entries."""


def last_of(connection: Connection, without: tuple[str, ...] = ()) -> tuple[int, str]:
    """Return number and hash of the last event not of a kind in ``without``, else ``(0, "")``."""
    query = select(EVENTS.c.seq, EVENTS.c.hash).order_by(EVENTS.c.seq.desc()).limit(1)
    if without:
        query = query.where(EVENTS.c.kind.not_in(without))
    row = connection.execute(query).first()
    return (row.seq, row.hash) if row else (0, "")


def select_rows(connection: Connection, after: int, until: int | None = None) -> list[EventRow]:
    """Return the rows with ``after < seq <= until`` in order."""
    query = select(EVENTS).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq)
    if until is not None:
        query = query.where(EVENTS.c.seq <= until)
    return [EventRow(*row) for row in connection.execute(query)]


def insert(connection: Connection, rows: Sequence[EventRow]) -> None:
    """Write rows."""
    connection.execute(EVENTS.insert(), [row._asdict() for row in rows])


def to_event(row: EventRow) -> Event:
    """Return the typed event of a row.

    Raises
    ------
    LedgerBroken
        When this version does not know what it holds.
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
        seq=row.seq, at=at, actor=row.actor, body=body, previous=row.previous, hash=row.hash
    )


@dataclass
class _Request:
    """Something to be written once, and how far it has come.

    ``sent`` is whether the COMMIT of this attempt may have reached the database, ``unsure`` whether
    that of an earlier one did whose outcome is not known yet.
    """

    name: str
    entries: Entries
    sent: bool = False
    unsure: bool = False
    found: tuple[EventRow, ...] = ()

    def write(self, connection: Connection, *, look: bool) -> tuple[EventRow, ...]:
        """Write what is asked for; with ``look``, only if it is not there already."""
        self.sent = False
        if look:
            self.found = self._find(connection)
            self.unsure = False  # who holds the lock sees everything that was ever committed
            if self.found:
                return self.found
        rows = self._link(connection)
        if rows:
            insert(connection, rows)
            note = {"request": self.name, "first_seq": rows[0].seq, "last_seq": rows[-1].seq}
            connection.execute(REQUESTS.insert(), [note])
            self.sent = True  # what follows is the COMMIT
        return rows

    def _find(self, connection: Connection) -> tuple[EventRow, ...]:
        query = select(REQUESTS).where(REQUESTS.c.request == self.name)
        note = connection.execute(query).first()
        return tuple(select_rows(connection, note.first_seq - 1, note.last_seq)) if note else ()

    def _link(self, connection: Connection) -> tuple[EventRow, ...]:
        seq, previous = last_of(connection)
        rows: list[EventRow] = []
        for body, actor, at in self.entries(connection):
            rows.append(chain.next_row(seq := seq + 1, at, actor, body, previous))
            previous = rows[-1].hash
        return tuple(rows)


def write_once(database: Database, entries: Entries, request: str) -> tuple[EventRow, ...]:
    """Write the events of a request, once however often the connection is lost meanwhile.

    Raises
    ------
    LedgerError
        When nothing was written.
    ResultUnknown
        When a COMMIT got no answer and no connection could be had to see what became of it.
    """
    asked = _Request(request or uuid.uuid4().hex, entries)
    again = False
    while True:
        try:
            with database.transaction() as connection:
                return asked.write(connection, look=again or bool(request))
        except SQLAlchemyError as error:
            if asked.found:
                return asked.found
            lost = is_outcome_uncertain(error)
            asked.unsure |= lost and asked.sent
            if lost and not again:
                again = True
                continue
            if asked.unsure:
                raise result_unknown(database.place) from error
            raise ledger_error("写入", database.place, error) from error
