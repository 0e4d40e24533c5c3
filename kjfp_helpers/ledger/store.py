"""Ledger store, the only module that knows the tables: append, read, verify.

A file of SQLite by default, PostgreSQL by URL. Writers queue for one lock, so that the chain never
forks; triggers refuse to change or delete what is written.
"""

import shutil
import weakref
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from kjfp_helpers.core.errors import LedgerBroken, LedgerError
from kjfp_helpers.core.events import Event, EventBody, EventLog, RoundOpened
from kjfp_helpers.ledger import chain, event_rows, opening
from kjfp_helpers.ledger.chain import EventRow
from kjfp_helpers.ledger.connections import Database
from kjfp_helpers.ledger.schema import EVENTS
from kjfp_helpers.ledger.window_leases import EditLeases

EventFactory = Callable[[tuple[Event, ...]], Iterable[EventBody]]
"""From the events that others appended meanwhile to what is to be appended now."""


class Ledger:
    """An open ledger of one round. Use :meth:`open`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.edit_leases = EditLeases(database)

    @classmethod
    def open(
        cls,
        url: str | Path,
        round_name: str,
        *,
        at: datetime,
        actor: str,
        create: bool = False,
        readonly: bool = False,
    ) -> "Ledger":
        """Open a ledger.

        Parameters
        ----------
        url : str or Path
            A file, ``sqlite:///...`` or ``postgresql+psycopg://...``.
        round_name : str
            The round it must belong to.
        at, actor
            Stamped on the first event when the ledger is new.
        create : bool
            Whether to make a ledger where there is none.
        readonly : bool
            Whether only to read: nothing is left beside the ledger. A ledger that cannot be
            written is opened in this way without being asked.

        Raises
        ------
        LedgerError
            When there is none, it cannot be opened, lacks its tables or belongs to another round.
        LedgerBroken
            When events are missing.
        """
        wanted = opening.Opening(round_name, at, actor, create, readonly)
        database, copy = wanted.open(url)
        ledger = cls(database)
        if copy is not None:
            weakref.finalize(ledger, shutil.rmtree, copy.parent, ignore_errors=True)
        ledger._hold_to(round_name)
        return ledger

    def append(
        self, *bodies: EventBody, actor: str, at: datetime, request: str = ""
    ) -> tuple[Event, ...]:
        """Append events in one transaction; on return they are durable.

        Parameters
        ----------
        bodies, actor, at
            What is appended, by whom and when.
        request : str
            Name of the request, chosen by whoever may have to ask again: what was written for it
            already is returned and nothing is added. One is made up where none is given.

        Raises
        ------
        LedgerError
            When nothing was written (disk full, database gone, locked too long).
        ResultUnknown
            When the connection was lost at the moment of writing, and no other could be had to see
            what became of it.
        """
        return self._write(lambda connection: ((body, actor, at) for body in bodies), request)

    def append_series(self, entries: Iterable[event_rows.PendingEvent]) -> tuple[Event, ...]:
        """Append events of several persons and times in one transaction.

        Raises
        ------
        LedgerError, ResultUnknown
            As for :meth:`append`.
        """
        listed = tuple(entries)
        return self._write(lambda connection: listed, "")

    def append_atomically(
        self, make_events: EventFactory, *, after: int, actor: str, at: datetime, request: str = ""
    ) -> tuple[Event, ...]:
        """Show ``make_events`` the events after a number and append what it returns.

        Reading and appending are one transaction: what ``make_events`` saw is all there is. When it
        raises, nothing is written. It is asked again, and shown the same events, when a connection
        was lost; ``request`` is that of :meth:`append`.

        Raises
        ------
        LedgerError
            When nothing was written.
        ResultUnknown
            When that cannot be found out.
        """

        def entries(connection: Connection) -> Iterable[event_rows.PendingEvent]:
            news = tuple(map(event_rows.to_event, event_rows.select_rows(connection, after)))
            return ((body, actor, at) for body in make_events(news))

        return self._write(entries, request)

    def events(self, after: int = 0, until: int | None = None) -> EventLog:
        """Return the events with ``after < seq <= until`` in order."""
        with self._database.reading() as connection:
            rows = event_rows.select_rows(connection, after, until)
            return EventLog(map(event_rows.to_event, rows))

    def head(self, *, without_kinds: tuple[str, ...] = ()) -> tuple[int, str]:
        """Return number and hash of the last event, ``(0, "")`` when there is none.

        Events of the kinds in ``without_kinds`` are passed over.
        """
        with self._database.reading() as connection:
            return event_rows.last_of(connection, without_kinds)

    def hashes_of(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the hashes of the events of these numbers, as far as there are such events."""
        query = select(EVENTS.c.seq, EVENTS.c.hash).where(EVENTS.c.seq.in_(set(numbers)))
        with self._database.reading() as connection:
            return {row.seq: row.hash for row in connection.execute(query)}

    def verify(self) -> None:
        """Walk the whole chain.

        Raises
        ------
        LedgerBroken
            At the first event that does not hold.
        """
        with self._database.reading() as connection:
            chain.verify_chain(event_rows.select_rows(connection, 0))

    def hashed_lines(self) -> Iterator[tuple[EventRow, str]]:
        """Yield every row with the text whose SHA-256 is its hash, in order.

        Raises
        ------
        LedgerBroken
            At the first row that does not hold, before anything is yielded.
        """
        with self._database.reading() as connection:
            rows = list(event_rows.select_rows(connection, 0))
        chain.verify_chain(rows)
        yield from ((row, chain.hashed_text(row)) for row in rows)

    def copy_to(self, target: Path) -> None:
        """Write the rows into a new SQLite file, whichever database they are in.

        Raises
        ------
        LedgerError
            When the file cannot be made.
        LedgerBroken
            When the chain does not hold.
        """
        opening.write_copy(target, [row for row, _ in self.hashed_lines()])

    def back_up_to(self, target: Path) -> tuple[int, str]:
        """Write a ledger in a file into another one, whole, while others may write.

        Returns
        -------
        tuple
            Number and hash of the last event in the copy, whose chain was walked.

        Raises
        ------
        LedgerError
            When the ledger is in PostgreSQL, there is a file of that name, or it cannot be written.
        LedgerBroken
            When the chain does not hold.
        """
        return opening.back_up(self._database, target, lambda copy: _verified(Ledger(copy)))

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _hold_to(self, round_name: str) -> None:
        """Refuse a ledger of another round than the one named, or a file that has lost events."""
        opened = self.events(until=1)[0].body
        if not isinstance(opened, RoundOpened) or round_name not in ("", opened.round):
            owner = opened.round if isinstance(opened, RoundOpened) else "未知"
            raise LedgerError(
                self._database.place,
                expected=f"轮次“{round_name}”的台账",
                found=f"轮次“{owner}”的台账",
                advice=f"核对轮次文件夹，勿混用台账；文件夹若是副本，改名为 {owner}",
            )
        if not self._database.is_file:
            return
        with self._database.reading("打开") as connection:
            count = connection.execute(select(func.count()).select_from(EVENTS)).scalar_one()
            last, _ = event_rows.last_of(connection)
        if count != last:
            self.verify()
            raise LedgerBroken(
                self._database.place,
                expected=f"登记{last}条",
                found=f"{count}条",
                advice="停止使用此台账，用备份恢复",
            )

    def _write(self, entries: event_rows.Entries, request: str) -> tuple[Event, ...]:
        written = event_rows.write_once(self._database, entries, request)
        return tuple(event_rows.to_event(row) for row in written)


def _verified(ledger: Ledger) -> tuple[int, str]:
    ledger.verify()
    return ledger.head()
