import hashlib
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from kjfp_helpers.core.errors import LedgerBroken, LedgerError
from kjfp_helpers.core.events import RoundOpened, ScoreGiven
from kjfp_helpers.ledger import Ledger

AT = datetime(2020, 8, 20, 9, tzinfo=UTC)


def mark(member="M01", case="T11-1", score=80.0):
    return ScoreGiven(member=member, case=case, scores={"outcome": score}, comment="扎实")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return tmp_path / "review.db"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def ledger(url):
    ledger = Ledger.open(url, "2020", at=AT, actor="秘书", create=True)
    yield ledger
    ledger.close()


def test_what_was_appended_is_read_back_typed_and_in_order(ledger):
    events = ledger.append(mark(), mark(score=81.5), actor="M01", at=AT)
    assert [event.seq for event in events] == [2, 3]
    read = ledger.events()
    assert read[0].body == RoundOpened(round="2020")
    assert read[1:] == events and read[2].body == mark(score=81.5)
    assert ledger.head() == (3, events[-1].hash)
    ledger.verify()


def test_what_is_decided_stands_on_everything_written_before(ledger):
    ledger.append(mark(), actor="M01", at=AT)
    seen = []

    def choose(news):
        seen.extend(news)
        return [mark(score=90.0)]

    (event,) = ledger.append_atomically(choose, after=1, actor="M01", at=AT)
    assert [one.seq for one in seen] == [2] and event.seq == 3
    ledger.verify()


def test_a_copy_in_a_file_has_the_rows_of_either_database_and_lines_that_hash_to_them(
    ledger, tmp_path
):
    ledger.append(mark(), mark(score=81.5), actor="M01", at=AT)
    ledger.copy_to(tmp_path / "copy.db")
    copy = Ledger.open(tmp_path / "copy.db", "2020", at=AT, actor="", readonly=True)
    assert copy.events() == ledger.events() and copy.head() == ledger.head()
    copy.close()
    for row, text in ledger.hashed_lines():
        assert hashlib.sha256(text.encode()).hexdigest() == row.hash


def test_refusing_to_decide_writes_nothing(ledger):
    def choose(news):
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        ledger.append_atomically(choose, after=0, actor="M01", at=AT)
    assert ledger.head()[0] == 1


def test_a_seat_is_one_window_s_until_it_leaves_lapses_or_is_taken(ledger):
    leases = ledger.edit_leases
    assert leases.acquire("M01", "a", seconds=60) and leases.acquire("M01", "a", seconds=60)
    assert not leases.acquire("M01", "b", seconds=60) and leases.acquire("M02", "b", seconds=60)
    assert leases.acquire("M01", "b", seconds=0, force=True)
    assert leases.acquire("M01", "c", seconds=60)
    leases.release("M01", "c")
    assert leases.acquire("M01", "a", seconds=60)


@pytest.mark.slow
def test_a_dead_window_s_seat_lapses_though_the_clock_was_set_back(ledger):
    """A seat taken an hour ahead is what a clock set back by an hour leaves behind."""
    leases = ledger.edit_leases
    assert leases.acquire("M01", "dead", seconds=3600)
    assert not leases.acquire("M01", "b", seconds=1)
    time.sleep(2.1)
    assert leases.acquire("M01", "b", seconds=1)


def test_a_live_window_keeps_its_seat_when_the_clock_is_set_back(ledger):
    leases = ledger.edit_leases
    assert leases.acquire("M01", "a", seconds=3600) and not leases.acquire("M01", "b", seconds=60)
    assert leases.acquire("M01", "a", seconds=60) and not leases.acquire("M01", "b", seconds=60)


def test_opening_again_adds_nothing(url, ledger):
    again = Ledger.open(url, "2020", at=AT, actor="另一人")
    assert again.head() == ledger.head() and ledger.head()[0] == 1
    again.close()


def test_a_ledger_of_another_round_is_refused(url, ledger):
    with pytest.raises(LedgerError, match="轮次“2020”的台账"):
        Ledger.open(url, "2021", at=AT, actor="秘书")


@pytest.mark.parametrize("statement", ["UPDATE events SET actor = 'x'", "DELETE FROM events"])
def test_the_database_refuses_to_change_or_delete_an_event(url, ledger, statement):
    engine = create_engine(f"sqlite:///{url}" if isinstance(url, Path) else url)
    with engine.begin() as connection, pytest.raises(Exception, match="append-only"):
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_two_writers_at_once_never_fork_the_chain(url, ledger):
    def write(member):
        own = Ledger.open(url, "2020", at=AT, actor=member)
        for _ in range(20):
            own.append(mark(member), actor=member, at=AT)
        own.close()

    threads = [threading.Thread(target=write, args=(f"M{n:02}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.verify()
    assert ledger.head()[0] == 81


@pytest.mark.parametrize("column", ["at", "actor", "kind", "payload", "previous", "hash"])
def test_changing_any_column_of_any_event_is_caught(tmp_path, column):
    path = tmp_path / "review.db"
    ledger = Ledger.open(path, "2020", at=AT, actor="秘书", create=True)
    ledger.append(mark(), mark(score=90.0), mark(score=70.0), actor="M01", at=AT)
    ledger.close()
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER events_keep_UPDATE")
        database.execute(f"UPDATE events SET {column} = {column} || ' ' WHERE seq = 3")
    with pytest.raises(LedgerBroken, match="台账第3条"):
        Ledger.open(path, "2020", at=AT, actor="秘书", create=True).verify()


def test_a_removed_event_is_caught(tmp_path):
    path = tmp_path / "review.db"
    ledger = Ledger.open(path, "2020", at=AT, actor="秘书", create=True)
    ledger.append(mark(), mark(), actor="M01", at=AT)
    ledger.close()
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER events_keep_DELETE")
        database.execute("DELETE FROM events WHERE seq = 2")
    with pytest.raises(LedgerBroken, match="台账第2条"):
        Ledger.open(path, "2020", at=AT, actor="秘书", create=True).verify()


def test_a_file_that_is_no_database_is_told_in_words(tmp_path):
    path = tmp_path / "review.db"
    path.write_text("这不是数据库" * 100)
    with pytest.raises(LedgerError, match="不能打开"):
        Ledger.open(path, "2020", at=AT, actor="秘书", create=True)


def test_a_failed_append_writes_nothing(ledger):
    before = ledger.head()
    with pytest.raises(TypeError):
        ledger.append(mark(), mark(score=object()), actor="M01", at=AT)
    assert ledger.head() == before
