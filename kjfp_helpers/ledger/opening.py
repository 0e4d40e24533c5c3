"""Opening a ledger: only a whole one is opened, and a new one only where that was asked for."""

import errno
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection, Engine

from kjfp_helpers.core.errors import LedgerError, OutputError, os_error_reason
from kjfp_helpers.core.events import RoundOpened
from kjfp_helpers.ledger import chain, event_rows, postgresql, sqlite
from kjfp_helpers.ledger.chain import EventRow
from kjfp_helpers.ledger.connections import Database
from kjfp_helpers.ledger.db_errors import parse_ledger_url, translate_db_errors
from kjfp_helpers.ledger.schema import EVENTS, create_tables, missing_tables


@dataclass(frozen=True)
class Opening:
    """What is asked of a ledger that is opened.

    ``at`` and ``actor`` are stamped on the first event of a new one, which is made only with
    ``create``; with ``readonly`` nothing is written.
    """

    round_name: str
    at: datetime
    actor: str
    create: bool
    readonly: bool

    def open(self, url: str | Path) -> tuple[Database, Path | None]:
        """Open the database of a ledger.

        Returns
        -------
        tuple
            The database, and the temporary copy that is read in place of a file that cannot be.

        Raises
        ------
        LedgerError
            When there is none, it cannot be opened, or it is not whole.
        """
        parts, place = parse_ledger_url(url)
        with translate_db_errors("打开", place):
            if parts.get_backend_name() == "sqlite":
                return self._open_file(Path(parts.database or ""), place)
            database = Database(postgresql.make_engine(parts, place), place)
            missing = missing_tables(database.engine)
            if not self.create and (EVENTS.name in missing or _is_empty(database)):
                raise self._no_ledger(place)
            if not self.readonly and (missing or self.create):
                with database.transaction() as connection:
                    self._fill(connection)
            return database, None

    def _open_file(self, path: Path, place: str) -> tuple[Database, Path | None]:
        """Open a file; one that cannot be written is read, if need be in a copy."""
        if not path.exists():
            self._create_file(path, place)
        readonly = self.readonly or not sqlite.is_writable(path)
        copy = sqlite.readable_copy(path, place) if readonly else None
        database = Database(sqlite.make_engine(copy or path, "ro" if readonly else "rw"), place)
        missing = missing_tables(database.engine)
        if EVENTS.name in missing or _is_empty(database):
            database.close()
            raise _incomplete(place, f"一条登记也没有的文件（{path.stat().st_size}字节）")
        if not readonly and sqlite.has_log(path):  # never in a part of one: its log may yet come
            database.close()
            sqlite.fold_log(path)
        if missing and not readonly:
            with database.transaction() as connection:
                create_tables(connection)
        return database, copy

    def _create_file(self, path: Path, place: str) -> None:
        left = sqlite.beside(path)
        if left:
            raise _incomplete(place, f"只有 {left[0].name}")
        if not self.create:
            raise self._no_ledger(place)

        def fill(engine: Engine) -> None:
            with Database(engine, place).transaction() as connection:
                self._fill(connection)

        sqlite.create_file(path, fill, place)

    def _fill(self, connection: Connection) -> None:
        """Create what is missing of a ledger, its first event included."""
        create_tables(connection)
        if event_rows.last_of(connection) == (0, ""):
            first = chain.next_row(1, self.at, self.actor, RoundOpened(round=self.round_name), "")
            event_rows.insert(connection, [first])

    def _no_ledger(self, place: str) -> LedgerError:
        return LedgerError(
            place,
            expected="已有的台账",
            found="没有找到",
            advice=f"新的轮次先运行 kjfp intake {self.round_name} 收件；"
            "以前收过件的，用备份恢复台账，不要另建",
        )


def back_up(
    database: Database, target: Path, check: Callable[[Database], tuple[int, str]]
) -> tuple[int, str]:
    """Copy a ledger in a file into a new file, which appears when it was checked, or not at all.

    Raises
    ------
    LedgerError
        When the ledger is in PostgreSQL or cannot be read.
    OutputError
        When there is a file of that name, or it cannot be written.
    """
    if not database.is_file:
        raise LedgerError(
            database.place,
            expected="轮次文件夹中的 review.db",
            found="PostgreSQL 数据库",
            advice="用数据库的工具备份：pg_dump -Fc -t events -t requests -t seats -f 文件名 库名",
        )
    part = target.with_name(f".{target.name}.part")
    try:
        if target.exists():
            raise FileExistsError(errno.EEXIST, "")
        with closing(sqlite.connect(part, "rwc")) as copy, database.reading() as connection:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode=DELETE")
        written = Database(sqlite.make_engine(part, "ro"), database.place)
        head = check(written)
        written.close()
        sqlite.publish(part, target)
        return head
    except (OSError, sqlite3.OperationalError) as error:
        why = (
            os_error_reason(error)
            if isinstance(error, OSError)
            else "文件夹不存在、没有权限或磁盘已满"
        )
        raise OutputError(
            f"备份文件 {target.name}",
            expected="可以新建",
            found=f"不能新建（{why}）",
            advice="另取名称，或检查文件夹、权限和磁盘空间后重试；已有的文件没有改动",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_copy(target: Path, rows: Sequence[EventRow]) -> None:
    """Write rows into a new file, whole or not at all.

    Raises
    ------
    LedgerError
        When it cannot be made.
    """

    def fill(engine: Engine) -> None:
        with Database(engine, target.name).transaction() as connection:
            create_tables(connection)
            event_rows.insert(connection, rows)

    sqlite.create_file(target, fill, target.name)


def _is_empty(database: Database) -> bool:
    with database.reading("打开") as connection:
        return event_rows.last_of(connection) == (0, "")


def _incomplete(place: str, found: str) -> LedgerError:
    return LedgerError(
        place,
        expected="完整的台账",
        found=found,
        advice="把轮次文件夹中 review.db 和它旁边的 review.db-wal、review.db-journal 一起复制过来，"
        "或用备份（kjfp backup 所做）恢复；确认从未登记过的，移走此文件再运行 kjfp intake",
    )
