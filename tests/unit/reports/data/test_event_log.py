"""The log says of every event what it is about, in plain Chinese and without a person's number."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.events import EVENT_CLASSES, Event, EventLog
from kjfp_helpers.reports.data.event_log.event_rows import (
    DESCRIBERS,
    build_daily_heads,
    build_event_rows,
)
from support.rounds.panel_round import open_round
from support.state.altered_state import altered
from support.state.random_events import RandomEvents

IDENTITY, PHONE = "110101199003070310", "13900000000"


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("round"))
    yield session.current_state()
    session.close()


def test_every_kind_of_event_is_described():
    assert set(DESCRIBERS) == set(EVENT_CLASSES.values())


def test_random_events_are_told_in_chinese_and_hide_numbers(state):
    draw = RandomEvents(state, random.Random(3))
    bodies = [draw.draw(()) for _ in range(600)]
    bodies = [
        replace(body, reason=f"电话{PHONE}，号码{IDENTITY}") if hasattr(body, "reason") else body
        for body in bodies
    ]
    at = datetime(2020, 9, 1, 1, tzinfo=UTC)
    events = EventLog(
        Event(seq=seq, at=at, actor="秘书", body=body, hash=f"{seq:064d}")
        for seq, body in enumerate(bodies, start=1)
    )
    rows = list(build_event_rows(altered(state, events=events)))
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    text = "".join(f"{row['about']}{row['words']}{row['reason']}" for row in rows)
    assert IDENTITY not in text and PHONE not in text
    for row in rows:
        assert re.search("[一-龥]", row["title"]) and row["about"]
    (head,) = build_daily_heads(altered(state, events=events))
    assert (head["first"], head["last"], head["count"]) == (1, len(rows), len(rows))
    assert head["hash"] == events[-1].hash
