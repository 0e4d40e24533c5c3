"""Kernels are killed while members score: what was acknowledged is there, nothing is half-written."""

import os
import random

import pytest
from kernels import Kernel, Scorer
from panel_round import open_round

from kjfp_helpers.derivation import desk as desk_module
from kjfp_helpers.events import MarkGiven

KILLS = int(os.environ.get("KJFP_KILLS", "100"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def desk(request, tmp_path, monkeypatch):
    if request.param == "postgresql":
        monkeypatch.setenv(desk_module.DATABASE, request.getfixturevalue("postgresql_url"))
    return open_round(tmp_path)


def scorer(desk, chance, member="M01"):
    review = desk.review()
    desk.ledger.close()  # a process that forks takes no open connection along
    return Scorer(lambda: Kernel(desk, review, member), chance, member)


def marks(desk, member="M01"):
    bodies = [event.body for event in desk.ledger.events()]
    return [one for one in bodies if isinstance(one, MarkGiven) and one.member == member]


def test_killed_kernels_lose_no_acknowledged_mark_and_write_none_twice(desk):
    chance = random.Random(9)
    member = scorer(desk, chance)
    for _ in range(KILLS):
        for _ in range(chance.randint(0, 2)):
            assert member.save()["type"] == "saved"
        member.killed(chance.uniform(0, 0.012))
    member.kernel.kill()
    written = marks(desk)
    assert [(one.edit, dict(one.scores), one.comment) for one in written] == [
        (one["id"], one["answers"], one["comment"]) for one in member.typed
    ]
    desk.ledger.verify()


def test_full_disk_is_said_and_what_waited_is_saved_when_there_is_room_again(tmp_path):
    desk = open_round(tmp_path)
    member = scorer(desk, random.Random(2))
    assert member.save()["type"] == "saved"
    size = max(path.stat().st_size for path in desk.round.folder.glob("review.db*"))
    member.kernel.ask(type="limit", bytes=size)
    refused = [answer for answer in (member.save() for _ in range(12)) if answer["type"] != "saved"]
    assert refused and all(answer["type"] == "refused" and answer["retry"] for answer in refused)
    typed = member.waiting
    member.kernel.kill()
    member.reopen()
    assert marks(desk)[-1].edit == typed["id"]
    assert {one.edit for one in marks(desk)} == set(member.acknowledged)
    member.kernel.kill()
    desk.ledger.verify()
