"""The ledger in a file: what was confirmed is in the file itself, and half a ledger is refused."""

import gc
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import LedgerBroken, LedgerError
from kjfp_helpers.core.events import ScoreGiven
from kjfp_helpers.ledger import Ledger
from kjfp_helpers.state import RoundSession
from support.rounds.panel_round import make_round, open_round
from support.thoroughness import times

AT = datetime(2020, 8, 20, 9, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")


def mark(member="M01", score=80.0):
    return ScoreGiven(member=member, case="T11-1", scores={"outcome": score}, comment="扎实" * 20)


def opened(path, **how):
    return Ledger.open(path, "2020", at=AT, actor="秘书", **how)


def filled(path, marks=3):
    ledger = opened(path, create=True)
    for _ in range(marks):
        ledger.append(mark(), actor="M01", at=AT)
    return ledger


def in_folder(path):
    """Names of the files that hold anything; an open ledger has a void journal beside it."""
    return sorted(
        file.name for file in path.parent.iterdir() if file.read_bytes()[:1] not in (b"", b"\0")
    )


def older(path, marks=40):
    """A ledger as earlier versions wrote it: with a write-ahead log, still open."""
    filled(path, 1).close()
    connection = sqlite3.connect(path, isolation_level=None)
    assert connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("DROP TABLE requests")
    from kjfp_helpers.ledger import chain

    seq, previous = 2, connection.execute("SELECT hash FROM events WHERE seq = 2").fetchone()[0]
    for _ in range(marks):
        row = chain.next_row(seq := seq + 1, AT, "M01", mark(), previous)
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        previous = row.hash
    return connection


def test_the_file_alone_holds_every_event_as_soon_as_it_is_confirmed(tmp_path):
    ledger = filled(tmp_path / "review.db")
    assert in_folder(tmp_path / "review.db") == ["review.db"]
    for n in range(20):
        ledger.append(mark(), actor="M01", at=AT)
        copy = tmp_path / f"copy-{n}.db"
        shutil.copyfile(tmp_path / "review.db", copy)
        again = opened(copy)
        assert again.head() == ledger.head()
        again.verify()
        again.close()


def _write_on(path, count):
    ledger = opened(path)
    while True:
        count.value = max(count.value, ledger.append(mark(), actor="M", at=AT)[-1].seq)


@pytest.mark.slow
def test_a_copy_taken_while_others_write_is_whole_up_to_its_start_or_refused(tmp_path):
    path = tmp_path / "review.db"
    filled(path).close()
    count = FORK.Value("i", 0, lock=False)  # a killed writer may hold a lock for ever
    writers = [FORK.Process(target=_write_on, args=(path, count)) for _ in range(3)]
    for writer in writers:
        writer.start()
    whole = 0
    for n in range(60):
        confirmed, copy = count.value, tmp_path / f"copy-{n}.db"
        shutil.copyfile(path, copy)
        try:
            ledger = opened(copy)
            ledger.verify()
        except LedgerError:
            continue
        assert ledger.head()[0] >= confirmed
        ledger.close()
        whole += 1
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
    assert whole >= 20
    ledger = opened(path)
    ledger.verify()
    assert ledger.head()[0] >= count.value


@pytest.mark.parametrize("rest", ["empty", "header", "tables", "log alone", "other tables"])
@pytest.mark.parametrize("create", [False, True])
def test_part_of_a_ledger_is_refused_and_never_made_into_a_new_one(tmp_path, rest, create):
    path = tmp_path / "whole" / "review.db"
    path.parent.mkdir()
    copy = tmp_path / "review.db"
    if rest in ("header", "log alone"):
        path.touch()
        writing = sqlite3.connect(path, isolation_level=None)
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY)")
        beside = "-wal" if rest == "log alone" else ""
        shutil.copyfile(f"{path}{beside}", f"{copy}{beside}")
        assert rest == "log alone" or copy.stat().st_size == 4096
    elif rest == "empty":
        copy.touch()
    else:
        filled(copy).close()
        with closing(sqlite3.connect(copy)) as base:
            base.executescript(
                "DROP TRIGGER events_keep_DELETE; DELETE FROM events;"
                if rest == "tables"
                else "ALTER TABLE events RENAME TO others"
            )
    before = {file.name: file.read_bytes() for file in tmp_path.glob("review.db*")}
    with pytest.raises(LedgerError, match=r"完整的台账.*kjfp backup"):
        opened(copy, create=create)
    assert {file.name: file.read_bytes() for file in tmp_path.glob("review.db*")} == before


def test_a_log_of_an_earlier_version_is_folded_in_when_the_ledger_is_opened(tmp_path):
    path = tmp_path / "review.db"
    writing = older(path)
    for ending in ("", "-wal"):  # as a killed process leaves them
        shutil.copyfile(f"{path}{ending}", tmp_path / f"killed.db{ending}")
    writing.close()
    ledger = opened(tmp_path / "killed.db")
    assert ledger.head()[0] == 42
    assert not [name for name in in_folder(path) if name.startswith("killed.db-")]
    ledger.append(mark(), actor="M01", at=AT)
    ledger.verify()
    shutil.copyfile(tmp_path / "killed.db", tmp_path / "alone.db")
    assert opened(tmp_path / "alone.db").head()[0] == 43


@pytest.mark.slow
def test_a_page_of_an_earlier_version_and_a_command_write_side_by_side(tmp_path):
    path = tmp_path / "review.db"
    writing = older(path)
    ledger = opened(path)
    ledger.append(mark(), actor="M01", at=AT)
    assert writing.execute("SELECT max(seq) FROM events").fetchone() == (43,)
    writing.close()
    ledger.close()
    opened(path).verify()
    assert in_folder(path) == ["review.db"]


def killed_in_commit(path):
    """Leave a ledger as a process does that is killed after it wrote the file, before it was done."""
    code = f"""
        import os, signal, sqlite3
        base = sqlite3.connect({str(path)!r}, isolation_level=None)
        base.execute("PRAGMA cache_size=1")
        base.execute("PRAGMA cache_spill=1")
        base.execute("BEGIN IMMEDIATE")
        for n in range(400):
            base.execute("INSERT INTO seats VALUES (?, ?, 0)", (f"p{{n}}", "x" * 900))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.with_name(path.name + "-journal").stat().st_size


def test_what_a_killed_writer_began_is_taken_back_at_the_next_opening(tmp_path):
    path = tmp_path / "review.db"
    filled(path).close()
    before = path.read_bytes()
    killed_in_commit(path)
    assert path.read_bytes() != before
    ledger = opened(path)
    ledger.verify()
    assert ledger.head()[0] == 4 and in_folder(path) == ["review.db"]


@pytest.fixture(params=["closed", "older, closed", "log beside", "killed in a commit"])
def left(request, tmp_path):
    """A folder with a ledger in one of the states in which it may be archived; its length."""
    folder = tmp_path / "round"
    folder.mkdir()
    path = folder / "review.db"
    if request.param == "closed":
        filled(path).close()
    elif request.param == "killed in a commit":
        filled(path).close()
        killed_in_commit(path)
    else:
        other = tmp_path / "work" / "review.db"
        other.parent.mkdir()
        writing = older(other)
        if request.param == "older, closed":
            writing.close()
        for file in other.parent.glob("review.db*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, folder / file.name)
        return folder, 42
    return folder, 4


@pytest.fixture(params=["asked for", "write-protected", "read-only disk"])
def barred(request, left):
    """The ledger where it cannot be written, or must not."""
    folder, length = left
    if request.param == "read-only disk":
        if os.geteuid() or not shutil.which("mount"):
            pytest.skip("only root can mount")
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    elif request.param == "write-protected":
        for place in (*folder.iterdir(), folder):
            place.chmod(place.stat().st_mode & 0o555)
    yield folder / "review.db", length, {"readonly": True} if request.param == "asked for" else {}
    if request.param == "read-only disk":
        subprocess.run(["umount", folder], check=True)
    folder.chmod(0o755)


def _read_as_nobody(path, how, done):
    if not how and os.access(path, os.W_OK):  # root may write what is write-protected
        os.setgroups([])
        os.setuid(65534)
    ledger = opened(path, **how)
    ledger.verify()
    try:
        ledger.append(mark(), actor="M01", at=AT)
    except LedgerError as error:
        done.put((ledger.head()[0], str(error)))


def test_a_ledger_that_cannot_be_written_is_read_and_nothing_is_left_beside_it(barred):
    path, length, how = barred
    for folder in path.parents[1:-2]:
        folder.chmod(folder.stat().st_mode | 0o055)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    done = FORK.Queue()
    reader = FORK.Process(target=_read_as_nobody, args=(path, how, done))
    reader.start()
    head, said = done.get(timeout=60)
    reader.join()
    assert head == length and "文件只读" in said
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


@pytest.mark.slow
def test_the_temporary_copy_of_a_ledger_goes_with_the_reader(tmp_path, monkeypatch):
    path, scratch = tmp_path / "review.db", tmp_path / "scratch"
    scratch.mkdir()
    writing = older(path)
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    ledger = opened(path, readonly=True)
    assert ledger.head()[0] == 42 and list(scratch.iterdir())
    ledger.close()
    del ledger
    gc.collect()
    assert not list(scratch.iterdir())
    writing.close()


@pytest.mark.slow
def test_many_that_make_a_ledger_at_once_make_one(tmp_path):
    path, gate = tmp_path / "review.db", FORK.Barrier(8)

    def make():
        gate.wait()
        opened(path, create=True).append(mark(), actor="M01", at=AT)

    makers = [FORK.Process(target=make) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    ledger = opened(path)
    ledger.verify()
    assert ledger.head()[0] == 9 and in_folder(path) == ["review.db"]


NAMES = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=40
).filter(lambda name: name not in (".", "..") and len(name.encode()) < 200)


@pytest.mark.slow
@settings(max_examples=times(20, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(name=NAMES)
@example(name="c?d")
@example(name="a%20b")
@example(name="100%")
@example(name="#1 'x' \"y\"; 😀")
@example(name="?mode=memory&cache=shared")
@example(name="file:x?uri=true")
@example(name=" \n\t")
@example(name=":memory:")
def test_the_ledger_is_in_its_round_whatever_the_folder_is_called(tmp_path_factory, name):
    root = tmp_path_factory.mktemp("names")
    folder = root / name
    folder.mkdir()
    ledger = filled(folder / "review.db", 1)
    ledger.close()
    assert [path for path in root.rglob("*") if path.is_file()] == [folder / "review.db"]
    for how in ({}, {"readonly": True}):
        again = opened(folder / "review.db", **how)
        assert again.head()[0] == 2
        again.close()
    shutil.rmtree(root)


def test_a_round_in_a_folder_with_a_question_mark_keeps_its_ledger(tmp_path):
    root = tmp_path / "c?d" / "a%20b#"
    root.mkdir(parents=True)
    session = RoundSession.open(make_round(root), root / "outputs" / "practice", create=True)
    session.close()
    assert list(tmp_path.rglob("review.db")) == [session.round.folder / "review.db"]
    assert not (tmp_path / "c").exists()


@pytest.mark.slow
def test_a_backup_made_while_others_write_is_whole_and_says_where_it_ends(tmp_path, capsys):
    session = open_round(tmp_path)
    count = FORK.Value("i", 0, lock=False)  # a killed writer may hold a lock for ever
    writer = FORK.Process(target=_mark_on, args=(session.round.folder, session.outputs, count))
    writer.start()
    while not count.value:
        time.sleep(0.01)
    target = tmp_path / "backup.db"
    assert main(["backup", str(session.round.folder), str(target)]) == 0
    confirmed = count.value
    assert main(["backup", str(session.round.folder), str(tmp_path / "later.db")]) == 0
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    said = capsys.readouterr().out
    for file in (target, tmp_path / "later.db"):
        ledger = Ledger.open(file, "practice", at=AT, actor="秘书", readonly=True)
        ledger.verify()
        seq, digest = ledger.head()
        assert f"台账{seq}条" in said and digest[:16] in said
    assert seq >= confirmed
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("backup.db-")]
    assert not [path for path in tmp_path.rglob("*.part")]


def _mark_on(folder, outputs, count):
    session = RoundSession.open(folder, outputs)
    while True:
        count.value = session.record(mark())[-1].seq


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_made(tmp_path, capsys):
    session = open_round(tmp_path)
    session.close()
    (tmp_path / "mine.db").write_text("mine")
    for target, why in (
        (tmp_path / "mine.db", "已有同名文件"),
        (tmp_path / "no" / "b.db", "文件夹"),
    ):
        assert main(["backup", str(session.round.folder), str(target)]) == 1
        assert why in capsys.readouterr().err
    with closing(sqlite3.connect(session.round.folder / "review.db")) as base:
        base.executescript(
            "DROP TRIGGER events_keep_UPDATE; UPDATE events SET actor = 'x' WHERE seq = 3"
        )
    assert main(["backup", str(session.round.folder), str(tmp_path / "b.db")]) == 1
    assert "台账第3条" in capsys.readouterr().err
    assert (tmp_path / "mine.db").read_text() == "mine"
    assert not [path for path in tmp_path.iterdir() if "b.db" in path.name]


def test_events_lost_from_the_middle_are_seen_when_the_ledger_is_opened(tmp_path):
    path = tmp_path / "review.db"
    filled(path, 5).close()
    with closing(sqlite3.connect(path)) as base:
        base.executescript("DROP TRIGGER events_keep_DELETE; DELETE FROM events WHERE seq = 3")
    with pytest.raises(LedgerBroken, match="台账第3条"):
        opened(path)


@pytest.mark.slow
def test_after_a_command_the_ledger_is_one_file_however_it_ended(tmp_path, rules_folder, capsys):
    folder, out = tmp_path / "rehearsal", tmp_path / "out"
    assert main(["rehearse", str(folder), "--units", "2"]) == 0
    base = [str(folder), "--outputs", str(out)]
    for command in ("intake", "check", "shortlist", "verify"):  # no marks yet: shortlist fails
        assert main([command, *base]) == int(command == "shortlist")
        assert [path.name for path in folder.glob("review*")] == ["review.db"]
        shutil.copyfile(folder / "review.db", tmp_path / "copy.db")
        copy = Ledger.open(tmp_path / "copy.db", "rehearsal", at=AT, actor="秘书", readonly=True)
        assert (
            copy.head()
            == Ledger.open(folder / "review.db", "rehearsal", at=AT, actor="秘书").head()
        )
    capsys.readouterr()


def test_a_ledger_alone_is_verified_and_what_lies_elsewhere_is_told_as_not_checked(
    tmp_path, capsys
):
    path = tmp_path / "copy" / "review.db"
    path.parent.mkdir()
    filled(path, 3).close()
    seq, checked = Ledger.open(path, "2020", at=AT, actor="秘书", readonly=True).head()
    for named in (path.parent, path):
        assert main(["verify", str(named), "--head", f"{seq}:{checked[:16]}"]) == 3
        said = capsys.readouterr().out
        assert "轮次“2020”的台账4条" in said and checked[:16] in said and "未核对：规则文件" in said
    assert main(["verify", str(path), "--head", f"{seq + 1}:{checked[:16]}"]) == 1
    assert f"台账第{seq + 1}条" in capsys.readouterr().err
    path.write_bytes(path.read_bytes()[:9000])
    assert main(["verify", str(path)]) == 1 and "备份" in capsys.readouterr().err
    assert in_folder(path) == ["review.db"]


def test_a_request_that_is_sent_again_writes_nothing_more(tmp_path):
    ledger = filled(tmp_path / "review.db", 1)
    chance = random.Random(3)
    first = ledger.append(mark(), mark(score=70.0), actor="M01", at=AT, request="a")
    ledger.append(mark(score=chance.random()), actor="M02", at=AT)
    assert ledger.append(mark(), mark(score=70.0), actor="M01", at=AT, request="a") == first
    assert ledger.append(mark(), actor="M01", at=AT, request="b")[0].seq == ledger.head()[0] == 6
