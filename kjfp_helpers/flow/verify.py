"""Derive the round again from inbox, rules and ledger, and stop at the first difference.

For the inspector, a year later: no notebook, no cache, nothing but the three inputs.
"""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from kjfp_helpers import intake as intake_floor
from kjfp_helpers import review as panel_review
from kjfp_helpers import spotcheck
from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.derivation.assignments import plan_readings
from kjfp_helpers.derivation.desk import as_of, receipts
from kjfp_helpers.errors import DifferenceError
from kjfp_helpers.events import (
    Event,
    FrameFrozen,
    MailReceived,
    ReadingsAssigned,
    RulesFrozen,
    ShortlistComputed,
    SpotCheckDrawn,
)
from kjfp_helpers.flow.recorded import STEP_TITLES, computed
from kjfp_helpers.flow.steps import (
    Body,
    Outcome,
    Tick,
    changed_rules,
    latest,
)
from kjfp_helpers.records import Intake


def verify(desk: Desk, tick: Tick) -> Outcome:
    """Walk the chain and derive rules, mail, draw, assignment, votes and lists again.

    Raises
    ------
    LedgerBroken
        Where the chain does not hold.
    DifferenceError
        At the first thing that comes out otherwise, naming the step.
    """
    desk.ledger.verify()
    events = desk.ledger.events()
    panel_review.require_members(desk.round, events)
    _rules(desk, events)
    _mail(desk, events)
    read = _read_again(desk, events, tick)
    walks: tuple[tuple[str, Callable[[Desk, Intake, Sequence[Event]], bool]], ...] = (
        ("抽查抽签", _draw),
        ("评阅分派", _readings),
        ("合格名单、评分、名次、投票和入围名单", _lists),
    )
    done = [f"台账{len(events)}条，末条校验值{events[-1].hash[:16]}", "规则文件", "来件与读数"]
    done += [title for title, walk in walks if walk(desk, read, events)]
    return Outcome(made=len(done), notes=("重新推演一致：" + "、".join(done),))


def _rules(desk: Desk, events: Sequence[Event]) -> None:
    frozen = latest(events, RulesFrozen)
    if frozen is not None and frozen.digest != desk.round.digest:
        raise changed_rules(desk, frozen)


def _mail(desk: Desk, events: Sequence[Event]) -> None:
    """Hold every message on disk against the hash in the ledger."""
    received = [event.body for event in events if isinstance(event.body, MailReceived)]
    if not received:
        raise DifferenceError("核验·来件", expected="台账中有收讫登记", found="一封也没有",
                              advice="核对轮次和台账文件；新的轮次先运行 kjfp intake")  # fmt: skip
    files = intake_floor.inbox_files(desk.round.inbox)
    for body in received:
        data = intake_floor.original(files, body.path)
        where = f"收讫第{body.number}号（{Path(body.path).name}）"
        if data is None:
            raise _differs(where, "原件存在", "原件不见了")
        if hashlib.sha256(data).hexdigest() != body.sha256:
            raise _differs(where, "与收讫时相同", "内容有改动")


def _read_again(desk: Desk, events: Sequence[Event], tick: Tick) -> Intake:
    with tempfile.TemporaryDirectory() as scratch:
        read = intake_floor.read_inbox(desk.round, receipts(events), Path(scratch), tick)
    if desk.intake_file.exists() and read != desk.intake():
        raise _differs("收件结果", "与原件重新读出的一致", "intake.json 有改动或已过时")
    return read


def _draw(desk: Desk, _read: Intake, events: Sequence[Event]) -> bool:
    frame, drawn = latest(events, FrameFrozen), latest(events, SpotCheckDrawn)
    if frame is None or drawn is None:
        return False
    again = spotcheck.draw(desk.round, frame)
    if spotcheck.freeze(desk.round) != frame or again != drawn:
        raise _differs("抽查抽签", "、".join(again.units), "、".join(drawn.units))
    return True


def _readings(desk: Desk, read: Intake, events: Sequence[Event]) -> bool:
    """Plan every round and every later addition again, each as of its moment.

    What was assigned before the rules were frozen as they now stand was given up with the rules of
    then, which nobody has any more.
    """
    frozen = max((event.seq for event in events if isinstance(event.body, RulesFrozen)), default=0)
    found = [event for event in events[frozen:] if isinstance(event.body, ReadingsAssigned)]
    for event in found:
        recorded = event.body
        assert isinstance(recorded, ReadingsAssigned)
        again = plan_readings(as_of(desk.round, read, events[: event.seq - 1]), recorded.round)
        held = panel_review.readings_digest(recorded.readings)
        told = again.digest if again else ""
        if not told == recorded.digest == held:
            where = f"评阅分派（台账第{event.seq}号）"
            raise _differs(where, f"校验值{told[:12]}", f"{recorded.digest[:12]}")
    return bool(found)


def _lists(desk: Desk, read: Intake, events: Sequence[Event]) -> bool:
    then = _as_of(desk, read, events, ShortlistComputed)
    if then is None:
        return False
    review, recorded = then
    if review.problems:
        raise _differs("入围名单", "可以重新推演", "；".join(review.problems))
    again = computed(review)
    for step, title in STEP_TITLES.items():
        kept = recorded.steps.get(step)
        if kept is not None and kept != again.steps[step]:
            raise _differs(title, f"校验值{again.steps[step][:12]}", f"{kept[:12]}")
    if replace(again, steps=recorded.steps) != recorded:
        moved = sorted(
            set(again.team + again.individual) ^ set(recorded.team + recorded.individual)
        )
        found = "名单相同而分值或名次有别" if not moved else f"名单有出入：{'、'.join(moved)}"
        raise _differs("入围名单", f"校验值{again.digest[:12]}", found)
    return True


def _as_of(
    desk: Desk, read: Intake, events: Sequence[Event], kind: type[Body]
) -> tuple[Review, Body] | None:
    """Derive the round as it stood when the last event of a kind was written."""
    found = [event for event in events if isinstance(event.body, kind)]
    if not found:
        return None
    body = found[-1].body
    assert isinstance(body, kind)
    return as_of(desk.round, read, events[: found[-1].seq - 1]), body


def _differs(where: str, expected: str, found: str) -> DifferenceError:
    advice = "停止公布，对照备份查明原因"
    return DifferenceError(f"核验·{where}", expected=expected, found=found, advice=advice)
