"""Ledgers written before event classes were renamed are opened, verified and derived as ever.

The files are dumps of SQLite: ``every_kind.sql`` holds one event of every kind of that version,
``finished_round.sql`` a finished rehearsal of six units, from intake to the public notice, and
``finished_round_0_4.sql`` one of version 0.4, whose mail the generator still makes.
"""

import dataclasses
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.events import (
    EVENT_CLASSES,
    STORED_KINDS,
    RulesFrozen,
    from_payload,
    to_payload,
)
from kjfp_helpers.ledger import Ledger
from kjfp_helpers.ledger.chain import EventRow, next_row

LEDGERS = Path(__file__).with_name("ledgers")
EVERY_KIND, FINISHED_ROUND = LEDGERS / "every_kind.sql", LEDGERS / "finished_round.sql"
RECENT_ROUND = LEDGERS / "finished_round_0_4.sql"
DUMPS = pytest.mark.parametrize(
    "dump", (EVERY_KIND, FINISHED_ROUND, RECENT_ROUND), ids=lambda path: path.stem
)


def restore(dump: Path, path: Path) -> Path:
    """Make a ledger file from its dump."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text("utf-8"))
    return path


def rows_of(path: Path) -> list[EventRow]:
    with closing(sqlite3.connect(path)) as connection:
        return [EventRow(*row) for row in connection.execute("SELECT * FROM events ORDER BY seq")]


def open_ledger(path: Path) -> Ledger:
    return Ledger.open(path, "", at=datetime.now(UTC), actor="测试")


@pytest.fixture
def ledger_file(dump, tmp_path):
    return restore(dump, tmp_path / "review.db")


@DUMPS
def test_a_ledger_of_an_earlier_version_opens_and_its_chain_holds(ledger_file):
    rows = rows_of(ledger_file)
    ledger = open_ledger(ledger_file)
    ledger.verify()
    events = ledger.events()
    assert [event.kind for event in events] == [row.kind for row in rows]
    assert [event.hash for event in events] == [row.hash for row in rows]
    ledger.close()


@DUMPS
def test_every_event_of_an_earlier_version_is_written_back_as_the_same_row(ledger_file):
    for row in rows_of(ledger_file):
        body = from_payload(row.kind, json.loads(row.payload))
        assert type(body) is EVENT_CLASSES[row.kind]
        assert json.loads(json.dumps(to_payload(body))) == json.loads(row.payload)
        assert (
            next_row(row.seq, datetime.fromisoformat(row.at), row.actor, body, row.previous) == row
        )


def test_the_ledger_of_every_kind_holds_every_renamed_class_with_every_field(tmp_path):
    rows = rows_of(restore(EVERY_KIND, tmp_path / "review.db"))
    assert len({row.kind for row in rows}) == len(rows) == 53
    assert set(STORED_KINDS.values()) <= {row.kind for row in rows}
    for row in rows:
        fields = {field.name for field in dataclasses.fields(EVENT_CLASSES[row.kind])}
        assert json.loads(row.payload).keys() <= fields


def test_a_renamed_class_never_takes_the_stored_name_of_another():
    assert len(EVENT_CLASSES) == len(set(EVENT_CLASSES.values())) == len({*EVENT_CLASSES})
    current = {event_class.__name__ for event_class in EVENT_CLASSES.values()}
    assert not current & set(STORED_KINDS.values())


def test_new_events_continue_the_chain_of_an_earlier_version(tmp_path):
    ledger = open_ledger(restore(EVERY_KIND, tmp_path / "review.db"))
    bodies = [event.body for event in ledger.events()]
    ledger.append(*bodies[1:], actor="测试", at=datetime.now(UTC))
    ledger.verify()
    kinds = [event.kind for event in ledger.events()]
    assert kinds[len(bodies) :] == kinds[1 : len(bodies)]
    ledger.close()


def test_a_round_is_derived_again_from_the_ledger_of_an_earlier_version(
    rehearsal_copy, tmp_path, capsys
):
    """The generator makes the same mail; the ledger holds the rules as they were frozen."""
    folder = rehearsal_copy(tmp_path / "rehearsal", units=6)
    ledger = open_ledger(restore(RECENT_ROUND, folder / "review.db"))
    rules = ledger.events().last(RulesFrozen)
    ledger.close()
    for name, text in rules.texts.items():
        (folder / name).write_text(text, "utf-8", newline="")
    code = main(["verify", str(folder), "--outputs", str(tmp_path / "outputs")])
    output = "".join(capsys.readouterr())
    assert code == 0, output
    assert "台账180条，末条校验值d4410cb5b4d9335a" in output
    for step in ("来件与读取值", "评阅分派", "名次、投票和入围名单"):
        assert step in output
