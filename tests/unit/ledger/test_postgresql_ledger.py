"""A ledger in PostgreSQL when the network or the server misbehaves; a real server behind a proxy."""

import contextlib
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial

import ipywidgets as widgets
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import LedgerError, ResultUnknown
from kjfp_helpers.core.events import ScoreGiven, ScoringClosed
from kjfp_helpers.ledger import Ledger, postgresql
from kjfp_helpers.panels.meeting import decision_forms
from kjfp_helpers.state import session as session_module
from support.rounds.panel_round import open_round

pytestmark = pytest.mark.postgresql
AT = datetime(2020, 8, 20, 9, tzinfo=UTC)
LIMIT = 15
"""Seconds after which whoever waits is told: the promise, not a speed."""


def mark(score=80.0):
    return ScoreGiven(member="M01", case="T11-1", scores={"outcome": score}, comment="扎实")


def opened(url, **how):
    return Ledger.open(url, "2020", at=AT, actor="秘书", create=True, **how)


class Proxy:
    """Stands between a ledger and its server and loses what it is told to lose.

    ``lose`` is ``"answer"``: the answer to the next COMMIT, and the connection with it; ``"server"``:
    that, and the server cannot be reached from then on; ``"commit"``: the COMMIT itself, in silence;
    ``"all"``: everything, in silence. ``down`` refuses connections.
    """

    def __init__(self, url):
        self.to, self.lose, self.down = url, "", False
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = url.set(host="127.0.0.1", port=self.server.getsockname()[1]).render_as_string(
            hide_password=False
        )
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            if self.down:
                client.close()
                continue
            server = socket.create_connection((self.to.host, self.to.port or 5432))
            pair = {"deaf": False, "cut": False}
            for source, sink, up in ((client, server, True), (server, client, False)):
                threading.Thread(
                    target=self._pump, args=(source, sink, up, pair), daemon=True
                ).start()

    def _pump(self, source, sink, up, pair):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if up and b"COMMIT" in data:
                    self._take_commit(pair)
                pair["deaf"] |= self.lose == "all"
                if pair["cut"] and not up:
                    break
                if not pair["deaf"]:
                    sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _take_commit(self, pair):
        pair["cut"] |= self.lose in ("answer", "server")
        pair["deaf"] |= self.lose == "commit"
        self.down |= self.lose == "server"
        if self.lose != "all":  # that stays until it is ended
            self.lose = ""

    def close(self):
        self.server.close()


@pytest.fixture
def proxy(postgresql_url):
    proxy = Proxy(make_url(postgresql_url))
    yield proxy
    proxy.close()


@pytest.fixture
def ledger(proxy):
    ledger = opened(proxy.url)
    ledger.append(mark(), actor="M01", at=AT)
    yield ledger
    ledger.close()


def within(limit, act):
    start = time.monotonic()
    try:
        return act()
    finally:
        assert time.monotonic() - start < limit


def scores(ledger):
    return [e.body.scores["outcome"] for e in ledger.events() if isinstance(e.body, ScoreGiven)]


def settled(ledger, write, silence=0.0):
    """Look, and ask again what is not there, where a starved machine left a result unknown.

    So the error advises. A server that answers is always asked what became of the commit: only
    when it did not within a limit, after a first ``silence``, may the result be unknown.
    """
    before, start = ledger.head()[0], time.monotonic()
    try:
        return write()
    except ResultUnknown:
        assert time.monotonic() - start >= silence + postgresql.LOOK
        return tuple(ledger.events(after=before)) or write()


def test_a_lost_answer_to_commit_is_looked_up_and_nothing_is_written_twice(proxy, ledger):
    proxy.lose = "answer"
    (event,) = settled(ledger, lambda: ledger.append(mark(81.0), actor="M01", at=AT))
    assert event.seq == 3 and scores(ledger) == [80.0, 81.0] and not proxy.lose
    proxy.lose, given = "answer", {"after": 3, "actor": "M01", "at": AT}
    (event,) = settled(ledger, lambda: ledger.append_atomically(lambda _: [mark(82.0)], **given))
    assert event.seq == 4 and scores(ledger) == [80.0, 81.0, 82.0]
    ledger.verify()


def test_a_lost_commit_is_written_once_in_bounded_time(proxy, ledger):
    proxy.lose, given = "commit", {"actor": "M01", "at": AT, "request": "a"}
    write = partial(within, LIMIT, lambda: ledger.append(mark(81.0), **given))
    (event,) = settled(ledger, write, silence=postgresql.TRANSACTION)
    assert event.seq == 3 and scores(ledger) == [80.0, 81.0]
    ledger.verify()


def test_what_cannot_be_found_out_is_told_as_unknown_and_asked_again_writes_once(proxy, ledger):
    proxy.lose = "server"
    with pytest.raises(ResultUnknown, match="结果未知") as caught:
        within(LIMIT, lambda: ledger.append(mark(81.0), actor="M01", at=AT, request="a"))
    assert "没有写入" not in str(caught.value) and "不要重复" in str(caught.value)
    assert proxy.down
    proxy.down = False
    (event,) = ledger.append(mark(81.0), actor="M01", at=AT, request="a")
    assert event.seq == 3 and scores(ledger) == [80.0, 81.0]


@pytest.mark.parametrize("act", ["append", "events", "claim"])
def test_a_silent_connection_ends_in_words(proxy, ledger, act):
    proxy.lose = "all"
    acts = {
        "append": lambda: ledger.append(mark(), actor="M01", at=AT),
        "events": ledger.events,
        "claim": lambda: ledger.edit_leases.acquire("M01", "w", seconds=8),
    }
    with pytest.raises(LedgerError, match=r"没有应答|连接中断") as caught:
        within(LIMIT, acts[act])
    assert not isinstance(caught.value, ResultUnknown)
    proxy.lose = ""
    assert ledger.head()[0] == 2


def test_a_server_that_waits_for_a_lock_ends_in_words(postgresql_url, ledger):
    engine = create_engine(postgresql_url)
    with engine.begin() as other:
        other.exec_driver_sql("LOCK TABLE events")
        with pytest.raises(LedgerError, match="正被另一程序占用"):
            within(LIMIT, lambda: ledger.append(mark(), actor="M01", at=AT))
    engine.dispose()
    assert ledger.append(mark(), actor="M01", at=AT)[0].seq == 3


def test_the_first_act_after_the_server_dropped_its_connections_succeeds(postgresql_url, ledger):
    drop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    engine = create_engine(postgresql_url)
    acts = (
        lambda: ledger.append(mark(), actor="M01", at=AT),
        ledger.head,
        lambda: ledger.edit_leases.acquire("M01", "w", seconds=8),
    )
    for act in acts:
        with engine.connect() as connection:
            connection.exec_driver_sql(drop)
        assert act()
    engine.dispose()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_CN"])
def test_a_database_that_cannot_hold_every_sign_is_refused_with_the_cure(postgresql_url, encoding):
    url = make_url(postgresql_url)
    name = f"{url.database}_{encoding.lower()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
        )
        for more in ("", "?client_encoding=utf8"):
            address = url.set(database=name).render_as_string(hide_password=False) + more
            with pytest.raises(LedgerError, match=rf"编码为 {encoding}.*createdb -E UTF8"):
                opened(address)
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda url: f"{url}?sslmod=disable", "选项 sslmod 不存在"),
        (lambda url: f"{url}?sslmode=maybe", "选项 sslmode 取值不对"),
        (lambda url: f"{url}?connect_timeout=soon", "选项 connect_timeout 取值不对"),
        (lambda url: "postgresql://me:ge@heim@h@x/kjfp", "%40"),
        (lambda url: "postgresql://me:geheim/x@y@no-such-host.invalid/kjfp", "%40"),
        (lambda url: "postgresql://me:geheim@no-such-host.invalid/kjfp", "找不到数据库主机"),
        (lambda url: "mysql://me:geheim@localhost/kjfp", "“mysql”开头的地址"),
        (lambda url: url.replace("kjfp_", "no_such_"), "数据库或其中的表不存在"),
    ],
)
def test_a_wrong_address_is_told_by_what_is_wrong_and_without_its_password(
    postgresql_url, change, told
):
    url = change(make_url(postgresql_url).set(database="kjfp_x").render_as_string(False))
    with pytest.raises(LedgerError) as caught:
        opened(url)
    assert told in str(caught.value) and "heim" not in str(caught.value)


def test_a_wrong_password_is_told_with_how_to_write_its_signs(postgresql_url, monkeypatch):
    """The test's own server may trust everybody: what it would say is said for it."""
    import psycopg

    def refuse(*_args, **_options):
        raise psycopg.OperationalError('FATAL: password authentication failed for user "me"')

    monkeypatch.setattr(psycopg, "connect", refuse)
    monkeypatch.setattr(psycopg.Connection, "connect", refuse)
    with pytest.raises(LedgerError, match=r"用户名或口令不对.*%40"):
        opened("postgresql://me:ge%41heim@127.0.0.1/kjfp")


def test_an_address_without_driver_name_is_taken_and_a_missing_driver_is_named(
    postgresql_url, monkeypatch
):
    plain = make_url(postgresql_url).set(drivername="postgresql")
    ledger = opened(plain.render_as_string(hide_password=False))
    assert ledger.head()[0] == 1
    ledger.close()
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"没有安装 PostgreSQL 驱动.*psycopg\[binary\]"):
        opened(postgresql_url)


def test_an_empty_database_is_no_ledger_and_is_left_empty(postgresql_url):
    with pytest.raises(LedgerError, match="先运行 kjfp intake 2020"):
        Ledger.open(postgresql_url, "2020", at=AT, actor="秘书")
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT to_regclass('events')").scalar() is None
    engine.dispose()


ROLE = """
CREATE ROLE kjfp_member LOGIN PASSWORD 'x';
GRANT SELECT, INSERT ON events, requests TO kjfp_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON seats TO kjfp_member;
"""


def test_a_role_that_may_only_append_opens_records_and_is_told_when_it_lacks_a_right(
    postgresql_url,
):
    opened(postgresql_url).close()
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        exists = run("SELECT 1 FROM pg_roles WHERE rolname = 'kjfp_member'").scalar()
        if exists:
            run("DROP OWNED BY kjfp_member; DROP ROLE kjfp_member")
        run(ROLE)
        url = make_url(postgresql_url).set(username="kjfp_member", password="x")
        ledger = Ledger.open(url.render_as_string(False), "2020", at=AT, actor="M01")
        assert ledger.append(mark(), actor="M01", at=AT)[0].seq == 2
        assert ledger.edit_leases.acquire("M01", "w", seconds=8)
        run("REVOKE INSERT ON requests FROM kjfp_member")
        with pytest.raises(LedgerError, match="账号没有权限"):
            ledger.append(mark(), actor="M01", at=AT)
        ledger.close()
        run("DROP OWNED BY kjfp_member; DROP ROLE kjfp_member")
    engine.dispose()


def test_a_backup_names_the_tool_of_the_database(postgresql_url, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv(session_module.DATABASE, postgresql_url)
    session = open_round(tmp_path)
    assert main(["backup", str(session.round.folder), str(tmp_path / "b.db")]) == 1
    assert "pg_dump" in capsys.readouterr().err and not (tmp_path / "b.db").exists()


def test_a_decision_pressed_again_after_an_unknown_result_is_in_the_ledger_once(
    proxy, monkeypatch, tmp_path
):
    monkeypatch.setenv(session_module.DATABASE, proxy.url)
    session = open_round(tmp_path)
    form = decision_forms.build_decision_form(
        session,
        "截止评分",
        "",
        {"reason": ("说明", widgets.Text())},
        lambda words: ScoringClosed(**words),
        lambda: None,
    )
    found = [one for one in _all(form) if isinstance(one, widgets.Text)]
    button = next(one for one in _all(form) if getattr(one, "description", "") == "确认截止评分")
    found[0].value = "时间已到"
    proxy.lose = "server"
    button.click()
    said = " ".join(one.value for one in _all(form) if isinstance(one, widgets.HTML))
    assert "结果未知" in said and "没有写入" not in said and "未保存" not in said
    assert found[0].value == "时间已到"  # what was typed stands, to be pressed again
    proxy.down = False
    button.click()
    said = " ".join(one.value for one in _all(form) if isinstance(one, widgets.HTML))
    assert "已保存 #" in said
    assert [type(e.body) for e in session.ledger.events()].count(ScoringClosed) == 1
    found[0].value = "时间已到"
    button.click()  # a decision of its own: the one before was answered
    assert [type(e.body) for e in session.ledger.events()].count(ScoringClosed) == 2
    session.close()


def _all(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _all(child)
