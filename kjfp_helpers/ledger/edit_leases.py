"""Which window of a person may write just now: a note beside the record that lapses by itself.

A window that is open says so every few seconds; one that was killed says nothing, and its seat
is free when the note has lapsed. Times are those of the database, since members' machines may
disagree.
"""

from sqlalchemy import Integer, cast, delete, func, select
from sqlalchemy.engine import Connection

from kjfp_helpers.ledger.connections import Database
from kjfp_helpers.ledger.schema import SEATS


class EditLeases:
    """The seats of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, person: str, window: str, *, seconds: int, force: bool = False) -> bool:
        """Take or keep a person's seat for some seconds; return whether the window has it.

        A seat held for at least half that time is only looked at: nothing is written. ``force``
        takes it from another window. A seat that would last longer than these seconds was taken
        before the clock was set back: it is cut to them, so that a dead window's seat lapses.

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
        """Give a seat back, when the window has it.

        Raises
        ------
        LedgerError
            When the database refuses.
        """
        held = (SEATS.c.person == person) & (SEATS.c.holder == window)
        with self._database.writing() as connection:
            connection.execute(delete(SEATS).where(held))

    def _left(self, connection: Connection, person: str, window: str) -> int:
        """Return for how many seconds the window still holds the seat."""
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
