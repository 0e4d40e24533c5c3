"""The only place that knows the database: append, read, verify.

SQLite (write-ahead log, full sync) by default, PostgreSQL by URL. Writers queue for one lock, so
that the chain never forks; triggers refuse to change or delete what is written.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, event, inspect, select
from sqlalchemy.engine import Connection, Engine

from kjfp_helpers.errors import LedgerBroken, LedgerError
from kjfp_helpers.events import Decision, Event, RoundOpened, from_payload
from kjfp_helpers.ledger import chain
from kjfp_helpers.ledger.chain import Row
from kjfp_helpers.ledger.seats import SEATS, Seats
from kjfp_helpers.ledger.trouble import address, speaking

Choose = Callable[[tuple[Event, ...]], Iterable[Decision]]
"""From the events that others appended meanwhile to what is to be appended now."""

_METADATA = MetaData()
_EVENTS = Table(
    "events",
    _METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)
_LOCK = 20200601
"""Advisory lock of PostgreSQL that queues writers; any constant serves."""

_APPEND_ONLY = {
    "sqlite": [
        "CREATE TRIGGER IF NOT EXISTS events_keep_{act} BEFORE {act} ON events "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        "CREATE OR REPLACE TRIGGER events_keep_{act} BEFORE {act} ON events "
        "EXECUTE FUNCTION events_keep()",
    ],
}


class Ledger:
    """An open ledger of one round. Use :meth:`open`."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine, self._place = engine, place
        self.seats = Seats(engine, place)

    @classmethod
    def open(cls, url: str, round_name: str, *, at: datetime, actor: str) -> "Ledger":
        """Open a ledger, making it when there is none.

        Parameters
        ----------
        url : str
            ``sqlite:///...`` or ``postgresql+psycopg://...``.
        round_name : str
            The round it must belong to.
        at, actor
            Stamped on the first event when the ledger is new.

        Raises
        ------
        LedgerError
            When it cannot be opened or belongs to another round.
        """
        place = address(url)
        with speaking("打开", place):
            ledger = cls(_engine(url), place)
            ledger._create()
        events = ledger.events(until=1)
        if not events:
            opening = RoundOpened(round=round_name)
            ledger.decide(lambda before: () if before else (opening,), after=0, actor=actor, at=at)
            events = ledger.events(until=1)
        opened = events[0].body
        if not isinstance(opened, RoundOpened) or opened.round != round_name:
            owner = opened.round if isinstance(opened, RoundOpened) else "未知"
            raise LedgerError(
                place, expected=f"轮次“{round_name}”的台账", found=f"轮次“{owner}”的台账",
                advice="核对轮次文件夹，勿混用台账",
            )  # fmt: skip
        return ledger

    def append(self, *bodies: Decision, actor: str, at: datetime) -> tuple[Event, ...]:
        """Append events in one transaction; on return they are durable.

        Raises
        ------
        LedgerError
            When nothing was written (disk full, database gone, locked too long).
        """
        return self._write(lambda connection: bodies, actor, at)

    def decide(self, choose: Choose, *, after: int, actor: str, at: datetime) -> tuple[Event, ...]:
        """Show ``choose`` the events after a number and append what it returns.

        Reading and appending are one transaction: what ``choose`` saw is all there is. When it
        raises, nothing is written.

        Raises
        ------
        LedgerError
            When nothing was written.
        """
        return self._write(
            lambda connection: choose(tuple(_event(row) for row in _rows(connection, after))),
            actor, at,
        )  # fmt: skip

    def events(self, after: int = 0, until: int | None = None) -> tuple[Event, ...]:
        """Return the events with ``after < seq <= until`` in order."""
        return tuple(_event(row) for row in self._rows(after, until))

    def head(self, *, without: tuple[str, ...] = ()) -> tuple[int, str]:
        """Return number and hash of the last event, ``(0, "")`` when there is none.

        Events of the kinds in ``without`` are passed over.
        """
        with speaking("读取", self._place), self._engine.connect() as connection:
            return _head(connection, without)

    def hashes(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the hashes of the events of these numbers, as far as there are such events."""
        query = select(_EVENTS.c.seq, _EVENTS.c.hash).where(_EVENTS.c.seq.in_(set(numbers)))
        with speaking("读取", self._place), self._engine.connect() as connection:
            return {row.seq: row.hash for row in connection.execute(query)}

    def verify(self) -> None:
        """Walk the whole chain.

        Raises
        ------
        LedgerBroken
            At the first event that does not hold.
        """
        chain.verify(self._rows(0, None))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _write(
        self, bodies: Callable[[Connection], Iterable[Decision]], actor: str, at: datetime
    ) -> tuple[Event, ...]:
        writing = self._engine.execution_options(kjfp_write=True)
        rows: list[Row] = []
        with speaking("写入", self._place), writing.begin() as connection:
            seq, previous = _head(connection)
            for body in bodies(connection):
                rows.append(chain.link(seq := seq + 1, at, actor, body, previous))
                previous = rows[-1].hash
            if rows:
                connection.execute(_EVENTS.insert(), [row._asdict() for row in rows])
        return tuple(_event(row) for row in rows)

    def _rows(self, after: int, until: int | None) -> list[Row]:
        with speaking("读取", self._place), self._engine.connect() as connection:
            return _rows(connection, after, until)

    def _create(self) -> None:
        found = inspect(self._engine).get_table_names()
        writing = self._engine.execution_options(kjfp_write=True)
        if SEATS.name not in found:
            with writing.begin() as connection:
                SEATS.create(connection, checkfirst=True)
        if _EVENTS.name in found:
            return
        with writing.begin() as connection:
            _METADATA.create_all(connection)
            for statement in _APPEND_ONLY[self._engine.dialect.name]:
                for act in ("UPDATE", "DELETE"):
                    connection.exec_driver_sql(statement.format(act=act))


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes its place in the queue first."""
    writes = connection.get_execution_options().get("kjfp_write", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _head(connection: Connection, without: tuple[str, ...] = ()) -> tuple[int, str]:
    last = select(_EVENTS.c.seq, _EVENTS.c.hash).order_by(_EVENTS.c.seq.desc()).limit(1)
    if without:
        last = last.where(_EVENTS.c.kind.not_in(without))
    row = connection.execute(last).first()
    return (row.seq, row.hash) if row else (0, "")


def _rows(connection: Connection, after: int, until: int | None = None) -> list[Row]:
    query = select(_EVENTS).where(_EVENTS.c.seq > after).order_by(_EVENTS.c.seq)
    if until is not None:
        query = query.where(_EVENTS.c.seq <= until)
    return [Row(*row) for row in connection.execute(query)]


def _event(row: Row) -> Event:
    try:
        body = from_payload(row.kind, json.loads(row.payload))
        at = datetime.fromisoformat(row.at)
    except (KeyError, TypeError, ValueError) as error:
        raise LedgerBroken(
            f"台账第{row.seq}条", expected="本版本认得的事件", found=f"“{row.kind}”",
            advice="用写入它的版本打开，或用备份核对",
        ) from error  # fmt: skip
    return Event(
        seq=row.seq, at=at, actor=row.actor, body=body, previous=row.previous, hash=row.hash
    )
