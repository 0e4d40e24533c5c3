"""The tables of a ledger: events, who asked for them, and the notes beside them."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, inspect
from sqlalchemy.engine import Connection, Engine

METADATA = MetaData()
EVENTS = Table(
    "events",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)
REQUESTS = Table(
    "requests",
    METADATA,
    Column("request", Text, primary_key=True),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Which events a request had written: a request that is sent again writes nothing more."""
SEATS = Table(
    "seats",
    METADATA,
    Column("person", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Integer, nullable=False),
)
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


def missing_tables(engine: Engine | Connection) -> set[str]:
    """Return the names of a ledger's tables that a database does not have."""
    return set(METADATA.tables) - set(inspect(engine).get_table_names())


def create_tables(connection: Connection) -> None:
    """Create the tables that are missing, the events with triggers that refuse any change."""
    missing = missing_tables(connection)
    METADATA.create_all(connection)
    if EVENTS.name in missing:
        for statement in _APPEND_ONLY[connection.dialect.name]:
            for act in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(statement.format(act=act))
