"""A ledger in PostgreSQL: how it is connected to, so that no call waits for ever.

A server that does not answer any more is left in bounded time whatever is the cause: a timeout of
the server's own where it is alive, and here a timer that shuts the socket where nothing comes back.
An act takes 15 seconds at most: a look at the connection, a new one, a transaction and, where the
answer to COMMIT was lost, another connection to ask what became of it.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

from sqlalchemy import create_engine, event, exc
from sqlalchemy.engine import URL, Engine

from kjfp_helpers.core.errors import LedgerError

LOOK, CONNECT, TRANSACTION = 2.0, 3, 7.0
"""Seconds for: seeing whether a connection lives, a new one, a whole transaction."""
_CONNECTION: dict[str, Any] = {
    "connect_timeout": CONNECT,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": int(1000 * TRANSACTION),
}
"""Options of the driver, where the address does not give them."""
_SERVER = {
    "statement_timeout": 6000,
    "lock_timeout": 5000,
    "idle_in_transaction_session_timeout": 7000,
}
"""Milliseconds after which the server ends a statement, a wait, a transaction of a dead client."""


def make_engine(url: URL, place: str) -> Engine:
    """Return an engine for a ledger in PostgreSQL; it connects on first use.

    Raises
    ------
    ImportError
        When the driver is not installed.
    """
    given = {name: value for name, value in _CONNECTION.items() if name not in url.query}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={**given, "client_encoding": "utf8"},
        pool_timeout=10,
    )

    def prepare(connection: Any, record: Any) -> None:
        _refuse_encoding(connection, place)
        settings = ", ".join(
            f"set_config('{name}', '{value}', false)" for name, value in _SERVER.items()
        )
        _ask(connection, f"SELECT {settings}")
        record.info["kjfp_new"] = True

    event.listen(engine, "connect", prepare, insert=True)  # before the dialect reads anything
    event.listen(engine, "checkout", _look)
    return engine


@contextmanager
def limited(connection: Any, seconds: float = TRANSACTION) -> Iterator[None]:
    """Shut a connection's socket after some seconds; who waits on it then gets an error."""
    driver = getattr(connection, "driver_connection", connection)
    own = socket.socket(fileno=os.dup(driver.fileno()))

    def shut() -> None:
        with suppress(OSError):
            own.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        own.close()


def _look(connection: Any, record: Any, _proxy: Any) -> None:
    """Make sure that a connection of the pool still lives, else have another one made."""
    if record.info.pop("kjfp_new", False):
        return
    try:
        _ask(connection, "SELECT 1")
    except Exception as error:  # whatever the driver says: it is of no use any more
        raise exc.InvalidatePoolError from error


def _ask(connection: Any, statement: str) -> None:
    """Run a statement outside of any transaction."""
    with limited(connection, LOOK):
        connection.autocommit = True
        connection.execute(statement)
        connection.autocommit = False


def _refuse_encoding(connection: Any, place: str) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise LedgerError(
            place,
            expected="编码为 UTF8 的数据库",
            found=f"编码为 {encoding}，存不了全部汉字",
            advice="由管理员另建数据库（createdb -E UTF8 -T template0 库名），"
            "将 KJFP_DATABASE_URL 改指新库；原库中已有台账的，先用 pg_dump 导出，再导入新库",
        )
