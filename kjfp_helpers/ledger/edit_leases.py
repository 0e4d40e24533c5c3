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

        A lease that still holds for at least half that time is only read: nothing is written.
        ``force`` takes it from another window. A lease that would last longer than these seconds
        was taken before the clock was set back: it is cut to them, so that it does expire.

        Raises
        ------
        LedgerError
            When the database refuses.
        """
        with self._database.reading() as connection:
            if seconds / 2 < self._left(connection, person, window) <= seconds:
                return True
        with self._database.writing() as connection:
            now, mine = _now(connection), SEATS.c.person == person
            held = connection.execute(select(SEATS).where(mine)).first()
            until = held.until if held else 0
            holder = held.holder if held and until > now and not force else window
            if holder != window and until <= now + seconds:
                return False
            connection.execute(delete(SEATS).where(mine))
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
        held = (SEATS.c.person == person) & (SEATS.c.holder == window)
        with self._database.writing() as connection:
            connection.execute(delete(SEATS).where(held))

    def _left(self, connection: Connection, person: str, window: str) -> int:
        """Return for how many seconds the window still holds the lease."""
        held = (SEATS.c.person == person) & (SEATS.c.holder == window)
        until = connection.execute(select(SEATS.c.until).where(held)).scalar()
        return until - _now(connection) if until else 0


def _now(connection: Connection) -> int:
    """Return the database's own time in whole seconds."""
    if connection.dialect.name == "sqlite":
        now = cast(func.strftime("%s", "now"), Integer)
    else:
        now = cast(func.extract("epoch", func.clock_timestamp()), Integer)
    return int(connection.execute(select(now)).scalar_one())
