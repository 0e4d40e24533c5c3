"""The connections of one ledger: transactions that queue and end in bounded time."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from kjfp_helpers.ledger import postgresql
from kjfp_helpers.ledger.db_errors import translate_db_errors

_LOCK = 20200601
"""Advisory lock of PostgreSQL that queues writers; any constant serves."""


class Database:
    """The database of a ledger.

    Parameters
    ----------
    engine : Engine
        Of SQLite or of PostgreSQL.
    place : str
        How the ledger is called in messages.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine, self.place = engine, place
        event.listen(engine, "begin", _begin)
        self._engines = {
            write: engine.execution_options(kjfp_write=write) for write in (False, True)
        }

    @property
    def is_file(self) -> bool:
        """Whether the ledger is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, act: str = "读取") -> Iterator[Connection]:
        """Open a transaction that reads.

        Raises
        ------
        LedgerError
            When the database refuses, named by what was to be done (``act``).
        """
        with translate_db_errors(act, self.place), self._connection(write=False) as connection:
            yield connection

    @contextmanager
    def writing(self, act: str = "写入") -> Iterator[Connection]:
        """Open a transaction that is alone in writing and commits at the end.

        Raises
        ------
        LedgerError
            When the database refuses, named by what was to be done (``act``).
        """
        with translate_db_errors(act, self.place), self.transaction() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction as :meth:`writing` does; what fails is told in the driver's words."""
        with self._connection(write=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def _connection(self, *, write: bool) -> Iterator[Connection]:
        connection = self._engines[write].connect()
        limit = nullcontext() if self.is_file else postgresql.limited(connection.connection)
        with limit, connection:  # giving it back may speak to the server, too
            yield connection


def _begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes its place in the queue first."""
    writes = connection.get_execution_options().get("kjfp_write", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
