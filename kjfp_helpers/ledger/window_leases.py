"""Edit leases: at most one browser window per person may write.

An open window renews its lease every few seconds; the lease of a window that was killed expires.
Times are those of the database, since the clocks of members' machines may differ.
"""

from sqlalchemy import Integer, bindparam, cast, delete, func, select
from sqlalchemy.engine import Connection

from kjfp_helpers.ledger.connections import Database
from kjfp_helpers.ledger.schema import SEATS

_NOW = {
    "sqlite": cast(func.strftime("%s", "now"), Integer),
    "postgresql": cast(func.extract("epoch", func.clock_timestamp()), Integer),
}
"""The database's own time in whole seconds, by dialect."""
_LEFT = {
    dialect: select(SEATS.c.until - now).where(
        SEATS.c.person == bindparam("of_person"), SEATS.c.holder == bindparam("of_window")
    )
    for dialect, now in _NOW.items()
}
"""For how many seconds a window still holds a lease, by dialect: asked at every mark."""


class EditLeases:
    """Edit leases of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, person: str, window: str, *, seconds: int, force: bool = False) -> bool:
        """Acquire or renew a person's lease for some seconds; return whether the window has it.

        A lease valid for more than half that time is not renewed: nothing is written. ``force``
        takes it from another window. A lease valid for longer than ``seconds`` was acquired
        before the clock was set back; it is replaced.

        Raises
        ------
        LedgerError
            When the database refuses.
        """
        with self._database.reading() as connection:
            if seconds / 2 < self._left(connection, person, window) <= seconds:
                return True
        with self._database.writing() as connection:
            now = _now(connection)
            of_person = SEATS.c.person == person
            lease = connection.execute(select(SEATS).where(of_person)).first()
            until = lease.until if lease else 0
            holder = window
            if lease and until > now and not force:
                holder = lease.holder
            if holder != window and until <= now + seconds:
                return False
            connection.execute(delete(SEATS).where(of_person))
            row = {"person": person, "holder": holder, "until": now + seconds}
            connection.execute(SEATS.insert(), [row])
        return holder == window

    def release(self, person: str, window: str) -> None:
        """Release a lease, if the window has it.

        Raises
        ------
        LedgerError
            When the database refuses.
        """
        own_lease = (SEATS.c.person == person) & (SEATS.c.holder == window)
        with self._database.writing() as connection:
            connection.execute(delete(SEATS).where(own_lease))

    def _left(self, connection: Connection, person: str, window: str) -> int:
        """Return for how many seconds the window still holds the lease."""
        query = _LEFT[connection.dialect.name]
        return connection.execute(query, {"of_person": person, "of_window": window}).scalar() or 0


def _now(connection: Connection) -> int:
    """Return the database's own time in whole seconds."""
    return int(connection.execute(select(_NOW[connection.dialect.name])).scalar_one())
