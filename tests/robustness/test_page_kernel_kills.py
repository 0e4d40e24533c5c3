"""Kernels are killed while members score: what was acknowledged is there, nothing is half-written."""

import os
import random
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from kjfp_helpers.core.events import ScoreGiven
from kjfp_helpers.state import session as session_module
from support.processes.page_kernel import Kernel, Scorer, crowd
from support.rounds.panel_round import FIVE_CASES, open_round
from support.thoroughness import times

KILLS = times(12, 100)
KILL_WITHIN = 0.03
"""Seconds after a mark was sent: before, within and after the commit that takes it in."""
SAVES = times(3, 20)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, monkeypatch):
    if request.param == "postgresql":
        monkeypatch.setenv(session_module.DATABASE, request.getfixturevalue("postgresql_url"))
    return request.param


@pytest.fixture
def session(database, tmp_path):
    return open_round(tmp_path, **FIVE_CASES)


def scorer(session, chance, member="M01"):
    state = session.current_state()
    assert state.decision  # derived before processes fork, not in each
    session.ledger.close()  # a process that forks takes no open connection along
    return Scorer(lambda: Kernel(session, state, member), chance, member)


def marks(session, member="M01"):
    bodies = [event.body for event in session.ledger.events()]
    given = [body for body in bodies if isinstance(body, ScoreGiven)]
    return [one for one in given if member in (None, one.member)]


def test_killed_kernels_lose_no_acknowledged_mark_and_write_none_twice(session):
    chance = random.Random(9)
    member = scorer(session, chance)
    for _ in range(KILLS):
        for _ in range(chance.randint(0, 2)):
            assert member.save()["type"] == "saved"
        member.killed(chance.uniform(0, KILL_WITHIN))
    member.kernel.kill()
    written = marks(session)
    assert [(one.edit, dict(one.scores), one.comment) for one in written] == [
        (one["request_id"], one["answers"], one["comment"]) for one in member.typed
    ]
    session.ledger.verify()


@pytest.fixture
def disk():
    """A disk of its own, of a few megabytes, that can be filled."""
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    place = Path(tempfile.mkdtemp())
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)
    place.rmdir()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def cramped(request, disk, tmp_path, monkeypatch):
    """A round whose ledger lies on the small disk."""
    if request.param == "sqlite":
        session = open_round(disk, **FIVE_CASES)
        yield session
        session.ledger.close()
        return
    url, own = request.getfixturevalue("postgresql_url"), disk / "tables"
    own.mkdir()
    shutil.chown(own, "postgres")
    with changing(url) as run:
        run(f"CREATE TABLESPACE kjfp_small LOCATION '{own}'")
    monkeypatch.setenv(session_module.DATABASE, f"{url}?options=-cdefault_tablespace%3Dkjfp_small")
    session = open_round(tmp_path, **FIVE_CASES)
    yield session
    session.ledger.close()
    with changing(url) as run:
        run("DROP TABLE events, requests, seats")
        run("DROP TABLESPACE kjfp_small")


@contextmanager
def changing(url):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection.exec_driver_sql
    engine.dispose()


def filled(disk):
    """Fill a disk to the last byte; return what fills it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(4096))
    return filler


def test_full_disk_is_said_and_what_waited_is_saved_when_there_is_room_again(cramped, disk):
    member = scorer(cramped, random.Random(2))
    assert member.save()["type"] == "saved"
    filler = filled(disk)
    for _ in range(200):
        answer = member.save()
        if answer["type"] != "saved":
            break
    assert answer["type"] == "refused" and answer["retry"] and "磁盘已满" in answer["reason"]
    member.post()
    assert member.take(member.kernel.answer())["type"] == "refused"
    assert {one.edit for one in marks(cramped)} == set(member.acknowledged)
    filler.unlink()
    member.kernel.kill()
    member.reopen()
    member.kernel.kill()
    assert [(one.edit, dict(one.scores)) for one in marks(cramped)] == [
        (one["request_id"], one["answers"]) for one in member.typed
    ]
    cramped.ledger.verify()


def test_thirty_members_at_once_lose_nothing(database, tmp_path, capsys):
    session = open_round(tmp_path, 30, **FIVE_CASES)
    turns = crowd(session, 30, SAVES)
    seconds = sorted(second for turn in turns for second in turn.seconds)
    wall = max(turn.end for turn in turns) - min(turn.start for turn in turns)
    with capsys.disabled():
        p95 = seconds[round(0.95 * len(seconds)) - 1]
        print(
            f"\n30 members at once, {database}: {len(seconds) / wall:.0f} saves a second, "
            f"p95 {1000 * p95:.0f} ms"
        )
    for turn in turns:
        assert len(turn.saved) == SAVES
        assert {one.edit: dict(one.scores) for one in marks(session, turn.member)} == {
            name: typed["answers"] for name, typed in turn.saved.items()
        }
    assert len(marks(session, None)) == 30 * SAVES
    session.ledger.verify()
