"""What a step writes is the same before and after an event of a kind that it does not read."""

import hashlib
import random

import pytest

from kjfp_helpers import reports
from kjfp_helpers.commands.steps.unread_kinds import UNREAD_KINDS
from kjfp_helpers.core.events import EVENT_CLASSES, Event, EventLog
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.panel.expected_changes import changes_by_plan_text
from kjfp_helpers.state.panel.reading_planning import plan_readings
from kjfp_helpers.state.panel.review_progress import (
    has_next_round,
    reading_members,
)
from support.rounds.panel_round import open_round
from support.state.random_events import RandomEvents
from support.state.recorded_scores import score

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("unread"))
    score(session)
    return session


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in folder.iterdir()}


def register(state, folder):
    reports.write_register(state, folder / "register.xlsx")
    return digests(folder)


def findings_and_letters(state, folder):
    reports.write_findings_workbook(state, folder / "findings.xlsx")
    reports.write_letters(state, folder, lambda done, total: None)
    return digests(folder)


def readings(state, folder):
    members = [one for one in reading_members(state) if one not in state.scores.departed]
    return plan_readings(state), changes_by_plan_text(state), has_next_round(state), members


def stocktake(state, folder):
    reports.write_stocktake_workbook(state, folder / "stocktake.xlsx")
    return digests(folder)


MADE = {
    "intake": register,
    "check": findings_and_letters,
    "stocktake": stocktake,
    "assign": readings,
}


@pytest.mark.parametrize("step", UNREAD_KINDS)
def test_events_of_unread_kinds_change_nothing_of_what_a_step_makes(session, tmp_path, step):
    rules, read, events = session.round, session.load_intake(), session.ledger.events()
    drawn = RandomEvents(derive_state(rules, read, events), random.Random(7))
    later, seen = list(events), set()
    while len(later) < len(events) + 120 or seen != set(UNREAD_KINDS[step]):
        body = drawn.draw(later)
        if type(body) in UNREAD_KINDS[step]:
            seen.add(type(body))
            later.append(Event(seq=len(later) + 1, at=events[-1].at, actor="秘书", body=body))
    made = []
    for number, log in enumerate((events, EventLog(later))):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        made.append(MADE[step](derive_state(rules, read, log), folder))
    assert made[0] == made[1]


def test_every_step_reads_some_kind():
    assert all(set(listed) < set(EVENT_CLASSES.values()) for listed in UNREAD_KINDS.values())
