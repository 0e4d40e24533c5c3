"""Derive the round again from inbox, rules and ledger, and stop at the first difference.

For the inspector, a year later: no notebook, no cache, nothing but the three inputs.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from kjfp_helpers import intake as intake_floor
from kjfp_helpers import review as panel_review
from kjfp_helpers import spotcheck
from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.derivation.assignments import plan_readings
from kjfp_helpers.derivation.desk import as_of
from kjfp_helpers.derivation.frozen_rules import require_frozen_rules, rules_in_force
from kjfp_helpers.derivation.heads import Head, missing_heads, parse_head
from kjfp_helpers.errors import DifferenceError, UnprovedError
from kjfp_helpers.events import (
    Event,
    FrameFrozen,
    MailReceived,
    ReadingsAssigned,
    RulesAmended,
    RulesFrozen,
    ShortlistComputed,
    SpotCheckDrawn,
)
from kjfp_helpers.flow.paper_check import PaperCheck, check_papers
from kjfp_helpers.flow.read_again import not_verified, read_again
from kjfp_helpers.flow.recorded import STEP_TITLES, computed
from kjfp_helpers.flow.steps import (
    Body,
    Outcome,
    Tick,
    latest,
)
from kjfp_helpers.records import Intake
from kjfp_helpers.reports.paper_heads import missing_events, require_known_heads


def verify(
    desk: Desk, tick: Tick, *, files: Sequence[Path] = (), heads: Sequence[str] = ()
) -> Outcome:
    """Walk the chain, derive everything again, and hold the papers against it.

    Parameters
    ----------
    files : sequence of Path
        Papers in hand; where none is named, those in the outputs.
    heads : sequence of str
        Heads printed on papers, as ``number:hash``.

    Raises
    ------
    LedgerBroken
        Where the chain does not hold.
    ParameterError
        When a head is none.
    DifferenceError
        At the first thing that comes out otherwise, naming the step.
    UnprovedError
        When the list cannot be derived again within the work of the solver.
    """
    desk.ledger.verify()
    events = desk.ledger.events()
    require_printed_heads(desk, [parse_head(text) for text in heads])
    if not files:
        require_known_heads(desk)
    panel_review.require_members(desk.round, events)
    require_frozen_rules(desk.round, events, strict=True)
    _mail(desk, events)
    reading = read_again(desk, events, tick)
    walks: tuple[tuple[str, Callable[[Desk, Intake, Sequence[Event]], bool]], ...] = (
        ("抽查抽签", _draw),
        ("评阅分派", _readings),
        ("合格名单、评分、名次、投票和入围名单", _lists),
    )
    done = [f"台账{len(events)}条，末条校验值{events[-1].hash[:16]}", "规则文件"]
    done += ["来件与读取值"] if not reading.unchecked else ["来件"]
    unchecked = list(reading.unchecked)
    for title, walk in walks:
        try:
            done += [title] if walk(desk, reading.read, events) else []
        except DifferenceError:
            if reading.complete:
                raise
            unchecked.append(f"{title}：须先读出上述来件，本机不能推演")
    papers = check_papers(desk, reading.read, events, files) if reading.complete else PaperCheck()
    done += [f"文件{papers.held}份"] if papers.held else []
    notes = ["重新推演一致：" + "、".join(done), *papers.notes]
    notes += [f"未核对：{line}" for line in unchecked]
    if papers.absent and not files:
        notes.append(f"未核对：台账记有而此处没有的文件{papers.absent}份")
    return Outcome(made=len(done), failed=papers.differences, notes=tuple(notes))


def require_printed_heads(desk: Desk, heads: Sequence[Head]) -> None:
    """Hold heads printed on papers against the ledger.

    Raises
    ------
    DifferenceError
        Naming the first that the ledger does not hold.
    """
    for head in missing_heads(heads, desk.ledger):
        said = missing_events(desk, head)
        raise not_verified(f"台账第{head.seq}条", f"校验值{head.hash}", said)


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
            raise not_verified(where, "原件存在", "原件不见了")
        if hashlib.sha256(data).hexdigest() != body.sha256:
            raise not_verified(where, "与收讫时相同", "内容有改动")


def _draw(desk: Desk, _read: Intake, events: Sequence[Event]) -> bool:
    frame, drawn = latest(events, FrameFrozen), latest(events, SpotCheckDrawn)
    if frame is None or drawn is None:
        return False
    unamended = [event for event in events if not isinstance(event.body, RulesAmended)]
    round = rules_in_force(desk.round, unamended)
    again = spotcheck.draw(round, frame)
    if spotcheck.freeze(round) != frame or again != drawn:
        raise not_verified("抽查抽签", "、".join(again.units), "、".join(drawn.units))
    return True


def _readings(desk: Desk, read: Intake, events: Sequence[Event]) -> bool:
    """Plan every round and every later addition again, each as of its moment.

    A ledger of an earlier version lacks the text of rules that were frozen anew before any score:
    what was assigned under them was given up and cannot be planned again.
    """
    freezes = [(event.seq, event.body) for event in events if isinstance(event.body, RulesFrozen)]
    unknown = any(not body.texts for _, body in freezes[:-1])
    start = freezes[-1][0] if unknown else 0
    found = [event for event in events[start:] if isinstance(event.body, ReadingsAssigned)]
    for event in found:
        recorded = event.body
        assert isinstance(recorded, ReadingsAssigned)
        again = plan_readings(as_of(desk.round, read, events[: event.seq - 1]), recorded.round)
        held = panel_review.readings_digest(recorded.readings)
        told = again.digest if again else ""
        if not told == recorded.digest == held:
            where = f"评阅分派（台账第{event.seq}号）"
            raise not_verified(where, f"校验值{told[:12]}", f"{recorded.digest[:12]}")
    return bool(found)


def _lists(desk: Desk, read: Intake, events: Sequence[Event]) -> bool:
    then = _as_of(desk, read, events, ShortlistComputed)
    if then is None:
        return False
    review, recorded = then
    for error in review.unproved.values():
        raise UnprovedError(
            "核验·入围名单", expected=error.expected, advice=error.advice,
            found=f"{error.found}；名单因此未能核验，并非查出不符",
        )  # fmt: skip
    if review.problems:
        raise not_verified("入围名单", "可以重新推演", "；".join(review.problems))
    again = computed(review)
    for step, title in STEP_TITLES.items():
        kept = recorded.steps.get(step)
        if kept is not None and kept != again.steps[step]:
            raise not_verified(title, f"校验值{again.steps[step][:12]}", f"{kept[:12]}")
    if replace(again, steps=recorded.steps) != recorded:
        moved = sorted(
            set(again.team + again.individual) ^ set(recorded.team + recorded.individual)
        )
        found = "名单相同而分值或名次有别" if not moved else f"名单有出入：{'、'.join(moved)}"
        raise not_verified("入围名单", f"校验值{again.digest[:12]}", found)
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
