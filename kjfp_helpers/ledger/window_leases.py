"""Edit leases: at most one browser window per person may write.

An open window renews its lease every few seconds; the lease of a window that was killed expires.
Times are those of the database, since the clocks of members' machines may differ.
"""

from sqlalchemy import Integer, cast, delete, func, select
from sqlalchemy.engine import Connection

from kjfp_helpers.ledger.connections import Database
from kjfp_helpers.ledger.schema import SEATS


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
        own_lease = (SEATS.c.person == person) & (SEATS.c.holder == window)
        until = connection.execute(select(SEATS.c.until).where(own_lease)).scalar()
        return until - _now(connection) if until else 0


def _now(connection: Connection) -> int:
    """Return the database's own time in whole seconds."""
    if connection.dialect.name == "sqlite":
        now = cast(func.strftime("%s", "now"), Integer)
    else:
        now = cast(func.extract("epoch", func.clock_timestamp()), Integer)
    return int(connection.execute(select(now)).scalar_one())
